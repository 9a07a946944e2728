"""Scripted denial filings: every state, decision and delivery (D-1 … D-5)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import datetime
from random import Random

from portal.cases.models import Case, ProposalKind
from portal.demo import filings, lives
from portal.demo.opening import opened
from portal.demo.stage import Stage, Story
from portal.denial_filing import service
from portal.denial_filing.models import Filing
from portal.denial_filing.rules import Verdict
from portal.first_ask.models import Disposition

When = tuple[int, str]
Plot = Callable[[Stage, Random], Story]
Proposed = Generator[datetime, datetime, tuple[Filing, Case, datetime]]


def _filed(
    stage: Stage, when: When, code: str, n: int, r: Random, *, grave: bool = False, accept: bool = False
) -> Proposed:
    """A case whose handler files for refusing it; with ``accept`` it was accepted before."""
    what = Disposition.CASE if accept else Disposition.REFUSAL
    case, at = yield from opened(stage, when, code, r, what=what, accept=accept)
    at = yield stage.work.after(at, 12)
    filing, at = yield from filings.made(stage, case, at, filings.content(n, grave))
    return filing, case, at


def waiting_leader(stage: Stage, r: Random) -> Story:
    """Waiting for the leader in charge, in time."""
    yield from _filed(stage, (1, "15:10"), "SX-016", 0, r)


def waiting_other_leader(stage: Stage, r: Random) -> Story:
    """Waiting for the other leader."""
    yield from _filed(stage, (1, "14:15"), "SX-013", 5, r, accept=True)


def waiting_too_long(stage: Stage, r: Random) -> Story:
    """Waiting past the day in which to decide (D-5)."""
    yield from _filed(stage, (4, "10:25"), "SX-008", 4, r, accept=True)


def waiting_principal(stage: Stage, r: Random) -> Story:
    """Grave: the leader has passed it up, the principal decides after the meeting (D-3)."""
    filing, case, _at = yield from _filed(stage, (2, "14:00"), "SX-022", 4, r, grave=True, accept=True)
    yield from filings.decided(stage, filing, case, Verdict.ESCALATE, r, stage.work.at(1, "11:30"))


def delivered_in_time(stage: Stage, r: Random) -> Story:
    """Agreed, told in writing, delivered, papers back: all in time (D-5)."""
    filing, case, at = yield from _filed(stage, (21, "09:40"), "SX-016", 0, r)
    at = yield from filings.decided(stage, filing, case, Verdict.AGREE, r, stage.work.at(21, "15:20"))
    at = yield from filings.issued(stage, filing, case, r, stage.work.at(20, "09:50"))
    at = yield from filings.delivered(stage, filing, case, r, stage.work.at(20, "14:30"))
    yield from lives.filed(stage, case, r, at)


def delivered_late(stage: Stage, r: Random) -> Story:
    """Agreed, but the client got the letter too late (D-5)."""
    filing, case, _at = yield from _filed(stage, (18, "10:30"), "SX-007", 1, r, accept=True)
    yield from filings.decided(stage, filing, case, Verdict.AGREE, r, stage.work.at(17, "09:20"))
    yield from filings.issued(stage, filing, case, r, stage.work.at(12, "10:10"))
    yield from filings.delivered(stage, filing, case, r, stage.work.at(8, "15:45"))


def not_delivered(stage: Stage, r: Random) -> Story:
    """The letter is out, its delivery not recorded yet."""
    filing, case, _at = yield from _filed(stage, (4, "15:00"), "SX-028", 3, r)
    yield from filings.decided(stage, filing, case, Verdict.AGREE, r, stage.work.at(3, "10:00"))
    yield from filings.issued(stage, filing, case, r, stage.work.at(2, "10:30"))


def no_letter_yet(stage: Stage, r: Random) -> Story:
    """Agreed, the letter still to be written."""
    filing, case, _at = yield from _filed(stage, (2, "10:20"), "SX-024", 5, r, accept=True)
    yield from filings.decided(stage, filing, case, Verdict.AGREE, r, stage.work.at(1, "09:35"))


def not_ours(stage: Stage, r: Random) -> Story:
    """Not ours: returned, naming the authority (D-5, T-11)."""
    filing, case, at = yield from _filed(stage, (15, "14:10"), "SX-010", 2, r)
    at = yield from filings.decided(stage, filing, case, Verdict.AGREE, r, stage.work.at(14, "10:15"))
    yield from filings.followed(stage, filing, case, Verdict.AGREE, r, at)


def corrected(stage: Stage, r: Random) -> Story:
    """The leader corrects: it must be handled, and is (D-3)."""
    filing, case, at = yield from _filed(stage, (13, "11:00"), "SX-019", 4, r)
    at = yield from filings.decided(stage, filing, case, Verdict.CORRECT, r, stage.work.at(13, "16:00"))
    yield from filings.followed(stage, filing, case, Verdict.CORRECT, r, at)


def supplement(stage: Stage, r: Random) -> Story:
    """A notice is ordered, given, answered; the case goes on (D-3)."""
    filing, case, at = yield from _filed(stage, (12, "09:30"), "SX-017", 0, r)
    at = yield from filings.decided(stage, filing, case, Verdict.SUPPLEMENT, r, stage.work.at(12, "15:30"))
    yield from filings.followed(stage, filing, case, Verdict.SUPPLEMENT, r, at)


def notice_to_give(stage: Stage, r: Random) -> Story:
    """A notice is ordered and not given yet."""
    filing, case, _at = yield from _filed(stage, (2, "09:45"), "SX-023", 0, r)
    yield from filings.decided(stage, filing, case, Verdict.SUPPLEMENT, r, stage.work.at(1, "16:10"))


def grave(stage: Stage, r: Random) -> Story:
    """Grave: escalated, decided by the principal after the meeting, delivered (D-3)."""
    filing, case, at = yield from _filed(stage, (16, "09:50"), "SX-028", 4, r, grave=True, accept=True)
    at = yield from filings.decided(stage, filing, case, Verdict.ESCALATE, r, stage.work.at(16, "15:00"))
    at = yield from filings.decided(stage, filing, case, Verdict.AGREE, r, stage.work.at(15, "11:20"))
    yield from filings.followed(stage, filing, case, Verdict.AGREE, r, at)


def escalated_and_corrected(stage: Stage, r: Random) -> Story:
    """Not grave, but the leader wants the principal to decide, who corrects (D-3)."""
    filing, case, at = yield from _filed(stage, (24, "10:40"), "SX-025", 5, r, accept=True)
    at = yield from filings.decided(stage, filing, case, Verdict.ESCALATE, r, stage.work.at(23, "09:30"))
    at = yield from filings.decided(stage, filing, case, Verdict.CORRECT, r, stage.work.at(23, "16:20"))
    yield from filings.followed(stage, filing, case, Verdict.CORRECT, r, at)


def recalled(stage: Stage, r: Random) -> Story:
    """Taken back: the handler has found a way (D-4)."""
    filing, case, at = yield from _filed(stage, (6, "10:15"), "SX-014", 4, r, accept=True)
    at = yield stage.work.after(at, 90)
    actor, at = yield from stage.answering(case.post_id, at)
    service.recall(actor, filing, case, "申请人补充了说明，可以继续办理。", at)
    yield from lives.handled(stage, case, r, at)


def covered(stage: Stage, r: Random) -> Story:
    """The leader in charge is at a meeting out of town: the cover decides (D-4, AB-4)."""
    filing, case, at = yield from _filed(stage, (9, "10:50"), "SX-018", 3, r)
    at = yield from filings.decided(stage, filing, case, Verdict.AGREE, r, stage.work.at(9, "16:15"))
    yield from filings.followed(stage, filing, case, Verdict.AGREE, r, at)


def decided_late(stage: Stage, r: Random) -> Story:
    """Decided after the day in which to decide (D-5)."""
    filing, case, at = yield from _filed(stage, (28, "14:20"), "SX-011", 5, r, accept=True)
    at = yield from filings.decided(stage, filing, case, Verdict.AGREE, r, stage.work.at(25, "10:40"))
    yield from filings.followed(stage, filing, case, Verdict.AGREE, r, at)


def amended(stage: Stage, r: Random) -> Story:
    """The content changed before the decision: a second edition (D-4)."""
    filing, case, at = yield from _filed(stage, (27, "09:40"), "SX-007", 1, r, accept=True)
    at = yield stage.work.after(at, 70)
    actor, at = yield from stage.answering(case.post_id, at)
    what = filings.content(1)
    better = replace(what, reason=what.reason + "已再次核对学时记录。")
    service.amend(actor, filing, case, better, filing.edition, at)
    at = yield from filings.decided(stage, filing, case, Verdict.AGREE, r, stage.work.at(26, "10:10"))
    yield from filings.followed(stage, filing, case, Verdict.AGREE, r, at)


def fallen(stage: Stage, r: Random) -> Story:
    """The client withdraws while the filing waits: it falls (T-11)."""
    _filing, case, at = yield from _filed(stage, (19, "14:50"), "SX-012", 4, r, accept=True)
    at = yield stage.work.after(at, 50)
    reason = "申请人撤回，改由外地举办。"
    yield from lives.ended(stage, case, r, at, ProposalKind.WITHDRAW, reason, written=True)


PLOTS: tuple[Plot, ...] = (
    waiting_leader, waiting_other_leader, waiting_too_long, waiting_principal, delivered_in_time, delivered_late,
    not_delivered, no_letter_yet, not_ours, corrected, supplement, notice_to_give, grave, escalated_and_corrected,
    recalled, covered, decided_late, amended, fallen,
)  # fmt: skip
