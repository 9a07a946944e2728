"""No sequence of requests, by whomever, denies a case without a filing agreed by someone else (D-1, D-3, D-4, T-11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import inspect, select, update

from portal.ab_post import queries as ab_queries
from portal.ab_post import service as ab
from portal.ab_post.models import Absence, AbsenceKind
from portal.cases.models import Case, CaseHandler, CaseProposal, CaseState
from portal.denial_filing import queries
from portal.denial_filing.models import Filing, FilingState
from portal.kernel import clock, epochs, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.verification import verify
from portal.people.models import User, UserSession
from portal.post_duty.models import Post
from tests import office as cast

DENIED = (CaseState.DENIED, CaseState.RETURNED)
DECIDED = (FilingState.AGREED, FilingState.CORRECTED, FilingState.SUPPLEMENT)
VERDICTS = ("agree", "correct", "supplement", "escalate")
PEOPLE = tuple(cast.PEOPLE)
#: Those whom the story is about come up more often.
ACTORS = PEOPLE + ("clerk", "clerk2", "other", "leader", "leader2", "principal") * 2
#: Everything that can be posted to a case or to a filing, as endings of its address.
ON_CASE = (
    "accept", "start", "materials", "notes", "complete", "proposals", "denial-filing", "notice", "supplement", "remind",
    "statement", "correct", "return-materials", "move", "client", "archive",
)  # fmt: skip
ON_FILING = ("decide", "amend", "recall", "issue", "deliver")


def fields(case: Case, verdict: str, edition: int, grave: bool, today: date) -> dict[str, Any]:
    """A body that any of the forms finds good, with what no form asks for beside it."""
    made = {
        "refusal": "not_ours" if case.id % 2 else "not_accepted",
        "ground": "powers",
        "situation": "情况",
        "reason": f"理由 {edition} {verdict}",
        "basis": "第八条",
        "alternatives": "另行申请",
        "authority": "市民政局",
        "department_opinion": "属实",
        "edition": edition,
        "verdict": verdict,
        "opinion": "意见",
        "meeting_on": today.isoformat(),
        "meeting_record": "研究同意",
        "text": "说明",
        "title": "名称",
        "statement": "等待核查",
        "kind": "withdraw",
        "in_writing": "y",
        "how": "handed",
        "to": "本人",
        "on": today.isoformat(),
        "positions": [m.position for m in case.materials],
        "materials": [m.position for m in case.materials if m.received_at is None],
        "rows": 1,
        "form": "oral",
        "next_visit": "工作日",
        "until": (today + timedelta(days=10)).isoformat(),
        "limit_text": "5 个工作日",
        "procedure": "受理、办结",
        "seen": "y",
        # nobody asked for these
        "state": "denied",
        "closed_at": today.isoformat(),
        "decided_by_id": 1,
        "letter_number": "BS-2026-9999",
    }
    for m in case.materials:
        made[f"problem_{m.id}"] = "missing" if m.required else "none"
        made[f"reason_{m.id}"] = "未提交"
    return {**made, "grave": "y"} if grave else made


class Office(RuleBasedStateMachine):
    """Everybody does anything to some cases; what must never be is looked at after every step."""

    app: Any
    login: Callable[[str], Any]
    ids: Any
    met: Counter[str]
    now = cast.NOW

    cases = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        self.numbers: list[str] = []
        self.closed: dict[str, dict[str, Any]] = {}
        self.decided: dict[str, dict[str, Any]] = {}
        self.handlers: dict[int, frozenset[int]] = {}

    # --- what people do ---------------------------------------------------------------------------------------

    def post(self, who: str, path: str, data: dict[str, Any]) -> int:
        """One request at the office's time; every answer is a good one or a refusal, never a fault."""
        with clock.at(self.now):
            answer = self.login(who).post(path, data=data)
        assert answer.status_code in (303, 403, 404, 409, 422), (who, path, answer.status_code)
        assert not (answer.location or "").startswith(("/login", "/account")), "logged in, with a fresh password"
        status: int = answer.status_code
        return status

    def move(self, hours: int) -> None:
        """Time goes on; it ends no session and lets no password grow old, which are other stories."""
        type(self).now = self.now + timedelta(hours=hours)
        with self.app.app_context(), clock.at(self.now), transaction.act():
            db.session.execute(update(UserSession).values(seen_at=self.now))
            db.session.execute(update(User).values(password_changed_at=self.now))
            epochs.bump(db.session(), "people")

    def name(self, user_id: int | None) -> str | None:
        return next((n for n, i in self.ids.users.items() if i == user_id), None)

    def read(self, run: Callable[[], Any]) -> Any:
        with self.app.app_context(), clock.at(self.now):
            return run()

    def latest(self, number: str) -> Filing | None:
        query = select(Filing).join(Filing.case).where(Case.number == number).order_by(Filing.id.desc()).limit(1)
        found: Filing | None = db.session.scalar(query)
        return found

    @initialize(target=cases)
    def begin(self):
        made = []
        for who, item in (("clerk", "SX-001"), ("clerk", "SX-001"), ("other", "SX-003")):
            data = {"matter": "事项", "item": self.ids.items[item], "disposition": "case", "channel": "visit"}
            assert self.post(who, "/first-ask", data) == 303
            made.append(self.read(lambda: db.session.scalar(select(Case.number).order_by(Case.id.desc()).limit(1))))
        self.numbers = made
        return multiple(*made)

    @rule(number=cases, who=st.sampled_from(ACTORS), verb=st.sampled_from(ON_CASE), grave=st.booleans())
    def anyone_does_anything_to_a_case(self, number, who, verb, grave):
        data = self.read(
            lambda: fields(
                db.session.scalars(select(Case).where(Case.number == number)).one(),
                "agree",
                1,
                grave,
                clock.local(self.now).date(),
            )
        )
        self.met[verb] += self.post(who, f"/cases/{number}/{verb}", data) == 303

    @rule(
        number=cases,
        who=st.sampled_from(ACTORS),
        verb=st.sampled_from(ON_FILING),
        verdict=st.sampled_from(VERDICTS),
        stale=st.integers(0, 3),
    )
    def anyone_does_anything_to_a_filing(self, number, who, verb, verdict, stale):
        self._to_filing(number, who, verb, verdict, stale == 0)

    def _to_filing(self, number: str, who: str, verb: str, verdict: str, stale: bool) -> None:
        def prepared():
            filing = self.latest(number)
            if filing is None:
                return None
            edition = filing.edition - stale
            return filing.number, fields(filing.case, verdict, edition, filing.grave, clock.local(self.now).date())

        found = self.read(prepared)
        if found is None:
            self.post(who, f"/denial-filings/FD-2026-9999/{verb}", {"verdict": verdict})
        else:
            self.met[verb] += self.post(who, f"/denial-filings/{found[0]}/{verb}", found[1]) == 303

    @rule(number=cases, grave=st.booleans())
    def the_handler_files(self, number, grave):
        who, data = self.read(lambda: self._handler_and_fields(number, grave))
        if who:
            self.met["denial-filing"] += self.post(who, f"/cases/{number}/denial-filing", data) == 303

    def _handler_and_fields(self, number, grave):
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        who = self.name(ab_queries.who_answers_for(case.post_id, self.now).user_id)
        return who, fields(case, "agree", 1, grave, clock.local(self.now).date())

    @rule(number=cases, verdict=st.sampled_from(VERDICTS + ("agree",) * 3))
    def who_may_decides(self, number, verdict):
        def decider():
            filing = self.latest(number)
            return None if filing is None else self.name(queries.decider(filing, self.now).user_id)

        if who := self.read(decider):
            grave = self.read(lambda: (f := self.latest(number)) is not None and f.grave)
            state = self.read(lambda: self.latest(number).state)
            if grave and state is FilingState.WAITING_LEADER:
                verdict = "escalate"
            self._to_filing(number, who, "decide", verdict, False)

    @rule(number=cases, verb=st.sampled_from(("issue", "issue", "deliver", "recall")))
    def the_handler_goes_on(self, number, verb):
        who, _data = self.read(lambda: self._handler_and_fields(number, False))
        if who:
            self._to_filing(number, who, verb, "agree", False)

    @rule(number=cases, who=st.sampled_from(ACTORS), confirm=st.booleans())
    def a_second_person_decides(self, number, who, confirm):
        def waiting():
            query = select(CaseProposal.id).join(Case).where(Case.number == number, CaseProposal.decided_at.is_(None))
            return db.session.scalar(query)

        proposal = self.read(waiting) or 1
        verb = "confirm" if confirm else "refuse"
        path = f"/cases/{number}/proposals/{proposal}/{verb}"
        self.met[verb] += self.post(who, path, {"text": "不同意"}) == 303

    # --- what happens -----------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from((1, 1, 5, 24, 24 * 8)))
    def time_passes(self, hours):
        self.move(hours)

    @rule(who=st.sampled_from(("clerk", "clerk2", "leader", "leader2", "principal")), hours=st.sampled_from((3, 30)))
    def somebody_is_away(self, who, hours):
        with self.app.app_context(), clock.at(self.now), suppress(Invalid), transaction.act():
            until = self.now + timedelta(hours=hours)
            user = self.ids.users[who]
            ab.record_absence(SYSTEM, user, AbsenceKind.OFFICIAL, self.now, until, self.now, emergency=True)

    @rule(
        post=st.sampled_from(("YW-1", "LD-1", "LD-0")),
        who=st.sampled_from(("clerk", "head", "leader", "leader2", "office")),
    )
    def a_cover_is_named(self, post, who):
        with self.app.app_context(), clock.at(self.now), suppress(Invalid, Conflict), transaction.act():
            place = db.session.get_one(Post, self.ids.posts[post])
            until = self.now + timedelta(hours=5)
            ab.name_cover(SYSTEM, place, self.ids.users[who], self.now, until, "代审", self.now)

    # --- what must never be -----------------------------------------------------------------------------------

    @invariant()
    def nothing_is_refused_behind_a_leaders_back(self):
        with self.app.app_context():
            cases = db.session.scalars(select(Case).where(Case.number.in_(self.numbers))).all()
            for case in cases:
                filings = queries.of_case(case.id)
                for filing in filings:
                    self._look_at(filing, case)
                if case.state in DENIED:
                    self.met[str(case.state)] += case.number not in self.closed
                    (agreed,) = [f for f in filings if f.state is FilingState.AGREED]
                    assert agreed.letter_issued_by_id != agreed.decided_by_id
                    assert (case.state is CaseState.RETURNED) == (agreed.refusal == "not_ours")
                if case.closed_at is not None:
                    assert self.closed.setdefault(case.number, _row(case)) == _row(case), "a closed record changed"
                handlers = select(CaseHandler.user_id).where(CaseHandler.case_id == case.id)
                self.handlers[case.id] = frozenset(db.session.scalars(handlers))

    def _look_at(self, filing: Filing, case: Case) -> None:
        if filing.state not in DECIDED:
            assert filing.decided_by_id is None
            assert filing.letter_number is None
            return
        if filing.number in self.decided:
            assert {**_row(filing), **_LATER} == self.decided[filing.number], "a decided filing changed"
            return
        # decided within the last step: those who had a hand in the case before it are known
        self.decided[filing.number] = {**_row(filing), **_LATER}
        self.met[str(filing.state)] += 1
        assert filing.decided_by_id is not None
        assert filing.decided_by_id != filing.filed_by_id
        assert filing.decided_by_id not in self.handlers.get(case.id, frozenset())
        user = db.session.get_one(User, filing.decided_by_id)
        assert user.department_id == self.ids.departments["LD"] or self._covered(filing), user.username
        if filing.grave:
            assert filing.decider_post_id == self.ids.posts["LD-0"], "a grave one is the principal's"
            assert filing.decided_by_id != filing.escalated_by_id
            assert filing.meeting_on is not None

    def _covered(self, filing: Filing) -> bool:
        """Whether the decider was a cover named for the post at that time."""
        answer = ab_queries.picture_at(filing.decided_at).answer(filing.decider_post_id, filing.decided_at)
        return answer.user_id == filing.decided_by_id

    def teardown(self) -> None:
        with self.app.app_context(), clock.at(self.now):
            assert verify().ok
            running = db.session.scalars(select(Absence).where(Absence.to_at > self.now, Absence.ended_at.is_(None)))
            ids = [a.id for a in running]
        for absence_id in ids:
            with self.app.app_context(), clock.at(self.now), transaction.act():
                ab.end_absence(SYSTEM, db.session.get_one(Absence, absence_id), self.now)
        self.move(6)  # covers have ended


#: What is written on a decided filing afterwards: letter and delivery.
_LATER = dict.fromkeys(
    (
        "letter_number", "letter_issued_at", "letter_issued_by_id", "objection", "delivered_on", "delivered_how",
        "delivered_to", "materials_returned", "version",
    )
)  # fmt: skip


def _row(thing: Any) -> dict[str, Any]:
    return {column.key: getattr(thing, column.key) for column in inspect(type(thing)).column_attrs}


def test_no_sequence_denies_without_a_filing_agreed_by_someone_else(app, login, ids):
    met: Counter[str] = Counter()
    for who in PEOPLE:
        login(who)
    machine = type("Story", (Office,), {"app": app, "login": staticmethod(login), "ids": ids, "met": met})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    # The stories went far enough to mean something.
    assert met["denied"] + met["returned"] > 0, ("no story ended in a refusal", met)
    for what in ("agreed", "supplement", "decide", "issue"):
        assert met[what] > 0, (what, met)
