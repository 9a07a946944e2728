"""How a scripted case of the sample office begins: at the window, through the first-ask log (F-3, T-11)."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from random import Random

from portal.cases.models import Case
from portal.demo import clients, lives
from portal.demo.items import ITEMS
from portal.demo.stage import Stage
from portal.first_ask import service as first_ask
from portal.first_ask.models import Channel, Disposition
from portal.first_ask.service import Asked
from portal.kernel.db import db

#: (working day back from the next close of business, time)
When = tuple[int, str]
Opened = Generator[datetime, datetime, tuple[Case, datetime]]


def opened(
    stage: Stage,
    when: When,
    code: str,
    r: Random,
    *,
    what: Disposition = Disposition.CASE,
    channel: Channel = Channel.VISIT,
    papers: bool = True,
    accept: bool = True,
) -> Opened:
    """A client hands in a matter at the window; ``papers``: it is complete; ``accept``: accepted soon."""
    at = yield stage.work.at(*when)
    asker = stage.one_of(["wangmin", "liqiang", "sunjie", "zhaogang"], at)
    who = clients.client(r, whole=True)
    made = first_ask.file(asker, Asked(clients.matter(ITEMS[code], r, who), what, channel, stage.entry(code), who), at)
    case = db.session.get_one(Case, made.case_id)
    if papers:
        at = yield stage.work.after(at, 6)
        actor, at = yield from stage.answering(case.post_id, at)
        lives.take_papers(actor, case, at)
        if accept:
            at = yield stage.work.after(at, 9)
            at = yield from lives.accepted(stage, case, at)
    return case, at
