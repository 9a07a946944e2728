"""How half days read: one sign in the matrix, a sentence beside it, the legend of the signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from portal.ab_post.models import AbsenceKind
from portal.ab_post.vocabulary import ABSENCE_LABELS
from portal.attendance import vocabulary as words
from portal.attendance.rules import Half, State
from portal.attendance.sheet import PersonRow
from portal.people import queries as people

KIND_LABELS = {str(kind): label for kind, label in ABSENCE_LABELS.items()}


@dataclass(frozen=True)
class Cell:
    """A half day as shown: sign, look and words."""

    sign: str
    look: str
    words: str


def cell(half: Half | None) -> Cell:
    """A half day in the matrix; None for a day on which the person took no part."""
    if half is None:
        return Cell("", "off", _("未参加考勤"))
    said = half_words(half)
    if half.state is State.EXCUSED:
        return Cell(_kind_sign(half.excuse), "leave", said)
    if half.state in (State.MISSING_IN, State.MISSING_OUT, State.ABSENT):
        return Cell(str(words.STATE_SIGNS[half.state]), "bad", said)
    if half.state is State.PRESENT and (half.late or half.early):
        sign = words.BOTH_SIGN if half.late and half.early else words.LATE_SIGN if half.late else words.EARLY_SIGN
        return Cell(str(sign), "warn", said)
    look = {State.PRESENT: "ok", State.DAY_OFF: "off"}.get(half.state, "none")
    return Cell(str(words.STATE_SIGNS[half.state]), look, said)


def _kind_sign(kind: str) -> str:
    return str(words.KIND_SIGNS[AbsenceKind(kind)]) if kind in tuple(AbsenceKind) else "○"


def half_words(half: Half) -> str:
    """A half day in words."""
    if half.state is State.EXCUSED:
        return str(KIND_LABELS.get(half.excuse, words.STATE_LABELS[State.EXCUSED]))
    said = []
    if half.state is not State.PRESENT or not (half.late or half.early):
        said.append(str(words.STATE_LABELS[half.state]))
    if half.late:
        said.append(_("迟到 %(n)s 分钟", n=half.late))
    if half.early:
        said.append(_("早退 %(n)s 分钟", n=half.early))
    if half.excuse:
        said.append(_("其间%(kind)s", kind=KIND_LABELS.get(half.excuse, "")))
    if half.corrected:
        said.append(_("已补卡"))
    return _("，").join(said)


def hour(second: int | None) -> str:
    """A time of the day, also of the night after it."""
    if second is None:
        return "—"
    there = timedelta(seconds=second % 86_400)
    text = f"{there.seconds // 3600:02d}:{there.seconds // 60 % 60:02d}"
    return _("次日 %(time)s", time=text) if second >= 86_400 else text


def legend() -> list[tuple[str, str, str]]:
    """The signs of the matrix: (sign, look, words)."""
    found = [
        ("√", "ok", str(words.STATE_LABELS[State.PRESENT])),
        (str(words.LATE_SIGN), "warn", _("迟到")),
        (str(words.EARLY_SIGN), "warn", _("早退")),
        (str(words.STATE_SIGNS[State.MISSING_IN]), "bad", _("缺卡")),
        (str(words.STATE_SIGNS[State.ABSENT]), "bad", _("旷工")),
    ]
    found += [(str(sign), "leave", str(ABSENCE_LABELS[kind])) for kind, sign in words.KIND_SIGNS.items()]
    return [*found, ("·", "none", str(words.STATE_LABELS[State.NO_DATA]))]


def groups(rows: Sequence[PersonRow]) -> list[tuple[int | None, str, list[PersonRow]]]:
    """The people by department, in the order of the rows."""
    names = people.department_names()
    found: list[tuple[int | None, str, list[PersonRow]]] = []
    for row in rows:
        if not found or found[-1][0] != row.department_id:
            found.append((row.department_id, names.get(row.department_id or 0, _("不属于科室")), []))
        found[-1][2].append(row)
    return found
