"""The command ``portal``: verify, upgrade, sweep, restore, and a server that starts and stops cleanly."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.kernel import clock, journal, transaction
from portal.kernel.db import db, dialect
from portal.operations import serving, sweeping
from portal.people.models import Department
from tests.drill.site import environment

ROOT = Path(__file__).resolve().parents[2]


def _behind_the_back(app, *statements: str) -> None:
    """What somebody with the database in hand can do: take the guards away and change an entry."""
    with app.app_context(), transaction.turn():
        for guard in ("journal_no_update", "journal_no_delete"):
            on = "" if dialect() == "sqlite" else " ON journal_entry"
            db.session.execute(text(f"DROP TRIGGER {guard}{on}"))
        for statement in statements:
            db.session.execute(text(statement))
        transaction.commit()
        db.session.remove()


def _head(app) -> tuple[int, str]:
    with app.app_context():
        return journal.head()


def test_verify_passes_and_is_journalled(app, command):
    entries, head = _head(app)
    found = command("verify")
    assert found.exit_code == 0
    assert str(entries) in found.output
    assert head in found.output
    with app.app_context():
        newest = db.session.scalars(db.select(journal.JournalEntry).order_by(journal.JournalEntry.seq.desc())).first()
        assert newest.event == "audit.verified"
        assert newest.fact() == {"entries": entries, "head": head, "result": "ok"}


def test_verify_names_the_first_bad_entry(app, command):
    _behind_the_back(
        app,
        "UPDATE journal_entry SET facts = '{}' WHERE seq = 9",
        "UPDATE journal_entry SET source = 'x' WHERE seq = 4",
    )
    found = command("verify")
    assert found.exit_code == 1
    assert re.search(r"第 4 条", found.output)


def test_verify_with_exported_heads_shows_a_cut_tail(app, command, tmp_path):
    heads = tmp_path / "heads.txt"
    assert command("verify", "--export", str(heads)).exit_code == 0
    assert command("verify", "--anchors", str(heads), "--export", str(heads)).exit_code == 0
    assert len(heads.read_text().splitlines()) == 2
    seq = int(heads.read_text().splitlines()[0].split()[0])
    _behind_the_back(app, f"DELETE FROM journal_entry WHERE seq >= {seq}")
    assert command("verify").exit_code == 0, "nothing inside the chain shows a cut tail"
    # that run has appended its own entry: the place is taken again, by another one
    found = command("verify", "--anchors", str(heads))
    assert found.exit_code == 1
    assert f"第 {seq} 条" in found.output


def test_verify_refuses_a_file_that_holds_no_heads(app, command, tmp_path):
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("# comment\n12 abc\n")
    found = command("verify", "--anchors", str(wrong))
    assert found.exit_code == 1
    assert "第 2 行" in found.output


def test_upgrade_makes_an_empty_database_current_and_again_changes_nothing(empty, command):
    assert command("verify", on=empty).exit_code == 1
    for _ in range(2):
        assert command("upgrade", on=empty).exit_code == 0
    assert command("verify", on=empty).exit_code == 0


def test_backup_and_restore_by_command(app, empty, command, tmp_path):
    made = command("backup", "--to", str(tmp_path / "to"))
    assert made.exit_code == 0, made.output
    (path,) = (tmp_path / "to").iterdir()
    restored = command("restore", str(path), on=empty)
    assert restored.exit_code == 0, restored.output
    again = command("restore", str(path), on=empty)
    assert again.exit_code == 1
    assert "不是空的" in again.output


def test_due_needs_no_office(command, empty):
    found = command("due", "--from", "2026-02-13", "--limit", "5wd", "--json", on=empty)
    assert found.exit_code == 0
    assert '"2026-02-27T' in found.output


def test_a_wrong_setting_is_named(app, command, monkeypatch):
    monkeypatch.setenv("PORTAL_THREADS", "many")
    found = command("verify")
    assert found.exit_code == 1
    assert "PORTAL_THREADS" in found.output


# --- sweeps -----------------------------------------------------------------------------------------------------


def _with_sweeps(app, **sweeps) -> None:
    plates = app.extensions["portal.plates"]
    first = plates[0]
    app.extensions["portal.plates"] = tuple(replace(first, name=name, sweep=sweep) for name, sweep in sweeps.items())


def test_a_failing_sweep_is_undone_and_stops_no_other(app, ids, command, caplog):
    def fails(now):
        db.session.add(Department(code="GONE", name="不会留下"))
        db.session.flush()
        raise RuntimeError("a fault in one room")

    ran = []
    _with_sweeps(app, bad=fails, good=lambda now: ran.append(now) or 3)
    done, failed = sweeping.once(app)
    assert failed == ["bad"]
    assert done["good"] == 3
    assert ran == [clock.now()]
    assert "the sweep of bad failed" in caplog.text
    with app.app_context():
        assert db.session.scalar(db.select(Department).where(Department.code == "GONE")) is None


def test_the_loop_sweeps_until_told_to_stop(app):
    ran = threading.Event()
    stop = threading.Event()
    _with_sweeps(app, room=lambda now: ran.set() or 0)
    thread = threading.Thread(target=sweeping.loop, args=(app, 1, stop))
    thread.start()
    assert ran.wait(10)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_sweep_by_command(app, command):
    found = command("sweep")
    assert found.exit_code == 0
    assert "submissions: 0" in found.output


# --- the server -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("portal.local", "http://portal.local:8000/"),
    ],
)
def test_the_address_can_be_opened(host, shown):
    assert serving.address(host, 8000) == shown


@pytest.mark.parametrize("how", [["-m", "portal.cli", "run"], ["app.py", "--demo"]])
def test_the_server_says_where_it_is_answers_and_stops(office, app, how):
    config = app.extensions["portal.config"]
    config.instance.chmod(0o700)
    server = subprocess.Popen(
        [sys.executable, *how, "--port", "0"], cwd=ROOT, env=environment(app), stdout=subprocess.PIPE, text=True
    )
    try:
        lines = []
        for line in server.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        first = re.search(r"http://127\.0\.0\.1:\d+/", lines[0])
        assert first, lines
        printed = any("Xiaoneng" in line for line in lines)
        assert printed == ("--demo" in how), "the logins of the sample office are printed, and no others"
        with urllib.request.urlopen(f"{first[0]}healthz", timeout=60) as answer:
            assert answer.status == 200
            assert answer.headers["Server"] is None
        server.send_signal(signal.SIGINT if "app.py" in how else signal.SIGTERM)
        assert server.wait(60) == 0
    finally:
        with suppress(ProcessLookupError):
            server.kill()
        server.wait()


def test_a_new_site_is_its_owners_only(tmp_path):
    folder = tmp_path / "site"
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    subprocess.run(
        [sys.executable, "-m", "portal.cli", "upgrade"],
        cwd=ROOT,
        env=kept | {"PORTAL_INSTANCE": str(folder)},
        check=True,
        capture_output=True,
    )
    for name in ("portal.db", "secret_key"):
        assert (folder / name).stat().st_mode & 0o077 == 0, name
