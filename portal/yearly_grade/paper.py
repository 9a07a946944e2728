"""The result of a round and of one person or department on paper: one content for print, DOCX and XLSX (E-5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from portal.accountability import vocabulary as accountability
from portal.accountability.models import MeasureKind
from portal.kernel.db import db
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date
from portal.kernel.sheets import Figure
from portal.people import queries as people
from portal.pure.scoring import Subject, plain
from portal.yearly_grade import queries, service, settings
from portal.yearly_grade import vocabulary as words
from portal.yearly_grade.deciding import stands
from portal.yearly_grade.models import YearlyRound, YearlyRow
from portal.yearly_grade.rules import Part
from portal.yearly_grade.vocabulary import grade_word


def figure(total: Decimal | None) -> str:
    """A figure without trailing zeros, a number in a spreadsheet; a dash where there is none."""
    return _("—") if total is None else Figure(plain(total), total)


def up_to(round_: YearlyRound, name: str) -> str:
    """The grades that share a quota: the highest alone, or a grade and those above it."""
    word = grade_word(name)
    return word if name == settings.of(round_).names[0] else _("%(grade)s及以上", grade=word)


def place_of(row: YearlyRow) -> str:
    """The place with what is to be said of it: a vetoed row has none, a correction leaves the published one (E-6)."""
    if row.place is None:
        return _("一票否决，不排名次") if row.total is not None else _("—")
    if stands(row) != (row.total, row.grade):
        return _("%(place)s（公布时的名次，更正后不重排）", place=row.place)
    return str(row.place)


def title(round_: YearlyRound) -> str:
    """What a round is called."""
    if round_.subject is Subject.PERSON:
        return _("%(year)s 年度个人考评结果", year=round_.year)
    return _("%(year)s 年度科室（窗口）考评结果", year=round_.year)


@dataclass(frozen=True)
class Content:
    """Everything that the result says, in the reader's language."""

    unit: str
    title: str
    facts: list[tuple[str, str]]
    headings: list[str]
    rows: list[list[str]]
    corrections: list[str]


def content(round_: YearlyRound) -> Content:
    """What the paper of a round says: place, total and grade; no ballots and no reasons."""
    person = round_.subject is Subject.PERSON
    departments = people.department_names()
    rows = list(db.session.scalars(queries.listing(round_)))
    lines = []
    for row in rows:
        total, grade = stands(row)
        named = [service.name_of(row), departments.get(row.department_id, "")] if person else [service.name_of(row)]
        place = Figure(str(row.place), row.place) if row.place else _("—")
        lines.append([place, *named, figure(total), grade_word(grade) if grade else _("未定等次")])
    facts = [(_("状态"), str(words.STATE_LABELS[round_.state]))]
    facts += [
        (_("名额"), _("“%(grade)s” %(room)s 个，评定 %(used)s 个", grade=up_to(round_, name), room=room, used=used))
        for name, room, used in service.quota_left(round_)
    ]
    if round_.meeting_on is not None:
        facts.append(
            (
                _("决定"),
                _("%(day)s 班子会议：%(record)s", day=local_date(round_.meeting_on), record=round_.meeting_record),
            )
        )
    if round_.published_at is not None:
        facts.append((_("公布"), local_date(round_.published_at.date())))
        facts.append((_("校验值"), round_.digest))
    headings = [_("名次"), *([_("姓名"), _("科室")] if person else [_("科室（窗口）")]), _("总分"), _("等次")]
    put_right = [
        _(
            "%(name)s：公布时总分 %(before)s、等次 %(old)s，更正为总分 %(after)s、等次 %(new)s；原因：%(reason)s",
            name=service.name_of(each.row),
            before=figure(each.row.total),
            old=grade_word(each.row.grade) or _("未定等次"),
            after=figure(each.total),
            new=grade_word(each.grade),
            reason=each.reason,
        )
        for each in reversed(queries.corrections(round_.id))
        if each.accepted
    ]
    if put_right:
        put_right.append(_("公布后不再改变：更正是附在结果之后的记录，名次仍为公布时的名次。"))
    return Content(people.unit_name(), title(round_), facts, headings, lines, put_right)


