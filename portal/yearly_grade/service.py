"""The verbs up to a computed result: prepare, open, vote, count, compute, veto (E-5, E-7).

The later ones – objections, review, decision, publication, corrections – are in `deciding`.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select, update

from portal.ab_post import queries as ab
from portal.ab_post.models import Letter
from portal.calendar import queries as calendar
from portal.duty_report import queries as duty_reports
from portal.kernel import clock, journal, urn
from portal.kernel.actor import Actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind
from portal.pure.deadlines import deadline
from portal.pure.scoring import Subject, plain
from portal.score_evidence import collecting
from portal.yearly_grade import gathering, rules, sealing, settings
from portal.yearly_grade import vocabulary as words
from portal.yearly_grade.models import (
    Ground,
    RoundState,
    YearlyPanel,
    YearlyPaper,
    YearlyRound,
    YearlyRow,
    YearlyVeto,
    YearlyVoter,
)
from portal.yearly_grade.rules import Entry, Panel

S = RoundState


def which(round_: YearlyRound) -> dict[str, Any]:
    """The facts by which an entry names its round."""
    return {"year": round_.year, "subject": str(round_.subject)}


def name_of(row: YearlyRow) -> str:
    """Who is graded."""
    if row.user_id is None:
        return people.department_names().get(row.department_id, "")
    return people.user_names().get(row.user_id, "")


def in_state(round_: YearlyRound, *states: RoundState) -> None:
    """Refuse what does not belong to the round's state. Raises Conflict."""
    if round_.state not in states:
        raise Conflict(_("现在是“%(now)s”，不能这样操作。", now=words.STATE_LABELS[round_.state]), "E-6")


def manages(actor: Actor) -> None:
    """Raises NotAllowed for who does not organise the yearly grades."""
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("年度考评由办公室组织。"), "E-5")


def hold(round_: YearlyRound) -> YearlyRound:
    """The round, locked: of two at once one comes after the other."""
    return locked(YearlyRound, id=round_.id)


# --- preparing ------------------------------------------------------------------------------------------------


def prepare(actor: Actor, year: int, subject: Subject, vote_by: date | None, now: datetime) -> YearlyRound:
    """Prepare a round with those who are graded, who votes on whom, and the policy's figures of today (E-5, E-7).

    Persons graded are heads and staff who hold a post; departments those that are scored. Raises NotAllowed, Invalid
    for a year that has its round, for a date before today, for persons without a date.
    """
    manages(actor)
    taken = select(YearlyRound.id).where(YearlyRound.year == year, YearlyRound.subject == subject)
    if db.session.scalar(taken) is not None:
        raise Invalid("year", _("这一年的考评已经准备。"), "E-5")
    if not clock.local(now).year - 1 <= year <= clock.local(now).year:
        raise Invalid("year", _("只能准备今年或者去年的考评。"), "E-5")
    if subject is Subject.PERSON and vote_by is None:
        raise Invalid("vote_by", _("请填写投票截止日期。"), "E-7")
    if vote_by is not None and vote_by < clock.local(now).date():
        raise Invalid("vote_by", _("投票截止日期不能早于今天。"), "E-7")
    kept = settings.now(subject)
    made = YearlyRound(
        year=year,
        subject=subject,
        state=S.PREPARED,
        settings=journal.canonical(kept),
        vote_by=vote_by if subject is Subject.PERSON else None,
        made_at=now,
        made_by_id=actor.id or 0,
    )
    db.session.add(made)
    db.session.flush()
    if subject is Subject.PERSON:
        rows, voters = _persons(made, settings.Settings(kept), now)
    else:
        rows, voters = _departments(made, now), 0
    if not rows:
        raise Invalid("year", _("没有可以参加考评的对象。"), "E-5")
    journal.record(words.PREPARED, made, actor, now, rows=rows, voters=voters, settings=kept, **which(made))
    return made


def _departments(round_: YearlyRound, now: datetime) -> int:
    found = collecting.departments(collecting.at(clock.local(now).date(), now))
    db.session.add_all([YearlyRow(round_id=round_.id, department_id=each) for each in found])
    db.session.flush()
    return len(found)


