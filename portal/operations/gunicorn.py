"""Settings of gunicorn: ``gunicorn -c python:portal.operations.gunicorn 'portal.factory:create_app()'``.

One worker a core with two threads each. The application is loaded once, before the workers are forked, so that they
share what it is made of; what is in memory then is kept out of the garbage collector, whose marks would unshare it.
Every setting can be given on the command line instead.
"""

from __future__ import annotations

import ctypes
import gc
import os
from typing import Any

from flask import Flask
from flask_babel import force_locale

from portal.calendar.official import all_exceptions
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.i18n import LANGUAGES, local_date

bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = os.cpu_count() or 1
threads = 2
preload_app = True
control_socket_disable = True
keepalive = 75
#: Screens poll for as long as they live; a worker is given time to finish its answer.
graceful_timeout = 30


#: Of glibc's mallopt: from which size a block has pages of its own, and how many heaps threads may open.
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8


def _give_back() -> None:
    """Let large blocks (the work space of a password check is 19 MB) go back to the system when they are freed."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # glibc; others give back by themselves
        libc.mallopt(_MMAP_THRESHOLD, 256 * 1024)
        libc.mallopt(_ARENA_MAX, 1)


def _warm(app: Flask) -> None:
    """Have made before the fork what every worker would make for itself: templates, mappers, dates, the calendar.

    Templates in the office's own language only: a second set of hundreds is made page by page where somebody reads it.
    """
    language = LANGUAGES[0]
    with app.test_request_context(), force_locale(language):
        templates = app.jinja_env.of(language)  # type: ignore[attr-defined]
        for name in templates.list_templates(extensions=["html"]):
            templates.get_template(name)
    for language in LANGUAGES:
        with app.test_request_context(), force_locale(language):
            local_date(clock.today(), "long")
    all_exceptions()
    app.test_client().get("/login")
    with app.app_context():
        db.engine.dispose()  # a connection belongs to the process that opened it


def when_ready(server: Any) -> None:
    """Before the first fork: make what all need, then leave everything that is loaded to the workers as it is."""
    _give_back()
    _warm(server.app.wsgi())
    gc.collect()
    gc.freeze()
