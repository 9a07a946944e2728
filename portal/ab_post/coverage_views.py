"""Pages of the coverage board: 14 days of all posts, and one day in full (AB-8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from flask import render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound

from portal.ab_post import coverage
from portal.ab_post import vocabulary as words
from portal.ab_post.coverage import Cells, Coverage, Row, State
from portal.ab_post.rules import Reason
from portal.ab_post.views import bp
from portal.calendar import queries as calendar
from portal.kernel import access, clock, i18n
from portal.kernel.forms import read_day
from portal.people import queries as people

__all__ = ["bp"]

#: Lines of a list of stretches at most; beyond it the board is to be narrowed by its filter.
MOST = 60
MOST_OF_DAY = 150


@bp.get("/coverage")
@access.guard(words.READ)
def show_coverage() -> str:
    """Who answers for every post in 14 days; gaps first (AB-8)."""
    now, first = clock.now(), _day(request.args.get("from", ""))
    board, department, only = coverage.make(first), _department(), request.args.get("problems") == "1"
    shown = [r for r in board.rows if department is None or r.post.department_id == department]
    start = max(now, clock.day_start(first))
    found = coverage.problems(board, [r.post for r in shown if r.worst is not State.QUIET], start, board.until)
    rows = [r for r in shown if r.worst is not State.QUIET] if only else shown
    return render_template(
        "ab_post/coverage.html",
        board=board,
        groups=_groups(board, rows),
        posts=len(shown),
        gaps=[p for p in found if p.reason is Reason.GAP],
        covered=[p for p in found if p.reason is not Reason.GAP],
        most=MOST,
        departments=_choices(board),
        department=department,
        only=only,
        filtered=bool(department or only),
        before=_link(first - timedelta(days=coverage.DAYS), department, only),
        after=_link(first + timedelta(days=coverage.DAYS), department, only),
        reasons=words.REASON_LABELS,
    )


@bp.get("/coverage/<day>")
@access.guard(words.READ)
def show_coverage_day(day: str) -> str:
    """Who answers for each part of one day, and why (AB-3, AB-8)."""
    on, department = _day(day or "-"), _department()
    board = coverage.make(_first_of(on))
    shown = [r.post for r in board.rows if department is None or r.post.department_id == department]
    start, end = clock.day_start(on), clock.day_start(on + timedelta(days=1))
    parts = {p.id: _within(board.segments[p.id], start, end) for p in shown if p.open_on(on)}
    rank = {Reason.GAP: 0, Reason.HEAD: 1, Reason.NAMED_COVER: 2, Reason.B_FOR_A: 3, Reason.HOLDER: 4}
    worst = {post_id: min(rank[answer.reason] for _a, _b, answer in each) for post_id, each in parts.items()}
    working = calendar.work_calendar()
    changed = [p for p in shown if p.id in parts and worst[p.id] < rank[Reason.HOLDER]]
    covered = sorted(changed, key=lambda p: worst[p.id])  # the board's order within each rank
    return render_template(
        "ab_post/coverage_day.html",
        day=on,
        worked=working.is_workday(on),
        hours=working.hours.periods,
        covered=covered[:MOST_OF_DAY],
        more=max(0, len(covered) - MOST_OF_DAY),
        quiet=[p for p in shown if p.id in parts and worst[p.id] == rank[Reason.HOLDER]],
        parts=parts,
        whole=(start, end),
        names=board.seen.names,
        departments=_choices(board),
        department=department,
        reasons=words.REASON_LABELS,
        before=on - timedelta(days=1),
        after=on + timedelta(days=1),
        back=board.first,
    )


def _within(segments: Sequence[coverage.Segment], start: datetime, end: datetime) -> list[coverage.Segment]:
    return [(max(a, start), min(b, end), answer) for a, b, answer in segments if a < end and start < b]


def _first_of(day: date) -> date:
    """The first day of the board on which a day is looked at: today's when it lies within, so that one copy serves."""
    today = clock.today()
    return today if today <= day < today + timedelta(days=coverage.DAYS) else day


