"""The notice over HTTP: who may, bad input, warnings, double submissions, and what the clocks do (T-4)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from portal.cases import handling
from portal.cases import service as cases
from portal.cases.models import CaseState
from portal.kernel import clock, journal, transaction
from portal.kernel.db import db
from portal.one_time_notice import queries
from portal.one_time_notice.models import Notice
from portal.one_time_notice.room import todos
from portal.people import queries as people
from tests.office import NOW, later
from tests.one_time_notice.conftest import FORM, LICENCE, PLACE, UNTIL, find, material, open_case

SHANGHAI = ZoneInfo("Asia/Shanghai")
ISSUE = "/cases/{}/notice".format


@pytest.fixture
def notices(app):
    """All notices, as (number, ordinal, repeats)."""

    def read():
        with app.app_context():
            found = [(n.number, n.ordinal, n.repeats) for n in db.session.scalars(db.select(Notice))]
            db.session.remove()
        return found

    return read


@pytest.fixture
def events(app):
    """The tags of a case's journal."""

    def read(number):
        with app.app_context():
            found = [e.event for e in journal.of_case(find(number).id)]
            db.session.remove()
        return found

    return read


def text(answer):
    return answer.get_data(as_text=True)


# --- who may ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("username", "get", "post"),
    [
        ("clerk", 200, 303),
        ("clerk2", 403, 403),
        ("head", 403, 403),
        ("other", 404, 404),
        ("leader", 403, 403),
        ("office", 403, 403),
        ("supervisor", 403, 403),
        ("auditor", 403, 403),
        ("sysadmin", 403, 403),
    ],
)
def test_issue_by_role(login, number, sent, username, get, post):
    """B does not issue while A is here; a foreign case looks like a missing one."""
    client = login(username)
    assert client.get(ISSUE(number)).status_code == get
    assert client.post(ISSUE(number), data=sent(number)).status_code == post


@pytest.mark.parametrize(
    ("username", "status"),
    [
        ("clerk", 200),
        ("clerk2", 200),
        ("head", 200),
        ("leader", 200),
        ("office", 200),
        ("supervisor", 200),
        ("principal", 200),
        ("other", 404),
        ("auditor", 403),
        ("security", 403),
    ],
)
@pytest.mark.parametrize("path", ["/notices/GZ-2026-0001", "/notices/GZ-2026-0001/paper", "/cases/{}/receipt"])
def test_reading_by_role(login, number, sent, username, status, path):
    login("clerk").post(ISSUE(number), data=sent(number))
    assert login(username).get(path.format(number)).status_code == status


def test_without_login_nothing_is_seen(app, number):
    assert app.test_client().get(ISSUE(number)).status_code == 303
    assert "/login" in app.test_client().get("/notices/check").headers["Location"]


# --- bad input --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reason", ["", "\u3000\u3000", "长" * 10_000, "空\x00字节"], ids=["empty", "U+3000", "10,000", "NUL"]
)
def test_a_bad_reason_is_refused_at_its_field_and_kept(login, number, sent, notices, reason):
    answer = login("clerk").post(ISSUE(number), data=sent(number, {LICENCE: ("missing", reason)}))
    assert answer.status_code == 422
    page = text(answer)
    assert "错误：" in page
    assert "工作日上午，一楼 3 号窗口" in page, "what was typed stays"
    assert notices() == []


