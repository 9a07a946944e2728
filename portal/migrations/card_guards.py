"""What the database itself refuses about message cards, training and reports on duty (AB-6, AB-7, P-5)."""

from __future__ import annotations

_OPEN_REPORT = (
    "EXISTS (SELECT 1 FROM duty_report r JOIN duty_round d ON d.id = r.round_id"
    " WHERE r.id = NEW.report_id AND d.state = 'open' AND r.submitted_at IS NOT NULL)"
)
_MORE_THAN_ASSESSORS = (
    "(SELECT COUNT(*) FROM duty_assessment a WHERE a.report_id = NEW.report_id) >="
    " (SELECT COUNT(*) FROM duty_assessor m WHERE m.report_id = NEW.report_id AND m.assessed_at IS NOT NULL)"
)

#: Of migration 0006, in the form of `guards.GUARDS`.
CARD_GUARDS = (
    (
        "card_message_answered_once",
        "card_message",
        "UPDATE",
        "OLD.answered_at IS NOT NULL AND (NEW.answered_at IS NULL OR NEW.answered_by_id <> OLD.answered_by_id"
        " OR NEW.how <> OLD.how OR NEW.answer <> OLD.answer OR NEW.taken_as <> OLD.taken_as)",
        "a message is answered once",
    ),
    ("card_message_no_delete", "card_message", "DELETE", None, "messages are never deleted"),
    (
        "training_confirmed_after_session",
        "training_plan",
        "UPDATE",
        "OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM training_session s WHERE s.plan_id = NEW.id)",
        "a plan is confirmed on a session that was held",
    ),
    ("training_session_no_delete", "training_session", "DELETE", None, "sessions are never deleted"),
    (
        "duty_assessor_not_oneself",
        "duty_assessor",
        "INSERT",
        "EXISTS (SELECT 1 FROM duty_report r WHERE r.id = NEW.report_id AND r.user_id = NEW.user_id)",
        "nobody assesses their own report",
    ),
    ("duty_assessor_once", "duty_assessor", "UPDATE", "OLD.assessed_at IS NOT NULL", "everybody assesses once"),
    ("duty_assessor_kept", "duty_assessor", "DELETE", "OLD.assessed_at IS NOT NULL", "who has assessed stays"),
    (
        "duty_assessment_in_round",
        "duty_assessment",
        "INSERT",
        f"NOT {_OPEN_REPORT} OR {_MORE_THAN_ASSESSORS}",
        "a grade is given in an open round, to a submitted report, by an assessor, once",
    ),
    ("duty_assessment_no_update", "duty_assessment", "UPDATE", None, "a grade given is never changed"),
    ("duty_assessment_no_delete", "duty_assessment", "DELETE", None, "a grade given is never deleted"),
    (
        "duty_report_submitted_once",
        "duty_report",
        "UPDATE",
        "OLD.submitted_at IS NOT NULL",
        "a submitted report never changes",
    ),
    ("duty_round_closed_is_closed", "duty_round", "UPDATE", "OLD.state = 'closed'", "a closed round never changes"),
)
