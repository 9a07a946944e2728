"""A-1 … A-4, S-1, S-4, A-5 in a real browser: a late case, its clue, the proceeding, the measure, the objection, the
review, the deduction; and what a client says by a slip and by a complaint arrives and can be followed."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from waitress.server import create_server

from portal.accountability import queries as accountability
from portal.accountability.models import MeasureKind
from portal.accountability.rules import Counts, Standing
from portal.kernel import clock
from portal.kernel.db import db
from portal.operations import sweeping
from portal.operations.schema import upgrade
from portal.people import queries as people
from tests import office as cast
from tests.browser.conftest import OWN_HOST, PHONE
from tests.browser.test_journeys import choose, file_entry, follow, open_case, press
from tests.browser.test_leave import go_to
from tests.browser.test_public import fits
from tests.conftest import make_app
from tests.office import SHANGHAI

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def moved() -> Iterator[dict[str, timedelta]]:
    """How far the served office's clock is ahead of the machine's."""
    ahead = {"by": timedelta(0)}
    real = clock.now
    patch = pytest.MonkeyPatch()
    patch.setattr(clock, "now", lambda: real() + ahead["by"])
    yield ahead
    patch.undo()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, moved: dict[str, timedelta]) -> Iterator[Flask]:
    """An office of its own, whose clock the journey moves and whose sweeps it runs."""
    app = make_app(tmp_path_factory.mktemp("loop"), "")
    with app.app_context():
        upgrade()
        cast.build()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def site(served: Flask) -> Iterator[str]:
    """Its address."""
    server: Any = create_server(served, host=OWN_HOST, port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://{OWN_HOST}:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture(scope="module")
def states() -> dict[str, Any]:
    """The logins of this office."""
    return {}


def read(page: Any, name: str) -> None:
    """Follow a link of the page's own part by its words."""
    follow(page, page.locator("main").get_by_role("link", name=name, exact=True).first)


def assign(page: Any, duty: str, name: str, refused: str = "王敏") -> None:
    """The secretary names somebody for a duty; who must keep away is not in the list."""
    read(page, "指定人员")
    assert refused not in page.locator("#user_id").inner_text()
    page.select_option("#duty", label=duty)
    page.select_option("#user_id", label=name)
    press(page, "指定")


def write(page: Any, act: str, text: str, button: str, field: str = "#text") -> None:
    """An act of the file that takes a text."""
    read(page, act)
    page.fill(field, text)
    press(page, button)


def late_case(page: Any, moved: dict[str, timedelta]) -> str:
    """A case that is accepted on time and then left lying beyond its promise; returns its number."""
    go_to(moved, datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI))
    case = open_case(page, file_entry(page, "kpjd", "收件办理", "张晓光"))
    for box in page.locator("input[name=positions]").all():
        box.check()
    press(page, "登记收到的材料")
    press(page, "受理")
    return case.rsplit("/", 1)[1]


