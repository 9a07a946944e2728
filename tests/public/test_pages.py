"""Public pages over HTTP: the catalogue, guides, kept promises, functions, complaints; nothing personal anywhere."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from docx import Document
from sqlalchemy import event, select

from portal.ab_post import service as absences
from portal.ab_post.models import AbsenceKind
from portal.cases.models import Case
from portal.kernel import clock, transaction
from portal.kernel.db import db, dialect
from portal.people import queries as people
from portal.policy import service as policy
from portal.public import keeping
from tests.office import NOW, later
from tests.public.conftest import NAME, PHONE

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
PAGES = (
    "/public",
    "/public?q=kpjd",
    "/public?q=没有的事",
    "/public?way=on_spot",
    "/public?department=YW",
    "/public/items/SX-001",
    "/public/items/SX-002",
    "/public/items/SX-003",
    "/public/items/SX-001/guide",
    "/public/status",
    "/public/promise-kept",
    "/public/promise-kept?span=12m",
    "/public/about",
    "/public/complain",
    "/public/on-duty",
    "/public/on-duty/YW",
)


def get(app, address: str, **more):
    answer = app.test_client().get(address, **more)
    assert answer.status_code == 200, address
    return answer


def said(app, address: str, **more) -> str:
    return get(app, address, **more).get_data(as_text=True)


# --- the catalogue ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["科普", "kpjd", "kpjyjdrd", "基地认定", "ＫＰＪＤ"])
def test_items_are_found_by_name_alias_and_pinyin(app, typed):
    page = said(app, f"/public?q={typed}")
    assert 'id="first-t"><a href="/public/items/SX-001"' in page
    assert "/public/items/SX-003" not in page.split('id="results"')[1].split("</main>")[0]


def test_nothing_found_says_what_to_do(app):
    page = said(app, "/public?q=没有的事")
    assert "没有找到这样的事项" in page
    assert "共 0 项" in page


def test_the_live_search_gets_the_results_only_and_nonsense_is_ignored(app):
    part = said(app, "/public?q=kpjd", headers=PARTIAL)
    assert part.startswith('<div id="results"')
    assert "共 3 项" in said(app, "/public?topic=x&department=%27&way=all&page=99")


def test_narrowing_by_department_and_way(app):
    assert "/public/items/SX-003" not in said(app, "/public?department=YW").split('id="results"')[1].split("<aside")[0]
    shown = said(app, "/public?way=on_spot").split('id="results"')[1].split("<aside")[0]
    assert re.findall(r"/public/items/(SX-\d+)", shown) == ["SX-002"]


def test_the_login_page_leads_here_and_back(app):
    assert 'href="/public"' in said(app, "/login")
    assert 'href="/login"' in said(app, "/public")


# --- an item ---------------------------------------------------------------------------------------------------


def test_an_item_has_all_that_is_published(app):
    page = said(app, "/public/items/SX-001")
    for word in ("科普教育基地认定", "科普基地管理办法第八条", "受理、审核、批复", "认定申请书", "原件 2 份",
                 "有则提交", "5 个工作日", "20 个工作日", "YW-1 窗口", "王敏", "李强", "不收费", 'class="qr"',
                 "法律规定的时限是 20 个工作日", "件数不足"):  # fmt: skip
        assert word in page, word
    assert re.findall(r'<rect width="([\d.]+)" height="10" class="(a|b0)"', page) == [("25.0", "a"), ("100.0", "b0")]


def test_who_is_on_duty_now_and_never_why_not(app, ids):
    with app.app_context(), transaction.act():
        absences.record_absence(
            people.actor_by_username("office", NOW), ids.users["clerk"], AbsenceKind.SICK, NOW, later(hours=5), NOW,
            note="急性肠胃炎", emergency=True,
        )  # fmt: skip
    page = said(app, "/public/items/SX-001")
    assert "现在不在" in page
    assert "现在顶岗" in page
    for reason in ("肠胃炎", "病假", "sick"):
        assert reason not in page


def test_unknown_items_and_samples_are_missing(app):
    for address in ("items/x", "items/x/guide", "items/x/guide.docx", "items/SX-001/samples/1", "items/%00"):
        assert app.test_client().get(f"/public/{address}").status_code == 404, address


def test_the_guide_in_word_says_the_same(app):
    answer = get(app, "/public/items/SX-001/guide.docx")
    assert "%E5%8A%9E%E4%BA%8B%E6%8C%87%E5%8D%97" in answer.headers["Content-Disposition"]
    paper = Document(io.BytesIO(answer.data))
    words = "\n".join(
        [p.text for p in paper.paragraphs] + [c.text for t in paper.tables for r in t.rows for c in r.cells]
    )
    printed = said(app, "/public/items/SX-001/guide")
    for word in (
        "办事指南",
        "科普教育基地认定",
        "5 个工作日",
        "20 个工作日",
        "法人证书复印件",
        "YW-1 窗口",
        "综合业务科",
    ):
        assert word in words, word
        assert word in printed, word
    assert len(paper.inline_shapes) == 1, "the QR code of the page"


# --- what strangers never see, and how pages are kept ------------------------------------------------------------


def test_no_public_page_holds_a_client(app, slip):
    for n in range(6):
        slip(done=n % 2 == 0, accept=True)
    slip(item="SX-003", received=(1,))
    with app.app_context():
        private = {NAME, PHONE, "滨海研学"}
        for row in db.session.execute(select(Case.client_name, Case.client_unit, Case.client_phone, Case.number)):
            private |= {word for word in row if word}
    for address in PAGES:
        page = said(app, address)
        for word in private:
            assert word not in page, f"{address}: {word}"


@pytest.mark.parametrize("address", PAGES)
def test_pages_leave_no_cookie_and_are_not_sent_twice(app, address):
    first = get(app, address)
    assert "Set-Cookie" not in first.headers
    assert "csrf" not in first.get_data(as_text=True).lower()
    again = app.test_client().get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "Cookie" in first.headers["Vary"]


def test_language_and_large_type_are_links_and_the_only_cookies(app):
    stranger = app.test_client()
    answer = stranger.get("/public/display?size=large&language=en&next=/public/items/SX-001")
    assert (answer.status_code, answer.location) == (303, "/public/items/SX-001")
    names = {c.split("=", 1)[0] for c in answer.headers.getlist("Set-Cookie")}
    assert names == {"lang", "large_type"}
    for address in ("/public/items/SX-001", "/public/items/SX-001/guide"):
        page = stranger.get(address).get_data(as_text=True)
        assert '<html lang="en" data-bs-theme="light" class="large">' in page
    stranger.get("/public/display?size=usual&next=/public")
    assert 'class="large"' not in stranger.get("/public").get_data(as_text=True)


@pytest.mark.parametrize("target", ["https://elsewhere.example", "//elsewhere.example", "/\\x", "javascript:x", ""])
def test_the_choice_leads_nowhere_else(app, target):
    answer = app.test_client().get("/public/display", query_string={"size": "large", "next": target})
    assert answer.location == "/public"


# --- kept promises ---------------------------------------------------------------------------------------------


def settle(app, slip, on_time: int, late: int, overdue: int) -> None:
    """Cases of SX-001: closed on time, closed late, open and overdue."""
    numbers = [slip(accept=True)[0] for _ in range(on_time + late + overdue)]
    with app.app_context(), transaction.act():
        for n, number in enumerate(numbers):
            row = {"number": number, "on": (NOW - timedelta(days=3)).date(), "at": NOW - timedelta(days=3)}
            if n < on_time + late:
                change = (
                    db.update(Case.__table__)
                    .where(Case.number == row["number"])
                    .values(state="completed", closed_at=row["at"], closed_on=row["on"], closed_late=n >= on_time)
                )
            else:
                change = db.update(Case.__table__).where(Case.number == number).values(due_at=NOW - timedelta(days=1))
            db.session.execute(change)


def test_figures_are_honest_and_open_their_cases(app, slip, login):
    settle(app, slip, 6, 2, 2)
    page = said(app, "/public/promise-kept")
    assert "60.0%" in page, "6 of 8 closed and 2 overdue"
    for who in ("office", "clerk", "head"):
        staff = login(who).get("/public/promise-kept/cases?span=12m").get_data(as_text=True)
        links = re.findall(r'href="(/cases\?[^"]+)">(\d+)<', staff) + re.findall(
            r'href="(/cases\?[^"]+)"><b>(\d+)<', staff
        )
        assert len(links) >= 8
        for address, figure in links:
            rows = login(who).get(address.replace("&amp;", "&")).get_data(as_text=True)
            assert re.search(rf"共 {figure} 条", rows), (address, figure)


def test_others_see_no_figures_of_departments_that_are_not_theirs(app, slip, login):
    settle(app, slip, 3, 0, 0)
    staff = login("other").get("/public/promise-kept/cases").get_data(as_text=True)
    assert "综合业务科" not in staff.split("<main", 1)[1]
    assert app.test_client().get("/public/promise-kept/cases").status_code == 303


def test_few_cases_are_withheld_from_strangers(app, slip):
    settle(app, slip, 4, 0, 0)
    page = said(app, "/public/promise-kept")
    assert page.count("不足 5 件，不公布") == 2
    assert "%</b>" not in page
    assert "件数不足，不公布" in said(app, "/public/items/SX-001")


def test_figures_stand_for_some_minutes_and_are_counted_anew(app, slip):
    settle(app, slip, 5, 0, 0)
    assert "100%" in said(app, "/public/promise-kept")
    settle(app, slip, 0, 5, 0)
    assert "100%" in said(app, "/public/promise-kept")
    with clock.at(later(minutes=11)):
        assert "50.0%" in said(app, "/public/promise-kept")


def test_the_real_average_is_of_cases_with_the_same_promise(app, slip):
    start = NOW - timedelta(days=7)
    numbers = [slip(accept=True, at=start)[0] for _ in range(6)]
    with app.app_context(), transaction.act():
        for n, number in enumerate(numbers):  # received on a Wednesday, closed on the Thursday or the Friday
            at = start + timedelta(days=1 + n % 2)
            db.session.execute(
                db.update(Case.__table__)
                .where(Case.number == number)
                .values(state="completed", closed_at=at, closed_on=clock.local(at).date())
            )
    with app.app_context():
        found = keeping.average(db.session.scalar(select(Case.item_id)), "5wd", NOW)
        assert (found.cases, found.used, found.share) == (6, 1.5, 30)
        assert keeping.average(1, "4wd", NOW) is None
    page = said(app, "/public/items/SX-001")
    assert "1.5 个工作日" in page
    assert "用去承诺时限的 30%" in page
    assert "按期办结率 100%" in page
    assert re.findall(r'<rect width="([\d.]+)" height="10" class="c"', page) == ["7.5"]


def test_no_figure_reads_the_whole_history(app, slip):
    """The plan of each question of the public pages uses an index by day or by item."""
    settle(app, slip, 2, 1, 1)
    with app.app_context():
        if dialect() != "sqlite":
            pytest.skip("plans of small tables on PostgreSQL say nothing")
        ran: list[tuple[str, object]] = []
        listener = lambda _c, _cur, statement, values, *_x: ran.append((statement, values))  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        keeping.count(*keeping.days_of("12m", NOW), NOW)
        keeping.average(1, "5wd", NOW)
        event.remove(db.engine, "before_cursor_execute", listener)
        for statement, values in ran:
            if 'FROM "case"' not in statement:
                continue
            plan = [r[3] for r in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            assert not [step for step in plan if step.startswith("SCAN case")], (statement, plan)


# --- the unit, complaints --------------------------------------------------------------------------------------


def test_functions_and_the_way_to_complain(app):
    with app.app_context(), transaction.act():
        office = people.actor_by_username("office", NOW)
        policy.set_value(office, "service_commitment.complaint_contact", "监督电话 0543-3160110", "公布", NOW)
    about = said(app, "/public/about")
    for name in ("综合业务科", "学会服务科", "科普教育基地认定"):
        assert name in about
    assert "监督电话 0543-3160110" in said(app, "/public/complain")
    assert "监督电话 0543-3160110" in said(app, "/public/items/SX-001")


def test_the_functions_lead_to_the_staff_on_duty_only_where_the_board_has_some(app):
    """C-7: the leaders have no posts on the board; a link to them would lead nowhere."""
    found = re.findall(r'href="(/public/on-duty/[^"]+)"', said(app, "/public/about"))
    assert "/public/on-duty/YW" in found
    assert [app.test_client().get(address).status_code for address in found] == [200] * len(found)
