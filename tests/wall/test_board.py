"""What the wall shows and never shows: names hidden, absences, what waits, the states of the systems (W-1)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.cases import service as cases
from portal.cases.models import Case, CaseState
from portal.cases.service import Client
from portal.denial_filing import service as filings
from portal.denial_filing.models import Ground, Refusal
from portal.denial_filing.service import Content
from portal.first_ask import service as first_ask
from portal.first_ask.models import Disposition
from portal.first_ask.service import Asked
from portal.kernel import clock
from portal.kernel.db import db
from portal.service_commitment import queries as catalogue
from portal.wall import board
from portal.wall.rules import Facts, State, states, without_names
from portal.wall.wording import brief
from tests.office import NOW, later

CLIENT = Client("示例市晨光小学", "欧阳晨曦", "13812345678")


def wall(tv):
    """The page as text, icons left out."""
    page = tv().get("/wall").get_data(as_text=True)
    return re.sub(r"<svg class=\"icon.*?</svg>", "", page, flags=re.S)


def section(page, key):
    found = re.search(rf'<section class="[^"]*" id="{key}".*?</section>', page, re.S)
    assert found, key
    return found[0]


@pytest.fixture
def ask(act, as_actor):
    """File a first-ask entry."""

    def make(who="clerk", now=None, **asked):
        with act():
            return first_ask.file(as_actor(who), Asked(**{"client": CLIENT} | asked), now or NOW)

    return make


@pytest.fixture
def away(office, act, as_actor):
    """Somebody is away from now on for a day."""

    def make(who, kind=AbsenceKind.TRAINING):
        with act():
            actor, end = as_actor(who), NOW + timedelta(days=1)
            return ab.record_absence(actor, office.users[who], kind, NOW, end, NOW, emergency=True)

    return make


def test_no_client_stands_on_the_wall(tv, act, as_actor, office, ask, rows):
    matter = f"{CLIENT.name}反映{CLIENT.unit}校门口占道，电话 {CLIENT.phone}"
    rows.case(
        matter=matter,
        client_unit=CLIENT.unit,
        client_name=CLIENT.name,
        client_phone=CLIENT.phone,
        due_at=NOW - timedelta(hours=3),
        soon_at=NOW - timedelta(hours=9),
    )
    db.session.commit()
    ask(matter=matter, urgent=True, urgent_reason=f"{CLIENT.name}病危")
    ask(matter=matter, disposition=Disposition.PASSED, to_department_id=office.departments["XH"])
    with act():
        actor = as_actor("clerk")
        case = cases.open_case(actor, NOW, matter=matter, client=CLIENT, post_id=office.posts["YW-1"])
        filings.file(actor, case, content(), NOW)
    page = wall(tv)
    for secret in (CLIENT.name, CLIENT.unit, CLIENT.phone):
        assert secret not in page
    assert page.count("＊＊反映＊＊校门口占道") == 4


@pytest.mark.parametrize(
    ("text", "client", "shown"),
    [
        ("张晓明补办证书", ("", "张晓明", ""), "＊＊补办证书"),
        ("李雷、张晓明补办证书", ("", "张晓明、李雷", ""), "＊＊、＊＊补办证书"),
        ("Acme Ltd 变更", ("ACME Ltd", "", ""), "＊＊ 变更"),
        ("补办证书", ("", "", ""), "补办证书"),
        ("一事", ("", "一", ""), "一事"),
        ("a.c 与 abc", ("a.c", "", ""), "＊＊ 与 abc"),
    ],
)
def test_names_are_hidden_wherever_they_stand(text, client, shown):
    assert without_names(text, client) == shown


def test_a_case_of_an_item_is_shown_by_the_items_name(tv, act, as_actor, rows, office):
    item = next(e for e in catalogue.entries() if e.code == "SX-003")
    rows.case(matter="别的话", item_id=item.id, due_at=NOW - timedelta(days=2), soon_at=NOW - timedelta(days=3))
    db.session.commit()
    due = section(wall(tv), "due")
    assert "学会负责人变更备案" in due
    assert "别的话" not in due


def test_states_are_told_by_word_and_shape_and_colour(tv, rows):
    hour, day = timedelta(hours=1), timedelta(days=1)
    rows.case(matter="甲", due_at=NOW - 9 * day, soon_at=NOW - 10 * day, red_at=NOW - day)
    rows.case(matter="乙", due_at=NOW - 3 * hour, soon_at=NOW - day, red_at=NOW + day)
    rows.case(matter="丙", due_at=NOW + 40 * timedelta(minutes=1), soon_at=NOW - hour, provisional=True)
    rows.case(matter="丁", due_at=None, red_at=NOW - 2 * day, stopped=True, post="XH-1")
    db.session.commit()
    page = tv().get("/wall").get_data(as_text=True)
    found = re.findall(r'<li class="(\w+)" id="c\d+"><em><svg.*?</svg>([^<]*)</em><b>([^<]*)</b>(.*?)</li>', page)
    assert [(cls, word, matter) for cls, word, matter, _rest in found] == [
        ("red", "严重超期 9 天", "甲"),
        ("red", "严重超期 2 天", "丁"),
        ("overdue", "超期 3 小时", "乙"),
        ("due_soon", "剩 40 分钟", "丙"),
    ]
    assert "暂定" in found[3][3]
    assert "学会服务科" in found[1][3]
    assert "王敏" in found[0][3]


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=30), "0 分钟"),
        (timedelta(minutes=59, seconds=59), "59 分钟"),
        (timedelta(hours=1), "1 小时"),
        (timedelta(hours=23, minutes=59), "23 小时"),
        (timedelta(days=2, hours=23), "2 天"),
    ],
)
def test_times_are_cut_to_one_unit(app, span, words):
    with app.test_request_context():
        assert brief(span) == words


def test_who_is_away_and_who_answers(tv, away, rows):
    rows.case(matter="甲", due_at=NOW - timedelta(days=1), soon_at=NOW - timedelta(days=2))
    db.session.commit()
    away("clerk", AbsenceKind.SICK)
    page = wall(tv)
    line = section(page, "ab")
    assert "1 人不在岗" in line
    assert re.search(r"<s>王敏</s><small>请假</small><b>李强</b><u>未交接</u>", line)
    assert "病假" not in page
    assert re.search(r"<i>李强</i>", section(page, "due")), "who answers now, not who holds the post"


def test_a_post_that_nobody_answers_for_stands_first(tv, away):
    away("other_head")
    away("clerk")
    away("other")
    line = section(wall(tv), "ab")
    first = re.search(r"<ol>\s*<li([^>]*)>(.*?)</li>", line, re.S)
    assert 'class="gap"' in first[1]
    assert "无人顶岗" in first[2]
    assert "3 人不在岗" in line
    assert line.count("<li") <= 4


def test_a_post_that_will_be_left_today_stands_before_who_is_covered(tv, away, act, as_actor, office):
    away("clerk")
    begins = NOW + timedelta(hours=4)  # 14:00
    with act():
        for who in ("clerk2", "head"):
            ab.record_absence(
                as_actor("office"), office.users[who], AbsenceKind.MEETING, begins, begins + timedelta(hours=1), NOW,
                emergency=True,
            )  # fmt: skip
    lines = re.findall(r"<li[^>]*>.*?</li>", section(wall(tv), "ab"), re.S)
    assert "14:00 起无人顶岗" in lines[0]
    assert 'class="gap"' in lines[0]
    with clock.at(begins):
        first = board.make(begins, False).absent[0]
    assert (first.gap, first.from_at) == (True, None)


def content(**changed):
    plain = Content(
        refusal=Refusal.NOT_APPROVED,
        ground=Ground.CONDITIONS,
        grave=False,
        situation="经过",
        reason="理由",
        basis="依据",
        alternatives="",
        authority="",
        department_opinion="",
    )
    return type(plain)(**{**vars(plain), **changed})


def file_one(act, as_actor, office, matter, now=NOW, **changed):
    with act():
        actor = as_actor("clerk", now)
        case = cases.open_case(actor, now, matter=matter, client=Client(), post_id=office.posts["YW-1"])
        return filings.file(actor, case, content(**changed), now)


def test_filings_that_wait(tv, act, as_actor, office):
    with clock.at(NOW - timedelta(hours=1)):
        file_one(act, as_actor, office, "早的", NOW - timedelta(hours=1), grave=True)
    with clock.at(NOW - timedelta(days=6)):
        file_one(act, as_actor, office, "过期的", NOW - timedelta(days=6))
    page = section(wall(tv), "filings")
    assert "共 2 件" in page
    assert page.index("过期的") < page.index("早的")
    assert re.search(r'<li class="red"[^>]*><em>超时 \d 天</em><b>过期的', page)
    assert re.search(r'<li class="wait"[^>]*><em>已等 1 小时</em><b>早的</b><u>重大</u>', page)


def test_a_filing_falls_with_its_case(tv, act, as_actor, office):
    """D-5: a case that was closed otherwise leaves nothing to decide, so nothing on the wall either."""
    filing = file_one(act, as_actor, office, "撤回的")
    file_one(act, as_actor, office, "还等着的")
    with act():
        closed = {"state": CaseState.WITHDRAWN, "closed_at": NOW, "closed_on": clock.today()}
        db.session.execute(update(Case).where(Case.id == filing.case_id).values(**closed))
    page = section(wall(tv), "filings")
    assert "共 1 件" in page
    assert "撤回的" not in page


def test_urgent_matters_and_hand_overs(tv, office, ask, act, as_actor):
    ask(matter="急事", urgent=True, urgent_reason="险情")
    ask(matter="转的", disposition=Disposition.PASSED, to_department_id=office.departments["XH"])
    made = ask(matter="撤的", disposition=Disposition.PASSED, to_department_id=office.departments["XH"])
    argued = ask(matter="争的", disposition=Disposition.PASSED, to_department_id=office.departments["XH"])
    with act():
        first_ask.reverse(as_actor("clerk"), made, "", NOW)
        first_ask.dispute(as_actor("other"), argued, "不属本科室", NOW)
    page = wall(tv)
    line = section(page, "urgent")

    assert "共 3 件" in line
    assert line.index("急事") < line.index("转的")
    assert "转办待接收 · 学会服务科" in line
    assert "有异议待裁定 · 学会服务科" in line
    assert "撤的" not in page
    assert re.search(r'id="t-urgent".*?<b>1<i>', page, re.S)
    with clock.at(later(days=3)):
        assert "转办超时未接 · 学会服务科" in section(wall(lambda: tv("二")), "urgent")


def test_todays_first_asks_by_disposition(tv, ask, act, as_actor):
    ask(matter="甲")
    ask(matter="乙")
    wrong = ask(matter="丙")
    ask(matter="丁", disposition=Disposition.OUTSIDE, outside_authority="市教育局")
    with clock.at(NOW - timedelta(days=1)):
        ask(matter="昨天的", now=NOW - timedelta(days=1))
    with act():
        first_ask.reverse(as_actor("clerk"), wrong, "", NOW)
    made = board.make(NOW, False)
    assert made.asked == {Disposition.ANSWERED: 2, Disposition.OUTSIDE: 1}
    assert "共 3 次" in section(wall(tv), "asked")


def test_the_large_wall_has_five_rows(tv, rows):
    for n in range(8):
        rows.case(due_at=NOW - timedelta(hours=n + 1), soon_at=NOW - timedelta(hours=20))
    db.session.commit()
    page = tv(large=True).get("/wall").get_data(as_text=True)
    assert "共 8 件，显示最急 5 件" in page
    assert len(re.findall(r'id="c\d+"', page)) == 5


def test_the_wall_is_dimmed_outside_office_hours(tv):
    client = tv()
    assert 'data-dim="no"' in client.get("/wall/board").get_data(as_text=True)
    with clock.at(later(hours=10)):
        assert 'data-dim="yes"' in client.get("/wall/board").get_data(as_text=True)


def test_matters_as_typed_cannot_break_the_page(tv, rows):
    rows.case(matter="<script>alert(1)</script>\"'", due_at=NOW - timedelta(hours=1), soon_at=NOW - timedelta(days=1))
    db.session.commit()
    page = tv().get("/wall").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


# --- the strip of the nine systems ----------------------------------------------------------------------------


def shown(page):
    return {slug: state for state, slug in re.findall(r'<span class="(\w+)" id="n-(\w+)"', page)}


def test_all_nine_systems_are_kept(tv):
    found = shown(wall(tv))
    assert len(found) == 9
    assert set(found.values()) == {"ok"}


def test_the_strip_tells_what_is_wrong(tv, rows, act, as_actor, office, away, ask):
    rows.case(due_at=NOW - timedelta(hours=1), soon_at=NOW - timedelta(days=1))
    rows.case(closed_at=NOW, late=True)
    rows.case(state=CaseState.RECEIVED, tacit_at=NOW + timedelta(hours=2))
    db.session.commit()
    away("other_head")
    away("other")
    ask(matter="急事", urgent=True, urgent_reason="险情")
    file_one(act, as_actor, office, "报备的")
    found = shown(wall(tv))
    for slug in ("timed_completion", "service_commitment", "one_time_notice", "ab_post", "first_ask", "denial_filing"):
        assert found[slug] == "watch", slug
    assert found["post_duty"] == "ok"
    with clock.at(later(days=9)):
        found = shown(wall(lambda: tv("二")))
        for slug in ("first_ask", "denial_filing", "one_time_notice"):
            assert found[slug] == "late", slug


@pytest.mark.parametrize(
    ("fact", "slug", "state"),
    [
        ("vacant_posts", "post_duty", State.WATCH),
        ("broken_promises", "service_commitment", State.WATCH),
        ("overdue", "timed_completion", State.WATCH),
        ("red", "timed_completion", State.LATE),
        ("urgent", "first_ask", State.WATCH),
        ("disputed", "first_ask", State.WATCH),
        ("urgent_late", "first_ask", State.LATE),
        ("hand_overs_late", "first_ask", State.LATE),
        ("to_tell_today", "one_time_notice", State.WATCH),
        ("not_told", "one_time_notice", State.LATE),
        ("filings", "denial_filing", State.WATCH),
        ("filings_late", "denial_filing", State.LATE),
        ("gaps", "ab_post", State.WATCH),
        ("without_handover", "ab_post", State.WATCH),
        ("complaints_soon", "accountability", State.WATCH),
        ("complaints_late", "accountability", State.LATE),
    ],
)
def test_each_fact_moves_its_own_system_only(fact, slug, state):
    found = states(Facts(**{fact: 1}))
    assert found.pop(slug) is state
    assert set(found.values()) == {State.OK}
