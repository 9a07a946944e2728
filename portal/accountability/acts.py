"""The acts of a proceeding as pages: to whom each is offered, its form, and the verb behind it (A-2, A-3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.accountability import closing, deciding, forms, rights, rules, service
from portal.accountability.models import Appointed, Duty, Imposed, Proceeding, Said, State, Subject
from portal.kernel.actor import Actor
from portal.kernel.errors import Invalid
from portal.kernel.forms import PortalForm

Part = Subject | Imposed | Appointed | None


@dataclass(frozen=True)
class Ask:
    """One act asked for: who, on what, now."""

    actor: Actor
    proceeding: Proceeding
    part: Any
    now: datetime

    def may(self, duty: Duty, verb: str) -> bool:
        """Whether the actor has the duty, nothing stands against it, and the state knows the verb."""
        return rights.may(self.actor, self.proceeding, duty, verb, self.now)

    def own(self) -> bool:
        """Whether the part is the actor's own matter."""
        return isinstance(self.part, Subject) and rights.represents(self.actor, self.part)


@dataclass(frozen=True)
class Act:
    """One act: what its page says, its form, who is offered it, and what it does."""

    title: Any
    submit: Any
    done: Any
    form: Callable[[Ask], PortalForm]
    offered: Callable[[Ask], bool]
    run: Callable[[Ask, Any], object]
    #: What its part in the address is: a subject, a measure, an assignment, or nothing.
    part: str = ""
    icon: str = "check"
    hint: Any = ""
    clause: str = "accountability.3"


def _assign_offered(ask: Ask) -> bool:
    return ask.may(Duty.SECRETARY, "assign")


def _candidates(ask: Ask) -> list[tuple[int, str]]:
    found: dict[int, str] = {}
    for duty in Duty:
        found.update(rights.candidates(ask.proceeding, duty, ask.now))
    return list(found.items())


def _works(ask: Ask) -> bool:
    return (
        rules.MOVES.allowed(ask.proceeding.state, "speak")
        and bool(rights.duties(ask.actor.id, ask.proceeding))
        and not rights.concerned(ask.actor, ask.proceeding)
    )


def _assign(ask: Ask, form: Any) -> None:
    if form.duty.data is None or form.user_id.data is None:
        raise Invalid("user_id" if form.duty.data else "duty", _("请选择此项。"), "A-2")
    service.assign(ask.actor, ask.proceeding, form.duty.data, form.user_id.data, ask.now)


def _find(ask: Ask, form: Any) -> None:
    what = deciding.Finding(
        {"yes": True, "no": False}.get(form.confirmed.data),
        form.text.data,
        form.conduct.data,
        form.effect.data,
        form.cause.data,
        form.attitude.data,
        form.severity.data,
    )
    deciding.find(ask.actor, ask.proceeding, ask.part, what, ask.now)


def _decide(ask: Ask, form: Any) -> None:
    what = deciding.Decision(
        form.opinion.data,
        tuple(form.measures.data),
        form.demand.data if "demand" in form else "",
        form.due_on.data if "due_on" in form else None,
        form.meeting_on.data,
        form.meeting_record.data,
    )
    deciding.decide(ask.actor, ask.proceeding, ask.part, what, ask.now)


def _standing(ask: Ask) -> list[Any]:
    return [m.kind for m in ask.part.measures if m.lifted_at is None]


def _review(ask: Ask, form: Any) -> None:
    what = closing.Review(form.outcome.data, form.text.data, tuple(form.lifted.data), form.milder.data)
    closing.review(ask.actor, ask.proceeding, ask.part, what, ask.now)