def test_from_a_late_case_to_the_deduction(
    person: Callable[..., Any], states: dict[str, Any], moved: dict[str, timedelta], served: Flask
) -> None:
    """Late → clue → proceeding → heard → found → decided → told → objection and review on a phone → what counts."""
    go_to(moved, datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI))
    case = late_case(person("clerk").new_page(), moved)
    go_to(moved, datetime(2026, 11, 26, 10, 0, tzinfo=SHANGHAI))
    states.clear()
    for _n in range(2):
        assert sweeping.once(served)[1] == []

    office = person("office").new_page()
    office.goto("/clues")
    row = office.locator("#list tbody tr", has_text=case)
    assert row.count() == 1, "one departure is one clue, however often is swept"
    assert "王敏" in row.inner_text()
    follow(office, row.locator("a.m"))
    read(office, "立案")
    assert case in office.input_value("#title")
    assert case in office.input_value("#summary"), "what the journal shows is filled in"
    press(office, "立案")
    file = office.url
    number = file.rsplit("/", 1)[1]
    assign(office, "调查人", "孙丽 · 学会服务科")

    investigator = person("other_head").new_page()
    investigator.goto(file)
    write(investigator, "提交调查报告", "经查，办件无正当理由超过承诺期限。", "提交")

    clerk = person("clerk", PHONE).new_page()
    clerk.goto("/")
    follow(clerk, clerk.locator(f"main a[href*='{number}']").first)
    assert "经查，办件无正当理由超过承诺期限。" in clerk.locator("main").inner_text()
    assert "孙丽" not in clerk.locator("main").inner_text()
    fits(clerk)
    write(clerk, "陈述申辩", "当时同时办理三件，疏忽了期限。", "提交")

    investigator.goto(file)
    read(investigator, "作出认定")
    investigator.fill("#text", "超过承诺期限一日，未申请延期。")
    for field, label in (
        ("confirmed", "有效投诉（属实）"),
        ("conduct", "不正确履行职责"),
        ("effect", "延误办理"),
        ("cause", "疏忽"),
        ("attitude", "承认过错"),
        ("severity", "情节轻微"),
    ):
        investigator.select_option(f"#{field}", label=label)
    press(investigator, "保存认定")

    office.goto(file)
    assign(office, "决定人", "陈静 · 领导班子", refused="孙丽")
    leader = person("leader").new_page()
    leader.goto(file)
    read(leader, "作出决定")
    assert "疏忽了期限" in leader.locator("main").inner_text()
    leader.get_by_label("书面检查").check()
    leader.get_by_label("诫勉谈话").check()
    leader.fill("#opinion", "依据责任追究制。")
    press(leader, "决定")

    office.goto(file)
    read(office, "告知决定")
    press(office, "出具决定书并告知")

    clerk.goto(file)
    assert "诫勉谈话" in clerk.locator("main").inner_text()
    fits(clerk)
    write(clerk, "提出意见", "诫勉谈话与情节不相当。", "提交")
    write(clerk, "申请复核", "初次，已当日办结，请求减轻。", "提交申请")
    assert "复核还没有结果" in clerk.locator("main").inner_text()

    office.goto(file)
    assert "诫勉谈话与情节不相当。" in office.locator("main").inner_text()
    assign(office, "复核人", "刘波 · 领导班子", refused="陈静")
    reviewer = person("leader2").new_page()
    reviewer.goto(file)
    read(reviewer, "复核")
    assert "请求减轻" in reviewer.locator("main").inner_text()
    reviewer.select_option("#outcome", label="减轻")
    reviewer.locator("#lifted").get_by_label("诫勉谈话").check()
    reviewer.fill("#text", "属初次，减轻处理。")
    press(reviewer, "作出复核决定")

    clerk.goto(file)
    shown = clerk.locator("main").inner_text()
    assert "属初次，减轻处理。" in shown
    assert "复核撤销" in shown
    office.goto("/proceedings/effects")
    rows = office.locator("main tbody tr").all_inner_texts()
    assert any("书面检查" in r and "有效" in r for r in rows), rows
    assert any("诫勉谈话" in r and "已撤销" in r for r in rows), rows
    with served.app_context():
        actor = people.actor_by_username("clerk", clock.now())
        lines = accountability.effects(person_id=actor.id, year=2026)
        counted = {(line.kind, line.counts, line.standing) for line in lines}
        db.session.remove()
    assert (MeasureKind.SELF_EXAMINATION, Counts.SCORE, Standing.COUNTS) in counted
    assert not any(k == MeasureKind.ADMONITION and s is Standing.COUNTS for k, _c, s in counted)


def test_what_a_client_says_arrives_and_can_be_followed(
    person: Callable[..., Any],
    browser_of: Callable[..., Any],
    states: dict[str, Any],
    moved: dict[str, timedelta],
) -> None:
    """A signed bad review by the slip's QR code; a complaint followed by its number and code. Both on a phone."""
    go_to(moved, datetime(2026, 11, 26, 15, 0, tzinfo=SHANGHAI))
    states.clear()
    clerk = person("clerk").new_page()
    clerk.goto("/evaluation/slips")
    with clerk.expect_navigation():
        clerk.locator("main button[type=submit]").click()
    code = clerk.locator(".slip-c").first.inner_text()

    client = browser_of(PHONE).new_page()
    client.goto(f"/evaluate#{code}")
    assert client.input_value("#code") == code
    assert code not in client.url
    fits(client)
    client.locator(".grade:has([data-grade=dissatisfied])").click()
    client.locator("[data-reasons=dissatisfied] label").first.click()
    client.fill("#comment", "跑了三趟才办成。")
    client.locator(".sign summary").click()
    client.check("#sign")
    client.fill("#name", "李文海")
    client.fill("#phone", "13905431234")
    press(client, "提交我的评议")
    number = client.locator(".big.num").inner_text()

    head, office = person("head").new_page(), person("office").new_page()
    for page in (head, office):
        page.goto("/client-opinions")
        assert number in page.locator("main").inner_text()
    page = head
    page.goto(f"/client-opinions/{number}")
    assert "跑了三趟才办成。" in page.locator("main").inner_text()

    client.goto("/public/complaints/new")
    fits(client)
    choose(client, "#about", "态度")
    client.fill("#text", "窗口人员说话生硬。")
    press(client, "提交投诉")
    complaint, secret = (client.locator(f"table.pairs {at}").inner_text() for at in ("tr:first-child b", "#code"))
    assert re.fullmatch(r"TS-2026-\d+", complaint)
    other = browser_of(PHONE).new_page()
    other.goto("/public/complaints/look")
    other.fill("#number", complaint)
    other.fill("#code", secret)
    press(other, "查询")
    fits(other)
    assert complaint in other.locator("main").inner_text()
    assert "说话生硬" not in other.locator("main").inner_text()
    office.goto("/complaints")
    assert complaint in office.locator("main").inner_text()
