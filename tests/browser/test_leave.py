"""O-3, AB-2, AB-4 in a real browser: leave asked, handed over, approved, acted for, ended early; the wall follows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from waitress.server import create_server

from portal.kernel import clock
from portal.kernel.db import db
from portal.operations.schema import upgrade
from tests import office as cast
from tests.browser.conftest import OWN_HOST, PHONE
from tests.browser.test_journeys import agree, choose, file_entry, open_case, press, state_of
from tests.conftest import make_app

pytestmark = pytest.mark.browser
SHANGHAI = ZoneInfo("Asia/Shanghai")


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
    """An office of its own, whose clock the journey moves."""
    app = make_app(tmp_path_factory.mktemp("leave"), "")
    with app.app_context():
        upgrade()
        cast.build()
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


def go_to(moved: dict[str, timedelta], there: datetime) -> None:
    """Set the office's clock."""
    moved["by"] = timedelta(0)
    moved["by"] = there - clock.now()


def wall_of(page: Any) -> str:
    """What the wall shows (the office's own view of it)."""
    page.goto("/wall/view")
    return " ".join(page.locator("#wall").all_inner_texts())


def on_duty(page: Any, post: str) -> str:
    """What a stranger reads of a post on the public page."""
    page.goto("/public/on-duty")
    return str(page.locator("tr", has_text=post).inner_text())


def test_leave_from_asking_to_coming_back(
    person: Callable[..., Any],
    browser_of: Callable[..., Any],
    states: dict[str, Any],
    moved: dict[str, timedelta],
) -> None:
    """A asks → B confirms → the head approves on a phone → B decides one matter for A → A returns and sees it."""
    go_to(moved, datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI))
    a, b, head = person("clerk").new_page(), person("clerk2").new_page(), person("head", PHONE).new_page()
    office = person("office").new_page()
    case = open_case(a, file_entry(a, "kpjd", "收件办理", "张晓光"))
    name, post = "王敏", "业务受理岗"
    stranger = browser_of().new_page()
    assert name not in wall_of(office)
    assert name in on_duty(stranger, post)

    a.goto("/leave/new")
    choose(a, "#kind", "事假")
    a.fill("#from_on", "2026-11-19")
    a.fill("#to_on", "2026-11-20")
    a.locator("#to_on").dispatch_event("change")
    a.locator("#length", has_text="共 2 天").wait_for()
    assert "李强" in a.locator("#length").inner_text()
    a.fill("#reason", "家中有事")
    a.locator("textarea[name^=note_]").first.fill("张晓光的材料还没有审核")
    with a.expect_navigation():
        a.locator("main button[value=send]").click()
    leave = a.url
    assert "待科室负责人" in a.locator(".pagehead").inner_text()

    head.goto("/leave/to-decide")
    assert "还没有确认交接" in head.locator("main").inner_text()
    b.goto(leave)
    assert "家中有事" not in b.locator("main").inner_text()
    assert "张晓光的材料还没有审核" in b.locator("main").inner_text()
    press(b, "确认接手")

    head.goto("/leave/to-decide")
    head.locator("main").get_by_role("button", name="同意", exact=True).click()
    agree(head)
    head.goto(leave)
    assert "已批准" in head.locator(".pagehead").inner_text()
    assert name not in wall_of(office) or "11-19" in wall_of(office)

    go_to(moved, datetime(2026, 11, 19, 9, 5, tzinfo=SHANGHAI))
    states.clear()  # a night has passed: everybody logs in anew
    a, b = person("clerk").new_page(), person("clerk2").new_page()
    office = person("office").new_page()
    shown = wall_of(office)
    assert name in shown
    assert "李强" in shown
    shown = on_duty(stranger, post)
    assert "李强" in shown
    assert "事假" not in shown
    b.goto("/cases/queue")
    assert case.rsplit("/", 1)[1] in b.locator("main").inner_text()
    b.goto(case)
    boxes = b.locator("input[name=positions]")
    for n in range(boxes.count()):
        boxes.nth(n).check()
    press(b, "登记收到的材料")
    press(b, "受理")
    assert state_of(b, case) == "已受理"

    go_to(moved, datetime(2026, 11, 19, 15, 0, tzinfo=SHANGHAI))
    states.clear()
    a = person("clerk").new_page()
    a.goto(leave)
    a.locator("main").get_by_role("button", name="提前返岗", exact=True).click()
    agree(a)
    text = a.locator("main").inner_text()
    assert "提前返岗" in text
    assert "李强 代 王敏" in text
    office = person("office").new_page()
    assert name not in wall_of(office)
    shown = on_duty(stranger, post)
    assert name in shown
    assert "李强" not in shown
