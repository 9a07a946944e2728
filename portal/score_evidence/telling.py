"""What the scored are told through the inbox: that their lines of a month are out, and until when to object (E-3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import lazy_gettext as _l

from portal.ab_post.picture import Picture, picture_at
from portal.kernel import clock
from portal.people import queries as people
from portal.pure.months import month_text
from portal.pure.scoring import Subject
from portal.reminder import service as reminder
from portal.reminder.models import Kind
from portal.score_evidence.models import ScoreMonth


def shown(month: ScoreMonth, subject_ids: Iterable[int], now: datetime, again: bool = False) -> int:
    """Tell the scored persons, and who speaks for a scored department, once a month; returns how many were told.

    ``again``: their lines have changed since and the days for objections began anew; once for each such revision.
    """
    seen, names, told = picture_at(now), people.department_names(), 0
    text = month_text(month.month)
    for subject_id in subject_ids:
        if month.subject is Subject.PERSON:
            users, title = {subject_id}, _l("您的 %(month)s 考评依据已计算", month=text)
            if again:
                title = _l("您的 %(month)s 考评依据有变化", month=text)
        else:
            users, name = _speakers(seen, subject_id, now), names.get(subject_id, "")
            title = _l("%(name)s %(month)s 考评依据已计算", name=name, month=text)
            if again:
                title = _l("%(name)s %(month)s 考评依据有变化", name=name, month=text)
        key = f"score_evidence:{month.id}:{subject_id}" + (f":{month.revision}" if again else "")
        told += reminder.tell(
            now, users, Kind.OTHER, key, title,
            _l("请逐条查看，有异议的，%(day)s 前提出。", day=str(month.objections_until)),
            "score_evidence.sheet",
            values={"subject": str(month.subject), "month": text, "subject_id": subject_id},
        )  # fmt: skip
    return told


def _speakers(seen: Picture, department_id: int, now: datetime) -> set[int]:
    """The heads of a department, and who answers for one that is away (AB-3)."""
    day = clock.local(now).date()
    answering = (seen.answer(post_id, now).user_id for post_id in seen.heads.get(department_id, ()))
    return {*seen.heads_of(department_id, day), *(who for who in answering if who is not None)}
