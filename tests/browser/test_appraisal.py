"""A month of the appraisal in a real browser, from its facts to the wall and its correction (E-3, E-6, W-1)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from waitress.server import create_server

from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.operations.schema import upgrade
from portal.people.models import User
from portal.score_evidence import service as evidence
from portal.score_table import service as tables
from portal.score_table.models import Version
from tests import office as cast
from tests.browser.conftest import OWN_HOST
from tests.browser.test_journeys import agree, follow, press
from tests.browser.test_leave import go_to
from tests.clue.house import LATER, House
from tests.conftest import make_app
from tests.office import NOW, SHANGHAI

pytestmark = pytest.mark.browser
MONTH = "/score-evidence/department/2026-11"
RESULT = "/results/department/2026-11"


@pytest.fixture(scope="module")
def moved() -> Iterator[dict[str, timedelta]]:
    """How far the served office's clock is ahead of the machine's."""
    ahead = {"by": timedelta(0)}
    real = clock.now
    patch = pytest.MonkeyPatch()
    patch.setattr(clock, "now", lambda: real() + ahead["by"])
    yield ahead
    patch.undo()


def _november(ids: Any) -> None:
    """A shipped table is in force, and a case of the window runs over its promised limit."""
    with transaction.act():  # nobody has to change a password in the middle of it
        db.session.execute(update(User).values(password_changed_at=NOW))
    house = House(ids)
    version = house.do("office", NOW, lambda actor, at: tables.adopt(actor, "yihuang-windows-2", "", at)).id
    house.do("office", NOW, lambda actor, at: tables.submit(actor, version, date(2026, 11, 1), "试行", at))
    seen = tables.digest(db.session.get_one(Version, version).content)
    house.do("principal", NOW, lambda actor, at: tables.approve(actor, version, seen, at))
    house.act(NOW, evidence.open_months)
    house.case()
    house.sweep(LATER)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, moved: dict[str, timedelta]) -> Iterator[str]:
    """An office of its own at the end of a November."""
    app = make_app(tmp_path_factory.mktemp("appraisal"), "")
    with app.app_context():
        upgrade()
        _november(cast.build())
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


def total(page: Any, department: str) -> str:
    """What the month says of a department."""
    page.goto(MONTH)
    return str(page.locator("tbody tr", has_text=department).locator("td.r b").inner_text())


def confirmed(page: Any, words: str) -> None:
    """Press a button that asks back, and say yes."""
    page.locator("button:visible", has_text=words).first.click()
    agree(page)


def ranking(page: Any, edition: int) -> list[str]:
    """The rows of an edition, from the first place down."""
    page.goto(f"{RESULT}?edition={edition}")
    rows = page.locator("table", has=page.locator("caption", has_text="得分和名次")).locator("tbody tr")
    return [" ".join(text.split()) for text in rows.all_inner_texts()]


def test_a_month_from_its_facts_to_its_correction(
    person: Callable[..., Any], states: dict[str, Any], moved: dict[str, timedelta]
) -> None:
    """An untidy counter is proposed, approved, objected to and struck; the overdue case stays; all is published."""
    go_to(moved, datetime(2026, 11, 30, 15, 0, tzinfo=SHANGHAI))
    office, leader = person("office").new_page(), person("leader2").new_page()
    office.goto(MONTH)
    follow(office, office.get_by_role("link", name="提出人工依据").first)
    office.select_option("#subject_id", label="综合业务科")
    office.select_option("#rule", value="3.3")
    office.fill("#quantity", "1")
    office.fill("#happened_on", "2026-11-20")
    office.fill("#note", "柜台杂乱，指出后没有收拾。")
    office.fill("#finder", "巡查")
    press(office, "提出")
    leader.goto(MONTH)
    follow(leader, leader.locator("main ul.log a", has_text="综合业务科"))
    line = leader.url
    leader.check("input[name=outcome][value=approve]")
    press(leader, "提交")

    # The first of December: computed; the head sees the own lines and objects to one of them.
    go_to(moved, datetime(2026, 12, 1, 9, 30, tzinfo=SHANGHAI))
    states.clear()
    office, head = person("office").new_page(), person("head").new_page()
    office.goto(MONTH)
    press(office, "计算本月")
    assert (total(office, "综合业务科"), total(office, "学会服务科")) == ("95", "100")
    head.goto("/score-evidence")
    head.goto(line)
    head.fill("#text", "当时正在搬迁。")
    press(head, "提出异议")

    # Somebody else rules: that line is gone, the other one stays.
    go_to(moved, datetime(2026, 12, 2, 9, 30, tzinfo=SHANGHAI))
    states.clear()
    leader, office = person("leader").new_page(), person("office").new_page()
    leader.goto(line)
    leader.check("input[name=outcome][value=strike]")
    leader.fill("#ruling", "情况属实。")
    press(leader, "提交裁定")
    assert total(office, "综合业务科") == "97"

    # The days for objections are over: settled, submitted, reviewed, signed, published.
    go_to(moved, datetime(2026, 12, 8, 9, 30, tzinfo=SHANGHAI))
    states.clear()
    office, group, principal = (person(who).new_page() for who in ("office", "supervisor", "principal"))
    office.goto(MONTH)
    press(office, "确定依据")
    assert office.get_by_role("button", name="重新计算").count() == 1
    office.goto("/results")
    confirmed(office, "提交审核")
    group.goto(RESULT)
    group.fill("#opinion", "依据齐全，同意。")
    confirmed(group, "审核通过")
    principal.goto(RESULT)
    confirmed(principal, "签发")
    office.goto("/wall/view")
    assert office.locator("#flags").count() == 0, "the wall shows what is published, and nothing else"
    office.goto(RESULT)
    confirmed(office, "公布")
    office.goto("/wall/view")
    flags = str(office.locator("#flags").text_content())
    assert "2026 年 11 月" in flags
    assert "学会服务科" in flags

    # Everybody reads it; nobody finds anything to change but the way to a correction.
    clerk = person("clerk").new_page()
    assert ranking(clerk, 1)[2].startswith("3 综合业务科 97 ")
    assert all(row.startswith("1 ") for row in ranking(clerk, 1)[:2])
    for page in (group, principal, clerk):
        page.goto(RESULT)
        assert page.locator("main form[method=post]").count() == 0
    office.goto(MONTH)
    assert office.locator("main form[method=post]").count() == 0
    office.goto(line)
    assert office.locator("main form[method=post]").count() == 0

    # A correction is an edition of its own.
    office.goto(RESULT)
    office.fill("#reason", "一件办件不应算超期。")
    press(office, "起草更正")
    office.select_option("#subject_id", label="综合业务科")
    office.fill("#points", "1.5")
    office.locator("main form[action*=corrections] #reason").fill("期限登记有误。")
    press(office, "写入更正")
    confirmed(office, "提交审核")
    group.goto(f"{RESULT}?edition=2")
    group.fill("#opinion", "同意更正。")
    confirmed(group, "审核通过")
    principal.goto(f"{RESULT}?edition=2")
    confirmed(principal, "签发")
    office.goto(f"{RESULT}?edition=2")
    confirmed(office, "公布")
    assert ranking(clerk, 1)[2].startswith("3 综合业务科 97 "), "what was published stands"
    assert ranking(clerk, 2)[2].startswith("3 综合业务科 98.5 ")
    assert "原 97 分" in ranking(clerk, 2)[2]
