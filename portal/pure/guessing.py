"""When guessing is stopped: what counts as one address, and when wrong guesses block. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, the /64 of an IPv6 one; other text as it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


@dataclass(frozen=True)
class Counter:
    """The wrong guesses of one subject."""

    wrong: int
    since: datetime
    blocked_until: datetime | None = None

    def blocked(self, now: datetime) -> bool:
        """Whether its questions are refused now, right ones too."""
        return self.blocked_until is not None and now < self.blocked_until


def after_wrong(before: Counter | None, now: datetime, limit: int, within: timedelta, block: timedelta) -> Counter:
    """The counter after one more wrong guess. Counting begins anew after ``within``; from the limit on every wrong
    guess blocks anew, so that after a block there is one more try, not as many as before it."""
    if before is None or now - before.since >= within:
        before = Counter(0, now)
    wrong = before.wrong + 1
    return Counter(wrong, before.since, now + block if wrong >= limit else before.blocked_until)
