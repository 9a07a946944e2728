"""A small closed-loop load client: keep-alive connections, one process per client, loopback only."""

from __future__ import annotations

import http.client
import multiprocessing
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass
class Result:
    """What one measurement found; times in milliseconds."""

    ok: int = 0
    bad: int = 0
    seconds: float = 0.0
    times: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return self.ok / self.seconds if self.seconds else 0.0

    def quantile(self, q: float) -> float:
        """A quantile of the answer times (ms)."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else float("nan")

    @property
    def p50(self) -> float:
        """The median answer time (ms)."""
        return self.quantile(0.5)

    @property
    def p95(self) -> float:
        """The 95th percentile of the answer times (ms)."""
        return self.quantile(0.95)


class Browser:
    """One connection with its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def request(
        self, method: str, path: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Send a request and read its whole answer."""
        head = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **(headers or {})}
        body = None
        if form is not None:
            body = urlencode(form).encode()
            head["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, head)
        answer = self.connection.getresponse()
        content = answer.read()
        found = {}
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.split(";")[0].partition("=")
                self.cookies[key] = rest
            found[name.lower()] = value
        return answer.status, found, content

    def token(self, path: str) -> str:
        """The CSRF token of a page."""
        _status, _head, body = self.request("GET", path)
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', body)
        return found.group(1).decode() if found else ""

    def log_in(self, username: str, password: str) -> None:
        """Log in; raises RuntimeError when refused."""
        token = self.token("/login")
        status, _head, _body = self.request(
            "POST", "/login", {"csrf_token": token, "username": username, "password": password}
        )
        if status != 303:
            raise RuntimeError(f"login as {username}: {status}")


#: One try: whether it was good, or (when it times itself) its milliseconds.
Shot = Callable[[Browser, int], bool | float]
Prepare = Callable[[int, int], tuple[Browser, Shot]]


def _client(prepare: Prepare, port: int, index: int, seconds: float, barrier: object, out: object) -> None:
    browser, shot = prepare(port, index)
    for n in range(3):
        shot(browser, -1 - n)
    barrier.wait(60)  # type: ignore[attr-defined]
    times, bad, began, n = [], 0, time.perf_counter(), 0
    while time.perf_counter() - began < seconds and n < 100_000:
        at = time.perf_counter()
        good = shot(browser, n)
        took = (time.perf_counter() - at) * 1000 if isinstance(good, bool) else good
        if good:
            times.append(took)
        else:
            bad += 1
        n += 1
    out.put((times, bad, time.perf_counter() - began))  # type: ignore[attr-defined]


def run(prepare: Prepare, port: int, clients: int, seconds: float) -> Result:
    """Run some clients at once for a while and add up what they saw."""
    context = multiprocessing.get_context("fork")
    barrier, out = context.Barrier(clients), context.Queue()
    workers = [
        context.Process(target=_client, args=(prepare, port, i, seconds, barrier, out), daemon=True)
        for i in range(clients)
    ]
    for worker in workers:
        worker.start()
    found = [out.get(timeout=seconds + 120) for _w in workers]
    for worker in workers:
        worker.join()
    result = Result(seconds=max(f[2] for f in found))
    for times, bad, _seconds in found:
        result.times += times
        result.bad += bad
    result.ok = len(result.times)
    return result
