"""The scripted cases of the sample office: one for every state, light and turn that chance may miss.

Times are (working day back from the next close of business, time), so that due dates fall the same way whatever day
the office is made on: day 0 is today, or the next working day when today is over or off.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from portal.cases import handling, second_person
from portal.cases import service as cases
from portal.cases.models import Case, ProposalKind
from portal.cases.service import Client
from portal.demo import clients, lives, plots_clocks, plots_denial, plots_hand, plots_kinds
from portal.demo.opening import Opened, When, opened
from portal.demo.stage import Stage, Story
from portal.first_ask import service as first_ask
from portal.first_ask.models import Channel, Disposition
from portal.first_ask.service import Asked
from portal.kernel.db import db
from portal.one_time_notice import service as notices
from portal.one_time_notice.models import Form


def begin(stage: Stage) -> None:
    """Plan all of them."""
    beside = (plots_denial, plots_hand, plots_clocks, plots_kinds)
    for n, plot in enumerate((*_CASES, *(plot for each in beside for plot in each.PLOTS))):
        stage.tell(plot(stage, Random(f"plot {n}")))  # noqa: S311 - sample data, nothing secret


# --- open now ---------------------------------------------------------------------------------------------------


def just_received(stage: Stage, r: Random) -> Story:
    """Received, papers not looked at yet."""
    yield from opened(stage, (1, "16:20"), "SX-014", r, papers=False)


def tacit_today(stage: Stage, r: Random) -> Story:
    """Nobody has given notice: the five days end at the next close of business (T-7a)."""
    yield from opened(stage, (5, "10:30"), "SX-025", r, accept=False)


def tacitly_accepted_open(stage: Stage, r: Random) -> Story:
    """Accepted tacitly, still in hand (T-7a)."""
    yield from opened(stage, (8, "14:10"), "SX-019", r, accept=False)


def tacitly_accepted_done(stage: Stage, r: Random) -> Story:
    """Accepted tacitly and completed afterwards."""
    case, at = yield from opened(stage, (17, "09:50"), "SX-010", r, channel=Channel.LETTER, accept=False)
    at = yield from lives.left_lying(stage, case, r, at)
    yield from lives.handled(stage, case, r, at)


def just_accepted(stage: Stage, r: Random) -> Story:
    """Accepted, not begun."""
    yield from opened(stage, (1, "11:10"), "SX-017", r)


def in_progress(stage: Stage, r: Random) -> Story:
    """In progress, all in time."""
    case, at = yield from opened(stage, (4, "10:00"), "SX-024", r)
    at = yield stage.work.after(at, 120)
    yield from lives.started(stage, case, at)


def due_soon(stage: Stage, r: Random) -> Story:
    """Due at the next close of business (T-6)."""
    case, at = yield from opened(stage, (5, "14:40"), "SX-016", r)
    at = yield stage.work.after(at, 200)
    yield from lives.started(stage, case, at)


def overdue(stage: Stage, r: Random) -> Story:
    """Past the promise, within the law: yellow (T-6)."""
    case, at = yield from opened(stage, (5, "09:40"), "SX-023", r)
    at = yield stage.work.after(at, 300)
    at = yield from lives.started(stage, case, at)
    at = yield stage.work.at(1, "10:15")
    actor, at = yield from stage.answering(case.post_id, at)
    handling.note_step(actor, case, "会员名册与章程人数不一致，正与筹备组核实。", at)


def red_by_law(stage: Stage, r: Random) -> Story:
    """Past the statutory limit too: red, with its statement (T-6, T-8)."""
    case, at = yield from opened(stage, (9, "15:20"), "SX-012", r)
    at = yield stage.work.after(at, 60)
    at = yield from lives.started(stage, case, at)
    at = yield stage.work.at(1, "09:25")
    actor, at = yield from stage.answering(case.post_id, at)
    cases.make_statement(actor, case, "主讲人变更两次，会议方案反复调整，未及时办理延期。", at)


def red_without_law(stage: Stage, r: Random) -> Story:
    """Two working days past a promise that no law bounds: red (T-6)."""
    yield from opened(stage, (7, "10:45"), "SX-015", r, channel=Channel.ONLINE)


def stopped(stage: Stage, r: Random) -> Story:
    """Waiting for the client after acceptance: the promised clock stands still (T-4)."""
    case, at = yield from opened(stage, (4, "09:35"), "SX-028", r)
    at = yield stage.work.at(2, "10:50")
    actor, at = yield from stage.answering(case.post_id, at)
    lives.tell(stage, case, actor, r, at, missing=0, wrong=lives.required(case)[1:2], form=Form.WRITTEN)


def waiting_before(stage: Stage, r: Random) -> Story:
    """Told what is missing, not accepted yet."""
    case, at = yield from opened(stage, (3, "15:30"), "SX-016", r, what=Disposition.NOTICE, papers=False)
    at = yield stage.work.after(at, 5)
    actor, at = yield from stage.answering(case.post_id, at)
    lives.tell(stage, case, actor, r, at, missing=2, form=Form.WRITTEN)


def in_three_months(stage: Stage, r: Random) -> Story:
    """A limit that reaches far ahead: provisional when it ends in a year whose calendar is not known (T-3)."""
    case, at = yield from opened(stage, (6, "11:00"), "SX-021", r)
    at = yield stage.work.after(at, 240)
    yield from lives.started(stage, case, at)


# --- notices ----------------------------------------------------------------------------------------------------


def oral(stage: Stage, r: Random) -> Story:
    """Told by mouth, back the next day, accepted at once (N-3, N-4)."""
    case, at = yield from opened(stage, (12, "10:20"), "SX-007", r, what=Disposition.NOTICE, papers=False)
    actor, at = yield from stage.answering(case.post_id, at)
    lives.tell(stage, case, actor, r, at, missing=1, form=Form.ORAL)
    at = yield stage.work.at(11, "10:40")
    at = yield from lives.back(stage, case, r, at)
    yield from lives.handled(stage, case, r, at)


def partly(stage: Stage, r: Random) -> Story:
    """Back with a part only: one further complete notice (N-4)."""
    case, at = yield from opened(stage, (19, "10:10"), "SX-008", r, what=Disposition.NOTICE, papers=False)
    actor, at = yield from stage.answering(case.post_id, at)
    lives.tell(stage, case, actor, r, at, missing=2)
    at = yield stage.work.at(17, "14:30")
    at = yield from lives.back(stage, case, r, at, partly=True)
    yield from lives.handled(stage, case, r, at)


def repeating(stage: Stage, r: Random) -> Story:
    """A second notice asks for what was plain at the first: a recorded fact (N-4)."""
    case, at = yield from opened(stage, (10, "09:55"), "SX-023", r, what=Disposition.NOTICE, papers=False)
    actor, at = yield from stage.answering(case.post_id, at)
    lives.tell(stage, case, actor, r, at, missing=1, form=Form.WRITTEN)
    at = yield stage.work.at(8, "15:40")
    actor, at = yield from stage.answering(case.post_id, at)
    lives.tell(stage, case, actor, r, at, missing=9, wrong=lives.required(case)[:1], form=Form.WRITTEN)
    at = yield stage.work.at(6, "11:20")
    at = yield from lives.back(stage, case, r, at)
    yield from lives.handled(stage, case, r, at)


def restarting(stage: Stage, r: Random) -> Story:
    """A type whose limit is counted anew after a supplement (T-4)."""
    case, at = yield from opened(stage, (21, "11:00"), "SX-009", r)
    at = yield stage.work.at(19, "14:20")
    actor, at = yield from stage.answering(case.post_id, at)
    lives.tell(stage, case, actor, r, at, missing=0, wrong=lives.required(case)[:2])
    at = yield stage.work.at(16, "09:45")
    at = yield from lives.back(stage, case, r, at)
    at = yield stage.work.at(14, "10:30")
    at = yield from lives.started(stage, case, at)
    yield from lives.finished(stage, case, r, at)


def _silent(stage: Stage, r: Random, code: str, told: When, until: int, reminded: When, proposed: When) -> Opened:
    case, at = yield from opened(stage, told, code, r, what=Disposition.NOTICE, papers=False)
    actor, at = yield from stage.answering(case.post_id, at)
    lives.tell(stage, case, actor, r, at, missing=1, until=stage.work.day(until), form=Form.WRITTEN)
    at = yield stage.work.at(*reminded)
    actor, at = yield from stage.answering(case.post_id, at)
    cases.remind(actor, case, "phone", at)
    at = yield stage.work.at(*proposed)
    actor, at = yield from stage.answering(case.post_id, at)
    second_person.propose(
        actor, case, ProposalKind.LAPSE, "补正期限已过，两次电话提醒，申请人表示暂不补正。", False, "", at
    )
    return case, at


def lapsed_and_revived(stage: Stage, r: Random) -> Story:
    """Silence, a reminder, the end with a second person; the client comes back and a linked case begins (N-7)."""
    case, at = yield from _silent(stage, r, "SX-022", (28, "10:00"), 16, (18, "15:10"), (14, "09:30"))
    at = yield from lives.confirmed(stage, case, r, at)
    at = yield stage.work.at(7, "10:30")
    yield from _linked(stage, case, r, at)


def lapse_waiting(stage: Stage, r: Random) -> Story:
    """A lapse that waits for its second person now (N-7)."""
    yield from _silent(stage, r, "SX-008", (13, "09:50"), 3, (5, "16:00"), (1, "14:20"))


# --- endings ----------------------------------------------------------------------------------------------------


def _linked(stage: Stage, case: Case, r: Random, at: datetime) -> lives.Part:
    actor, at = yield from stage.answering(case.post_id, at)
    made = handling.correct(actor, case, at)
    at = yield stage.work.after(at, 20)
    at = yield from lives.accepted(stage, made, at)
    return (yield from lives.handled(stage, made, r, at))


def corrected(stage: Stage, r: Random) -> Story:
    """A mistake in a closed case is put right by a linked one (T-11)."""
    case, at = yield from opened(stage, (15, "10:20"), "SX-006", r)
    at = yield from lives.finished(stage, case, r, at)
    at = yield max(at, stage.work.at(10, "09:50"))
    yield from _linked(stage, case, r, at)


def late_with_statement(stage: Stage, r: Random) -> Story:
    """Completed too late, with the written explanation (T-8)."""
    case, at = yield from opened(stage, (12, "11:15"), "SX-003", r)
    at = yield stage.work.at(7, "15:50")
    yield from lives.finished(stage, case, r, at)


def withdrawn_in_writing(stage: Stage, r: Random) -> Story:
    """The client withdraws in writing and gets the papers back (T-11, N-6)."""
    case, at = yield from opened(stage, (16, "14:00"), "SX-013", r)
    at = yield stage.work.at(11, "15:00")
    reason = "申请人书面撤回，会议改期。"
    at = yield from lives.ended(stage, case, r, at, ProposalKind.WITHDRAW, reason, written=True)
    yield from lives.returned_papers(stage, case, stage.work.after(at, 12))


def withdrawal_waiting(stage: Stage, r: Random) -> Story:
    """A withdrawal that waits for its second person now (N-7)."""
    case, at = yield from opened(stage, (3, "10:10"), "SX-029", r)
    at = yield stage.work.at(1, "15:20")
    actor, at = yield from stage.answering(case.post_id, at)
    second_person.propose(actor, case, ProposalKind.WITHDRAW, "捐赠人来电表示另作安排。", False, "", at)


def withdrawal_refused(stage: Stage, r: Random) -> Story:
    """The second person does not agree to a withdrawal; the case goes on (N-7)."""
    case, at = yield from opened(stage, (10, "14:30"), "SX-018", r)
    actor, at = yield from stage.answering(case.post_id, at)
    made = second_person.propose(actor, case, ProposalKind.WITHDRAW, "联系人口头表示不办了。", False, "", at)
    at = yield stage.work.after(at, 45)
    head = stage.actor("dengke", at)
    second_person.decide(head, made.id, False, "未与申请单位负责人核实，请先核实。", at)
    at = yield stage.work.after(at, 90)
    yield from lives.finished(stage, case, r, at)


# --- handling ---------------------------------------------------------------------------------------------------


def consulting(stage: Stage, r: Random) -> Story:
    """Another department was asked; its answer is still out (N-5)."""
    case, at = yield from opened(stage, (3, "11:20"), "SX-022", r)
    at = yield stage.work.at(2, "09:40")
    at = yield from lives.started(stage, case, at)
    actor, at = yield from stage.answering(case.post_id, at)
    second_person.consult(actor, case, "学会学术部", "诉求人所在学会是否组织过本次项目？", at)


def consulted(stage: Stage, r: Random) -> Story:
    """Asked, answered, told (N-5)."""
    case, at = yield from opened(stage, (20, "10:00"), "SX-025", r)
    at = yield stage.work.after(at, 60)
    at = yield from lives.started(stage, case, at)
    at = yield from lives.asked_others(stage, case, r, at)
    at = yield stage.work.at(14, "10:20")
    yield from lives.finished(stage, case, r, at)


def moved(stage: Stage, r: Random) -> Story:
    """Given to another post of the department; a slip in the client's name was mended (P-1)."""
    case, at = yield from opened(stage, (4, "15:15"), "SX-013", r)
    at = yield stage.work.at(3, "09:20")
    actor, at = yield from stage.answering(case.post_id, at)
    handling.change_client(actor, case, Client(case.client_unit, case.client_name, "13900008866"), at)
    at = yield at + timedelta(minutes=7)
    actor, at = yield from stage.answering(case.post_id, at)
    handling.move(actor, case, stage.made.posts["XH-1"].id, "资助与学会项目一并审核。", at)


