"""The verbs of the one-time notice: issue it, and take the supplement in (N-1 … N-4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.calendar import queries as calendar
from portal.cases import service as cases
from portal.cases.models import Case, CaseMaterial
from portal.kernel import clock, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.i18n import limit_words
from portal.one_time_notice import queries, rules
from portal.one_time_notice import vocabulary as words
from portal.one_time_notice.models import Form, Notice, NoticeLine, Problem
from portal.policy import queries as policy
from portal.pure.numbering import check_code
from portal.pure.text import clean, is_storable, nfkc
from portal.service_commitment.models import ItemVersion

#: The longest time for which a client may be waited for; the statutory clock runs on meanwhile (T-4).
LONGEST_WAIT = timedelta(days=366)
REASON, NAME, NEXT_VISIT, LIMIT_TEXT, PARAGRAPH = 400, 200, 200, 120, 2000

OrderSource = Callable[[Case], str]
_orders: list[OrderSource] = []


def order_source(callback: OrderSource) -> OrderSource:
    """Register what may order a notice: ``callback(case)`` gives the number of the filing whose decision orders it.

    An empty text means that nothing is ordered now; of several sources the first that has a number wins (D-3).
    """
    if callback not in _orders:
        _orders.append(callback)
    return callback


def standing_order(case: Case) -> str:
    """The number of the filing whose decision orders a notice for this case now, or an empty text (D-3)."""
    return next((number for source in _orders if (number := source(case))), "")


@dataclass(frozen=True)
class Line:
    """One line of a notice: a line of the case's checklist, or with ``name`` one that no checklist has."""

    material_id: int | None
    problem: Problem
    reason: str
    name: str = ""


@dataclass(frozen=True)
class Told:
    """Basis, limit and procedure as a notice states them; empty where the catalogue says nothing."""

    basis: str = ""
    limit_text: str = ""
    procedure: str = ""


def bound(case: Case) -> Told:
    """What the version that binds the case says (C-3), in Chinese; handlers can only fill in what is empty."""
    version = version_of(case)
    if version is None:
        return Told()
    return Told(version.basis, stored_limit_of(version), version.procedure)


def shown(case: Case) -> Told:
    """What the version that binds the case says, for the page that tells it: the limit in the reader's language."""
    version = version_of(case)
    return bound(case) if version is None else replace(bound(case), limit_text=limit_of(version))


def version_of(case: Case) -> ItemVersion | None:
    """The version that binds the case: the promise's from acceptance on, before that the one of receipt (C-3)."""
    return case.promise_version or case.receipt_version


def limit_of(version: ItemVersion) -> str:
    """Both limits of a version in words of the current language."""
    promised = limit_words(version.promised_limit)
    if not version.statutory_limit:
        return _("承诺 %(promised)s", promised=promised)
    return _("承诺 %(promised)s，法定 %(statutory)s", promised=promised, statutory=limit_words(version.statutory_limit))


def stored_limit_of(version: ItemVersion) -> str:
    """Both limits of a version as a notice keeps them, in Chinese whoever issues it."""
    with force_locale("zh"):
        return limit_of(version)


def enquiry_limit() -> str:
    """The limit for matters that are not in the catalogue, in Chinese words (T-1)."""
    with force_locale("zh"):
        return _("承诺 %(promised)s", promised=limit_words(policy.value("timed_completion.enquiry")))


def default_until(now: datetime) -> date:
    """The date until which a client is waited for by policy (N-7)."""
    return rules.default_until(now, policy.value("one_time_notice.supplement_within"), calendar.work_calendar())


def repeated(case: Case, lines: Iterable[Line]) -> list[CaseMaterial]:
    """What these lines would ask for that an earlier notice should have asked for (N-4)."""
    asked = [rules.Asked(line.material_id, line.problem) for line in lines if line.material_id is not None]
    found = set(rules.repeated(_facts(case), asked, queries.earlier(case.id)))
    return [m for m in case.materials if m.id in found]


def _facts(case: Case) -> list[rules.Material]:
    return [rules.Material(m.id, m.required, m.in_checklist, m.received_at) for m in case.materials]