def _persons(round_: YearlyRound, by: settings.Settings, now: datetime) -> tuple[int, int]:
    seen, day, held = ab.picture(), clock.local(now).date(), duty_reports.holders(now)
    known = {user: rules.Post(str(seen.posts[post].kind), department) for user, (post, department) in held.items()}
    above: dict[int, list[int]] = defaultdict(list)
    for department in {post.department_id for post in known.values()}:
        over = posts.leader_post_of(department)
        holder = seen.holder(over, Letter.A, day) if over is not None else None
        if holder is not None and known.get(holder, rules.Post("", 0)).kind in (PostKind.LEADER, PostKind.PRINCIPAL):
            above[department].append(holder)
    panels = rules.panels(by.way, known, above, by.weights.get(Panel.SELF, 0) > 0)
    rows = {
        user: YearlyRow(round_id=round_.id, user_id=user, department_id=known[user].department_id) for user in panels
    }
    db.session.add_all(rows.values())
    db.session.flush()
    lines = [
        {"row_id": rows[user].id, "user_id": voter, "panel": panel}
        for user, mine in panels.items()
        for voter, panel in mine.items()
    ]
    voters = sorted({voter for mine in panels.values() for voter in mine})
    if lines:
        db.session.execute(insert(YearlyPanel), lines)
        db.session.execute(
            insert(YearlyVoter), [{"round_id": round_.id, "user_id": voter, "voted": False} for voter in voters]
        )
    return len(rows), len(voters)


# --- ballots --------------------------------------------------------------------------------------------------


def voters(round_id: int) -> tuple[int, int]:
    """How many may vote, and how many have."""
    query = select(func.count(), func.coalesce(func.sum(db.case((YearlyVoter.voted, 1), else_=0)), 0))
    whole, voted = db.session.execute(query.where(YearlyVoter.round_id == round_id)).one()
    return int(whole), int(voted)


def open_round(actor: Actor, round_: YearlyRound, now: datetime) -> None:
    """Open the ballots of a round of persons. Raises NotAllowed, Conflict."""
    manages(actor)
    found = hold(round_)
    in_state(found, S.PREPARED)
    if found.subject is not Subject.PERSON:
        raise Conflict(_("科室考评没有投票，请直接核算。"), "E-5")
    if found.vote_by is not None and clock.local(now).date() > found.vote_by:
        raise Conflict(_("投票截止日期已过。"), "E-7")
    sealing.make_key(found.id)
    found.state, found.opened_at = S.OPEN, now
    journal.record(words.OPENED, found, actor, now, voters=voters(found.id)[0], vote_by=found.vote_by, **which(found))


def vote(actor: Actor, round_: YearlyRound, marks: Mapping[int, int], now: datetime) -> None:
    """Cast all marks of a voter, once: by row the number of the mark. No entry tells of it, but for the count (J-1).

    Raises NotAllowed for who does not vote here, Conflict when voted before or not open, Invalid (``row_<id>``) for a
    row without a mark.
    """
    found = hold(round_)
    voter = db.session.get(YearlyVoter, (found.id, actor.id or 0), populate_existing=True)
    if voter is None:
        raise NotAllowed(_("您不在这次投票的范围内。"), "E-7")
    in_state(found, S.OPEN)
    if found.vote_by is not None and clock.local(now).date() > found.vote_by:
        raise Conflict(_("投票截止日期已过。"), "E-7")
    if voter.voted:
        raise Conflict(_("您已经投过票，不能再投。"), "E-7")
    key = sealing.key(found.id)
    if key is None:
        raise Conflict(_("票箱的密钥不在了，请联系办公室重新投票。"), "E-7")
    mine, many = panels_of(found.id, actor.id or 0), len(settings.of(found).marks)
    for row_id in sorted(mine):
        if not 0 <= marks.get(row_id, -1) < many:
            raise Invalid(f"row_{row_id}", _("请选择评议等次。"), "E-7")
    voter.voted = True
    db.session.flush()
    sealed = sealing.papers(key, [(row_id, panel, marks[row_id]) for row_id, panel in mine.items()])
    urn.put(YearlyPaper, [{"sealed": each} for each in sealed], round_id=found.id)


def panels_of(round_id: int, user_id: int) -> dict[int, Panel]:
    """Whom a voter assesses in a round, and as what, by row."""
    query = select(YearlyPanel.row_id, YearlyPanel.panel).join(YearlyRow, YearlyRow.id == YearlyPanel.row_id)
    rows = db.session.execute(query.where(YearlyRow.round_id == round_id, YearlyPanel.user_id == user_id))
    return dict(rows.all())


