"""What a half year says, section by section: every figure is read from the room that keeps it (F-7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.ab_post import publications
from portal.clue import queries as clue
from portal.clue import vocabulary as clue_words
from portal.clue.models import ClueKind, ClueState
from portal.first_ask import queries as first_ask
from portal.first_ask import vocabulary as first_ask_words
from portal.first_ask.models import Disposition, FirstAsk, HandOver
from portal.half_year import vocabulary as words
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.i18n import local_date
from portal.kernel.sections import NOTHING, Section, Table
from portal.monthly_result import queries as results
from portal.people import queries as people
from portal.pure.months import month_after
from portal.pure.scoring import plain
from portal.register import checks, rights, rules
from portal.register import vocabulary as register_words

#: Averages of published totals are rounded half up to this.
PLACES = Decimal("0.01")
FIRST_ASK_KINDS = (ClueKind.DISPUTED_PASSING, ClueKind.REPEATED_PASSING, ClueKind.URGENT_UNACKNOWLEDGED)
AB_KINDS = (ClueKind.POST_UNCOVERED, ClueKind.HANDOVER_MISSING, ClueKind.LATE_AB_FILING, ClueKind.MESSAGE_UNANSWERED)

Said = tuple[list[str], list[Table]]


def of(year: int, half: int) -> list[Section]:
    """The sections of a half year as the facts stand now, in the reader's language."""
    first, end = rules.half_days(year, half)
    found = _clues(first)
    made: dict[str, Callable[[], Said]] = {
        "first_ask": lambda: _first_ask(first, end, found),
        "ab_post": lambda: _ab_post(year, half, found),
        "registers": lambda: _registers(year, half),
        "appraisal": lambda: _appraisal(first, end),
    }
    return [Section(key, str(label), *made[key]()) for key, label in words.SECTION_LABELS.items()]


def _clues(first: date) -> dict[ClueKind, int]:
    """The clues of the half year that were not withdrawn, by kind."""
    found: dict[ClueKind, int] = defaultdict(int)
    for n in range(6):
        for kind, states in clue.by_kind_and_state(month_after(first, n)).items():
            found[kind] += sum(count for state, count in states.items() if state is not ClueState.WITHDRAWN)
    return found


def _kinds(kinds: tuple[ClueKind, ...], found: dict[ClueKind, int]) -> Said:
    """The clues of some kinds as a table, or that there were none."""
    if not any(found.get(k) for k in kinds):
        named = _("、").join(str(clue_words.KIND_LABELS[k]) for k in kinds)
        return [_("没有这些情形的问责线索：%(kinds)s。", kinds=named)], []
    rows = [[str(clue_words.KIND_LABELS[k]), str(found.get(k, 0))] for k in kinds]
    return [], [Table(_("问责线索"), [_("情形"), _("次数")], rows)]


def _first_ask(first: date, end: date, clues: dict[ClueKind, int]) -> Said:
    inside = (FirstAsk.asked_at >= clock.day_start(first), FirstAsk.asked_at < clock.day_start(end))
    query = select(FirstAsk.department_id, FirstAsk.disposition, func.count()).where(*inside, first_ask.counted())
    counts: dict[int, dict[Disposition, int]] = defaultdict(lambda: defaultdict(int))
    for department_id, disposition, n in db.session.execute(
        query.group_by(FirstAsk.department_id, FirstAsk.disposition)
    ):
        counts[department_id][disposition] = int(n)

    def row(name: str, line: dict[Disposition, int]) -> list[str]:
        return [name, str(sum(line.values())), *(str(line.get(d, 0)) for d in Disposition)]

    said, tables = _kinds(FIRST_ASK_KINDS, clues)
    if not counts:
        return [_("本期没有首问登记。"), *said], tables
    rows = [row(name, counts[key]) for key, name in people.department_names().items() if key in counts]
    whole = {d: sum(line.get(d, 0) for line in counts.values()) for d in Disposition}
    rows.append(row(_("合计"), whole))
    headings = [_("科室"), _("登记"), *(str(first_ask_words.DISPOSITION_LABELS[d]) for d in Disposition)]
    passed = select(func.count(), func.count(HandOver.disputed_at)).select_from(HandOver)
    n, disputed = db.session.execute(passed.join(FirstAsk, FirstAsk.id == HandOver.entry_id).where(*inside)).one()
    lines = [
        _("登记首问 %(n)s 件。", n=sum(whole.values())),
        _("移交 %(n)s 次，其中有争议 %(m)s 次。", n=n, m=disputed),
    ]
    return [*lines, *said], [Table("", headings, rows), *tables]


def _ab_post(year: int, half: int, clues: dict[ClueKind, int]) -> Said:
    """The edition of the list of all posts that was published (AB-5): it is not published a second time here."""
    last = next((p for p in publications.published() if (p.year, p.half) == (year, half)), None)
    if last is None:
        line = _("本期 AB 岗名单尚未公示。")
    else:
        listed = publications.from_text(last.content)
        line = _(
            "本期 AB 岗名单已于 %(on)s 公示（第 %(edition)s 版）：岗位 %(posts)s 个，变动迟报 %(late)s 条。",
            on=local_date(clock.local(last.published_at).date()), edition=last.edition, posts=listed.posts,
            late=listed.late,
        )  # fmt: skip
    said, tables = _kinds(AB_KINDS, clues)
    return [line, *said], tables


def _registers(year: int, half: int) -> Said:
    found, names = checks.of_half(year, half), people.department_names()
    if not found:
        return [_("本期台账尚未检查。")], []
    rows = []
    for key in rights.keeping_departments():
        if key in found:
            figures = checks.thawed(found[key])
            said = str(register_words.RESULT_LABELS[found[key].result])
            rows.append([names[key], said, str(figures.missed), str(figures.absences), str(figures.hazards_open)])
    headings = [_("科室"), _("结果"), _("缺记次数"), _("无故缺席人次"), _("未消除的隐患")]
    return [], [Table("", headings, rows)]


def _appraisal(first: date, end: date) -> Said:
    months = [month_after(first, n) for n in range(6)]
    names, flags = people.department_names(), dict[int, int]()
    for month in months:
        for each in results.flags(month):
            flags[each.subject_id] = flags.get(each.subject_id, 0) + 1
    scores = results.totals("department", first, month_after(end, -1))
    if not scores:
        return [_("本期没有已公布的月度考评结果。")], []

    def average(totals: list[Decimal]) -> Decimal:
        return (sum(totals, Decimal(0)) / len(totals)).quantize(PLACES, ROUND_HALF_UP)

    means = {key: average([total for _month, total in months]) for key, months in scores.items()}
    order = sorted(means, key=lambda key: (-means[key], list(names).index(key) if key in names else 0))
    rows = [
        [names.get(key, NOTHING), str(len(scores[key])), plain(means[key]), str(flags.get(key, 0))] for key in order
    ]
    return [], [Table("", [_("科室"), _("公布月数"), _("平均得分"), _("红旗次数")], rows)]
