"""The verbs of findings and feedback: comment, settle, withdraw by two, feed back, take note (O-2, J-3)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.post_duty import queries as posts
from portal.reminder import service as reminder
from portal.reminder.models import Kind
from portal.supervision import queries, rights, rules
from portal.supervision import vocabulary as words
from portal.supervision.common import in_charge, of_department, of_group, tell
from portal.supervision.models import FindingComment, FindingState, Inspection, InspectionFinding


def comment(actor: Actor, found: InspectionFinding, text: str, now: datetime) -> None:
    """The department, or whom it concerns, says how it was; each person once. Raises NotAllowed, Conflict, Invalid."""
    if any(each.by_id == actor.id for each in found.comments):
        raise Conflict(_("您已经说明过情况。"), "O-2")
    if not rights.speaks(actor, found):
        raise NotAllowed(_("由被检查科室的负责人或者当事人说明情况。"), "O-2")
    rules.MOVES.after(found.state, "comment")
    if not text:
        raise Invalid("text", _("请填写说明。"))
    represents = rights.represents(actor, found.department_id)
    found.comments.append(FindingComment(by_id=actor.id or 0, at=now, text=text, for_department=represents))
    if represents and found.commented_at is None:
        found.commented_at = now
    journal.record(words.COMMENTED, found, actor, now, late=now > found.comment_by, text=text)
    tell(
        found, [found.recorded_by_id], f"finding:{found.id}:comment:{actor.id}",
        _l("督查发现 %(number)s：科室已说明情况", number=found.number), "", now,
    )  # fmt: skip


def settle(actor: Actor, found: InspectionFinding, reason: str, now: datetime) -> None:
    """End a finding without an order, because there is nothing to rectify. Raises NotAllowed, IllegalMove, Invalid."""
    of_group(actor, found)
    after = rules.MOVES.after(found.state, "note")
    if not rules.heard(found.commented_at, found.comment_by, now, found.severity):
        raise Conflict(_("科室还可以说明情况，期满前不能作出处理。"), "O-2")
    if not reason:
        raise Invalid("text", _("请写明不需整改的理由。"))
    found.state, found.settled_at, found.settled_by_id, found.conclusion = after, now, actor.id, reason
    journal.record(words.NOTED, found, actor, now, reason=reason)
    tell(
        found,
        of_department(found, now),
        f"finding:{found.id}:noted",
        _l("督查发现 %(number)s：不需整改", number=found.number),
        "",
        now,
    )


def ask_withdrawal(actor: Actor, found: InspectionFinding, reason: str, now: datetime) -> None:
    """Propose to withdraw a finding that was a mistake. Raises NotAllowed, IllegalMove, Conflict, Invalid."""
    of_group(actor, found)
    rules.MOVES.after(found.state, "withdraw")
    if found.withdraw_asked_at is not None:
        raise Conflict(_("已经提出撤销，等待另一人确认。"), "J-3")
    if not reason:
        raise Invalid("text", _("请写明撤销的原因。"))
    found.withdraw_reason, found.withdraw_asked_by_id, found.withdraw_asked_at = reason, actor.id, now
    journal.record(words.WITHDRAW_ASKED, found, actor, now, reason=reason)
    others = [u for u in queries.group() if u != actor.id and found.department_id not in rights.own_departments(u)]
    tell(
        found, others, f"finding:{found.id}:withdraw:{now:%Y%m%d%H%M%S}",
        _l("请确认是否撤销督查发现 %(number)s", number=found.number), "", now, Kind.DECIDE,
    )  # fmt: skip


def decide_withdrawal(actor: Actor, found: InspectionFinding, agreed: bool, reason: str, now: datetime) -> None:
    """A second person of the group withdraws the finding or lets it stand. Raises NotAllowed, Conflict, Invalid."""
    of_group(actor, found)
    if found.withdraw_asked_at is None or found.state is FindingState.WITHDRAWN:
        raise Conflict(_("没有等待确认的撤销。"), "J-3")
    if actor.id == found.withdraw_asked_by_id:
        raise NotAllowed(_("撤销须由提出人以外的另一人确认。"), "J-3")
    if not agreed:
        if not reason:
            raise Invalid("text", _("请写明不同意撤销的原因。"))
        asker = found.withdraw_asked_by_id
        found.withdraw_reason, found.withdraw_asked_by_id, found.withdraw_asked_at = "", None, None
        journal.record(words.WITHDRAW_REFUSED, found, actor, now, reason=reason)
        tell(
            found,
            [asker],
            f"finding:{found.id}:kept:{now:%Y%m%d%H%M%S}",
            _l("督查发现 %(number)s 不予撤销", number=found.number),
            "",
            now,
        )
        return
    last = found.order
    if last is not None and last.ended_at is None:
        last.ended_at = now
    found.state = rules.MOVES.after(found.state, "withdraw")
    found.withdrawn_by_id, found.withdrawn_at = actor.id, now
    found.settled_at, found.settled_by_id = found.settled_at or now, found.settled_by_id or actor.id
    entry = journal.of_object("inspection_finding", found.id)[0].seq
    journal.record(words.WITHDRAWN, found, actor, now, number=found.number, reason=found.withdraw_reason, entry=entry)
    tell(
        found, [*of_department(found, now), found.person_id], f"finding:{found.id}:withdrawn",
        _l("督查发现 %(number)s 已撤销", number=found.number), "", now,
    )  # fmt: skip


# --- feedback -------------------------------------------------------------------------------------------------


def feed_back(actor: Actor, made: Inspection, text: str, now: datetime) -> None:
    """Tell the leader in charge how it went, when nothing is left to be dealt with (O-2).

    Raises NotAllowed for an own department, Conflict while findings are open, IllegalMove, Invalid.
    """
    if not rights.may_inspect(actor, made.department_id):
        raise NotAllowed(_("由督查组办理，检查人不能办理自己所在或者负责的科室的事项。"), "O-2")
    after = rules.INSPECTION_MOVES.after(made.state, "feed_back")
    if not rules.may_feed_back(each.state for each in made.findings):
        raise Conflict(_("还有没有办结的督查发现，办结后再反馈。"), "O-2")
    if not text:
        raise Invalid("text", _("请写明反馈内容。"))
    made.state, made.feedback, made.fed_back_by_id, made.fed_back_at = after, text, actor.id, now
    journal.record(words.FED_BACK, made, actor, now, feedback=text)
    reminder.tell(
        now, [in_charge(made.department_id, now)], Kind.OTHER, f"inspection:{made.id}:feedback",
        _l("督查反馈 %(number)s，请阅知", number=made.number), "", "supervision.show", values={"number": made.number},
    )  # fmt: skip


def note_feedback(actor: Actor, made: Inspection, remark: str, now: datetime) -> None:
    """The leader in charge takes note: the inspection is closed. Raises NotAllowed, IllegalMove."""
    if not rights.takes_note(actor, made):
        raise NotAllowed(_("由分管领导阅知；反馈人不能自己阅知。"), "O-2")
    made.state = rules.INSPECTION_MOVES.after(made.state, "note")
    made.remark, made.noted_by_id, made.noted_at = remark, actor.id, now
    post_id = posts.leader_post_of(made.department_id)
    journal.record(words.FEEDBACK_NOTED, made, actor, now, post_id=post_id, remark=remark)
