"""An item as the public sees it: its guide, who answers for it now, how its promise was kept (C-1, C-4, C-7, C-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.ab_post import queries as ab
from portal.ab_post.models import Letter
from portal.ab_post.picture import Picture
from portal.calendar import queries as calendar
from portal.kernel import clock
from portal.message_card import queries as cards
from portal.policy import queries as policy
from portal.public import keeping, rules
from portal.public.rules import Kept
from portal.public.vocabulary import WAY_LABELS
from portal.service_commitment import guides, queries
from portal.service_commitment import vocabulary as catalogue_words
from portal.service_commitment.guides import Guide
from portal.service_commitment.models import CaseKind
from portal.service_commitment.words import limit_text


@dataclass(frozen=True)
class Person:
    """A holder of a post as shown to strangers: whether here, never why not."""

    letter: str
    name: str
    here: bool
    #: Answers for the post now.
    answers: bool


@dataclass(frozen=True)
class OnDuty:
    """Who answers for a post now (C-7, AB-3); ``name`` is empty when nobody does."""

    post: str
    code: str
    name: str
    acting: bool
    holders: tuple[Person, ...]


def on_duty(guide: Guide, now: datetime) -> OnDuty:
    """Who answers for the post of an item now, and its two holders."""
    seen, day = ab.picture_at(now), clock.local(now).date()
    answer = seen.answer(guide.post_id, now)
    people = [
        _person(seen, letter, seen.holder(guide.post_id, letter, day), answer.user_id, now)
        for letter in (Letter.A, Letter.B)
    ]
    return OnDuty(
        guide.post_name,
        guide.post_code,
        seen.names.get(answer.user_id or 0, ""),
        answer.acting,
        tuple(p for p in people if p.name),
    )


def _person(seen: Picture, letter: Letter, user_id: int | None, answering: int | None, now: datetime) -> Person:
    here = user_id is not None and seen.present(user_id, now)
    return Person(str(letter), seen.names.get(user_id or 0, ""), here, user_id is not None and user_id == answering)


@dataclass(frozen=True)
class Bar:
    """One bar of the picture of a promise, with the same fact in words beside it."""

    name: str
    words: str
    #: Percent of the longest; None: nothing to draw.
    width: float | None
    cls: str


@dataclass(frozen=True)
class Record:
    """How the promise of an item was really kept in the last 90 days; withheld for a few cases only (C-4)."""

    kept: Kept
    shown: bool
    average: keeping.Average | None

    @property
    def rate(self) -> str:
        """The on-time rate in percent, or empty."""
        return rules.percent(self.kept.rate) if self.shown else ""


def least() -> int:
    """Of how few cases figures are withheld from strangers (C-4)."""
    return int(policy.value("public.withheld_below"))


def record(guide: Guide, now: datetime) -> Record:
    """The record of an item, some minutes old at most."""
    kept = keeping.published("90d", now).by_item().get(guide.item_id, Kept())
    shown = kept.shown(least())
    average = keeping.average(guide.item_id, guide.promised_limit, now) if shown else None
    return Record(kept, shown, average if average is not None and average.cases >= least() else None)


def bars(guide: Guide, found: Record) -> list[Bar]:
    """The promise, the law and the real average as lengths (C-1, C-2)."""
    minutes = calendar.work_calendar().hours.minutes_per_day
    promised = rules.days_of(guide.promised_limit, minutes)
    lawful = rules.days_of(guide.statutory_limit, minutes)
    real = None
    if found.average is not None and promised is not None:
        real = promised * found.average.share / 100 if found.average.share is not None else 0.0
    widths = rules.shares(promised, lawful, real)
    return [
        Bar(_("承诺"), limit_text(guide.promised_limit), widths[0], "a"),
        Bar(_("法定"), limit_text(guide.statutory_limit) or _("法律未规定"), widths[1], "b0"),
        Bar(_("近 90 天平均"), found.average.words if found.average else _("件数不足，不公布"), widths[2], "c"),
    ]


def promise_parts(limit: str) -> tuple[str, str]:
    """A promise as a figure and its unit: ``5wd`` → 5, 个工作日; what is done on the spot has no figure."""
    text = limit_text(limit)
    digits = text.split(" ", 1)
    return (digits[0], digits[1]) if len(digits) == 2 and digits[0].isdigit() else ("", text)


def comparison(guide: Guide) -> str:
    """The promise against the law in one sentence (C-2)."""
    if guide.kind is CaseKind.ON_SPOT:
        return _("材料齐全的，当场办结。")
    if not guide.statutory_limit:
        return _("我们承诺受理后 %(promised)s内办结；法律没有规定时限。", promised=limit_text(guide.promised_limit))
    return _(
        "我们承诺受理后 %(promised)s内办结，法律规定的时限是 %(lawful)s。",
        promised=limit_text(guide.promised_limit),
        lawful=limit_text(guide.statutory_limit),
    )


def fee(guide: Guide) -> str:
    """What is charged, in words (C-9)."""
    if guide.fee_fen:
        amount = f"{guide.fee_fen / 100:.2f}".removesuffix(".00")
        return (
            _("%(amount)s 元／%(unit)s", amount=amount, unit=guide.fee_unit)
            if guide.fee_unit
            else _("%(amount)s 元", amount=amount)
        )
    return guide.fee if guide.fee not in ("", "不收费") else _("不收费")


def papers(guide: Guide) -> str:
    """How many materials have to be brought, in words."""
    n = sum(m.required for m in guide.materials)
    if not guide.materials:
        return _("不用带材料")
    return ngettext("%(num)s 项", "%(num)s 项", n) if n else _("都可不带")


def needs(material: guides.GuideMaterial) -> str:
    """Form and copies of a material."""
    copies = ngettext("%(num)s 份", "%(num)s 份", material.copies)
    return _("%(form)s %(copies)s", form=material.form, copies=copies) if material.form else copies


def place(guide: Guide) -> str:
    """Where it is handled: the item's place, else the post's, else the department's."""
    return guide.place or _department(guide).place


