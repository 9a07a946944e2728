"""T-10: the deadline calculator as a function, as ``portal due``, and as a page."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from click.testing import CliRunner, Result

from portal.calendar import official, service
from portal.calendar.calculator import calculate
from portal.calendar.command import due
from portal.cli import main
from portal.kernel import clock
from portal.policy import service as policy
from portal.pure.limits import Limit
from portal.pure.spans import SHANGHAI, Pause
from portal.pure.workdays import OutOfCalendar

GIVEN = [
    ("2026-02-13", "5wd", "2026-02-27", False),
    ("2026-02-14", "5wd", "2026-02-28", False),
    ("2026-09-30", "5wd", "2026-10-13", False),
    ("2026-04-30", "3wd", "2026-05-08", False),
    ("2026-12-31", "3wd", "2027-01-05", True),
]


def compute(start: date | datetime, limit: str, pauses: tuple[Pause, ...] = ()) -> dict:
    return calculate(start, Limit.parse(limit), pauses, official.default_calendar())


@pytest.mark.parametrize(("start", "limit", "end", "provisional"), GIVEN)
def test_the_given_dates(start, limit, end, provisional):
    found = compute(date.fromisoformat(start), limit)
    assert found["due"] == f"{end}T17:30:00+08:00"
    assert found["provisional"] is provisional


def test_counted_and_skipped_days_are_all_the_days_on_the_way():
    found = compute(date(2026, 2, 13), "5wd")
    assert found["counted"] == ["2026-02-14", "2026-02-24", "2026-02-25", "2026-02-26", "2026-02-27"]
    skipped = {each["date"]: each for each in found["skipped"]}
    assert sorted([*skipped, *found["counted"]]) == [f"2026-02-{day}" for day in range(14, 28)]
    assert skipped["2026-02-17"] == {"date": "2026-02-17", "reason": "holiday", "name": "春节"}
    assert skipped["2026-02-15"]["reason"] == "weekend"


def test_a_start_is_a_day_a_local_time_or_an_instant():
    assert compute(date(2026, 3, 9), "4wh")["due"] == "2026-03-09T14:30:00+08:00"
    assert compute(datetime(2026, 3, 9, 16, 0), "4wh")["due"] == "2026-03-10T11:30:00+08:00"
    assert compute(datetime(2026, 3, 9, 8, 0, tzinfo=UTC), "4wh")["due"] == "2026-03-10T11:30:00+08:00"


def test_an_open_pause_has_no_due_date():
    pause = Pause(datetime(2026, 3, 10, 9, tzinfo=SHANGHAI))
    found = compute(date(2026, 3, 9), "5wd", (pause,))
    assert found["due"] is None
    closed = Pause(datetime(2026, 3, 10, 9, tzinfo=SHANGHAI), datetime(2026, 3, 12, 9, tzinfo=SHANGHAI))
    found = compute(date(2026, 3, 9), "5wd", (closed,))
    assert [each["reason"] for each in found["skipped"] if each["date"] in ("2026-03-11", "2026-03-12")] == [
        "stopped"
    ] * 2
    assert found["due"] == "2026-03-18T17:30:00+08:00"


@pytest.mark.parametrize(("start", "limit"), [(date(9999, 12, 30), "3m"), (date(9999, 12, 31), "1wd")])
def test_beyond_the_last_date(start, limit):
    with pytest.raises(OutOfCalendar):
        compute(start, limit)


def test_the_calendar_in_force_is_the_one_of_the_office(office, as_actor, act):
    with act():
        service.set_day(as_actor("office"), date(2026, 11, 19), False, "停电检修", clock.now())
    found = calculate(date(2026, 11, 18), Limit.parse("1wd"))
    assert found["due"] == "2026-11-20T17:30:00+08:00"
    assert found["skipped"] == [{"date": "2026-11-19", "reason": "holiday", "name": "停电检修"}]


# --- the command ------------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path, monkeypatch):
    """The command on an instance folder without a database."""
    monkeypatch.setenv("PORTAL_INSTANCE", str(tmp_path / "empty"))
    monkeypatch.delenv("PORTAL_DATABASE_URL", raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)

    def invoke(*args: str) -> Result:
        return CliRunner().invoke(due, list(args))

    return invoke


@pytest.mark.parametrize(("start", "limit", "end", "provisional"), GIVEN)
def test_the_command_gives_the_given_dates(run, start, limit, end, provisional):
    result = run("--from", start, "--limit", limit, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["due"] == f"{end}T17:30:00+08:00"
    assert datetime.fromisoformat(found["due"]).tzinfo == timezone(timedelta(hours=8))
    assert found["provisional"] is provisional
    assert len(found["counted"]) == int(limit[0])


def test_the_command_in_words(run):
    said = run("--from", "2026-12-31", "--limit", "3wd").stdout
    assert "届满：2027-01-05T17:30:00+08:00" in said
    assert "暂定" in said
    assert "计入：2027-01-04" in said
    assert "跳过：2027-01-02（周末）" in said
    assert "暂定" not in run("--from", "2026-02-13", "--limit", "5wd").stdout


@pytest.mark.parametrize(
    "start", ["2026-03-09T16:00", "2026-03-09 16:00", "2026-03-09T08:00+00:00", "２０２６-03-09T16:00"]
)
def test_the_command_takes_a_time_of_day(run, start):
    found = json.loads(run("--from", start, "--limit", "4WH", "--json").stdout)
    assert found["due"] == "2026-03-10T11:30:00+08:00"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--from", "2026-02-30", "--limit", "5wd"), "2026-02-30"),
        (("--from", "昨天", "--limit", "5wd"), "不是日期"),
        (("--from", "0000-01-01", "--limit", "5wd"), "不是日期"),
        (("--from", "20260213", "--limit", "5wd"), "不是日期"),
        (("--from", "2026-02-13T25:00", "--limit", "5wd"), "不是日期"),
        (("--from", "2026-02-13", "--limit", "5x"), "不是时限"),
        (("--from", "2026-02-13", "--limit", "0wd"), "不是时限"),
        (("--from", "2026-02-13", "--limit", "1000wd"), "不是时限"),
        (("--from", "2026-02-13", "--limit", ""), "不是时限"),
        (("--from", "9999-12-31", "--limit", "5wd"), "9999"),
        (("--from", "2026-02-13"), "--limit"),
        (("--limit", "5wd"), "--from"),
    ],
)
def test_bad_input_exits_with_2_and_says_why(run, args, said):
    result = run(*args)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_the_command_reads_the_calendar_and_hours_of_the_database(run, app, office, as_actor, act, monkeypatch):
    monkeypatch.setenv("PORTAL_INSTANCE", str(app.extensions["portal.config"].instance))
    monkeypatch.setenv("PORTAL_DATABASE_URL", app.extensions["portal.config"].database_url)
    with act():
        service.set_day(as_actor("office"), date(2026, 11, 19), False, "停电检修", clock.now())
        policy.set_value(as_actor("office"), "calendar.office_hours", "08:30-12:00,14:00-18:00", "夏令", clock.now())
    found = json.loads(run("--from", "2026-11-18", "--limit", "1wd", "--json").stdout)
    assert found["due"] == "2026-11-20T18:00:00+08:00"


def test_the_command_is_part_of_portal():
    assert main.commands["due"] is due


# --- the page ---------------------------------------------------------------------------------------------------


def ask(client, **values: str):
    return client.get("/calendar/calculator", query_string={"amount": "5", "unit": "wd", **values})


def test_the_page_shows_the_result_and_every_day(login):
    page = ask(login("clerk"), start="2026-02-13")
    assert page.status_code == 200
    assert "2026 年 2 月 27 日" in page.text
    assert "暂定" not in page.text
    assert "2026-02-17 至 2026-02-19（3 天）：春节" in page.text


def test_the_page_says_provisional(login):
    page = ask(login("clerk"), start="2026-12-31", amount="3")
    assert "2027 年 1 月 5 日" in page.text
    assert "暂定" in page.text


def test_the_page_takes_time_and_pauses(login):
    client = login("clerk")
    page = ask(client, start="2026-03-09", at="１６：００", amount="4", unit="wh")
    assert "2026 年 3 月 10 日" in page.text
    pause = {"pause_1-begin": "2026-03-10T09:00", "pause_1-end": "2026-03-12T09:00"}
    page = ask(client, start="2026-03-09", **pause)
    assert "2026 年 3 月 18 日" in page.text
    page = ask(client, start="2026-03-09", **{"pause_1-begin": "2026-03-10T09:00"})
    assert page.status_code == 200
    assert "没有届满日" in page.text


def test_on_the_spot_needs_no_amount(login):
    page = ask(login("clerk"), start="2026-02-15", amount="", unit="0d")
    assert "2026 年 2 月 24 日" in page.text


def test_a_long_way_has_no_strip(login):
    page = ask(login("clerk"), start="2026-01-05", amount="999", unit="m")
    assert page.status_code == 200
    assert "跨度超过一年" in page.text
    assert len(page.text) < 100_000


@pytest.mark.parametrize(
    "values",
    [
        {"start": ""},
        {"start": "0000-01-01"},
        {"start": "9999-12-31"},
        {"start": "2026-02-30"},
        {"start": "2026-02-13", "amount": ""},
        {"start": "2026-02-13", "amount": "0"},
        {"start": "2026-02-13", "amount": "1000"},
        {"start": "2026-02-13", "amount": "五"},
        {"start": "2026-02-13", "unit": "y"},
        {"start": "2026-02-13", "at": "25:00"},
        {"start": "2026-02-13", "at": "noon"},
        {"start": "2026-02-13", "pause_1-begin": "2026-03-10T09:00", "pause_1-end": "2026-03-09T09:00"},
        {"start": "2026-02-13", "pause_1-end": "2026-03-09T09:00"},
        {"start": "2026-02-13", "pause_2-begin": "later"},
    ],
)
def test_bad_input_is_said_at_the_field(login, values):
    page = ask(login("clerk"), **values)
    assert page.status_code == 422
    assert "data-error-summary" in page.text
    assert 'aria-invalid="true"' in page.text
    assert "<title>错误：" in page.text
    assert "result-h" not in page.text