def _day(typed: str) -> date:
    """A day of the address, today when there is none. Raises NotFound for a wrong or too distant one."""
    if not typed:
        return clock.today()
    found = read_day(typed)
    if found is None or abs(found - clock.today()) > coverage.FARTHEST:
        raise NotFound()
    return found


def _department() -> int | None:
    """The department of the address. Raises NotFound for one that is none."""
    typed = request.args.get("department", "")
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9 or int(typed) not in people.department_names():
        raise NotFound()
    return int(typed)


def _choices(board: Coverage) -> list[tuple[int, str]]:
    here = {row.post.department_id for row in board.rows}
    return [(d, name) for d, name in people.department_names().items() if d in here]


def _link(first: date, department: int | None, only: bool) -> str:
    if abs(first - clock.today()) > coverage.FARTHEST:
        return ""
    given: dict[str, Any] = {"from": first, "department": department, "problems": 1 if only else None}
    return url_for("ab_post.show_coverage", **given)


def _groups(board: Coverage, rows: Sequence[Row]) -> list[tuple[str, list[Markup]]]:
    """The rows by department, drawn once per language and kept as long as the board."""
    key = f"rows/{i18n.language()}/{request.script_root}"
    drawn = board.drawn.get(key)
    if drawn is None:
        drawn = board.drawn[key] = _draw(board, board.drawn_before.get(key, {}))
    groups: list[tuple[str, list[Markup]]] = []
    last = None
    for row in rows:
        if row.post.department_id != last:
            groups.append((row.post.department, []))
            last = row.post.department_id
        groups[-1][1].append(drawn[row.post.id])
    return groups


def _draw(board: Coverage, known: Mapping[int, Markup]) -> dict[int, Markup]:
    """One table row per post, those ``known`` as they are.

    Words and addresses are made once, not per cell: a board has thousands of cells.
    """
    said = {
        State.B: _("B 岗"),
        State.COVER: _("指定"),
        State.HEAD: _("负责人"),
        State.GAP: _("无人顶岗"),
        State.QUIET: _("A 岗"),
    }
    halves = (f"<i>{escape(_('上午'))}</i>", f"<i>{escape(_('下午'))}</i>")
    address = url_for("post_duty.show", code="-")[:-1]
    days = [url_for("ab_post.show_coverage_day", day=d.day) for d in board.days]
    inner: dict[Cells, str] = {}
    drawn = dict(known)
    for row in board.rows:
        if row.post.id in known:
            continue
        code = escape(row.post.code)
        made = [
            f'<tr><th scope="row"><a href="{address}{quote(row.post.code)}">{escape(row.post.name)}</a>'
            f"<small>{code}</small></th>"
        ]
        for cells, day in zip(row.cells, days, strict=True):
            if not cells:
                made.append('<td class="o"></td>')
            elif cells[0].state is State.QUIET and len(cells) == 1:
                made.append("<td>A</td>")
            else:
                if cells not in inner:
                    inner[cells] = _inner(cells, said, halves)
                made.append(f'<td class="p"><a href="{day}#{code}">{inner[cells]}</a></td>')
        made.append("</tr>")
        drawn[row.post.id] = Markup("".join(made))  # noqa: S704 - every text of a person was escaped above
    return drawn


def _inner(cells: Cells, said: dict[State, str], halves: tuple[str, str]) -> str:
    """What stands in a cell: who answers and how, for the whole day or for each half."""
    found = []
    for cell, half in zip(cells, halves if len(cells) == 2 else ("",), strict=True):
        words_of = said[cell.state]
        who = "、".join(cell.names)
        if cell.state is State.GAP:  # who is there for the rest of it is said second
            who, words_of = words_of, who
        how = f"<small>{escape(words_of)}</small>" if who and words_of and cell.state is not State.QUIET else ""
        found.append(f'<span class="c-{cell.state}">{half}{escape(who or words_of)}{how}</span>')
    return "".join(found)
