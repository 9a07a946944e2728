"""For every kind of clue how the breach comes about, by the services that people use, and what the clue must say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.ab_post import service as ab
from portal.ab_post.models import Letter
from portal.attendance import findings
from portal.attendance.models import FindingKind
from portal.cases import handling
from portal.cases.models import Case
from portal.client_opinion import service as client_opinion
from portal.client_opinion.models import How
from portal.clue import service
from portal.clue.models import ClueKind as K
from portal.completion_report import errors
from portal.completion_report.models import ErrorKind, FoundBy
from portal.denial_filing import service as filings
from portal.denial_filing.rules import Verdict
from portal.fee import service as fees
from portal.first_ask import service as asks
from portal.first_ask.models import Disposition
from portal.first_ask.service import Asked
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.message_card import queries as cards
from portal.message_card import service as messages
from portal.one_time_notice import service as notices
from portal.one_time_notice.models import Form, Problem
from portal.one_time_notice.service import Line
from portal.policy import service as policy
from portal.post_duty.models import Post
from portal.post_task import service as tasks
from portal.service_commitment import service as commitment
from portal.service_commitment.models import ServiceItem
from portal.service_commitment.service import Content
from portal.timed_completion import service as procedures
from portal.timed_completion.service import Content as Procedure
from portal.urging import service as urging
from portal.urging.service import Date, Demand
from tests.client_opinion import conftest as opinions
from tests.clue.house import LATER, NOW, TODAY, House, there
from tests.complaint import conftest as complaints
from tests.denial_filing.conftest import content


@dataclass(frozen=True)
class Told:
    """What the clue of a story must say: whom it is about, and of which department."""

    person: str | None
    department: str | None
    count: int = 1
    points: int | None = None


def overdue(h: House) -> Told:
    h.case()
    h.sweep(LATER)
    return Told("clerk", "YW")


def tacit_consent(h: House) -> Told:
    def publish(at: Any) -> None:
        item = db.session.get_one(ServiceItem, h.ids.items["SX-003"])
        says = Content("基层请示批复", "3wd", "10wd", basis="限时办结规定", tacit_consent=True)
        commitment.publish(SYSTEM, item, says, at)

    h.act(NOW - timedelta(days=2), publish)
    h.case(item="SX-003", username="other")
    h.sweep(LATER)
    return Told("other", "XH")


def tacit_acceptance(h: House) -> Told:
    h.case(accept=False)
    h.sweep(LATER)
    return Told("clerk", "YW")


def second_notice(h: House) -> Told:
    def receive(actor: Any, at: Any) -> Case:
        from portal.cases import service as cases
        from portal.cases.service import Client
        from portal.service_commitment import queries as catalogue

        item = catalogue.by_id(h.ids.items["SX-001"])
        return cases.open_case(actor, at, matter="基地认定", client=Client(), item=item, received=(1,))

    case = h.do("clerk", NOW, receive)
    line = {m.position: m.id for m in case.materials}

    def tell(actor: Any, at: Any, lines: list[Line]) -> None:
        told = {"form": Form.WRITTEN, "next_visit": "工作日上午", "until": date(2026, 12, 9)}
        notices.issue(actor, case, at, lines=lines, **told)

    first = [Line(line[n], Problem.MISSING, "未提交") for n in (2, 3)]
    again = [Line(line[3], Problem.MISSING, "未提交"), Line(line[1], Problem.WRONG, "没有盖章")]
    h.do("clerk", NOW, lambda actor, at: tell(actor, at, first))
    h.do("clerk", NOW, lambda actor, at: notices.supplement(actor, case, [2], at))
    h.do("clerk", NOW, lambda actor, at: tell(actor, at, again))
    h.sweep(NOW)
    return Told("clerk", "YW")


def _filing(h: House, at: Any = NOW) -> str:
    case = h.case(at)
    return str(h.do("clerk", at, lambda actor, now: filings.file(actor, case, content(), now)).number)


def _decide(h: House, number: str, at: Any) -> None:
    def decide(actor: Any, now: Any) -> None:
        found, case = filings.lock(number)
        filings.decide(actor, found, case, Verdict.AGREE, "同意", found.edition, now, None)

    h.do("leader", at, decide)


def late_decision(h: House) -> Told:
    _filing(h)
    h.sweep(there(20))
    return Told("leader", "LD")


def late_letter(h: House) -> Told:
    number = _filing(h)
    _decide(h, number, NOW + timedelta(minutes=30))
    h.sweep(LATER)
    return Told("clerk", "YW")


def _passed(h: House) -> Any:
    asked = Asked("咨询学会登记", Disposition.PASSED, to_department_id=h.ids.departments["XH"])
    return h.do("clerk", NOW, lambda actor, at: asks.file(actor, asked, at))


def disputed_passing(h: House) -> Told:
    entry = _passed(h)
    h.do("other", NOW, lambda actor, at: asks.dispute(actor, entry, "不属于本科室", at))
    h.sweep(NOW)
    return Told(None, "XH")


def repeated_passing(h: House) -> Told:
    entry = _passed(h)
    h.do("other", NOW, lambda actor, at: asks.accept(actor, entry, at))
    h.do("other", NOW, lambda actor, at: asks.pass_on(actor, entry, h.ids.departments["YW"], at))
    h.sweep(NOW)
    return Told(None, "XH")


def urgent_unacknowledged(h: House) -> Told:
    asked = Asked("大楼漏水", urgent=True, urgent_reason="可能伤人")
    h.do("clerk", NOW, lambda actor, at: asks.file(actor, asked, at))
    h.sweep(LATER)
    return Told("principal", "LD")


def late_ab_filing(h: House) -> Told:
    post = db.session.get_one(Post, h.ids.posts["YW-1"])
    h.do(
        "office",
        NOW,
        lambda actor, at: ab.assign(actor, post, Letter.B, h.ids.users["head"], TODAY, date(2026, 11, 12), at),
    )
    h.sweep(NOW)
    return Told(None, "YW")


def handover_missing(h: House) -> Told:
    h.away("clerk", there(19, 9), there(20, 18))
    h.sweep(there(20, 9))
    return Told("clerk", "YW", points=2)


def post_uncovered(h: House) -> Told:
    for username in ("other", "other_head"):
        h.away(username, there(19, 8), there(19, 18), kind="official")
    h.sweep(there(19, 11))
    return Told(None, "XH", count=2)  # both posts of the department


def message_unanswered(h: House) -> Told:
    h.do(
        "head",
        NOW,
        lambda actor, at: messages.mark_out(actor, h.ids.departments["YW"], NOW, there(19, 11), "全科下乡", at),
    )
    h.act(
        NOW,
        lambda at: messages.leave(cards.place_of("YW"), at, matter="领取证书", phone="13800000000", address="10.0.0.7"),
    )
    h.sweep(LATER)
    return Told(None, "YW")


def pause_cap(h: House) -> Told:
    h.do("office", NOW, lambda a, at: policy.set_value(a, "timed_completion.pause_cap_hearing", "5wd", "试行", at))
    case = h.case()
    hearing = Procedure(reason="hearing", basis="许可法第四十五条", agency="市司法局", expected_on=date(2026, 11, 24))
    h.do("clerk", there(19), lambda actor, at: procedures.start(actor, case, hearing, at))
    h.sweep(there(27, 9))
    return Told("clerk", "YW")


def fee_difference(h: House) -> Told:
    case = h.case()
    h.do("clerk", NOW, lambda actor, at: fees.charge(actor, case, 500, TODAY, at, reason="代收工本费"))
    h.sweep(NOW)
    return Told("clerk", "YW")


def result_error(h: House) -> Told:
    case = h.case()
    h.do("clerk", NOW, lambda actor, at: handling.complete(actor, case, "已认定", "批复", "", at))
    h.do(
        "office",
        there(19),
        lambda a, at: errors.record(a, case, ErrorKind.DOCUMENT, FoundBy.CLIENT, date(2026, 11, 19), "写错", at),
    )
    h.sweep(there(19))
    return Told("clerk", "YW")


def attendance(h: House) -> Told:
    about = h.ids.users["clerk"]
    made = h.do(
        "supervisor",
        NOW,
        lambda actor, at: findings.record(actor, about, FindingKind.OFF_POST, at, "3 号窗口", "窗口无人。", at),
    )
    h.do("clerk", NOW, lambda actor, at: findings.reply(actor, made, "取材料", at))
    h.do("office", NOW, lambda actor, at: findings.conclude(actor, made, True, "属实", at))
    h.sweep(NOW)
    return Told("clerk", "YW")


def overdue_task(h: House) -> Told:
    post = db.session.get_one(Post, h.ids.posts["YW-1"])
    what = tasks.Content("起草总结", "形成初稿。", time_limit="5wd")
    h.do("leader", NOW, lambda actor, at: tasks.assign(actor, post, what, at))
    h.sweep(LATER)
    return Told("clerk", "YW")


def unanswered_supervision(h: House) -> Told:
    post = db.session.get_one(Post, h.ids.posts["YW-1"])
    demand = Demand("基地认定进度", "说明原因。", Date())
    h.do("leader", NOW, lambda actor, at: urging.issue(actor, post, demand, at))
    case = h.case()
    h.do("head", NOW, lambda actor, at: urging.urge(actor, case, "请尽快", Date(), at))
    h.sweep(LATER)
    return Told("clerk", "YW", count=2)


def late_statistics(h: House) -> Told:
    h.case(there(12, month=10))
    h.sweep(there(2, 9, month=11))
    h.sweep(there(9, 9, month=11))
    return Told(None, None, count=2)


def other(h: House) -> Told:
    h.do(
        "office",
        NOW,
        lambda actor, at: service.raise_by_hand(
            actor, "other", "市里转来的问题", at, post_id=h.ids.posts["YW-1"], source="upper_body"
        ),
    )
    return Told("clerk", "YW")


def unfiled_denial(h: House) -> Told:
    complaints.brought(h.ids, "approved")
    h.sweep(NOW)
    return Told(None, "YW", points=3)


def confirmed_complaint(h: House) -> Told:
    complaints.brought(h.ids, "approved", person="clerk")
    h.sweep(NOW)
    return Told("clerk", "YW")


def late_complaint_answer(h: House) -> Told:
    complaints.brought(h.ids, "investigating")
    h.sweep(LATER)
    return Told("supervisor", "BG")


def bad_review(h: House) -> Told:
    def confirm(at: Any) -> None:
        made = opinions.to_answered(opinions.bad_review(h.ids, at), at)
        client_opinion.confirm(opinions.who("office", at), made, "情况属实", "限期整改", at)

    h.act(NOW, confirm)
    h.sweep(NOW)
    return Told(None, "YW")


def late_contact(h: House) -> Told:
    h.act(NOW, lambda at: opinions.bad_review(h.ids, at))
    h.sweep(LATER)
    return Told(None, "YW")


def late_answer(h: House) -> Told:
    def approve(at: Any) -> None:
        made = opinions.bad_review(h.ids, at)
        client_opinion.contact(opinions.who("office", at), made, How.PHONE, "已致歉", at)
        client_opinion.draft(opinions.who("head", at), made, "已补办", at)
        client_opinion.approve(opinions.who("leader", at), made, "", at)

    h.act(NOW, approve)
    h.sweep(LATER)
    return Told(None, "YW")


def late_rectification(h: House) -> Told:
    bad_review(h)
    h.sweep(NOW + timedelta(days=30))
    return Told(None, "YW")


STORIES: dict[K, Callable[[House], Told]] = {
    K.OVERDUE: overdue,
    K.TACIT_CONSENT: tacit_consent,
    K.TACIT_ACCEPTANCE: tacit_acceptance,
    K.SECOND_NOTICE: second_notice,
    K.LATE_DECISION: late_decision,
    K.LATE_LETTER: late_letter,
    K.DISPUTED_PASSING: disputed_passing,
    K.REPEATED_PASSING: repeated_passing,
    K.URGENT_UNACKNOWLEDGED: urgent_unacknowledged,
    K.LATE_AB_FILING: late_ab_filing,
    K.HANDOVER_MISSING: handover_missing,
    K.POST_UNCOVERED: post_uncovered,
    K.MESSAGE_UNANSWERED: message_unanswered,
    K.PAUSE_CAP: pause_cap,
    K.FEE_DIFFERENCE: fee_difference,
    K.RESULT_ERROR: result_error,
    K.ATTENDANCE: attendance,
    K.OVERDUE_TASK: overdue_task,
    K.UNANSWERED_SUPERVISION: unanswered_supervision,
    K.LATE_STATISTICS: late_statistics,
    K.UNFILED_DENIAL: unfiled_denial,
    K.CONFIRMED_COMPLAINT: confirmed_complaint,
    K.LATE_COMPLAINT_ANSWER: late_complaint_answer,
    K.BAD_REVIEW: bad_review,
    K.LATE_CONTACT: late_contact,
    K.LATE_ANSWER: late_answer,
    K.LATE_RECTIFICATION: late_rectification,
    K.OTHER: other,
}