def count(actor: Actor, round_: YearlyRound, now: datetime) -> None:
    """Open the urn: marks become averages, then papers and key are gone (E-7).

    Raises NotAllowed, Conflict before the last day while somebody has not voted.
    """
    manages(actor)
    found = hold(round_)
    in_state(found, S.OPEN)
    whole, voted = voters(found.id)
    if voted < whole and found.vote_by is not None and clock.local(now).date() <= found.vote_by:
        raise Conflict(_("投票截止日期未到，还有人没有投票。"), "E-7")
    by = settings.of(found)
    sealed = list(db.session.scalars(select(YearlyPaper.sealed).where(YearlyPaper.round_id == found.id)))
    cast, lost = sealing.opened(sealing.key(found.id), sealed)
    given: dict[int, dict[Panel, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for row_id, panel, mark in cast:
        given[row_id][panel].append(by.marks[mark])
    for row in found.rows:
        _tally(row, given.get(row.id, {}), by)
    db.session.execute(delete(YearlyPaper).where(YearlyPaper.round_id == found.id))
    found.state, found.counted_at, found.lost = S.COUNTED, now, lost
    facts: dict[str, Any] = {"voted": voted, "papers": len(cast), "lost": lost, "digest": _digest_of_count(found)}
    journal.record(words.COUNTED, found, actor, now, **facts, **which(found))


def _tally(row: YearlyRow, given: Mapping[Panel, list[Decimal]], by: settings.Settings) -> None:
    """What a row keeps of its papers: nothing where they are few, the sum where a panel is too small (E-7)."""
    papers = {panel: len(marks) for panel, marks in given.items()}
    row.papers, row.ballots, row.panels = sum(papers.values()), None, "{}"
    if not rules.counts(papers, by.least):
        return
    means = {panel: rules.average(marks, by.drop) for panel, marks in given.items()}
    row.ballots = rules.weighted(means, by.weights)
    if rules.shown(papers, by.least):
        row.panels = journal.canonical(
            {str(panel): [f"{mean:f}", str(papers[panel])] for panel, mean in means.items() if mean is not None}
        )


def _digest_of_count(round_: YearlyRound) -> str:
    said = [[row.id, row.papers, f"{row.ballots:f}" if row.ballots is not None else ""] for row in round_.rows]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def restart(actor: Actor, round_: YearlyRound, reason: str, now: datetime) -> None:
    """Begin the ballots of an open round anew; what was cast is void (papers that nobody can open any more).

    Raises NotAllowed, Conflict, Invalid without a reason.
    """
    manages(actor)
    found = hold(round_)
    in_state(found, S.OPEN)
    if not reason:
        raise Invalid("reason", _("请写明重新投票的原因。"), "E-7")
    _whole, voted = voters(found.id)
    db.session.execute(delete(YearlyPaper).where(YearlyPaper.round_id == found.id))
    db.session.execute(update(YearlyVoter).where(YearlyVoter.round_id == found.id).values(voted=False))
    sealing.make_key(found.id)
    found.opened_at = now
    journal.record(words.RESTARTED, found, actor, now, voted=voted, reason=reason, **which(found))


# --- computing ------------------------------------------------------------------------------------------------


def compute(actor: Actor, round_: YearlyRound, now: datetime) -> int:
    """Count the year anew from the facts as they are, and grade; returns how many results changed (E-5).

    Who is graded sees the own result from then on; the time for objections begins anew when anything has changed.
    Raises NotAllowed, Conflict.
    """
    manages(actor)
    found = hold(round_)
    first = S.COUNTED if found.subject is Subject.PERSON else S.PREPARED
    in_state(found, first, S.COMPUTED)
    by, counted = settings.of(found), gathering.count(found, found.rows)
    entries = [
        Entry(row_id, one.total, one.compared, bool(one.hindrances), one.vetoed)
        for row_id, one in counted.items()
        if one.total is not None
    ]
    graded = rules.grade(entries, by.scheme)
    changes = []
    for row in found.rows:
        one, place = counted[row.id], graded.get(row.id)
        before = (row.total, row.grade, row.place, row.hindrances, row.bonus_cut)
        row.total, row.parts = one.total, journal.canonical(one.content)
        row.place = place.place if place else None
        row.grade = by.names[place.grade] if place else ""
        row.held = place.held if place else None
        row.hindrances, row.bonus_cut = json.dumps(one.hindrances, ensure_ascii=False), one.bonus_cut
        if before != (row.total, row.grade, row.place, row.hindrances, row.bonus_cut):
            changes.append(
                {
                    "name": name_of(row),
                    "total": [_text(before[0]), _text(row.total)],
                    "grade": [before[1], row.grade],
                }
            )
    if changes or found.object_by is None:
        limit = policy.value("yearly_grade.object_within")
        found.object_by = deadline(now, limit, calendar.work_calendar()).at
    found.state, found.computed_at, found.computed_by_id = S.COMPUTED, now, actor.id
    journal.record(words.COMPUTED, found, actor, now, changed=len(changes), changes=changes, **which(found))
    return len(changes)


def _text(total: Decimal | None) -> str:
    return "" if total is None else plain(total)


def quota_left(round_: YearlyRound) -> list[tuple[str, int, int]]:
    """By grade with a quota: the name, how many may have it or a better one, how many have."""
    by = settings.of(round_)
    graded = [by.names.index(row.grade) for row in round_.rows if row.grade]
    used = Counter(graded)
    return [
        (by.names[n], room, sum(used[m] for m in range(n + 1))) for n, room in enumerate(by.scheme.room(len(graded)))
    ]


# --- the veto -------------------------------------------------------------------------------------------------


def veto(actor: Actor, row: YearlyRow, ground: Ground, reason: str, evidence: str, now: datetime) -> YearlyVeto:
    """Propose a one-vote veto with its ground and proof; it counts once another has confirmed it (E-5).

    Raises NotAllowed, Conflict after the decision or while one stands, Invalid without reason or evidence.
    """
    if not (actor.can(words.MANAGE) or actor.can(words.REVIEW)):
        raise NotAllowed(_("一票否决由办公室或者督查组提出。"), "E-5")
    if row.user_id == actor.id:
        raise NotAllowed(_("不能对本人的考评作这样的操作。"), "E-5")
    found = hold(row.round)
    in_state(found, S.PREPARED, S.OPEN, S.COUNTED, S.COMPUTED)
    if any(each.lifted_at is None for each in row.vetoes):
        raise Conflict(_("对这一对象已经提出一票否决。"), "E-5")
    for name, text in (("reason", reason), ("evidence", evidence)):
        if not text:
            raise Invalid(name, _("请写明否决的事实和依据的文书。"), "E-5")
    made = YearlyVeto(
        round_id=found.id, row=row, ground=ground, reason=reason, evidence=evidence, by_id=actor.id or 0, at=now
    )
    db.session.add(made)
    journal.record(
        words.VETOED, found, actor, now, name=name_of(row), ground=str(ground), reason=reason, evidence=evidence
    )
    return made


def confirm_veto(actor: Actor, given: YearlyVeto, now: datetime) -> None:
    """Confirm a veto that somebody else proposed. Raises NotAllowed, Conflict."""
    if not (actor.can(words.DECIDE) or actor.can(words.REVIEW)):
        raise NotAllowed(_("一票否决由督查组或者主要负责人确认。"), "E-5")
    if actor.id in (given.by_id, given.row.user_id):
        raise NotAllowed(_("提出人和本人不能确认。"), "E-5")
    found = hold(given.row.round)
    in_state(found, S.PREPARED, S.OPEN, S.COUNTED, S.COMPUTED)
    if given.confirmed_at is not None or given.lifted_at is not None:
        raise Conflict(_("这项一票否决已经处理。"), "E-5")
    given.confirmed_at, given.confirmed_by_id = now, actor.id
    journal.record(words.VETO_CONFIRMED, found, actor, now, name=name_of(given.row))


def lift_veto(actor: Actor, given: YearlyVeto, reason: str, now: datetime) -> None:
    """Take a veto back with a reason. Raises NotAllowed, Conflict, Invalid."""
    if not (actor.can(words.DECIDE) or actor.can(words.REVIEW)) or given.row.user_id == actor.id:
        raise NotAllowed(_("一票否决由督查组或者主要负责人撤销。"), "E-5")
    found = hold(given.row.round)
    in_state(found, S.PREPARED, S.OPEN, S.COUNTED, S.COMPUTED)
    if given.lifted_at is not None:
        raise Conflict(_("这项一票否决已经处理。"), "E-5")
    if not reason:
        raise Invalid("reason", _("请写明撤销的原因。"), "E-5")
    given.lifted_at, given.lifted_by_id, given.lift_reason = now, actor.id, reason
    journal.record(words.VETO_LIFTED, found, actor, now, name=name_of(given.row), reason=reason)


def sweep(_now: datetime) -> int:
    """Forget the keys of urns that were opened; returns how many."""
    return sealing.forget(db.session.scalars(select(YearlyRound.id).where(YearlyRound.counted_at.is_not(None))))
