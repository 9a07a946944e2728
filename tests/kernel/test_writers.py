"""The queue of writers: the file is waited for, inherited by nobody, and decides nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from portal.kernel import writers

HOLD = """
import sys, pathlib
from portal.kernel import writers
with writers.queue(pathlib.Path(sys.argv[1]), 5):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that has its turn; gives the file and how to end it."""
    file = tmp_path / "portal.turn"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield file, process
    process.kill()
    process.wait()


def test_another_process_is_waited_for_no_longer_than_patience_lasts(holder):
    file, _process = holder
    began = time.monotonic()
    with writers.queue(file, 0.05):
        waited = time.monotonic() - began
    assert waited >= 0.05


AGAIN = """
import sys, pathlib
from portal.kernel import writers
file = pathlib.Path(sys.argv[1])
with writers.queue(file, 5):
    print("held", flush=True)
    sys.stdin.readline()
with writers.queue(file, 5):
    print("again", flush=True)
    sys.stdin.readline()
"""


def test_who_waits_comes_before_who_had_a_turn(tmp_path):
    """Two processes that both have more to write take turns: none starves the other."""
    file = tmp_path / "portal.turn"
    process = subprocess.Popen(
        [sys.executable, "-c", AGAIN, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "held\n"
        got, done = threading.Event(), threading.Event()
        waiter = threading.Thread(target=_hold, args=(file, got, done))
        waiter.start()
        while _free(file.with_suffix(".next")):
            time.sleep(0.01)  # the thread is not yet the next
        process.stdin.write("\n")
        process.stdin.flush()
        assert got.wait(30), "the other process took both turns"
        done.set()
        waiter.join(30)
        assert process.stdout.readline() == "again\n"
    finally:
        process.kill()
        process.wait()


def _hold(file, got, done):
    with writers.queue(file, 30):
        got.set()
        done.wait(30)


def test_a_killed_process_leaves_its_turn(holder):
    file, process = holder
    process.kill()
    process.wait()
    with writers.queue(file, 30) as _turn:
        assert not _free(file)
    assert _free(file)


def test_a_turn_within_a_turn_is_the_same_turn(tmp_path):
    file = tmp_path / "portal.turn"
    with writers.queue(file, 0):
        with writers.queue(file, 0):
            assert not _free(file)
        assert not _free(file)
    assert _free(file)


def test_a_database_server_needs_no_file(tmp_path):
    with writers.queue(None, 0):
        assert list(tmp_path.iterdir()) == []


def _free(file) -> bool:
    """Whether another process would get the turn now."""
    code = (
        "import fcntl, os, sys\n"
        "try:\n fcntl.flock(os.open(sys.argv[1], os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
        "except OSError:\n sys.exit(1)\n"
    )
    return subprocess.run([sys.executable, "-c", code, str(file)], check=False).returncode == 0
