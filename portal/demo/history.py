"""Two months of the sample office: everyday visits and calls, and what became of them (F-1 … F-4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from portal.cases.models import Case
from portal.demo import clients, lives
from portal.demo.cast import PEOPLE
from portal.demo.filings import everyday
from portal.demo.items import ITEMS
from portal.demo.lives import Part
from portal.demo.stage import Stage, Story
from portal.demo.worktime import on
from portal.first_ask import service as first_ask
from portal.first_ask.models import Channel, Disposition, FirstAsk
from portal.first_ask.service import Asked
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.service_commitment import queries as catalogue

DAYS = 61
PER_WORKDAY = 22

#: How often somebody is the first to be asked; on days off the science museum is open and the office has a duty phone.
_ASKERS = {
    "wangmin": 26, "liqiang": 24, "sunjie": 9, "zhaogang": 3, "zhouning": 5, "tangyue": 4, "linfang": 5, "huangbo": 5,
    "luoxin": 4, "xujing": 4, "panlei": 4, "yuanmeng": 3, "caiyun": 4, "shenyang": 6, "weilan": 5, "sunli": 1,
}  # fmt: skip
_DAY_OFF = {"shenyang": 5, "weilan": 4, "caiyun": 2}
_CHANNELS = (Channel.VISIT,) * 11 + (Channel.PHONE,) * 6 + (Channel.ONLINE,) * 3 + (Channel.LETTER,)
_REMOTE = (Channel.PHONE, Channel.PHONE, Channel.ONLINE)
_ON_DAYS_OFF = ("SX-027", "SX-004", "SX-002")


def begin(stage: Stage) -> None:
    """Plan the everyday entries of all days up to the end."""
    last = clock.local(stage.end).date()
    today = 0
    for back in range(DAYS, -1, -1):
        day = last - timedelta(days=back)
        r = Random(f"day {day}")  # noqa: S311 - sample data, nothing secret
        spans = stage.work.spans(day)
        count = _count(stage, day, bool(spans), r)
        for n in range(count):
            at = _moment(stage, day, r, bool(spans))
            if at < stage.end:
                today += not back
                own = Random(f"{day} {n}")  # noqa: S311
                stage.tell(entry(stage, at, own) if spans else on_day_off(stage, at, own))
    if today < 3:
        _on_duty(stage)


def _count(stage: Stage, day: date, worked: bool, r: Random) -> int:
    if not worked:
        return max(1, round(r.randint(3, 6) * stage.scale))
    busy = 1.25 if day.weekday() == 0 else 0.85 if day.weekday() == 4 else 1.0
    return max(2, round(PER_WORKDAY * busy * r.uniform(0.8, 1.2) * stage.scale))


def _moment(stage: Stage, day: date, r: Random, worked: bool) -> datetime:
    if not worked:
        return on(day, "09:30") + timedelta(minutes=r.randint(0, 400), seconds=r.randint(0, 59))
    (start, stop), *rest = stage.work.spans(day)
    if rest and r.random() < 0.42:
        start, stop = rest[0]
    return start + (stop - start) * r.betavariate(1.5, 2.0) + timedelta(seconds=r.randint(20, 80))


def _on_duty(stage: Stage) -> None:
    """It is early: what the duty phone has brought today so far."""
    midnight = clock.day_start(clock.local(stage.end).date())
    first = max(midnight, stage.end - timedelta(minutes=95))
    whole = stage.end - first - timedelta(minutes=3)
    if whole > timedelta(minutes=15):
        for n in range(3):
            stage.tell(on_day_off(stage, first + whole * (n + 1) / 4, Random(f"duty {n}")))  # noqa: S311


# --- one entry ------------------------------------------------------------------------------------------------


def _somebody(stage: Stage, weights: dict[str, int], r: Random, at: datetime) -> Actor | None:
    return stage.whoever(sorted(weights, key=lambda name: -(r.random() ** (1 / weights[name]))), at)


def on_day_off(stage: Stage, at: datetime, r: Random) -> Story:
    """A visit to the museum or a call on a day off or before office hours."""
    at = yield at
    actor = _somebody(stage, _DAY_OFF, r, at)
    if actor is None:
        return
    who = clients.client(r)
    matter, said = clients.enquiry(r)
    item = stage.entry(r.choice(_ON_DAYS_OFF)) if r.random() < 0.4 else None
    channel = r.choice(_REMOTE) if stage.username(actor) == "caiyun" else r.choice(_CHANNELS[:14])
    first_ask.file(
        actor,
        Asked(item.name if item else matter, channel=channel, item=item, client=who, outcome=said if not item else ""),
        at,
    )


def entry(stage: Stage, at: datetime, r: Random) -> Story:
    """Somebody comes or calls on a working day; the first-asker does one of the six things of F-3."""
    at = yield at
    actor = _somebody(stage, _ASKERS, r, at)
    if actor is None:
        return
    chance = r.random()
    if chance < 0.50:
        yield from _answered(stage, actor, r, at)
    elif chance < 0.57:
        matter, authority, contact = clients.outside(r)
        _file(actor, r, at, matter, Disposition.OUTSIDE, authority=authority, contact=contact)
    elif chance < 0.70:
        yield from _passed_on(stage, actor, r, at)
    else:
        what = Disposition.CASE if chance < 0.935 else Disposition.NOTICE if chance < 0.985 else Disposition.REFUSAL
        made = _file(actor, r, at, "", what, code=_code(stage, actor, r))
        case = db.session.get_one(Case, made.case_id)
        if what is Disposition.REFUSAL:
            yield from everyday(stage, case, r, at)
        else:
            yield from lives.ordinary(stage, case, r, at, lacking=what is Disposition.NOTICE)


def _code(stage: Stage, actor: Actor, r: Random, foreign: bool = False) -> str:
    """The code of an item: the window takes in all, others what is their department's; ``foreign``: of another's."""
    own = PEOPLE[stage.username(actor)].department
    codes = [
        code
        for code, item in ITEMS.items()
        if (item.post.partition("-")[0] != own if foreign else own in ("ZW", item.post.partition("-")[0]))
    ]
    return r.choices(codes, [3 if ITEMS[code].common else 1 for code in codes])[0]


def _file(
    actor: Actor,
    r: Random,
    at: datetime,
    matter: str,
    what: Disposition,
    *,
    code: str = "",
    said: str = "",
    authority: str = "",
    contact: str = "",
    to: int | None = None,
) -> FirstAsk:
    item = next((e for e in catalogue.entries() if e.code == code), None)
    who = clients.client(r, whole=what in (Disposition.CASE, Disposition.NOTICE, Disposition.REFUSAL))
    return first_ask.file(
        actor,
        Asked(
            matter or clients.matter(ITEMS[code], r, who),
            what,
            r.choice(_CHANNELS),
            item,
            who,
            outcome=said,
            to_department_id=to,
            outside_authority=authority,
            outside_contact=contact,
            asked_at=at - timedelta(seconds=r.randint(20, 260)),
        ),
        at,
    )


def _answered(stage: Stage, actor: Actor, r: Random, at: datetime) -> Part:
    if r.random() < 0.45:
        code = _code(stage, actor, r)
        said = f"已说明条件和材料，承诺时限以目录为准，可到{ITEMS[code].post}岗位办理。"
        made = _file(actor, r, at, f"咨询{ITEMS[code].name}怎么办理", Disposition.ANSWERED, code=code, said=said)
    else:
        matter, said = clients.enquiry(r)
        made = _file(actor, r, at, matter, Disposition.ANSWERED, said=said)
    if r.random() < 0.012:
        at = yield at + timedelta(minutes=r.randint(1, 6))
        first_ask.reverse(actor, made, "", at)
    return at


def _passed_on(stage: Stage, actor: Actor, r: Random, at: datetime) -> Part:
    """Passed to another department, which answers or opens a case (F-4)."""
    made = _file(actor, r, at, "", Disposition.PASSED, code=_code(stage, actor, r, foreign=True))
    department = made.handovers[0].to_department_id
    at = yield stage.work.after(at, r.randint(8, 260))
    taker, at = yield from stage.colleague(department, at)
    first_ask.accept(taker, made, at)
    at = yield stage.work.after(at, r.randint(10, 300))
    taker, at = yield from stage.colleague(department, at)
    if r.random() < 0.62:
        first_ask.answer(taker, made, "已电话联系来访人，说明办理办法和所需材料。", at)
        return at
    case = first_ask.open_case(taker, made, None, at)
    return (yield from lives.ordinary(stage, case, r, at))
