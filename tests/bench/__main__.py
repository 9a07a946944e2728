"""``python -m tests.bench [--cases N …] [--seconds S]``: the portal beside its floor; prints a Markdown table.

Every row is a ratio to a floor measured in the same run, since machines are noisy; the machine is named by size only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import office
from tests.bench import coverage, fill, floor, scores
from tests.bench.load import Browser, Prepare, Result, Shot, run

#: Both sides: two workers with two threads; the portal with its own settings, which load it once for all workers.
COMMON = [sys.executable, "-m", "gunicorn", "-w", "2", "-k", "gthread", "--threads", "2", "--no-control-socket"]
FLOOR = [*COMMON, "--keep-alive", "75"]
PORTAL = [*COMMON, "-c", "python:portal.operations.gunicorn"]


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def served(command: list[str], target: str, env: dict[str, str], health: str) -> Iterator[tuple[int, int]]:
    """A gunicorn server on a free port; gives the port and its process id."""
    port = free_port()
    process = subprocess.Popen(
        [*command, "-b", f"127.0.0.1:{port}", target],
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _n in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{health}", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def memory(pid: int) -> float:
    """Proportional memory (MB) of a process and its children."""
    total, pids = 0, [pid]
    for p in pids:
        try:
            for task in os.listdir(f"/proc/{p}/task"):
                pids += map(int, Path(f"/proc/{p}/task/{task}/children").read_text().split())
            text = Path(f"/proc/{p}/smaps_rollup").read_text()
            total += int(text.split("\nPss:")[1].split()[0])
        except (OSError, IndexError):
            continue
    return total / 1024


# --- what is measured -----------------------------------------------------------------------------------------


def page(path: str, expect: int = 200, who: str = "clerk") -> Prepare:
    """Read one page, logged in."""

    def prepare(port: int, _index: int) -> tuple[Browser, Shot]:
        browser = Browser(port)
        browser.log_in(who, office.PASSWORD)
        return browser, lambda b, _n: b.request("GET", path)[0] == expect

    return prepare


def filing(port: int, _index: int) -> tuple[Browser, Shot]:
    """File a first-ask entry that opens a case."""
    browser = Browser(port)
    browser.log_in("clerk", office.PASSWORD)
    token = browser.token("/first-ask/new")

    def shot(b: Browser, _n: int) -> bool:
        form = {
            "csrf_token": token,
            "_key": uuid.uuid4().hex,
            "matter": "科普教育基地认定",
            "disposition": "case",
            "channel": "visit",
        }
        return b.request("POST", "/first-ask", form)[0] == 303

    return browser, shot


def _screen(port: int) -> Browser:
    """A paired display: it holds its token and nothing else."""
    browser = Browser(port)
    browser.cookies["wall"] = fill.TOKEN
    return browser


def _poll(browser: Browser, tag: str) -> tuple[int, str]:
    head = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-PTag": tag}
    status, found, _body = browser.request("GET", "/wall/board", headers=head)
    return status, found.get("etag", tag)


def unchanged(port: int, _index: int) -> tuple[Browser, Shot]:
    """Poll the wall with the tag it gave last time."""
    seen = {"tag": ""}

    def shot(b: Browser, _n: int) -> bool:
        status, seen["tag"] = _poll(b, seen["tag"])
        return status in (200, 304)

    return _screen(port), shot


def wall(port: int, index: int) -> tuple[Browser, Shot]:
    """Poll the wall after something was filed: only the poll is timed."""
    clerk, file_one = filing(port, index)
    seen = {"tag": ""}

    def shot(b: Browser, n: int) -> float | bool:
        if not file_one(clerk, n):
            return False
        began = time.perf_counter()
        status, seen["tag"] = _poll(b, seen["tag"])
        return (time.perf_counter() - began) * 1000 if status == 200 else False

    return _screen(port), shot


def bare(path: str) -> Prepare:
    """A page of the floor."""
    return lambda port, _index: (Browser(port), lambda b, _n: b.request("GET", path)[0] == 200)


def bare_filing(port: int, _index: int) -> tuple[Browser, Shot]:
    """A checked insert of the floor."""
    browser = Browser(port)
    token = browser.token("/form")
    return (
        browser,
        lambda b, _n: b.request("POST", "/add", {"csrf_token": token, "matter": "科普教育基地认定"})[0] == 303,
    )


THIS_YEAR = f"/reports?first={time.localtime().tm_year}-01-01&last={time.localtime().tm_year}-12-31"
ROWS: tuple[tuple[str, int, Prepare, str, Prepare], ...] = (
    ("file a first-ask, 1 client", 1, filing, "checked insert", bare_filing),
    ("file a first-ask, 8 clients", 8, filing, "checked insert", bare_filing),
    ("staff home, 1 client", 1, page("/"), "page of 50", bare("/list")),
    ("first-ask log of 50, 1 client", 1, page("/first-ask"), "page of 50", bare("/list")),
    ("case list of 50, 1 client", 1, page("/cases"), "page of 50", bare("/list")),
    ("search, 1 client", 1, page("/cases?q=%E7%A7%91%E6%99%AE%E5%9F%BA%E5%9C%B0"), "page of 50", bare("/list")),
    ("case page, 1 client", 1, page("/cases/{case}"), "page of 50", bare("/list")),
    ("figures of a month, 1 client", 1, page("/reports", who="office"), "page of 50", bare("/list")),
    ("figures of a year, 1 client", 1, page(THIS_YEAR, who="office"), "page of 50", bare("/list")),
    ("staff home, 8 clients", 8, page("/"), "page of 50", bare("/list")),
    ("case list of 50, 8 clients", 8, page("/cases"), "page of 50", bare("/list")),
    ("wall, changed, 1 client", 1, wall, "page of 50", bare("/list")),
    ("wall, unchanged (304), 1 client", 1, unchanged, "hello", bare("/hello")),
)


def main() -> None:
    """Build, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--open", type=int, default=2_000, help="open cases among them (a tenth at most)")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    print(f"machine: {os.cpu_count()} cores; gunicorn gthread, 2 workers × 2 threads; client on the same machine\n")
    for cases in options.cases:
        folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
        try:
            _measure(folder, cases, min(options.open, max(1, cases // 10)), options.seconds, options.turns)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print("\n| cover, one process, no server | CPU ms |\n| --- | ---: |")
    for what, took in coverage.rows():
        print(f"| {what} | {took:.2f} |", flush=True)


def _measure(folder: Path, cases: int, opened: int, seconds: float, turns: int) -> None:
    began = time.perf_counter()
    ids = fill.build(folder, cases, opened)
    os.environ["FLOOR_DB"] = str(folder / "floor.db")
    floor.app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{folder / 'floor.db'}"
    made = time.perf_counter() - began
    subprocess.run(
        [sys.executable, "-c", "from tests.bench import floor; floor.fill(10000)"], check=True, env=dict(os.environ)
    )
    env = {"PORTAL_INSTANCE": str(folder), "PORTAL_SECRET_KEY": "bench " * 8}
    with (
        served(PORTAL, "portal.factory:create_app()", env, "/healthz") as (port, pid),
        served(FLOOR, "tests.bench.floor:app", {}, "/hello") as (floor_port, _pid),
    ):
        print(f"\n{cases:,} cases, {opened:,} open (built in {made:.0f} s)\n")
        print(
            "| what | portal p50 ms | p95 ms | per second | floor | floor p50 ms | floor per second "
            "| p50 ÷ floor | rate ÷ floor |"
        )
        print("| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |")
        for name, clients, shots, base, bare_shots in ROWS:
            if "{case}" in name or name.startswith("case page"):
                shots = page(f"/cases/{_open_case(folder)}")
            ours: list[Result] = []
            floors: list[Result] = []
            for _turn in range(turns):  # in turns, so that both sides meet the same machine
                ours.append(run(shots, port, clients, seconds / turns))
                floors.append(run(bare_shots, floor_port, clients, seconds / turns))
            _row(name, base, ours, floors)
        print(f"\nmemory of the portal's server: {memory(pid):.0f} MB")
    print("\n| scores, one process, no server | ms |\n| --- | ---: |")
    for what, took in scores.rows(folder, ids):
        print(f"| {what} | {took:.0f} |", flush=True)


def _row(name: str, base: str, ours: list[Result], floors: list[Result]) -> None:
    def middle(values: list[float]) -> float:
        return statistics.median(values)

    bad = sum(r.bad for r in ours)
    rate, floor_rate = middle([r.rate for r in ours]), middle([r.rate for r in floors])
    p50, floor_p50 = middle([r.p50 for r in ours]), middle([r.p50 for r in floors])
    print(
        f"| {name}{f' — {bad} ERRORS' if bad else ''} | {p50:.1f} | "
        f"{middle([r.p95 for r in ours]):.1f} | {rate:.0f} | {base} | {floor_p50:.1f} | "
        f"{floor_rate:.0f} | {p50 / floor_p50:.1f} | {rate / floor_rate:.2f} |",
        flush=True,
    )


def _open_case(folder: Path) -> str:
    from portal.kernel.db import sqlite_module

    connection = sqlite_module.connect(str(folder / "portal.db"))
    found: str = connection.execute(
        'SELECT number FROM "case" WHERE closed_at IS NULL AND department_id = (SELECT department_id FROM "user"'
        " WHERE username = 'clerk') LIMIT 1"
    ).fetchone()[0]
    connection.close()
    return found


if __name__ == "__main__":
    main()
