"""What the database itself refuses about yearly grades (E-5, E-6, E-7): made by migration 0029."""

from __future__ import annotations

_STATE = "EXISTS (SELECT 1 FROM yearly_round r WHERE r.id = {row}.round_id AND r.state {states})"
_FIXED = "IN ('decided','published')"
_ROW = "EXISTS (SELECT 1 FROM yearly_row w WHERE w.id = NEW.row_id AND {what})"

#: In the form of `guards.GUARDS`.
YEARLY_GUARDS = (
    (
        "yearly_round_begins_prepared",
        "yearly_round",
        "INSERT",
        "NEW.state <> 'prepared' OR NEW.digest <> ''",
        "a round begins as prepared",
    ),
    (
        "yearly_round_settings_stay",
        "yearly_round",
        "UPDATE",
        "OLD.settings <> NEW.settings OR OLD.year <> NEW.year OR OLD.subject <> NEW.subject",
        "the figures of a round never change",
    ),
    (
        "yearly_round_published_stays",
        "yearly_round",
        "UPDATE",
        "OLD.state = 'published'",
        "a published result never changes",
    ),
    ("yearly_round_no_delete", "yearly_round", "DELETE", None, "rounds are never deleted"),
    (
        "yearly_row_decided_stays",
        "yearly_row",
        "UPDATE",
        _STATE.format(row="OLD", states=_FIXED),
        "a decided result never changes",
    ),
    (
        "yearly_row_while_prepared",
        "yearly_row",
        "INSERT",
        "NOT " + _STATE.format(row="NEW", states="= 'prepared'"),
        "who is graded is laid down when a round is prepared",
    ),
    ("yearly_row_no_delete", "yearly_row", "DELETE", None, "results are never deleted"),
    (
        "yearly_panel_not_oneself",
        "yearly_panel",
        "INSERT",
        "NEW.panel <> 'self' AND " + _ROW.format(what="w.user_id = NEW.user_id"),
        "nobody assesses themselves",
    ),
    ("yearly_panel_no_update", "yearly_panel", "UPDATE", None, "who assesses whom never changes"),
    (
        "yearly_paper_while_open",
        "yearly_paper",
        "INSERT",
        "NOT " + _STATE.format(row="NEW", states="= 'open'"),
        "votes are cast while a round is open",
    ),
    ("yearly_paper_no_update", "yearly_paper", "UPDATE", None, "a paper never changes"),
    (
        "yearly_voter_votes_once",
        "yearly_voter",
        "UPDATE",
        "OLD.voted AND (NOT NEW.voted) AND EXISTS (SELECT 1 FROM yearly_paper p WHERE p.round_id = NEW.round_id)",
        "somebody has voted as long as there are papers",
    ),
    (
        "yearly_voter_while_open",
        "yearly_voter",
        "UPDATE",
        "NEW.voted AND NOT " + _STATE.format(row="NEW", states="= 'open'"),
        "votes are cast while a round is open",
    ),
    (
        "yearly_veto_before_decision",
        "yearly_veto",
        "INSERT",
        _STATE.format(row="NEW", states=_FIXED),
        "a decided result takes no veto",
    ),
    (
        "yearly_veto_stays",
        "yearly_veto",
        "UPDATE",
        "OLD.lifted_at IS NOT NULL OR OLD.reason <> NEW.reason OR OLD.ground <> NEW.ground OR OLD.row_id <> NEW.row_id"
        " OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS NULL) OR " + _STATE.format(row="NEW", states=_FIXED),
        "a veto stays as it was given",
    ),
    ("yearly_veto_no_delete", "yearly_veto", "DELETE", None, "vetoes are never deleted"),
    (
        "yearly_objection_ruled_once",
        "yearly_objection",
        "UPDATE",
        "OLD.ruled_at IS NOT NULL OR OLD.text <> NEW.text OR OLD.row_id <> NEW.row_id OR OLD.by_id <> NEW.by_id",
        "an objection is ruled on once",
    ),
    ("yearly_objection_no_delete", "yearly_objection", "DELETE", None, "objections are never deleted"),
    (
        "yearly_correction_after_publication",
        "yearly_correction",
        "INSERT",
        "NOT " + _STATE.format(row="NEW", states="= 'published'"),
        "a correction follows a publication",
    ),
    (
        "yearly_correction_decided_once",
        "yearly_correction",
        "UPDATE",
        "OLD.decided_at IS NOT NULL OR OLD.total <> NEW.total OR OLD.grade <> NEW.grade OR OLD.reason <> NEW.reason"
        " OR OLD.row_id <> NEW.row_id",
        "a correction is decided once",
    ),
    ("yearly_correction_no_delete", "yearly_correction", "DELETE", None, "corrections are never deleted"),
)
