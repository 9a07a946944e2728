"""What the pages of clues show of one: names, points, the clause, the columns of the sheet."""

from __future__ import annotations

import json
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from portal.clue import vocabulary as words
from portal.clue.models import Clue, ClueState, Source
from portal.kernel import timeline
from portal.kernel.db import db
from portal.kernel.i18n import language, local_dt
from portal.kernel.journal import JournalEntry
from portal.people import queries as people

_BADGES = {
    ClueState.OPEN: "amber",
    ClueState.IN_PROCEEDING: "blue",
    ClueState.DISMISSED: "grey",
    ClueState.WITHDRAWN: "grey",
}
#: The clause that a rule is kept by; the others stand with the clues themselves.
_CLAUSES = {
    "T-6": "timed_completion.7",
    "T-7": "timed_completion.9",
    "T-7a": "timed_completion.3",
    "T-4": "timed_completion.5",
    "T-12": "timed_completion.7",
    "N-4": "one_time_notice.5",
    "D-5": "denial_filing.7",
    "D-6": "denial_filing.10",
    "F-4": "first_ask.5",
    "F-5": "first_ask.7",
    "AB-3": "ab_post.4",
    "AB-5": "ab_post.7",
    "AB-6": "ab_post.8",
    "A-5": "accountability.8",
    "O-2": "accountability.7",
    "C-9": "service_commitment.5",
    "P-3": "post_duty.3",
    "P-4": "post_duty.5",
    "S-4": "appraisal.8",
}


def shown() -> dict[str, Any]:
    """What every page of the room needs."""
    return {
        "words": words,
        "names": people.user_names(),
        "departments": people.department_names(),
        "badge": _BADGES,
        "about": about,
        "points": points,
        "reference": reference,
        "language": language,
    }


def clause_of(clue: Clue) -> str:
    """The clause that the departure is about."""
    return _CLAUSES.get(clue.rule, "accountability.2")


def about(clue: Clue) -> str:
    """Whom a clue is about, in words: who answered (for whom), else the department as such."""
    names = people.user_names()
    who = names.get(clue.person_id or 0, "")
    if who and clue.for_person_id is not None:
        return _("%(who)s 代 %(whom)s", who=who, whom=names.get(clue.for_person_id, ""))
    return who or people.department_names().get(clue.department_id or 0, "")


def reference(clue: Clue) -> str:
    """The matter by its number, else where the clue came from."""
    if clue.case is not None:
        return clue.case.number
    named: dict[str, str] = json.loads(clue.values)
    return named.get("number") or str(words.SOURCE_LABELS[Source(clue.source)])


def line(seq: int | None) -> timeline.Line | None:
    """An entry of the journal in words without personal facts."""
    row = db.session.scalar(select(JournalEntry).where(JournalEntry.seq == seq)) if seq else None
    return timeline.lines([row], with_personal=False)[0] if row is not None else None


def account(clue: Clue) -> str:
    """What a clue says in a line of text: the words of who reported it, else what the journal shows."""
    shown_by = line(clue.entry_seq)
    said = clue.text or (shown_by.sentence if shown_by else str(words.KIND_LABELS[clue.kind]))
    if not clue.entry_seq:
        return said
    return _("%(matter)s，%(at)s：%(what)s", matter=reference(clue), at=local_dt(clue.at), what=said)


def points(clue: Clue) -> str:
    """The points that the table named when it was raised; empty where it names none."""
    if not clue.points:
        return ""
    if clue.points_per_day:
        return ngettext("每天 %(num)s 分", "每天 %(num)s 分", clue.points)
    return ngettext("%(num)s 分", "%(num)s 分", clue.points)


def headings() -> list[str]:
    """The columns of the sheet."""
    return [
        _("编号"), _("类型"), _("规则"), _("状态"), _("来源"), _("科室"), _("岗位"), _("涉及人员"), _("事项"),
        _("发生时间"), _("形成时间"), _("扣分参考"), _("情况"), _("追责程序"), _("不予追究的理由"), _("依据日志"),
    ]  # fmt: skip


def row(clue: Clue) -> list[Any]:
    """One clue of the sheet."""
    return [
        clue.number,
        str(words.KIND_LABELS[clue.kind]),
        clue.rule,
        str(words.STATE_LABELS[clue.state]),
        str(words.SOURCE_LABELS[Source(clue.source)]),
        people.department_names().get(clue.department_id or 0, ""),
        clue.post.name if clue.post else "",
        about(clue) if clue.person_id is not None else "",
        reference(clue),
        local_dt(clue.at),
        local_dt(clue.raised_at),
        points(clue),
        clue.text,
        clue.proceeding_number,
        clue.dismissal,
        clue.entry_seq,
    ]