def test_lone_surrogates_are_refused(login, number, sent, notices):
    data = sent(number)
    body = "&".join(f"{k}={v}" for k, v in data.items() if k != "next_visit") + "&next_visit=%ED%A0%80"
    answer = login("clerk").post(ISSUE(number), data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (303, 400, 422), "decoded to a replacement character, or refused; never a fault"


@pytest.mark.parametrize(
    "more",
    [
        {"until": "0000-00-00"},
        {"until": "9999-12-31"},
        {"until": "2026-11-17"},
        {"until": ""},
        {"next_visit": "\u3000"},
        {"form": "telepathy"},
        {"form": ""},
        {"extra_name_0": "出租方同意书"},
        {"extra_reason_0": "场馆系租用"},
        {"extra_name_0": "认定申请书", "extra_reason_0": "再来一份"},
    ],
)
def test_bad_facts_are_refused(login, number, sent, notices, more):
    assert login("clerk").post(ISSUE(number), data=sent(number, **more)).status_code == 422
    assert notices() == []


def test_rare_characters_and_full_width_dates_are_taken(login, number, sent, notices):
    good = sent(number, {LICENCE: ("missing", "𠮷野家 🙂 证书")}, until="２０２６-１２-０９")
    assert login("clerk").post(ISSUE(number), data=good).status_code == 303
    assert "𠮷野家 🙂 证书" in text(login("clerk").get("/notices/GZ-2026-0001"))
    assert len(notices()) == 1


def test_every_required_line_must_be_answered(login, number, sent, notices):
    """Neither a form without its fields nor one that says nothing of a required line passes (N-1)."""
    assert login("clerk").post(ISSUE(number), data={}).status_code == 422
    stripped = {k: v for k, v in sent(number).items() if not k.startswith("problem_")}
    assert login("clerk").post(ISSUE(number), data=stripped).status_code == 422
    assert login("clerk").post(ISSUE(number), data=sent(number, {PLACE: ("none", "")})).status_code == 422
    assert notices() == []


def test_all_handed_in_is_no_notice(login, number, sent, notices):
    answer = login("clerk").post(ISSUE(number), data=sent(number, {LICENCE: ("ok", ""), PLACE: ("ok", "")}))
    assert answer.status_code == 422
    assert "至少告知一项" in text(answer)
    assert notices() == []


def test_ids_of_another_case_change_nothing_there(app, ids, login, number, sent, look):
    with app.app_context():
        other = open_case(ids)
        foreign, other_number = material(other, FORM).id, other.number
        db.session.remove()
    data = sent(number, **{f"problem_{foreign}": "wrong", f"reason_{foreign}": "改别人的"})
    assert login("clerk").post(ISSUE(number), data=data).status_code == 303
    assert look(other_number, lambda c: (c.state, material(c, FORM).received_at)) == (CaseState.RECEIVED, NOW)
    taken = look(number, lambda c: [m.id for m in c.materials])
    assert foreign not in taken


@pytest.mark.parametrize("path", ["/notices/GZ-2026-0999", "/notices/x", "/cases/SX-2026-0999/notice"])
def test_unknown_numbers_are_missing(login, path):
    assert login("clerk").get(path).status_code == 404


def test_a_stale_form_of_a_case_that_ended_meanwhile(app, ids, login, sent, notices, as_ended):
    with app.app_context():
        number = open_case(ids, (FORM, LICENCE, PLACE)).number
        db.session.remove()
    data = sent(number, {FORM: ("wrong", "没有盖章")})
    as_ended(number)
    assert login("clerk").post(ISSUE(number), data=data).status_code == 409
    assert login("clerk").get(ISSUE(number)).status_code == 409
    assert notices() == []


@pytest.fixture
def as_ended(app):
    """Accept and complete a case behind the form's back."""

    def end(number):
        with app.app_context():
            actor = people.actor_by_username("clerk", clock.now())
            with transaction.act():
                found = find(number)
                cases.accept(actor, found, NOW)
                handling.complete(actor, found, "已认定", "批复", "", NOW)
            db.session.remove()

    return end


def test_the_same_submission_twice_is_one_notice(login, number, sent, notices):
    data = sent(number, _key="a-key-of-a-form-1")
    first, second = (login("clerk").post(ISSUE(number), data=data) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert notices() == [("GZ-2026-0001", 1, False)]


def test_more_rows_write_nothing_and_keep_the_text(login, number, sent, notices):
    answer = login("clerk").post(ISSUE(number), data=sent(number, {LICENCE: ("missing", "复印件不清")}, more="1"))
    assert answer.status_code == 200
    page = text(answer)
    assert 'name="extra_name_3"' in page
    assert "复印件不清" in page
    assert notices() == []
    assert "extra_name_20" not in text(login("clerk").post(ISSUE(number), data=sent(number, more="1", rows="999")))


def test_a_matter_without_checklist_is_told_with_basis_limit_and_procedure(app, ids, login, look):
    with app.app_context():
        number = open_case(ids, (), item=None, post="YW-1").number
        db.session.remove()
    page = text(login("clerk").get(ISSUE(number)))
    assert "承诺 3 个工作日" in page
    data = {
        "rows": "4",
        "form": "oral",
        "basis": "信访工作条例",
        "limit_text": "承诺 3 个工作日",
        "procedure": "登记、答复",
        "next_visit": "工作日",
        "until": str(UNTIL),
        "extra_name_2": "书面申请",
        "extra_reason_2": "须有本人申请",
    }
    assert login("clerk").post(ISSUE(number), data={**data, "basis": "　"}).status_code == 422
    assert login("clerk").post(ISSUE(number), data=data).status_code == 303
    assert look(number, lambda c: [m.name for m in c.materials]) == ["书面申请"]


def test_refusing_has_no_field(login, number):
    """A notice says how the matter can succeed; there is nowhere to say that it will not be handled (N-1, D-1)."""
    page = text(login("clerk").get(ISSUE(number)))
    assert "不予" not in page
    assert "拒绝" not in page


# --- the way of a case (T-4, N-4) -------------------------------------------------------------------------------


def test_before_acceptance_the_supplement_accepts(login, number, sent, at, look, events):
    clerk = login("clerk")
    assert clerk.post(ISSUE(number), data=sent(number)).headers["Location"].endswith("/notices/GZ-2026-0001")
    assert look(number, lambda c: (c.state, c.due_at, c.tacit_at, c.stopped)) == (
        CaseState.SUPPLEMENT_BEFORE,
        None,
        None,
        False,
    )
    with at(later(days=12)):
        answer = clerk.post(f"/cases/{number}/supplement", data={"materials": [LICENCE, PLACE]})
        assert answer.headers["Location"].endswith(f"/cases/{number}")
    assert look(number, lambda c: (c.state, c.clock_from)) == (CaseState.ACCEPTED, later(days=12))
    assert look(number, lambda c: c.due_at) == datetime(2026, 12, 7, 17, 30, tzinfo=SHANGHAI)
    assert "cases.tacitly_accepted" not in events(number)


def accepted(app, ids, item="SX-001", received=(FORM, LICENCE, PLACE), username="clerk"):
    with app.app_context():
        number = open_case(ids, received, item, username).number
        actor = people.actor_by_username(username, clock.now())
        with transaction.act():
            cases.accept(actor, find(number), clock.now())
        db.session.remove()
    return number


def test_after_acceptance_only_the_promised_clock_stops_and_resumes(app, ids, login, sent, at, look):
    number = accepted(app, ids)
    due, statutory = look(number, lambda c: (c.due_at, c.statutory_due_at))
    assert due == datetime(2026, 11, 25, 17, 30, tzinfo=SHANGHAI)
    clerk = login("clerk")
    with at(later(days=1)):
        assert clerk.post(ISSUE(number), data=sent(number, {FORM: ("wrong", "没有盖章")})).status_code == 303
        stopped = look(number, lambda c: (c.state, c.due_at, c.statutory_due_at, c.stopped))
    assert stopped == (CaseState.SUPPLEMENT_AFTER, None, statutory, True)
    with at(later(days=6)):
        clerk.post(f"/cases/{number}/supplement", data={"materials": [FORM]})
    resumed = look(number, lambda c: (c.state, c.due_at, c.statutory_due_at, c.stopped))
    assert resumed == (
        CaseState.IN_PROGRESS,
        datetime(2026, 11, 30, 17, 30, tzinfo=SHANGHAI),
        statutory,
        False,
    ), "three working days stood still"


def test_a_type_that_restarts_counts_anew_after_the_supplement(app, ids, login, sent, at, look):
    number = accepted(app, ids, "SX-003", (1, 2), "other")
    statutory = look(number, lambda c: c.statutory_due_at)
    other = login("other")
    with at(later(days=1)):
        assert other.post(ISSUE(number), data=sent(number, {1: ("wrong", "没有盖章")})).status_code == 303
    with at(later(days=6)):
        other.post(f"/cases/{number}/supplement", data={"materials": [1]})
    assert look(number, lambda c: (c.due_at, c.statutory_due_at)) == (
        datetime(2026, 11, 27, 17, 30, tzinfo=SHANGHAI),
        statutory,
    )


def test_an_incomplete_supplement_leads_to_a_further_notice_with_the_rest_preselected(
    login, number, sent, at, look, notices, events
):
    clerk = login("clerk")
    clerk.post(ISSUE(number), data=sent(number, {PLACE: ("missing", "须附租赁合同")}))
    with at(later(days=1)):
        answer = clerk.post(f"/cases/{number}/supplement", data={"materials": [LICENCE]})
        assert answer.headers["Location"].endswith(ISSUE(number))
        assert look(number, lambda c: (c.state, c.supplement_due_on)) == (CaseState.SUPPLEMENT_BEFORE, None)
        page = text(clerk.get(ISSUE(number)))
        assert 'value="须附租赁合同"' in page
        place = look(number, lambda c: material(c, PLACE).id)
        assert f'<input checked id="problem_{place}-1"' in page
        assert clerk.post(ISSUE(number), data=sent(number)).status_code == 303
    assert notices() == [("GZ-2026-0001", 1, False), ("GZ-2026-0002", 2, False)]
    assert "one_time_notice.repeated" not in events(number)


def test_a_repetition_is_shown_before_it_is_sent_and_not_refused(login, number, sent, at, notices, events):
    clerk = login("clerk")
    clerk.post(ISSUE(number), data=sent(number))
    with at(later(days=1)):
        clerk.post(f"/cases/{number}/supplement", data={"materials": [LICENCE]})
        again = sent(number, {FORM: ("wrong", "没有盖章")})
        warned = clerk.post(ISSUE(number), data=again)
        assert warned.status_code == 422
        page = text(warned)
        assert 'id="late"' in page
        assert "仍然发出" in page
        assert len(notices()) == 1
        assert clerk.post(ISSUE(number), data={**again, "seen": "y"}).status_code == 303
    assert notices()[1] == ("GZ-2026-0002", 2, True)
    assert events(number).count("one_time_notice.repeated") == 1
    assert "含首次应一并告知的内容" in text(clerk.get("/notices/GZ-2026-0002"))


def test_supplement_refuses_nothing_ticked_and_cases_that_do_not_wait(app, ids, login, number, sent):
    clerk = login("clerk")
    assert clerk.get(f"/cases/{number}/supplement").status_code == 409
    assert clerk.post(f"/cases/{number}/supplement", data={"materials": [1]}).status_code == 409
    clerk.post(ISSUE(number), data=sent(number))
    assert clerk.get(f"/cases/{number}/supplement").status_code == 200
    assert clerk.post(f"/cases/{number}/supplement", data={}).status_code == 422
    assert clerk.post(f"/cases/{number}/supplement", data={"materials": ["x"]}).status_code == 422
    assert clerk.post(f"/cases/{number}/supplement", data={"materials": [999]}).status_code == 422
    assert login("clerk2").post(f"/cases/{number}/supplement", data={"materials": [2]}).status_code == 403


def test_an_optional_paper_that_does_not_come_holds_nothing_up(app, ids, login, sent, look):
    number = accepted(app, ids)
    clerk = login("clerk")
    clerk.post(ISSUE(number), data=sent(number, {4: ("missing", "有则请附")}))
    assert clerk.post(f"/cases/{number}/supplement", data={}).status_code == 303
    assert look(number, lambda c: c.state) is CaseState.IN_PROGRESS


# --- reminder, to-dos (N-7) -------------------------------------------------------------------------------------


def steps(app, at_instant):
    with app.app_context():
        found = [str(s) for s, _ in queries.steps(people.actor_by_username("clerk", at_instant), at_instant)]
        db.session.remove()
    return found


def test_what_has_to_be_done_follows_the_dates(app, login, number, sent, at):
    clerk = login("clerk")
    assert steps(app, NOW) == ["tell"]
    clerk.post(ISSUE(number), data=sent(number))
    assert steps(app, NOW) == []
    assert steps(app, later(days=15)) == [], "Thursday, four working days before the date"
    assert steps(app, later(days=16)) == ["remind"], "three working days before 12-09"
    with at(later(days=22)):
        assert steps(app, clock.now()) == ["remind"], "after the date too, until the client was reminded"
        assert clerk.post(f"/cases/{number}/remind", data={"how": "smoke"}).status_code == 422
        assert clerk.post(f"/cases/{number}/remind", data={"how": "phone"}).status_code == 303
        assert steps(app, clock.now()) == ["lapse"]
        assert "提醒申请人补正（电话）" in text(clerk.get(f"/cases/{number}"))
        clerk.post(f"/cases/{number}/supplement", data={"materials": [LICENCE]})
        assert steps(app, clock.now()) == ["tell_again"]


def test_to_dos_are_links_that_open(app, login, number, sent, at):
    clerk = login("clerk")
    for instant, prepare in ((NOW, None), (later(days=16), sent(number))):
        with at(instant):
            if prepare:
                with clock.at(NOW):
                    clerk.post(ISSUE(number), data=prepare)
            with app.test_request_context():
                [todo] = todos(people.actor_by_username("clerk", instant), instant)
                assert todos(people.actor_by_username("office", instant), instant) == []
                db.session.remove()
            assert number in todo.title
            assert clerk.get(todo.url).status_code == 200


# --- the case page, the list, the check page --------------------------------------------------------------------


def test_the_case_page_offers_and_lists(app, ids, login, number, sent, as_ended):
    clerk = login("clerk")
    assert ISSUE(number) in text(clerk.get(f"/cases/{number}"))
    assert ISSUE(number) not in text(login("office").get(f"/cases/{number}"))
    clerk.post(ISSUE(number), data=sent(number))
    page = text(clerk.get(f"/cases/{number}"))
    assert "GZ-2026-0001" in page
    assert f"/cases/{number}/supplement" in page
    archive = text(clerk.get(f"/cases/{number}/archive"))
    assert "/notices/GZ-2026-0001/paper" in archive
    assert f"/cases/{number}/receipt" in archive
    with app.app_context():
        ended = open_case(ids, (FORM, LICENCE, PLACE)).number
        db.session.remove()
    as_ended(ended)
    assert ISSUE(ended) not in text(clerk.get(f"/cases/{ended}"))


def test_the_list_filters_searches_and_keeps_departments_apart(app, ids, login, number, sent):
    with app.app_context():
        foreign = open_case(ids, (1,), "SX-003", "other").number
        db.session.remove()
    login("clerk").post(ISSUE(number), data=sent(number))
    login("other").post(ISSUE(foreign), data=sent(foreign, form="oral"))
    mine, theirs = "GZ-2026-0001", "GZ-2026-0002"

    def shown(username, query=""):
        page = text(login(username).get(f"/notices{query}"))
        return [n for n in (mine, theirs) if f'id="notice-{n}"' in page]

    assert shown("clerk") == [mine]
    assert shown("other") == [theirs]
    assert shown("office") == [mine, theirs]
    assert shown("office", f"?department={ids.departments['XH']}") == [theirs]
    assert shown("office", "?form=written") == [mine]
    assert shown("office", "?repeats=y") == []
    assert shown("office", "?from_on=2026-11-18&until_on=2026-11-18") == [mine, theirs]
    assert shown("office", "?from_on=2026-11-19") == []
    assert shown("office", "?until_on=2026-11-17") == []
    assert shown("office", "?number=ｇｚ-2026-1") == [mine], "any width and case, zeros left out"
    assert shown("office", f"?number={foreign}") == [theirs]
    assert shown("office", "?number=DROP%20TABLE") == []


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=x", "?department=x", "?department=99999999999999", "?from_on=0000-00-00", "?form=x"]
)
def test_nonsense_in_the_address_is_no_fault(login, query):
    assert login("office").get(f"/notices{query}").status_code == 200
    assert login("office").get(f"/notices/export.xlsx{query}").status_code == 200


def test_the_list_says_when_it_is_empty(login):
    assert "没有符合条件的告知" in text(login("office").get("/notices"))


def test_the_check_page_knows_genuine_papers_and_no_client(app, login, number, sent):
    clerk = login("clerk")
    clerk.post(ISSUE(number), data=sent(number))
    with app.app_context():
        code = db.session.scalar(db.select(Notice.check_code))
        db.session.remove()
    assert "查验" in text(login("auditor").get("/notices/check"))
    good = text(login("auditor").get(f"/notices/check?number=gz-2026-0001&code={code.lower()}"))
    assert "真实有效" in good
    assert "周" not in good.replace("周期", "")
    wrong = "333333" if code != "333333" else "444444"
    for bad in (f"number=GZ-2026-0001&code={wrong}", f"number=GZ-2026-0002&code={code}", "number=x&code=y"):
        assert "没有查到" in text(clerk.get(f"/notices/check?{bad}"))
    assert clerk.get("/notices/check?number=&code=").status_code == 422
    assert clerk.get(f"/notices/check?number={'9' * 5000}&code=x").status_code == 422
    assert clerk.get("/notices/check?number=%00&code=x").status_code in (404, 422)


def test_the_limit_is_told_in_the_readers_language_and_kept_in_chinese(app, login, ids):
    """N-1: what the catalogue fixed is read before it is told."""
    with app.app_context():
        number = open_case(ids).number
    client = login("clerk")
    client.set_cookie("lang", "en")
    page = text(client.get(ISSUE(number)))
    assert "promised 5 working days, statutory 20 working days" in page
    assert "承诺 5 个工作日" not in page
    client.set_cookie("lang", "zh-CN")
    assert "承诺 5 个工作日，法定 20 个工作日" in text(client.get(ISSUE(number)))
