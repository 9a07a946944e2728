"""T-9 in a real browser: a joint case through three departments, one late, one paused; lights and responsibility."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from waitress.server import create_server

from portal.kernel import clock, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.operations.schema import upgrade
from portal.service_commitment import service as commitment
from portal.service_commitment.models import CaseKind, ServiceItem
from portal.service_commitment.service import Content, Material
from tests import office as cast
from tests.browser.conftest import OWN_HOST
from tests.browser.test_journeys import file_entry, follow, open_case, press, state_of
from tests.browser.test_leave import go_to, wall_of
from tests.conftest import make_app
from tests.office import FOUNDED, SHANGHAI

pytestmark = pytest.mark.browser
PARTS = "XH-1，3wd，核验意见\nBG-1，2wd，会签意见，会签"


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
def site(tmp_path_factory: pytest.TempPathFactory, moved: dict[str, timedelta]) -> Iterator[str]:
    """An office of its own with a joint item: the window leads, the society's post and the office take part."""
    app = make_app(tmp_path_factory.mktemp("joint"), "")
    with app.app_context():
        upgrade()
        ids = cast.build()
        with transaction.act():
            item = db.session.get(ServiceItem, ids.items["SX-001"])
            content = Content(
                item.name,
                "5wd",
                "20wd",
                basis="规定",
                kind=CaseKind.JOINT,
                parts=PARTS,
                materials=(Material("申请书"),),
            )
            commitment.publish(SYSTEM, item, content, FOUNDED)
        db.session.remove()
    server: Any = create_server(app, host=OWN_HOST, port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://{OWN_HOST}:{server.effective_port}"
    server.close()
    thread.join(timeout=5)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def states() -> dict[str, Any]:
    """The logins of this office."""
    return {}


def part_row(page: Any, case: str, department: str) -> str:
    """What the lead's page says of a department's part."""
    page.goto(case)
    return str(page.locator("#parts tbody tr", has_text=department).inner_text())


def complete(page: Any, case: str, result: str, why: str = "") -> None:
    """Complete a case on its page."""
    page.goto(case)
    if page.locator("#act-complete[open]").count() == 0:  # a draft kept from before opens it by itself
        page.locator("#act-complete summary").click()
    page.fill("#complete-text", result)
    if why:
        page.fill("#complete-statement", why)
    press(page, "办结")


def test_three_departments_one_late_one_paused(
    person: Callable[..., Any], states: dict[str, Any], moved: dict[str, timedelta]
) -> None:
    """The window leads; the society's part waits for experts, the office's is late; all is done when each is done."""
    go_to(moved, datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI))
    lead, society = person("clerk").new_page(), person("other").new_page()
    case = open_case(lead, file_entry(lead, "kpjd", "收件办理", "张晓光"))
    for box in lead.locator("input[name=positions]").all():
        box.check()
    if lead.get_by_role("button", name="登记收到的材料").count():
        press(lead, "登记收到的材料")
    press(lead, "受理")
    assert "周宁" in part_row(lead, case, "学会服务科")
    assert "吴霞" in part_row(lead, case, "办公室")

    society.goto("/cases/queue")
    follow(society, society.locator("main a.m", has_text="科普").first)
    part = society.url
    assert "牵头办件" in society.locator("#lead").inner_text()
    follow(society, society.locator("main a.b", has_text="特别程序"))
    society.select_option("#reason", label="专家评审")
    society.fill("#agency", "市科普专家委员会")
    society.fill("#basis", "认定办法规定须经专家评审")
    society.fill("#expected_on", "2026-12-02")
    press(society, "停表并生成通知书")

    # Monday: the office's two working days are over, the society's clock stands, the lead is in time.
    go_to(moved, datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI))
    states.clear()
    lead, society, office = (person(who).new_page() for who in ("clerk", "other", "office"))
    assert "停表" in part_row(lead, case, "学会服务科")
    assert "超期" in part_row(lead, case, "办公室")
    assert "剩" in lead.locator(".pagehead").inner_text()
    lead.goto("/")
    assert "超期，请催办" in lead.locator("main").inner_text()
    shown = wall_of(office)
    assert "办公室" in shown
    assert "吴霞" in shown
    assert "周宁" not in shown, "who waits for experts is late with nothing"
    assert "王敏" not in shown, "the lead itself is in time"
    society.goto("/cases/queue")
    assert "超期" not in society.locator("table").inner_text()

    lead.goto(case)
    lead.locator("#act-complete summary").click()
    lead.fill("#complete-text", "同意认定")
    lead.locator("#act-complete").get_by_role("button", name="办结", exact=True).click()
    lead.wait_for_timeout(300)
    assert state_of(lead, case) != "已办结", "two parts are open"

    office.goto("/cases/queue")
    follow(office, office.locator("main a.m", has_text="科普").first)
    complete(office, office.url, "会签无异议", "会签人出差，未及时交接")
    assert "已办结" in part_row(lead, case, "办公室")
    assert "吴霞" not in wall_of(office)

    society.goto(part)
    follow(society, society.locator("main a.b", has_text="结束并登记结果"))
    society.fill("#result", "专家评审通过")
    press(society, "登记结果")
    complete(society, part, "核验通过")
    complete(lead, case, "同意认定")
    assert "已办结" in lead.locator(".pagehead").inner_text()
    assert "超期" not in lead.locator(".pagehead").inner_text()