def beyond_the_catalogue(stage: Stage, r: Random) -> Story:
    """A matter that is in no catalogue: promised as an enquiry, the notice's texts typed by hand (T-1, N-1)."""
    at = yield stage.work.at(9, "16:00")
    asker = stage.actor("wangmin", at)
    asked = Asked("请求提供历年科普日资料用于校史展", Disposition.NOTICE, Channel.VISIT, None, clients.client(r, True))
    case = db.session.get_one(Case, first_ask.file(asker, asked, at).case_id)
    at = yield stage.work.after(at, 6)
    actor, at = yield from stage.answering(case.post_id, at)
    lives.tell(stage, case, actor, r, at, missing=0, extra="单位介绍信", form=Form.WRITTEN)
    at = yield stage.work.at(7, "09:45")
    actor, at = yield from stage.answering(case.post_id, at)
    notices.supplement(actor, case, [m.position for m in cases.missing(case)], at)
    yield from lives.handled(stage, case, r, at)


_CASES = (
    just_received, tacit_today, tacitly_accepted_open, tacitly_accepted_done, just_accepted, in_progress, due_soon,
    overdue, red_by_law, red_without_law, stopped, waiting_before, in_three_months, oral, partly, repeating,
    restarting, lapsed_and_revived, lapse_waiting, corrected, late_with_statement, withdrawn_in_writing,
    withdrawal_waiting, withdrawal_refused, consulting, consulted, moved, beyond_the_catalogue,
)  # fmt: skip
