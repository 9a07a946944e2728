"""What goes on paper: a month's bulletin, a score sheet, a list; one content for print, DOCX and XLSX (E-4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from portal.completion_report.paper import Content
from portal.kernel import clock
from portal.kernel.i18n import local_date, local_dt
from portal.kernel.sheets import Figure
from portal.monthly_result import vocabulary as words
from portal.monthly_result.models import MonthlyResult, ResultRow, Roll, RollKind
from portal.people import queries as people
from portal.pure.months import month_text
from portal.pure.scoring import plain, signed
from portal.score_evidence.amounts import amount
from portal.score_evidence.vocabulary import note
from portal.score_table.models import Subject

#: Title, headings, rows; points and places are a `Figure`, so that a spreadsheet can add and sort them.
Table = tuple[str, list[str], list[list[str]]]


def title(result: MonthlyResult) -> str:
    """What a result is called."""
    month = month_text(result.month)
    if result.subject == Subject.PERSON:
        return _("%(month)s 个人效能考评结果", month=month)
    return _("%(month)s 窗口效能考评结果", month=month)


def edition(result: MonthlyResult) -> str:
    """The edition in words."""
    if result.edition == 1:
        return _("第 1 版")
    return _("第 %(n)s 版（更正）", n=result.edition)


def signer(who: int | None, for_whom: int | None) -> str:
    """Who signed, and for whom (AB-4)."""
    names = people.user_names()
    name = names.get(who or 0, "")
    return _("%(who)s（代 %(whom)s）", who=name, whom=names.get(for_whom, "")) if for_whom else name


def figure(points: Decimal) -> Figure:
    """A total, a base, an average."""
    return Figure(plain(points), points)


def change(points: Decimal) -> Figure:
    """Points that are given or taken, with their sign."""
    return Figure(signed(points), points)


def place(row: ResultRow) -> str:
    """A place in words."""
    return _("不参加排名") if row.place is None else _("第 %(n)s 名", n=row.place)


def ranking(result: MonthlyResult) -> Table:
    """The ranking as a table."""
    person = result.subject == Subject.PERSON
    heads = [
        _("名次"),
        _("姓名") if person else _("窗口、科室"),
        *([_("科室")] if person else []),
        _("得分"),
        _("备注"),
    ]
    lines = []
    for row in result.rows:
        notes = [_("流动红旗")] if row.flag else []
        if row.excluded:
            notes.append(row.excluded)
        if row.corrected:
            notes.append(_("更正 %(points)s 分", points=signed(row.corrected)))
        lines.append(
            [
                "—" if row.place is None else Figure(str(row.place), row.place), row.name,
                *([row.department] if person else []), figure(row.total), _("；").join(notes),
            ]
        )  # fmt: skip
    return _("得分和名次"), heads, lines


def corrections(result: MonthlyResult) -> Table | None:
    """What a correcting edition changes; None for the first one."""
    if not result.corrections:
        return None
    called = {row.subject_id: row.name for row in result.rows}
    lines = [
        [
            called.get(c.subject_id, ""), change(c.points), str(words.STANDING_LABELS[c.standing]), c.reason,
        ]
        for c in result.corrections
    ]  # fmt: skip
    return _("更正内容"), [_("考评对象"), _("分数增减"), _("排名资格"), _("原因")], lines


def bulletin(result: MonthlyResult, now: datetime) -> Content:
    """The month's bulletin of an edition."""
    changed = corrections(result)
    remarks = [(_("评分表"), result.table_name)] if result.table_name else []
    if result.correction:
        remarks.append((_("更正原因"), result.correction))
    if result.opinion:
        remarks.append((_("督查组审核意见"), result.opinion))
    if result.digest:
        remarks.append((_("内容摘要（SHA-256）"), result.digest))
    signed = ""
    if result.signed_at:
        signed = _("签发：%(who)s", who=signer(result.signed_by_id, result.signed_for_id))
    return Content(
        unit=people.unit_name(),
        title=_("%(title)s通报", title=title(result)),
        subtitle=edition(result) if result.published_at else _("%(edition)s，尚未公布", edition=edition(result)),
        tables=[ranking(result), *([changed] if changed else [])],
        remarks=remarks,
        signed=signed,
        day=_day(result.published_at or now),
    )


def _day(at: datetime) -> str:
    return local_date(clock.local(at).date(), "formal")


