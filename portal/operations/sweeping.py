"""Sweeps: every room records what time has brought about, each in a transaction of its own.

Being late, run twice or run by several processes at once changes nothing: the rooms see to it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.kernel import clock, idempotency, transaction
from portal.kernel.db import db
from portal.kernel.plates import plates

log = logging.getLogger("portal")


def once(app: Flask) -> tuple[dict[str, int], list[str]]:
    """Sweep every room once; returns what was done by room, and the rooms whose sweep failed.

    A failing room is logged and stops no other.
    """
    done: dict[str, int] = {}
    failed: list[str] = []
    with app.app_context():
        sweeps = [(plate.name, plate.sweep) for plate in plates() if plate.sweep is not None]
        for name, sweep in (*sweeps, ("submissions", idempotency.sweep)):
            with _alone(f"the sweep of {name}", name, failed), transaction.act():
                done[name] = sweep(clock.now())
        for plate in plates():
            if plate.afterwards is not None:
                with _alone(f"what follows the sweep of {plate.name}", plate.name, failed):
                    done[plate.name] = done.get(plate.name, 0) + plate.afterwards(clock.now())
    return done, failed


@contextmanager
def _alone(what: str, name: str, failed: list[str]) -> Iterator[None]:
    """Let a failure be logged and noted, and leave no session to whoever comes next."""
    try:
        yield
    except OperationalError as error:  # the database is held or away: the next sweep does it
        log.warning("%s could not write: %s", what, error.orig)
        failed.append(name)
    except Exception:
        log.exception("%s failed", what)
        failed.append(name)
    finally:
        db.session.remove()


def loop(app: Flask, seconds: int, stop: threading.Event) -> None:
    """Sweep at once and then every so many seconds until told to stop."""
    while True:
        once(app)
        if stop.wait(max(1, seconds)):
            return