def docx(round_: YearlyRound) -> Paper:
    """The result of a round as DOCX."""
    said = content(round_)
    paper = Paper(said.title, said.unit)
    paper.fields(said.facts)
    widths = (1.6, 4.2, 4.6, 2.6, 2.8) if len(said.headings) == 5 else (1.6, 8.4, 2.9, 2.9)
    paper.table(said.headings, said.rows, widths=widths)
    if said.corrections:
        paper.line(_("更正"), bold=True)
        for text in said.corrections:
            paper.line(text, indent=True)
    paper.line(_("（单位盖章）"), right=True)
    return paper


@dataclass(frozen=True)
class Sheet:
    """Where one result comes from, part by part."""

    name: str
    facts: list[tuple[str, str]]
    parts: list[list[str]]
    months: list[list[str]]
    panels: list[list[str]]
    bonus: list[list[str]]


def sheet(row: YearlyRow) -> Sheet:
    """A result with its parts, for who is graded and for who follows the round."""
    round_, said = row.round, row.content
    by, total_grade = settings.of(round_), stands(row)
    facts = [
        (_("总分"), figure(total_grade[0])),
        (_("名次"), place_of(row)),
        (_("等次"), grade_word(total_grade[1]) or _("未定等次")),
    ]
    if row.held is not None:
        facts.append((_("未评上一等次的原因"), str(words.HELD_LABELS[row.held])))
    facts.append((_("评选资格"), _("；").join(row.reasons) or _("具备")))
    cut = _("取消") if row.bonus_cut == 100 else _("扣减 %(percent)s%%", percent=row.bonus_cut)
    facts.append((_("年度奖金"), cut if row.bonus_cut else _("不扣减")))
    person = round_.subject is Subject.PERSON
    parts: list[list[str]] = []
    if person:
        whole = sum(share for part, share in by.shares.items() if said.get("parts", {}).get(str(part)) is not None)
        for part in Part:
            share = by.shares.get(part, 0)
            mark = said.get("parts", {}).get(str(part))
            percent = plain(Decimal(share * 100) / whole) if whole and mark is not None else "0"
            note = ""
            if part is Part.CLIENTS and said.get("client_average"):
                note = _("没有对外服务评价，取同类人员平均分")
            if part is Part.BALLOTS and mark is None and row.papers:
                note = _("评议票不足 %(least)s 张，不计分", least=by.least)
            parts.append(
                [str(words.PART_LABELS[part]), figure(Decimal(mark)) if mark else _("—"), _percent(percent), note]
            )
        honours = _("、").join(said.get("honour_numbers", []))
        parts.append([_("荣誉加分"), figure(Decimal(said.get("honours", "0"))), "", honours])
    else:
        average = said.get("average")
        parts.append([_("各月平均分"), figure(Decimal(average)) if average else _("—"), "", ""])
        parts.append([_("年度计分项目"), figure(Decimal(said.get("added", "0"))), "", ""])
    return Sheet(
        service.name_of(row),
        facts,
        parts,
        [[month, figure(Decimal(total))] for month, total in said.get("months", [])],
        [
            [str(words.PANEL_LABELS[panel]), figure(Decimal(row.panel_figures[panel][0])), row.panel_figures[panel][1]]
            for panel in words.PANEL_LABELS
            if panel in row.panel_figures
        ],
        [
            [
                number,
                str(accountability.MEASURE_LABELS[MeasureKind(kind)]) if kind else _("未完成任务"),
                _("扣 %(percent)s%%", percent=percent),
            ]
            for number, kind, percent in said.get("bonus", [])
        ]
        + [[number, _("取消评先资格"), _("取消奖金")] for number in said.get("award_lost", [])],
    )


def _percent(text: str) -> str:
    return _("%(percent)s%%", percent=f"{Decimal(text).quantize(Decimal('0.1')).normalize():f}") if text != "0" else ""


def sheet_docx(row: YearlyRow) -> Paper:
    """A result with its parts as DOCX."""
    said = sheet(row)
    paper = Paper(_("%(name)s %(year)s 年度考评结果告知书", name=said.name, year=row.round.year), people.unit_name())
    paper.fields(said.facts)
    if said.parts:
        paper.table([_("项目"), _("得分"), _("实际比重"), _("说明")], said.parts, widths=(4.2, 2.6, 2.6, 6.4))
    if said.bonus:
        paper.table([_("决定书"), _("依据"), _("奖金")], said.bonus, widths=(5, 6.4, 4.4))
    paper.line(_("本人（科室负责人）签名："), right=True)
    return paper
