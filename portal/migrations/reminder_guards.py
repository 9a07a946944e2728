"""What the database itself refuses about messages that go out, urging and supervision (T-6, T-12)."""

from __future__ import annotations

#: Of migration 0009, in the form of `guards.GUARDS`.
REMINDER_GUARDS = (
    (
        "outgoing_claimed_before_sent",
        "outgoing",
        "UPDATE",
        "NEW.state = 'sent' AND OLD.state <> 'sending'",
        "a message is claimed before it is sent",
    ),
    ("outgoing_sent_once", "outgoing", "UPDATE", "OLD.state = 'sent'", "what was sent is not sent again"),
    ("channel_no_delete", "channel", "DELETE", None, "channels are closed, never deleted"),
    ("urge_no_delete", "urge", "DELETE", None, "urges are never deleted"),
    (
        "urge_answered_once",
        "urge",
        "UPDATE",
        "OLD.ended_at IS NOT NULL",
        "an urge that was answered never changes",
    ),
    (
        "supervision_begins_open",
        "supervision",
        "INSERT",
        "NEW.state <> 'issued' OR NEW.closed_at IS NOT NULL",
        "a supervision begins open",
    ),
    ("supervision_closed_once", "supervision", "UPDATE", "OLD.state = 'closed'", "a supervision is closed once"),
    (
        "supervision_closed_by_another",
        "supervision",
        "UPDATE",
        "NEW.state = 'closed' AND (NEW.closed_by_id IS NULL OR EXISTS (SELECT 1 FROM supervision_reply r"
        " WHERE r.supervision_id = NEW.id AND r.replied_by_id = NEW.closed_by_id))",
        "a supervision is closed by the side that issued it",
    ),
    ("supervision_no_delete", "supervision", "DELETE", None, "supervisions are never deleted"),
    (
        "supervision_reply_decided_once",
        "supervision_reply",
        "UPDATE",
        "OLD.decided_by_id IS NOT NULL OR NEW.text <> OLD.text OR NEW.replied_by_id <> OLD.replied_by_id",
        "a reply stays as it was given and is decided once",
    ),
    ("supervision_reply_no_delete", "supervision_reply", "DELETE", None, "replies are never deleted"),
)