def phone(guide: Guide) -> str:
    """The phone for questions."""
    return guide.phone or _department(guide).phone


def _department(guide: Guide) -> cards.Place:
    found = next((d for d in cards.places() if d.id == guide.department_id), None)
    return found or cards.Place(0, "", "", "", "")


def complaint(guide: Guide | None = None) -> str:
    """Where to complain: the item's own address, else the office's (C-5)."""
    own = guide.complaint if guide is not None else ""
    return own or str(policy.value("service_commitment.complaint_contact"))


def breach_kinds(guide: Guide) -> list[str]:
    """What a client gets for a broken promise, in words (C-8)."""
    labels = {str(kind): str(label) for kind, label in catalogue_words.BREACH_LABELS.items()}
    return [labels[k] for k in guide.breach_kinds if k in labels]


def related(guide: Guide) -> list[Guide]:
    """Related items that are still offered."""
    return [found for code in guide.related if (found := guides.guide(code)) is not None]


# --- the catalogue ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What the catalogue is narrowed to."""

    q: str = ""
    topic: str = ""
    department: str = ""
    way: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.q or self.topic or self.department or self.way)


def _way(guide: Guide, way: str) -> bool:
    match way:
        case "on_spot":
            return guide.kind is CaseKind.ON_SPOT
        case "free":
            return guide.free
        case "no_papers":
            return not any(m.required for m in guide.materials)
        case _:
            return True


def found(wanted: Wanted) -> list[Guide]:
    """The items that fit, the best first when something was typed (names, aliases, pinyin), else by code."""
    offered = guides.guides()
    if wanted.q:
        by_code = {g.code: g for g in offered}
        offered = tuple(by_code[e.code] for e in queries.find(wanted.q, limit=1000) if e.code in by_code)
    codes = {d.id: d.code for d in cards.places()}
    return [
        g
        for g in offered
        if (not wanted.topic or g.topic == wanted.topic)
        and (not wanted.department or codes.get(g.department_id) == wanted.department)
        and _way(g, wanted.way)
    ]


def counts() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """How many items each topic, department (by code) and way of handling has."""
    offered = guides.guides()
    topics: dict[str, int] = {}
    here: dict[int, int] = {}
    for each in offered:
        if each.topic:
            topics[each.topic] = topics.get(each.topic, 0) + 1
        here[each.department_id] = here.get(each.department_id, 0) + 1
    departments = {d.code: here[d.id] for d in cards.places() if d.id in here}
    ways = {way: sum(_way(g, way) for g in offered) for way in WAY_LABELS}
    return dict(sorted(topics.items())), departments, {w: n for w, n in ways.items() if n}


def common() -> list[Guide]:
    """The common matters shown as chips."""
    codes = [e.code for e in queries.common()]
    return [g for code in codes if (g := guides.guide(code)) is not None]
