"""Serving a small or middling office: waitress with a few threads, and the sweeps beside it in the same process."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable
from types import FrameType

from flask import Flask
from waitress.server import create_server

from portal.config import Config
from portal.operations import sweeping

#: A little more than the application accepts, so that the application answers with its own page.
_LARGEST_BODY = 80 * 1024 * 1024


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def address(host: str, port: int, https: bool = False) -> str:
    """The address to open in a browser; a wildcard host is shown as this machine."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "", "*") else "::1" if host == "::" else host  # noqa: S104
    return f"{'https' if https else 'http'}://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def serve(app: Flask, config: Config, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or a termination signal; ``ready`` gets the address once the port is bound.

    Raises OSError when the port cannot be bound.
    """
    server = create_server(
        app,
        host=config.host,
        port=config.port,
        threads=config.threads,
        ident=None,
        max_request_body_size=_LARGEST_BODY,
        url_scheme="https" if config.https else "http",
        clear_untrusted_proxy_headers=not config.trusted_proxies,
    )
    port = getattr(server, "effective_port", None) or server.effective_listen[0][1]
    signal.signal(signal.SIGTERM, _stop)
    stop = threading.Event()
    sweeper = threading.Thread(
        target=sweeping.loop, args=(app, config.sweep_seconds, stop), name="portal-sweep", daemon=True
    )
    gc.collect()
    gc.freeze()  # what is loaded lives as long as the server: it is never looked through again
    ready(address(config.host, int(port), config.https))
    sweeper.start()
    try:
        server.run()
    finally:
        stop.set()
        sweeper.join(timeout=15)
        server.close()


def until_stopped(work: Callable[[threading.Event], None]) -> None:
    """Run work that watches an event, and set the event on Ctrl-C or a termination signal."""
    signal.signal(signal.SIGTERM, _stop)
    stop = threading.Event()
    try:
        work(stop)
    except (KeyboardInterrupt, SystemExit):
        stop.set()