def sheet(result: MonthlyResult, row: ResultRow, now: datetime) -> Content:
    """A subject's score sheet: categories, rules, lines, total."""
    read = row.read()
    kinds = [
        [c["name"], "—" if c["base"] is None else _figure(c["base"]), _change(c["change"]), _figure(c["points"]),
         _figure(c["counted"]), note(c["note"])]
        for c in read.get("categories", [])
    ]  # fmt: skip
    whole = [_("合计"), "", "", "", figure(row.total), _("已达总分上限") if read.get("capped") else ""]
    if row.corrected:
        kinds.append([_("更正"), "", change(row.corrected), "", change(row.corrected), ""])
    kinds.append(whole)
    lines = [
        [each["text"], each["on"], each["what"] or each["clue"], quantity(each), _change(each["points"]),
         note(each["note"])]
        for each in read.get("lines", [])
    ]  # fmt: skip
    head = _("%(name)s（%(department)s）", name=row.name, department=row.department) if row.department else row.name
    return Content(
        unit=people.unit_name(),
        title=_("效能考评计分单"),
        subtitle=_(
            "%(name)s　%(month)s　%(edition)s　%(place)s",
            name=head, month=month_text(result.month), edition=edition(result), place=place(row),
        ),
        tables=[
            (
                _("分类得分"),
                [_("类别"), _("基础分"), _("加减分"), _("得分"), _("计入总分"), _("说明")],
                kinds,
            ),
            (
                _("依据"),
                [_("规则"), _("日期"), _("事由"), _("数量"), _("分数"), _("说明")],
                lines or [[_("没有加减分"), "", "", "", "", ""]],
            ),
        ],
        remarks=[(_("不参加排名的原因"), row.excluded)] if row.excluded else [],
        signed=_("%(at)s 公布", at=local_dt(result.published_at)) if result.published_at else _("尚未公布"),
        day=_day(now),
    )  # fmt: skip


def _figure(text: str) -> Figure:
    return figure(Decimal(text))


def _change(text: str) -> Figure:
    return change(Decimal(text))


def quantity(line: Mapping[str, Any]) -> Figure:
    """What a line counts, with its unit; results published before units were kept have the figure alone."""
    return amount(Decimal(line["quantity"]), line.get("kind", ""), line.get("source", ""))


def certificate(result: MonthlyResult, row: ResultRow) -> dict[str, Any]:
    """The words of a red flag's certificate."""
    return {
        "to": row.name,
        "text": _(
            "在 %(year)s 年 %(month)s 月效能考评中得 %(points)s 分，名列第 %(place)s，授予“流动红旗”。",
            year=result.month.year, month=result.month.month, points=plain(row.total), place=row.place,
        ),
        "title": _("流动红旗"),
        "unit": people.unit_name(),
        "day": _day(result.published_at) if result.published_at else "",
    }  # fmt: skip


def period_words(roll: Roll) -> str:
    """The quarter or year in words."""
    if roll.quarter:
        return _("%(year)s 年第 %(n)s 季度", year=roll.year, n=roll.quarter)
    return _("%(year)s 年度", year=roll.year)


#: What those on a list are called, without the period.
HONOURS = {
    RollKind.QUARTER_PERSONS: lambda: _("先进个人"),
    RollKind.YEAR_PERSONS: lambda: _("先进个人"),
    RollKind.COLLECTIVES: lambda: _("先进集体"),
    RollKind.WINDOWS: lambda: _("示范窗口"),
}


def roll_title(roll: Roll) -> str:
    """What a list is called."""
    return _("%(period)s%(what)s", period=period_words(roll), what=HONOURS[roll.kind]())


def roll(found: Roll, now: datetime) -> Content:
    """A list on paper: those named, nobody else."""
    person = found.kind in (RollKind.QUARTER_PERSONS, RollKind.YEAR_PERSONS)
    heads = [_("序号"), _("姓名"), _("科室"), _("平均分")] if person else [_("序号"), _("窗口、科室"), _("平均分")]
    named = [e for e in found.entries if e.named]
    lines = [
        [Figure(str(n), n), e.name, *([e.department] if person else []), figure(e.average)]
        for n, e in enumerate(named, 1)
    ]
    remarks = [(_("更正原因"), found.correction)] if found.correction else []
    if found.digest:
        remarks.append((_("内容摘要（SHA-256）"), found.digest))
    signed = _("签发：%(who)s", who=signer(found.signed_by_id, found.signed_for_id)) if found.signed_at else ""
    first = _("第 1 版") if found.edition == 1 else _("第 %(n)s 版（更正）", n=found.edition)
    return Content(
        unit=people.unit_name(),
        title=_("%(title)s名单", title=roll_title(found)),
        subtitle=first if found.published_at else _("%(edition)s，尚未公布", edition=first),
        tables=[(_("名单"), heads, lines)],
        remarks=remarks,
        signed=signed,
        day=_day(found.published_at or now),
    )


def roll_certificate(found: Roll, name: str) -> dict[str, Any]:
    """The words of a certificate of a list."""
    return {
        "to": name,
        "text": _(
            "在%(period)s效能考评中成绩突出，评为“%(what)s”。", period=period_words(found), what=HONOURS[found.kind]()
        ),
        "title": _("荣誉证书"),
        "unit": people.unit_name(),
        "day": _day(found.published_at) if found.published_at else "",
    }
