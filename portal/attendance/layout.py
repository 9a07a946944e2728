"""What the columns of an export mean: headings in one row or two, a guess by words and contents, and the records.

An export is one row a punch (a moment, or a date and a time), or one row a person and day with up to eight times.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.attendance.grid import Line
from portal.kernel.forms import FIRST_YEAR, LAST_YEAR
from portal.kernel.sheets import SheetError
from portal.pure.text import nfkc

MOST_TIMES = 8
_LOOKED_AT = 20
_SAMPLED = 60


class Column(StrEnum):
    """What a column holds."""

    IGNORE = "ignore"
    NUMBER = "number"
    NAME = "name"
    MOMENT = "moment"
    DATE = "date"
    TIME = "time"


COLUMN_LABELS = {
    Column.IGNORE: _l("不用"),
    Column.NUMBER: _l("人员编号、工号或用户名"),
    Column.NAME: _l("姓名"),
    Column.MOMENT: _l("打卡日期和时间（在一列里）"),
    Column.DATE: _l("日期"),
    Column.TIME: _l("时间（可以有多列，一格里可以有多个）"),
}

_NUMBERS = (
    "工号", "考勤号", "登记号", "人员编号", "员工编号", "员工号", "用户编号", "编号", "用户名", "账号", "卡号",
    "staff", "employee", "enroll", "user", "badge", "number", "no.", "id",
)  # fmt: skip
_NAMES = ("姓名", "名字", "name")
_TIMES = ("日期", "时间", "上班", "下班", "签到", "签退", "打卡", "刷卡", "上午", "下午", "date", "time", "clock")
_NOT_NUMBERS = ("序号", "部门", "科室", "机", "设备", "dept", "device", "machine", "verify")
_NOT_TIMES = (
    "迟到", "早退", "加班", "时长", "应", "标准", "合计", "总", "工时", "工作时间", "出勤时间", "星期", "制表", "打印",
    "late", "early", "overtime", "hours", "total", "duration",
)  # fmt: skip
_NOTHING = {"", "-", "--", "—", "——", "/", "无", "缺卡", "未打卡", "未签到", "未签退", "旷工", "休息", "请假"}

_DATE = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?|(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_TIME = re.compile(
    r"(上午|下午|晚上|[AaPp]\.?[Mm]\.?)?\s?(?<![\d:])(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?(?:\.\d+)?[秒分]?"
    r"(?![\d:])\s?([AaPp]\.?[Mm]\b\.?)?"
)
_NUMERIC = re.compile(r"\d{1,12}(\.\d+)?")


def read_date(text: str) -> date | None:
    """The first date in a text; None when there is none or it does not exist."""
    match = _DATE.search(nfkc(text))
    if match is None:
        return None
    parts = [int(p) for p in match.groups() if p is not None]
    try:
        found = date(*parts)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def read_times(text: str) -> list[time] | None:
    """The times of day in a cell, empty for what says that there is none; None when something cannot be read."""
    plain = nfkc(text).strip()
    if plain in _NOTHING:
        return []
    found = []
    for match in _TIME.finditer(plain):
        hour, minute, second = int(match[2]), int(match[3]), int(match[4] or 0)
        half = (match[1] or match[5] or "").lower()
        if (half.startswith("p") or half in ("下午", "晚上")) and hour < 12:
            hour += 12
        elif half.startswith("a") and hour == 12:
            hour = 0
        if hour > 23 or minute > 59 or second > 59:
            return None
        found.append(time(hour, minute, second))
    rest = _TIME.sub("", plain)
    return None if not found or re.search(r"\d", rest) else found


def read_moment(text: str) -> datetime | None:
    """A date and time in one cell; None when it is no such thing."""
    plain = nfkc(text).replace("T", " ")
    day, match = read_date(plain), _DATE.search(plain)
    if day is None or match is None:
        return None
    times = read_times(plain[: match.start()] + " " + plain[match.end() :])
    return datetime.combine(day, times[0]) if times and len(times) == 1 else None


# --- headings -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """An export taken apart: the headings as one line, how many rows they took, and the rows below."""

    labels: tuple[str, ...]
    heading_rows: tuple[int, ...]
    body: tuple[Line, ...]

    @property
    def signature(self) -> str:
        """What a layout is remembered by."""
        text = "\0".join(nfkc(label).lower() for label in self.labels)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def sample(self, x: int, most: int = 3) -> list[str]:
        """The first contents of a column."""
        found = (line.cells[x] for line in self.body[:_SAMPLED] if x < len(line.cells) and line.cells[x])
        return [text[:40] for text, _n in zip(found, range(most), strict=False)]


def _says(text: str, words: Iterable[str]) -> bool:
    plain = nfkc(text).lower()
    return any(word in plain for word in words)


def _is_value(text: str) -> bool:
    return read_date(text) is not None or bool(_TIME.search(nfkc(text)))


def _score(line: Line) -> int:
    words = (*_NUMBERS, *_NAMES, *_TIMES)
    return sum(1 for c in line.cells if c and len(c) <= 24 and not _is_value(c) and _says(c, words))


def table(lines: Sequence[Line]) -> Table:
    """Find the headings among the first rows: one or two of them, below whatever title there is.

    Raises SheetError when there is nothing below them.
    """
    scores = [_score(line) for line in lines[:_LOOKED_AT]]
    best = max(scores)
    if best < 2:
        width = max(len(line.cells) for line in lines[:_SAMPLED])
        return Table(tuple("" for _n in range(width)), (), tuple(lines))
    top = scores.index(best)
    rows = [lines[top]]
    if top + 1 < len(lines) and _is_second(lines[top], lines[top + 1]):
        rows.append(lines[top + 1])
    body = tuple(lines[top + len(rows) :])
    if not body:
        raise SheetError(_("只有标题，没有打卡记录。"))
    width = max(len(line.cells) for line in (*rows, *body[:_SAMPLED]))
    return Table(_labels(rows, width), tuple(line.number for line in rows), body)


def _is_second(first: Line, second: Line) -> bool:
    """Whether a row below headings goes on with them: it names no person and holds no date or time."""
    if any(_is_value(c) for c in second.cells):
        return False
    persons = [x for x, c in enumerate(first.cells) if _says(c, (*_NUMBERS, *_NAMES)) and not _says(c, _NOT_NUMBERS)]
    named = any(x < len(second.cells) and second.cells[x] for x in persons)
    return not named or _score(second) >= 2


def _labels(rows: Sequence[Line], width: int) -> tuple[str, ...]:
    above = ""
    found = []
    for x in range(width):
        cells = [row.cells[x] if x < len(row.cells) else "" for row in rows]
        if len(cells) == 2:
            above = cells[0] or (above if cells[1] else "")
            cells[0] = above
        found.append(" ".join(c for c in dict.fromkeys(cells) if c))
    return tuple(found)


# --- what the columns hold ------------------------------------------------------------------------------------


def guess(found: Table) -> list[Column]:
    """What each column probably holds, by its heading and its contents."""
    width = len(found.labels)
    made = [Column.IGNORE] * width
    kinds = [_kind(found, x) for x in range(width)]
    for x, label in enumerate(found.labels):
        if not _says(label, _NOT_TIMES) and kinds[x] is not None:
            made[x] = kinds[x] or Column.IGNORE
    if Column.MOMENT in made:
        first = made.index(Column.MOMENT)
        made = [c if x == first or c not in (Column.MOMENT, Column.DATE, Column.TIME) else Column.IGNORE
                for x, c in enumerate(made)]  # fmt: skip
    elif Column.DATE in made:
        first = made.index(Column.DATE)
        made = [Column.IGNORE if c is Column.DATE and x != first else c for x, c in enumerate(made)]
    free = [x for x in range(width) if kinds[x] is None]
    number = _first(found, free, _NUMBERS, _NOT_NUMBERS)
    name = _first(found, [x for x in free if x != number], _NAMES, ())
    if number is None and not any(found.labels):
        number = next((x for x in free if _all_match(found, x, r"[0-9A-Za-z_-]{1,20}")), None)
        name = next((x for x in free if x != number and _all_match(found, x, r"[\u4e00-\u9fff·]{2,6}")), None)
    if number is not None:
        made[number] = Column.NUMBER
    if name is not None:
        made[name] = Column.NAME
    times = [x for x, c in enumerate(made) if c is Column.TIME]
    for x in times[MOST_TIMES:]:
        made[x] = Column.IGNORE
    return made


def _kind(found: Table, x: int) -> Column | None:
    """Moment, date or time, when most of what stands in a column is one."""
    texts = [line.cells[x] for line in found.body[:_SAMPLED] if x < len(line.cells) and line.cells[x]]
    texts = [t for t in texts if t not in _NOTHING]
    if not texts:
        return Column.TIME if _says(found.labels[x], ("上班", "下班", "签到", "签退")) else None
    moments = sum(read_moment(t) is not None for t in texts)
    times = sum(bool(read_times(t)) for t in texts)
    dates = sum(read_date(t) is not None and not _TIME.search(nfkc(t)) for t in texts)
    most = max(moments, times, dates)
    if most * 2 < len(texts):
        return None
    return Column.MOMENT if most == moments else Column.TIME if most == times else Column.DATE


def _first(found: Table, places: Sequence[int], words: Sequence[str], unlike: Sequence[str]) -> int | None:
    for word in words:
        for x in places:
            if _says(found.labels[x], (word,)) and not _says(found.labels[x], unlike):
                return x
    return None


def _all_match(found: Table, x: int, pattern: str) -> bool:
    texts = [line.cells[x] for line in found.body[:_SAMPLED] if x < len(line.cells) and line.cells[x]]
    return bool(texts) and all(re.fullmatch(pattern, t) for t in texts)


def wrong(columns: Sequence[Column]) -> str | None:
    """What hinders reading with these columns, in the person's language; None when they will do."""
    count = {c: list(columns).count(c) for c in Column}
    if not count[Column.NUMBER] and not count[Column.NAME]:
        return _("请指出哪一列是人员编号或者姓名。")
    if count[Column.NUMBER] > 1 or count[Column.NAME] > 1:
        return _("人员编号、姓名各只能有一列。")
    if count[Column.MOMENT]:
        if count[Column.DATE] or count[Column.TIME]:
            return _("日期和时间要么在一列里，要么分列，不能两样都选。")
        return None if count[Column.MOMENT] == 1 else _("日期和时间所在的列只能有一列。")
    if count[Column.DATE] != 1 or not count[Column.TIME]:
        return _("请指出打卡的日期和时间在哪些列。")
    if count[Column.TIME] > MOST_TIMES:
        return _("时间最多 %(n)s 列。", n=MOST_TIMES)
    return None


