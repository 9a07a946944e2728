"""Pages of the office: figures, reasons, comments, signed ballots, tablets (S-3, W-0)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.cases.models import Case
from portal.client_opinion.vocabulary import READ as OPINIONS
from portal.evaluation import queries, rules, service
from portal.evaluation import vocabulary as words
from portal.evaluation.forms import FilterForm, PairForm
from portal.evaluation.models import Grade, Kiosk, SignedBallot
from portal.evaluation.public_pages import bp
from portal.evaluation.queries import Line
from portal.kernel import access, clock, sheets
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.policy import queries as policy
from portal.pure.months import month_after, month_text

__all__ = ["bp"]

Answer = str | BaseResponse | tuple[str, int]
#: Months of the table by months, and those that may be chosen.
TREND, CHOICES = 12, 24
#: Comments and signed ballots of an export at most.
MOST_EXPORTED = 5000
#: The list names the case of a ballot.
_NUMBERED = joinedload(SignedBallot.case).load_only(Case.number)
_MONTH, _QUARTER = re.compile(r"([0-9]{4})-([0-9]{2})"), re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True)
class Chosen:
    """A month or a quarter of an address."""

    months: tuple[date, ...]

    @property
    def key(self) -> str:
        """As it stands in an address: 2026-11 or 2026-Q4."""
        first = self.months[0]
        return month_text(first) if len(self.months) == 1 else f"{first.year}-Q{(first.month + 2) // 3}"

    @property
    def title(self) -> str:
        """In words."""
        first = self.months[0]
        if len(self.months) == 1:
            return _("%(year)s 年 %(month)s 月", year=first.year, month=first.month)
        return _("%(year)s 年第 %(quarter)s 季度", year=first.year, quarter=(first.month + 2) // 3)

    @property
    def last(self) -> date:
        """The last day."""
        return month_after(self.months[-1], 1) - timedelta(days=1)

    def moved(self, by: int) -> Chosen:
        """The period before (1) or after (-1)."""
        return Chosen(tuple(month_after(m, -by * len(self.months)) for m in self.months))


def _quarter(month: date) -> Chosen:
    first = month.replace(month=3 * ((month.month - 1) // 3) + 1)
    return Chosen(tuple(month_after(first, n) for n in range(3)))


def _chosen(typed: str) -> Chosen:
    """The period of an address; without one this month. Raises NotFound for what is none."""
    if not typed:
        return Chosen((rules.month_of(clock.today()),))
    if found := _QUARTER.fullmatch(typed):
        year, number, quarter = int(found[1]), 3 * int(found[2]) - 2, True
    elif found := _MONTH.fullmatch(typed):
        year, number, quarter = int(found[1]), int(found[2]), False
    else:
        raise NotFound()
    if not (2000 <= year <= 2098 and 1 <= number <= 12):
        raise NotFound()
    month = date(year, number, 1)
    return _quarter(month) if quarter else Chosen((month,))


def _period() -> str:
    """The period of an address; a line of evidence names its ``month`` (E-3)."""
    return request.args.get("period", "") or request.args.get("month", "")


def _department() -> int | None:
    """The department of an address, if the actor may read its figures. Raises NotFound for any other."""
    typed, seen = request.args.get("department", ""), queries.departments_seen(require_actor())
    if not typed:
        return None
    found = next((d for d in people.department_names() if str(d) == typed), None)
    if found is None or (seen is not None and found not in seen):
        raise NotFound()
    return found


def _figures() -> dict[str, Any]:
    """What the page and the export show."""
    actor = require_actor()
    chosen, department_id, seen = _chosen(_period()), _department(), None
    seen = queries.departments_seen(actor)
    if department_id is None and seen is not None and len(seen) == 1:
        department_id = next(iter(seen))
    last = chosen.months[-1]
    months = [month_after(last, -n) for n in range(TREND - 1, -1, -1)]
    whole = department_id is not None or seen is None
    parts = queries.released({*chosen.months, *(months if whole else ())})
    lines, total = queries.by_department(chosen.months, seen, parts)
    narrowed = seen if department_id is None else frozenset({department_id})
    keys = queries.shown_keys(chosen.months, narrowed, parts)
    trend = queries.by_month(months, department_id, parts) if whole else {}
    return {
        "chosen": chosen,
        "department": department_id,
        "lines": lines,
        "total": total,
        "unit": seen is None,
        "trend": {m: x for m, x in trend.items() if x.closed or x.known or x.slips},
        "keys": keys,
        "reasons": queries.reasons(keys),
        "names": people.department_names(),
        "four": lambda line: rules.four(line.cell.grades, [policy.value(f"evaluation.four_{g}") for g in Grade]),
        "words": words,
        "least": queries.least(),
        "month_text": month_text,
    }


@bp.get("/evaluation")
@access.guard(words.READ)
def index() -> str:
    """Coverage and satisfaction of a month or quarter, reasons, and anonymous comments (S-3)."""
    found = _figures()
    chosen: Chosen = found["chosen"]
    this = rules.month_of(clock.today())
    presets = [
        (_("本月"), Chosen((this,))),
        (_("上月"), Chosen((month_after(this, -1),))),
        (_("本季度"), _quarter(this)),
        (_("上季度"), _quarter(this).moved(1)),
    ]
    return page_or_fragment(
        "evaluation/index.html",
        "evaluation/_comments.html",
        page=paginate(queries.comments(found["keys"]), per_page=20),
        presets=presets,
        ends=rules.last_day(chosen.months[-1], policy.value("evaluation.valid_days")),
        may_print=bool(queries.departments_printed(require_actor())),
        may_pair=require_actor().can(words.PAIR),
        **found,
    )


def _row(name: str, line: Line, four: Any) -> list[Any]:
    """A line of the export; what is withheld is left empty and said."""
    figures = [
        name, line.slips, line.closed, line.cell.ballots if line.shown else None, line.coverage,
        str(words.LEVEL_LABELS[line.level]) if line.level else "",
    ]  # fmt: skip
    grades = list(line.cell.grades) if line.shown else [None] * len(Grade)
    mapped = list(four(line).values()) if line.shown else [None] * 4
    percent = line.cell.percent if line.shown else None
    return [*figures, *grades, percent, *mapped, _("有不足票数的部分未公布") if line.withheld else ""]


@bp.get("/evaluation/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """Figures, reasons and comments of a period as XLSX."""
    found = _figures()
    chosen: Chosen = found["chosen"]
    headings = [
        _("评议单"), _("办结数"), _("评议票数"), _("覆盖率（％）"), _("覆盖情况"),
        *(str(label) for label in words.GRADE_LABELS.values()), _("满意率（％）"),
        *(_("四档：%(name)s", name=str(label)) for label in words.FOUR_LABELS.values()), _("说明"),
    ]  # fmt: skip
    names, four = found["names"], found["four"]
    departments = [_row(names.get(d, ""), line, four) for d, line in found["lines"].items()]
    departments.append(_row(_("合计"), found["total"], four))
    content = sheets.workbook(
        [
            (_("分科室"), [_("科室"), *headings], departments),
            (
                _("分月"),
                [_("月份"), *headings],
                [_row(month_text(m), line, four) for m, line in found["trend"].items()],
            ),
            (
                _("原因"),
                [_("满意程度"), _("原因"), _("提到次数")],
                [[str(words.GRADE_LABELS[g]), reason, count] for g, reason, count in found["reasons"]],
            ),
            (
                _("留言"),
                [_("月份"), _("科室"), _("满意程度"), _("留言")],
                [
                    [
                        month_text(c.month),
                        names.get(c.department_id, ""),
                        str(words.GRADE_LABELS[c.grade]),
                        c.text,
                    ]
                    for c in db.session.scalars(queries.comments(found["keys"]).limit(MOST_EXPORTED))
                ],
            ),
        ]
    )
    return sheets.download(content, f"{_('服务对象评议')}-{chosen.key}.xlsx")


# --- signed ballots -------------------------------------------------------------------------------------------


def _filter() -> FilterForm:
    month = rules.month_of(clock.today())
    months = [month_after(month, -n) for n in range(CHOICES)]
    form = FilterForm(request.args, months, queries.departments_seen(require_actor()))
    form.validate()
    return form


@bp.get("/evaluation/signed")
@access.guard(words.READ)
def signed() -> str:
    """Signed ballots: the list behind their figures (W-0). Names and phones stand with the opinions."""
    actor, form = require_actor(), _filter()
    return page_or_fragment(
        "evaluation/signed.html",
        "evaluation/_signed.html",
        form=form,
        page=paginate(queries.signed(actor, form.wanted()).options(_NUMBERED)),
        words=words,
        names=people.department_names(),
        month_text=month_text,
        sees_names=actor.can(words.READ_ALL),
        opinion_url=lambda number: url_for("client_opinion.show", number=number) if actor.can(OPINIONS) else "",
        filtered=any(v for k, v in request.args.items() if k != "page"),
    )


@bp.get("/evaluation/signed/export.xlsx")
@access.guard(words.READ)
def export_signed() -> Response:
    """The filtered signed ballots as XLSX, without names and phones."""
    form, names = _filter(), people.department_names()
    headings = [
        _("月份"), _("科室"), _("满意程度"), _("原因"), _("留言"), _("办件编号"), _("意见编号"), _("是否计入"),
    ]  # fmt: skip
    lines = (
        [
            month_text(b.month),
            names.get(b.department_id, ""),
            str(words.GRADE_LABELS[b.grade]),
            "；".join(b.reasons.splitlines()),
            b.comment,
            b.case_number,
            b.opinion_number or "",
            _("查不属实，不计入") if b.untrue_at else _("计入满意率"),
        ]
        for b in db.session.scalars(queries.signed(require_actor(), form.wanted()).limit(MOST_EXPORTED))
    )
    return sheets.listed(_("署名评议"), headings, lines)


# --- tablets --------------------------------------------------------------------------------------------------


@bp.route("/evaluation/kiosks", methods=["GET", "POST"])
@access.guard(words.PAIR)
def kiosks() -> Answer:
    """The tablets of the counters, and the form that pairs a new one by the code on its screen."""
    form = PairForm()
    if form.sent():
        try:
            made = service.pair(require_actor(), form.code.data, form.name.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("终端“%(name)s”已连接，几秒后显示评议页面。", name=made.name))
            return go("evaluation.kiosks")
    page = render_template(
        "evaluation/kiosks.html",
        form=form,
        kiosks=queries.kiosks(),
        names=people.user_names(),
        address=url_for("evaluation.kiosk", _external=True),
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/evaluation/kiosks/<int:kiosk_id>/revoke")
@access.guard(words.PAIR)
def revoke(kiosk_id: int) -> BaseResponse:
    """End a tablet; it goes back to showing a code."""
    found = locked(Kiosk, id=kiosk_id)
    service.revoke(require_actor(), found, clock.now())
    flash(_("终端“%(name)s”已撤销。", name=found.name))
    return go("evaluation.kiosks")
