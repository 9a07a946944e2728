"""The figures of a survey as pages, sheets and papers show them (S-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.kernel import sheets
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_dt
from portal.survey import vocabulary as words
from portal.survey.models import Improvement, Survey
from portal.survey.rules import Audience, QuestionKind
from portal.survey.tally import Result, Results


def width(value: float | None) -> int:
    """The length of a bar out of 100."""
    return 0 if value is None else max(0, min(100, round(value)))


def number(value: float | None) -> str:
    """A mean or a share as it is written."""
    return "—" if value is None else f"{value:.1f}"


def too_few(results: Results) -> str:
    """Why nothing is shown."""
    return _("作答不足 %(n)s 人，不显示结果。", n=results.least)


def caution(survey: Survey) -> str:
    """What a reader must know of figures gathered by an open link."""
    if survey.audience is Audience.LINK:
        return _("这份问卷通过公开链接作答，不核对身份，同一个人可能作答多次，结果仅供参考。")
    return ""


def mean_words(result: Result) -> str:
    """The mean in words, saying whether extremes were dropped."""
    if result.mean is None:
        return ""
    if result.trimmed:
        return _("平均 %(mean)s 分（去掉一个最高分和一个最低分）", mean=number(result.mean))
    return _("平均 %(mean)s 分", mean=number(result.mean))


def answered_words(result: Result, least: int) -> str:
    """How many answered a question."""
    if result.withheld:
        return _("作答不足 %(n)s 人，不显示", n=least)
    return ngettext("%(num)s 人作答", "%(num)s 人作答", result.answered)


def hidden_lines(result: Result) -> bool:
    """Whether the figures of some departments are not shown."""
    if result.question.kind is QuestionKind.DEPARTMENT:
        return len(result.counts) < len(result.question.options)
    return any(line.answered is None for line in result.lines)


def workbook(survey: Survey, results: Results, texts: Mapping[int, Sequence[str]] | None) -> bytes:
    """The statistics as XLSX: an overview, the counts, the departments; what was written where ``texts`` are given."""
    kinds = words.KIND_LABELS
    overview: list[list[Any]] = [
        [_("编号"), survey.number],
        [_("标题"), survey.title],
        [_("作答对象"), str(words.AUDIENCE_LABELS[survey.audience])],
        [_("开始时间"), survey.opens_at],
        [_("截止时间"), survey.closed_at or survey.closes_at],
        [_("作答人数"), too_few(results) if results.withheld else results.answered],
        [_("统计口径"), _("不足 %(n)s 人的问题和科室不显示，能由合计推算的一并不显示。", n=results.least)],
    ]
    if caution(survey):
        overview.append([_("说明"), caution(survey)])
    counts: list[list[Any]] = []
    lines: list[list[Any]] = []
    for n, r in enumerate(results.questions, 1):
        label, kind = r.question.text, str(kinds[r.question.kind])
        shown = None if r.withheld else r.answered
        if r.withheld or r.question.kind is QuestionKind.TEXT:
            counts.append([n, label, kind, shown, answered_words(r, results.least) if r.withheld else "", None, None])
        for c in r.counts:
            counts.append([n, label, kind, shown, c.text, c.count, round(c.percent, 1)])
        if r.mean is not None:
            counts.append([n, label, kind, shown, mean_words(r), None, None])
        for line in r.lines:
            mean = _("不显示") if line.answered is None or line.mean is None else round(line.mean, 1)
            lines.append([n, label, line.name, line.answered, mean])
    made: list[Any] = [
        (_("概况"), [_("项目"), _("内容")], overview),
        (
            _("各题结果"),
            [_("题号"), _("问题"), _("题型"), _("作答人数"), _("选项"), _("人数"), _("百分比")],
            counts,
        ),
    ]
    if lines:
        made.append((_("分科室"), [_("题号"), _("问题"), _("科室"), _("作答人数"), _("平均分")], lines))
    if texts:
        said = [[r.question.text, text] for r in results.questions for text in texts.get(r.question.id, ())]
        made.append((_("文字意见"), [_("问题"), _("意见（顺序已打乱）")], said))
    return sheets.workbook(made)


def report(survey: Survey, results: Results, measures: Sequence[Improvement], unit: str) -> Paper:
    """The report as DOCX: how it was asked, the figures, and what is done about them."""
    paper = Paper(_("%(title)s统计报告", title=survey.title), unit)
    rows = [
        (_("编号"), survey.number),
        (_("作答对象"), str(words.AUDIENCE_LABELS[survey.audience])),
        (_("时间"), _("%(a)s 至 %(b)s", a=local_dt(survey.opens_at), b=local_dt(survey.closed_at or survey.closes_at))),
        (_("作答人数"), too_few(results) if results.withheld else str(results.answered)),
    ]
    if survey.drawn is not None:
        rows.append(
            (_("抽样"), _("从名单 %(listed)s 个中随机抽取 %(drawn)s 个", listed=survey.listed, drawn=survey.drawn))
        )
    if survey.audience is Audience.CODES:
        rows.append((_("发出答卷码"), str(survey.codes_issued - survey.codes_void)))
    paper.fields(rows)
    if caution(survey):
        paper.line(caution(survey), indent=True)
    for n, r in enumerate(results.questions, 1):
        paper.line(f"{n}. {r.question.text}", bold=True)
        paper.line(_("；").join(filter(None, (answered_words(r, results.least), mean_words(r)))), indent=True)
        if r.counts:
            paper.table(
                (_("选项"), _("人数"), _("占比")),
                [(c.text, str(c.count), f"{number(c.percent)}%") for c in r.counts],
                (9, 3, 3.8),
            )
        if r.lines:
            paper.table(
                (_("科室"), _("作答人数"), _("平均分")),
                [(x.name, _("不显示") if x.answered is None else str(x.answered), number(x.mean)) for x in r.lines],
                (9, 3, 3.8),
            )
        if hidden_lines(r):
            paper.line(_("人数较少的科室不显示。"), indent=True)
    if measures:
        paper.line(_("改进措施"), bold=True)
        paper.table(
            (_("发现的问题"), _("改进措施"), _("责任科室"), _("完成日期"), _("状态")),
            [
                (m.finding, m.measure, m.department.name, m.due_on.isoformat(), str(words.MEASURE_LABELS[m.state]))
                for m in measures
            ],
            (4, 4.6, 2.6, 2.4, 2.2),
        )
    return paper
