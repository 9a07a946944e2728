"""O-6: where a case stands, for whoever holds its slip; guessing is stopped, and nothing personal is told."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import event, select

from portal.cases.models import Case, CaseState
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from portal.one_time_notice import service as notices
from portal.one_time_notice.models import Form, Problem
from portal.people import guessing
from portal.people import queries as people
from portal.people.guessing import StatusGuess
from portal.policy import service as policy
from portal.public import status
from tests.office import NOW, SHANGHAI, later
from tests.public.conftest import NAME, PHONE

WRONG = "没有找到"


def said(answer) -> str:
    return answer.get_data(as_text=True)


def test_the_digits_or_the_check_code_of_the_slip_tell_where_it_stands(slip, ask):
    number, code = slip(accept=True)
    for digits in (PHONE[-4:], "１２３４", code, code.lower(), f"{code[:3]}-{code[3:]}"):
        answer = ask(number, digits)
        assert answer.status_code == 200
        text = said(answer)
        for word in ("已受理", number, "科普教育基地认定", "2026-11-25", "YW-1 窗口", "业务受理岗"):
            assert word in text, word


def test_what_is_told_holds_nothing_of_the_client_nor_of_staff(slip, ask):
    number, _code = slip(accept=True)
    text = said(ask(number, PHONE[-4:]))
    for private in (NAME, "周**", "滨海研学", PHONE, "的认定<", "王敏", "李强"):
        assert private not in text.replace("科普教育基地认定", ""), private
    assert 'value="1234"' not in text, "the digits are not sent back"


def test_wrong_digits_and_a_missing_case_are_answered_alike(slip, ask):
    number, _code = slip()
    wrong, missing = ask(number, "0000"), ask("SX-2026-9999", "0000")
    assert (wrong.status_code, missing.status_code) == (200, 200)
    assert said(wrong).replace(number, "") == said(missing).replace("SX-2026-9999", "")
    assert WRONG in said(wrong)
    assert dict(wrong.headers).keys() == dict(missing.headers).keys()


def test_the_same_work_for_a_wrong_code_and_a_missing_case(app, slip):
    number, _code = slip()
    with app.app_context():
        status.find("SX-2026-0000", "0000", NOW)
        counts = []
        for asked in (number, "SX-2026-9999"):
            ran: list[str] = []
            listener = lambda *args, ran=ran: ran.append(args[2])  # noqa: E731
            event.listen(db.engine, "before_cursor_execute", listener)
            assert status.find(asked, "0000", NOW) is None
            event.remove(db.engine, "before_cursor_execute", listener)
            counts.append(ran)
        assert counts[0] == counts[1]


def test_without_a_phone_only_the_check_code_works(slip, ask):
    number, code = slip(phone="")
    for digits in ("0000", "----", PHONE[-4:]):
        assert number not in said(ask(number, digits)).split("<form", 1)[0]
    assert "已收件" in said(ask(number, code))


def test_the_check_code_of_another_paper_is_wrong(slip, ask):
    number, _code = slip()
    other, code = slip(phone="")
    assert WRONG in said(ask(number, code))
    assert WRONG not in said(ask(other, code))


def test_a_notice_leads_to_its_case_by_its_own_code(app, slip, ask):
    number, receipt = slip(received=(1,))
    with app.app_context(), transaction.act():
        case = db.session.scalar(select(Case).where(Case.number == number))
        missing = [m for m in case.materials if m.required and m.received_at is None]
        notice = notices.issue(
            people.actor_by_username("clerk", NOW),
            case,
            NOW,
            form=Form.WRITTEN,
            lines=[notices.Line(m.id, Problem.MISSING, "未提交") for m in missing],
            next_visit="工作日上午，YW-1 窗口",
            until=date(2026, 12, 9),
        )
        paper, code = notice.number, notice.check_code
    text = said(ask(paper, code))
    assert "等您补齐材料" in text
    assert "最迟" in text
    assert number in text
    assert "等您补齐材料" in said(ask(paper, PHONE[-4:]))
    assert WRONG in said(ask(paper, receipt)), "each paper has its own code"


# --- guessing --------------------------------------------------------------------------------------------------


def test_fifty_wrong_guesses_are_stopped_and_a_right_one_within_the_block_too(slip, ask):
    number, code = slip()
    answers = [ask(number, f"{n:04}").status_code for n in range(50)]
    assert answers[:8] == [200] * 8
    assert set(answers[8:]) == {429}
    right = ask(number, PHONE[-4:])
    assert right.status_code == 429
    assert "查询暂停" in said(right)
    assert int(right.headers["Retry-After"]) > 0
    assert ask(number, code).status_code == 429
    assert ask(number, PHONE[-4:], address="10.9.9.9").status_code == 429, "from anywhere: the number is blocked"


def test_the_block_ends_by_the_policy_and_one_try_follows(slip, ask):
    number, _code = slip()
    for n in range(8):
        ask(number, f"{n:04}")
    with clock.at(later(minutes=59)):
        assert ask(number, PHONE[-4:]).status_code == 429
    with clock.at(later(minutes=60)):
        assert "已收件" in said(ask(number, PHONE[-4:]))
        assert ask(number, "0000").status_code == 200
        assert ask(number, PHONE[-4:]).status_code == 429
    with clock.at(later(hours=25)):
        assert [ask(number, "0000").status_code for _ in range(8)] == [200] * 8


def test_one_address_cannot_try_many_numbers(slip, ask):
    number, _code = slip()
    answers = [ask(f"SX-2026-{n:04}", "0000", address="2001:db8::5").status_code for n in range(100, 130)]
    assert answers == [200] * 20 + [429] * 10
    assert ask(number, PHONE[-4:], address="2001:db8::6").status_code == 429, "the same network"
    assert "已收件" in said(ask(number, PHONE[-4:], address="10.0.0.8")), "others go on"


def test_many_addresses_together_are_stopped_too(app, slip, ask):
    number, _code = slip()
    with app.app_context(), transaction.act():
        office = people.actor_by_username("office", NOW)
        policy.set_value(office, "public.wrong_overall", "12", "演练", NOW)
    answers = [ask(f"SX-2026-{n:04}", "0000", address=f"10.1.0.{n}").status_code for n in range(20)]
    assert answers == [200] * 12 + [429] * 8
    assert ask(number, PHONE[-4:], address="10.2.0.1").status_code == 429


def test_right_answers_are_not_counted(slip, ask):
    number, _code = slip()
    assert {ask(number, PHONE[-4:]).status_code for _ in range(30)} == {200}


def test_a_block_is_a_fact_without_number_or_address(app, slip, ask):
    number, _code = slip()
    for n in range(9):
        ask(number, f"{n:04}")
    with app.app_context():
        entries = db.session.scalars(select(JournalEntry).where(JournalEntry.event == "public.status_blocked")).all()
        assert len(entries) == 1
        fact = entries[0].fact()
        assert (fact["what"], fact["wrong"]) == ("number", 8)
        for row in db.session.scalars(select(StatusGuess)):
            assert number not in row.subject
            assert "10.0.0.7" not in row.subject


def test_counters_are_forgotten_when_they_count_no_more(app, slip, ask):
    number, _code = slip()
    ask(number, "0000")
    with app.app_context():
        for at, left in ((later(hours=24), 3), (later(hours=26), 0)):
            with transaction.act():
                guessing.sweep(at)
            assert len(db.session.scalars(select(StatusGuess)).all()) == left


@pytest.mark.parametrize(
    ("number", "digits"),
    [("", "1234"), ("SX-2026-0001", ""), ("SX-2026-0001", "12"), ("SX-2026-0001", "12345"), ("x" * 60, "1234"),
     ("BJ\x00", "1234"), ("SX-2026-0001", "١٢٣٤")],
)  # fmt: skip
def test_what_cannot_be_a_slip_is_said_at_its_field_and_not_counted(app, ask, number, digits):
    answer = ask(number, digits)
    assert answer.status_code == 422
    assert "data-error-summary" in said(answer)
    with app.app_context():
        assert db.session.scalars(select(StatusGuess)).all() == []


def test_other_sites_cannot_ask_through_a_visitors_browser(app):
    answer = app.test_client().post(
        "/public/status", data={"number": "SX-2026-0001", "digits": "1234"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 400


@pytest.mark.csrf
def test_asking_needs_no_session_and_leaves_none(slip, ask):
    number, _code = slip()
    answer = ask(number, PHONE[-4:])
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_slip_brings_its_number_never_the_digits(app, login, slip):
    number, _code = slip(received=(1,))
    page = said(app.test_client().get(f"/public/status?number={number}&digits=1234"))
    assert f'value="{number}"' in page
    assert 'value="1234"' not in page
    paper = said(login("clerk").get(f"/cases/{number}/receipt"))
    assert 'class="qr"' in paper


# --- states ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_has_plain_words(app, state):
    with app.test_request_context():
        title, explanation, mark = status._words(state)
        assert title
        assert explanation
        assert len(mark) == 2


def test_provisional_and_late_are_said_so(slip, ask):
    number, _code = slip(accept=True, at=datetime(2026, 11, 16, 9, 0, tzinfo=SHANGHAI))
    with clock.at(datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)):
        assert "已经超过承诺的时间" in said(ask(number, PHONE[-4:]))
    at = datetime(2026, 12, 30, 10, 0, tzinfo=SHANGHAI)
    with clock.at(at):
        number, _code = slip(accept=True, at=at)
        text = said(ask(number, PHONE[-4:]))
        assert "暂定" in text


def test_a_closed_case_tells_what_to_fetch(slip, ask):
    number, _code = slip(done=True)
    text = said(ask(number, PHONE[-4:]))
    for word in ("已办结", "领取结果", "结束时间"):
        assert word in text
    assert "承诺办结时间" not in text
    assert re.search(r'<li class="ok"', text)


def test_silence_that_has_decided_is_told_before_the_sweep(app, slip):
    number, _code = slip(accept=True)
    with app.app_context():
        found = db.session.execute(select(*status._COLUMNS).where(Case.number == number)).one()
        row = found._asdict() | {"consent_at": later(days=7)}
        before = status._slip(SimpleNamespace(**row), later(days=6))
        after = status._slip(SimpleNamespace(**row), later(days=8))
    assert before.state is CaseState.ACCEPTED
    assert (after.state, after.ended_at, after.due_at) == (CaseState.DEEMED_AGREED, later(days=7), None)


def test_a_swept_or_unswept_hour_makes_no_difference(app, slip, ask):
    """Counters read the clock, never a job."""
    number, _code = slip()
    for n in range(8):
        ask(number, f"{n:04}")
    with app.app_context(), transaction.act():
        guessing.sweep(NOW + timedelta(minutes=30))
    with clock.at(later(minutes=30)):
        assert ask(number, PHONE[-4:]).status_code == 429
