"""One message to one address, through the library that knows the services; and what can be said of it afterwards.

The library is loaded with the first message that goes out: a site without channels never loads it.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from enum import StrEnum

#: Seconds for the connection, and for the answer.
CONNECT, ANSWER = 4, 10


class Outcome(StrEnum):
    """What is known after a try."""

    SENT = "sent"
    #: Certainly not taken: no connection came about.
    UNREACHABLE = "unreachable"
    #: Certainly not taken: the service said no.
    REFUSED = "refused"
    #: Given away, and no answer: it may have been taken.
    LATE = "late"


@dataclass(frozen=True)
class Text:
    """What is sent."""

    title: str
    body: str


_NO_ANSWER = ("timed out. (read", "Read timed out", "RemoteDisconnected", "Connection aborted", "IncompleteRead")


def send(target: str, text: Text) -> Outcome:
    """Send now; waits CONNECT + ANSWER seconds at most. ``target``: an address made by `rules.target`."""
    import apprise

    separator = "&" if "?" in target else "?"
    asset = apprise.AppriseAsset(app_id="Portal", app_desc="", app_url="", storage_mode="memory")
    with apprise.LogCapture(level=logging.DEBUG) as told:
        service = apprise.Apprise.instantiate(f"{target}{separator}cto={CONNECT}&rto={ANSWER}", asset=asset)
        if service is None:
            return Outcome.REFUSED
        done = bool(service.notify(title=text.title, body=text.body or text.title))
        return Outcome.SENT if done else judge(told.getvalue())


def judge(told: str) -> Outcome:
    """What the library's record of a try in vain says about it."""
    if re.search(r"error=\d{3}", told):
        return Outcome.REFUSED
    found = told.rpartition("Socket Exception:")
    if not found[1]:
        return Outcome.REFUSED
    return Outcome.LATE if any(sign in found[2] for sign in _NO_ANSWER) else Outcome.UNREACHABLE