def issue(
    actor: Actor,
    case: Case,
    now: datetime,
    *,
    form: Form,
    lines: Sequence[Line],
    next_visit: str,
    until: date,
    ordered_by: str = "",
    basis: str = "",
    limit_text: str = "",
    procedure: str = "",
    received: Iterable[int] = (),
) -> Notice:
    """Tell the client at once all that is missing or wrong (N-1); the case waits for the supplement until ``until``.

    ``received`` are ids of materials found to be handed in (N-2). ``basis``, ``limit_text`` and ``procedure`` count
    only where the bound version says nothing. Raises Invalid when a required material that was not handed in is left
    out, a reason or text is blank, a line is not of this case, writing is policy (N-3), the date is out of bounds, or
    ``ordered_by`` is not the standing order; NotAllowed and Conflict as every verb of a case.
    """
    cases.handle(actor, case, now)
    if policy.value("one_time_notice.written_always") and form is not Form.WRITTEN:
        raise Invalid("form", _("本单位规定一律书面告知。"), "N-3")
    today = clock.local(now).date()
    if not today <= until <= today + LONGEST_WAIT:
        raise Invalid("until", _("补正期限应在今天以后、一年以内。"), "N-7")
    told = _told(case, basis, limit_text, procedure)
    visit = _text("next_visit", next_visit, NEXT_VISIT, _("请写明下次何时、到哪里来。"))
    order = standing_order(case)
    if ordered_by and ordered_by != order:
        raise Invalid("ordered_by", _("否定报备 %(number)s 没有要求补正这件办件。", number=ordered_by), "D-3")

    by_id = {m.id: m for m in case.materials}
    checked = _checked(by_id, lines)
    newly = {i for i in received if i in by_id} - {line.material_id for line in checked}
    if positions := [m.position for m in case.materials if m.id in newly and m.received_at is None]:
        cases.receive_materials(actor, case, positions, now)
    asked = [rules.Asked(line.material_id, line.problem) for line in checked if line.material_id is not None]
    if left := rules.forgotten(_facts(case), asked):
        names = "、".join(by_id[i].name for i in left)
        raise Invalid("lines", _("还缺的材料须一次告知齐全，漏了：%(names)s。", names=names), "N-1")
    late = repeated(case, checked)

    number = numbers.take("GZ", now)
    notice = Notice(
        number=number,
        check_code=check_code(number, secret()),
        case_id=case.id,
        ordinal=len(queries.earlier(case.id)) + 1,
        form=form,
        basis=told.basis,
        limit_text=told.limit_text,
        procedure=told.procedure,
        next_visit=visit,
        supplement_due_on=until,
        ordered_by=order,
        repeats=bool(late),
        issued_by_id=actor.id or 0,
        issued_at=now,
    )
    named = [(line, by_id[line.material_id] if line.material_id else _add(case, line.name)) for line in checked]
    db.session.flush()
    notice.lines = [
        NoticeLine(position=n, material_id=m.id, name=m.name, problem=line.problem, reason=line.reason)
        for n, (line, m) in enumerate(named, 1)
    ]
    db.session.add(notice)
    journal.record(
        words.ISSUED,
        notice,
        actor,
        now,
        post_id=case.post_id,
        number=number,
        ordinal=notice.ordinal,
        form=str(form),
        missing=[m.name for line, m in named if line.problem is Problem.MISSING],
        wrong=[m.name for line, m in named if line.problem is Problem.WRONG],
        until=until,
        ordered_by=order,
        reasons=[line.reason for line, _m in named],
    )
    if late:
        journal.record(
            words.REPEATED, notice, actor, now, post_id=case.post_id, number=number, names=[m.name for m in late]
        )
    cases.want_supplement(actor, case, number, until, [m for _l, m in named if m.received_at], now)
    return notice


def _told(case: Case, basis: str, limit_text: str, procedure: str) -> Told:
    fixed = bound(case)
    return Told(
        fixed.basis or _text("basis", basis, PARAGRAPH, _("请写明办理依据。")),
        fixed.limit_text or _text("limit_text", limit_text, LIMIT_TEXT, _("请写明办理时限。")),
        fixed.procedure or _text("procedure", procedure, PARAGRAPH, _("请写明办理程序。")),
    )


def _text(field: str, typed: str, limit: int, needed: str) -> str:
    """A text that a notice cannot do without, cleaned. Raises Invalid at the field."""
    text = clean(typed)
    if not text:
        raise Invalid(field, needed, "N-1")
    if not is_storable(text):
        raise Invalid(field, _("含有无法保存的字符，请删除后重试。"))
    if len(text) > limit:
        raise Invalid(field, _("最多 %(limit)s 个字，现有 %(length)s 个。", limit=limit, length=len(text)))
    return text


def _checked(by_id: dict[int, CaseMaterial], lines: Sequence[Line]) -> list[Line]:
    """The lines with cleaned texts. Raises Invalid when there is none, or one is foreign, named twice or bare."""
    if not lines:
        raise Invalid("lines", _("请至少告知一项缺少或不符合要求的材料。"), "N-1")
    seen: set[int] = set()
    names = {_same(m.name) for m in by_id.values()}
    found = []
    for line in lines:
        field = "lines"
        name = ""
        if line.material_id is None:
            name = _text(field, line.name, NAME, _("请写明清单以外的材料名称。"))
            if _same(name) in names:
                raise Invalid(field, _("“%(name)s”已在清单上，请在清单里选择。", name=name), "N-2")
            names.add(_same(name))
        elif line.material_id not in by_id or line.material_id in seen:
            raise Invalid(field, _("材料不在这件办件的清单上，或者选了两次。"), "N-2")
        else:
            seen.add(line.material_id)
            field = f"reason_{line.material_id}"
        reason = _text(field, line.reason, REASON, _("请写明缺少或不符合要求的原因。"))
        found.append(Line(line.material_id, line.problem, reason, name))
    return found


def _same(name: str) -> str:
    return "".join(nfkc(name).lower().split())


def _add(case: Case, name: str) -> CaseMaterial:
    """A material that no checklist has; from now on it is required for this case."""
    added = CaseMaterial(
        position=max((m.position for m in case.materials), default=0) + 1, name=name, required=True, in_checklist=False
    )
    case.materials.append(added)
    return added


def supplement(actor: Actor, case: Case, positions: Iterable[int], now: datetime) -> bool:
    """The client came back with papers: True when the case goes on, False when a further notice is due (N-4, T-4).

    Raises Invalid when nothing is ticked while something is missing; NotAllowed and Conflict as every verb of a case.
    """
    complete = cases.supplement(actor, case, positions, now)
    notice = queries.latest(case.id)
    if notice is not None and notice.answered_at is None:
        notice.answered_at = now
        journal.record(
            words.ANSWERED, notice, actor, now, post_id=case.post_id, number=notice.number, complete=complete
        )
    return complete


def secret() -> bytes:
    """What check codes are made with: the site's secret key."""
    return str(current_app.config["SECRET_KEY"]).encode()


def receipt_code(case: Case) -> str:
    """The check code of a case's receipt for materials (N-6)."""
    return check_code(queries.receipt_text(case.number), secret())