# --- records --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Record:
    """What one row says: whom it names and when they pressed the clock (wall clock); ``bad`` is what is wrong."""

    row: int
    number: str
    name: str
    moments: tuple[datetime, ...] = ()
    bad: str = ""


def records(found: Table, columns: Sequence[Column], day_begins: int) -> list[Record]:
    """The rows as records. ``day_begins`` is in minutes after midnight: in a row of several times, one that falls
    back to before it belongs to the night after the row's date."""
    number = next((x for x, c in enumerate(columns) if c is Column.NUMBER), None)
    name = next((x for x, c in enumerate(columns) if c is Column.NAME), None)
    wanted = [x for x, c in enumerate(columns) if c in (Column.MOMENT, Column.TIME)]
    day = next((x for x, c in enumerate(columns) if c is Column.DATE), None)
    made = []
    for line in found.body:

        def cell(x: int | None, cells: tuple[str, ...] = line.cells) -> str:
            return cells[x] if x is not None and x < len(cells) else ""

        number_text = nfkc(cell(number)).strip()
        if number_text.endswith(".0") and number_text[:-2].isdigit():
            number_text = number_text[:-2]
        who = (line.number, number_text[:60], cell(name).replace(" ", "")[:60])
        if line.formula:
            made.append(Record(*who, bad=_("这一行里有公式，请改为数值。")))
        elif day is None:
            text = cell(wanted[0])
            at = read_moment(text)
            bad = "" if at else _("无法识别的打卡时间“%(text)s”。", text=text[:40])
            made.append(Record(*who, (at,) if at else (), bad))
        else:
            made.append(_of_day(who, cell(day), [cell(x) for x in wanted], day_begins))
    return made


def _of_day(who: tuple[int, str, str], text: str, cells: Sequence[str], day_begins: int) -> Record:
    on = read_date(text)
    if on is None:
        return Record(*who, bad=_("无法识别的日期“%(text)s”。", text=text[:40]))
    made: list[datetime] = []
    for each in cells:
        times = read_times(each)
        if times is None:
            return Record(*who, tuple(made), _("无法识别的打卡时间“%(text)s”。", text=each[:40]))
        for there in times:
            at = datetime.combine(on, there)
            if made and at < made[-1] and there.hour * 60 + there.minute < day_begins:
                at += timedelta(days=1)
            made.append(at)
    return Record(*who, tuple(made))