ACTS: dict[str, Act] = {
    "assign": Act(
        _l("指定人员"), _l("指定"), _l("已指定。"), lambda ask: forms.AssignForm(_candidates(ask)), _assign_offered,
        _assign,
        icon="user-plus", clause="accountability.4",
        hint=_l("应当回避的人员不在名单中。决定人、复核人、秘书另行指定的，由新指定的人接替。"),
    ),
    "relieve": Act(
        _l("结束职责"), _l("结束职责"), _l("职责已结束。"), lambda _ask: forms.BareForm(),
        lambda ask: _assign_offered(ask) and ask.part.ended_at is None and ask.part.duty is not Duty.SECRETARY,
        lambda ask, _form: service.relieve(ask.actor, ask.proceeding, ask.part.id, ask.now),
        part="assignment", icon="user-minus", clause="accountability.4",
    ),
    "recuse": Act(
        _l("申请回避"), _l("回避"), _l("已回避，案件由他人办理。"), lambda _ask: forms.TextForm(_l("回避的理由")),
        lambda ask: _works(ask) and Duty.SECRETARY not in rights.duties(ask.actor.id, ask.proceeding),
        lambda ask, form: service.recuse(ask.actor, ask.proceeding, form.text.data, ask.now),
        icon="user-off", clause="accountability.4", hint=_l("回避以后不能再查阅本案。"),
    ),
    "add-subject": Act(
        _l("增加当事方"), _l("增加"), _l("已增加当事方，须另行听取其陈述申辩。"), lambda _ask: forms.SubjectForm(),
        lambda ask: ask.may(Duty.INVESTIGATOR, "add_subject") or ask.may(Duty.SECRETARY, "add_subject"),
        lambda ask, form: service.add_subject(
            ask.actor, ask.proceeding, form.user_id.data, form.department_id.data, form.joint.data, ask.now
        ),
        icon="users", clause="accountability.7",
    ),
    "note": Act(
        _l("内部记录"), _l("保存"), _l("已记录。"), lambda _ask: forms.TextForm(_l("内部记录")), _works,
        lambda ask, form: service.note(ask.actor, ask.proceeding, form.text.data, ask.now),
        icon="notes", hint=_l("只有本案的工作人员可以看到。"),
    ),
    "report": Act(
        _l("提交调查报告"), _l("提交"), _l("调查报告已提交，当事人可以陈述申辩。"), lambda _ask: forms.ReportForm(),
        lambda ask: ask.may(Duty.INVESTIGATOR, "report"),
        lambda ask, form: service.report(ask.actor, ask.proceeding, form.text.data, form.files.data or [], ask.now),
        icon="file-text",
        hint=_l("当事人可以看到报告和证据材料；请勿写入投诉人或者线索提出人的信息。"),
    ),
    "hear": Act(
        _l("听取陈述申辩"), _l("保存"), _l("已记录。"), lambda _ask: forms.HearForm(),
        lambda ask: ask.may(Duty.INVESTIGATOR, "hear") and ask.part.heard_at is None,
        lambda ask, form: service.hear(
            ask.actor, ask.proceeding, ask.part, form.kind.data, form.text.data, ask.now
        ),
        part="subject", icon="message", clause="accountability.5",
        hint=_l("期限届满以前，只能记录经本人签字的谈话笔录。"),
    ),
    "state": Act(
        _l("陈述申辩"), _l("提交"), _l("已提交陈述申辩。"), lambda _ask: forms.TextForm(_l("您的陈述和申辩")),
        lambda ask: ask.own() and ask.proceeding.state is State.INVESTIGATED,
        lambda ask, form: service.hear(
            ask.actor, ask.proceeding, ask.part, Said.STATEMENT, form.text.data, ask.now
        ),
        part="subject", icon="message", clause="accountability.5",
    ),
    "object": Act(
        _l("提出意见"), _l("提交"), _l("意见已记入案卷。"), lambda _ask: forms.TextForm(_l("您的意见")),
        lambda ask: ask.own() and rules.MOVES.allowed(ask.proceeding.state, "speak"),
        lambda ask, form: service.object_to(ask.actor, ask.proceeding, ask.part, form.text.data, ask.now),
        part="subject", icon="message-exclamation", clause="accountability.5",
    ),
    "find": Act(
        _l("作出认定"), _l("保存认定"), _l("认定已保存。"), lambda _ask: forms.FindForm(),
        lambda ask: ask.may(Duty.INVESTIGATOR, "find"), _find,
        part="subject", icon="clipboard-check", clause="accountability.1",
    ),
    "return-finding": Act(
        _l("退回重新认定"), _l("退回"), _l("已退回重新认定。"), lambda _ask: forms.TextForm(_l("退回的理由")),
        lambda ask: ask.may(Duty.DECIDER, "return_finding")
        and not any(s.decided_at is not None for s in ask.proceeding.subjects),
        lambda ask, form: deciding.return_finding(ask.actor, ask.proceeding, form.text.data, ask.now),
        icon="arrow-back-up",
    ),
    "decide": Act(
        _l("作出决定"), _l("决定"), _l("决定已作出。"),
        lambda ask: forms.DecideForm(ask.part.department_id is not None),
        lambda ask: ask.may(Duty.DECIDER, "decide") and ask.part.decided_at is None, _decide,
        part="subject", icon="gavel", clause="accountability.6",
    ),
    "inform": Act(
        _l("告知决定"), _l("出具决定书并告知"), _l("决定书已出具，已通知当事人。"), lambda _ask: forms.BareForm(),
        lambda ask: ask.may(Duty.SECRETARY, "tell") and ask.part.told_at is None,
        lambda ask, _form: deciding.inform(ask.actor, ask.proceeding, ask.part, ask.now),
        part="subject", icon="send", clause="accountability.5",
        hint=_l("决定书编号即时生成，写明救济途径；申请复核的期限从告知之日起算。"),
    ),
    "tell-complainant": Act(
        _l("登记已告知投诉人"), _l("登记"), _l("已登记。"), lambda _ask: forms.ToldForm(),
        lambda ask: ask.may(Duty.SECRETARY, "tell_complainant")
        and ask.proceeding.complainant
        and ask.proceeding.complainant_told_on is None,
        lambda ask, form: deciding.tell_complainant(ask.actor, ask.proceeding, form.on.data, ask.now),
        icon="send", clause="accountability.8", hint=_l("由投诉件的承办人告知投诉人，这里只登记日期。"),
    ),
    "execute": Act(
        _l("登记执行情况"), _l("登记"), _l("已登记。"), lambda _ask: forms.ExecuteForm(),
        lambda ask: ask.may(Duty.SECRETARY, "execute") and ask.part.lifted_at is None and ask.part.executed_on is None,
        lambda ask, form: closing.execute(ask.actor, ask.proceeding, ask.part, form.on.data, form.text.data, ask.now),
        part="measure", icon="list-check", clause="accountability.6",
    ),
    "ask-review": Act(
        _l("申请复核"), _l("提交申请"), _l("复核申请已提交。"), lambda _ask: forms.TextForm(_l("申请复核的理由")),
        lambda ask: ask.own()
        and ask.proceeding.state in (State.TOLD, State.REVIEWING)
        and ask.part.review_asked_at is None
        and ask.part.review_by is not None
        and ask.now <= ask.part.review_by,
        lambda ask, form: closing.ask_review(ask.actor, ask.proceeding, ask.part, form.text.data, ask.now),
        part="subject", icon="scale", clause="accountability.5", hint=_l("复核不会加重处理。"),
    ),
    "review": Act(
        _l("复核"), _l("作出复核决定"), _l("复核决定已作出。"), lambda ask: forms.ReviewForm(_standing(ask)),
        lambda ask: ask.may(Duty.REVIEWER, "review") and closing.pending(ask.part), _review,
        part="subject", icon="scale", clause="accountability.5",
    ),
    "close": Act(
        _l("结案"), _l("结案"), _l("已结案，案卷不再变动。"), lambda _ask: forms.BareForm(),
        lambda ask: ask.may(Duty.SECRETARY, "close") and not closing.lacking(ask.proceeding, ask.now),
        lambda ask, _form: closing.close(ask.actor, ask.proceeding, ask.now),
        icon="lock", hint=_l("结案以后，案卷的任何内容都不能再变动。"),
    ),
    "pass-up": Act(
        _l("移送上级"), _l("移送"), _l("已移送，案卷不再变动。"), lambda _ask: forms.PassUpForm(),
        lambda ask: ask.may(Duty.SECRETARY, "pass_up") and closing.nobody_decides(ask.proceeding, ask.now),
        lambda ask, form: closing.pass_up(ask.actor, ask.proceeding, form.to.data, form.text.data, ask.now),
        icon="send", clause="accountability.4",
        hint=_l("有决定权限的人都应当回避，由上级机关决定；移送以后案卷的任何内容都不能再变动。"),
    ),
}  # fmt: skip


def part_of(proceeding: Proceeding, act: Act, part_id: int | None) -> Part:
    """What an address names within a proceeding; None where it is not a part of it."""
    rows: dict[str, list[Any]] = {
        "subject": list(proceeding.subjects),
        "measure": [m for s in proceeding.subjects for m in s.measures],
        "assignment": list(proceeding.assignments),
    }
    return next((row for row in rows.get(act.part, []) if row.id == part_id), None)


def offered(ask: Ask, *names: str) -> list[tuple[str, Act]]:
    """The acts that a page offers on this part, of these names (all that belong to such a part unless given)."""
    kind = {Subject: "subject", Imposed: "measure", Appointed: "assignment"}.get(type(ask.part), "")
    return [
        (name, act)
        for name, act in ACTS.items()
        if act.part == kind and (not names or name in names) and act.offered(ask)
    ]
