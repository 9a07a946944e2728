"""From the facts of a month to lines and results: reading, never writing (E-3, E-2)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from portal.ab_post.models import Letter
from portal.kernel import clock
from portal.kernel.db import db
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty.models import PostKind
from portal.pure.scoring import Kind, Line, LineError, Result, Rule, Subject, Table, score
from portal.score_evidence import facts, queries
from portal.score_evidence.facts import Found, Term
from portal.score_evidence.models import LineOrigin, LineState, ScoreLine

#: A line of evidence by whom it is about, its rule and its fact.
Key = tuple[int, str, str]


@dataclass(frozen=True)
class Piece:
    """A fact under the rule that counts it."""

    rule: Rule
    source: str
    found: Found

    @property
    def key(self) -> Key:
        """Its place among the lines of the year."""
        return self.found.subject_id, self.rule.code, self.found.key


def subjects(subject: str, term: Term) -> list[int]:
    """Who is scored in a month: the departments that take part; the people who held a post of staff or head."""
    if subject == Subject.DEPARTMENT:
        return sorted(departments(term))
    seen, found = term.picture, set()
    day = term.day
    for post_id, post in seen.posts.items():
        holder = seen.holder(post_id, Letter.A, day)
        if post.kind in (PostKind.STAFF, PostKind.HEAD) and post.open_on(day) and holder is not None:
            found.add(holder)
    return sorted(found - seen.barred)


def departments(term: Term) -> list[int]:
    """The open departments that are ranked, in the office's order: those with a post that handles matters, or all as
    the policy says; the leaders' own has none (E-4)."""
    found = [department_id for department_id, _name in people.open_departments()]
    if policy.value("score_evidence.departments") == "all":
        return found
    posts = term.picture.posts.values()
    handling = {post.department_id for post in posts if post.kind is PostKind.STAFF and post.open_on(term.day)}
    return [department_id for department_id in found if department_id in handling]


def pieces(table: Table, term: Term, who: Iterable[int]) -> dict[Key, Piece]:
    """The facts of a month under the rules of a table.

    One fact counts under the first rule that names its source, and besides under every rule that only disqualifies; a
    figure of the month (a rate) serves every rule that is about it.
    """
    found: dict[Key, Piece] = {}
    counted: set[tuple[int, str]] = set()
    scored = frozenset(who)
    known: dict[str, list[Found]] = {}
    for _category, rule in table.places.values():
        for source in rule.source:
            if source == "hand":
                continue
            if source not in known:
                known[source] = list(facts.read(source, term, table.subject))
            for each in known[source]:
                if each.subject_id not in scored:
                    continue
                if not _figure(source) and rule.kind is not Kind.DISQUALIFY:
                    fact = (each.subject_id, each.identity)
                    if fact in counted:
                        continue
                    counted.add(fact)
                piece = Piece(rule, source, each)
                found.setdefault(piece.key, piece)
    return found


def _figure(source: str) -> bool:
    return source in ("fact:satisfaction", "fact:coverage", "fact:on_time_rate")


def elsewhere(table: Table, month: date, but: int | None, keys: Iterable[Key]) -> set[Key]:
    """Those of some keys that count already in another month of the year: the same fact never counts twice (E-4)."""
    wanted = set(keys)
    query = select(ScoreLine.subject_id, ScoreLine.rule, ScoreLine.key).where(
        ScoreLine.year == month.year,
        ScoreLine.subject == table.subject,
        ScoreLine.state.in_((LineState.APPROVED, LineState.PROPOSED)),
        ScoreLine.score_month_id != (but or 0),
    )
    return {(who, rule, key) for who, rule, key in db.session.execute(query) if (who, rule, key) in wanted}


def fits(table: Table, line: Line) -> bool:
    """Whether a table can count a line."""
    try:
        score(table, [line])
    except LineError:
        return False
    return True


def scored(table: Table, lines: Mapping[int, Iterable[Line]]) -> dict[int, Result]:
    """The results of some subjects from their lines."""
    return {who: score(table, of) for who, of in sorted(lines.items())}


def digest(results: Mapping[int, Result]) -> str:
    """One text for all results of a month: equal digests are equal results, to the last digit."""
    said = [
        [
            who,
            f"{result.total:f}",
            [[c.code, f"{c.points:f}"] for c in result.categories],
            [[s.line.key, f"{s.line.quantity:f}", f"{s.points:f}", str(s.note)] for s in result.scored],
        ]
        for who, result in sorted(results.items())
    ]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def simulate(table: Table, month: date) -> dict[int, Result]:
    """A month as another table would score it: its facts, the approved manual lines that fit, and the rulings."""
    month = month.replace(day=1)
    term = Term(month, clock.now())
    lines: dict[int, list[Line]] = {who: [] for who in subjects(table.subject, term)}
    standing = queries.month_of(table.subject, month)
    known = {(x.subject_id, x.rule, x.key): x for x in queries.every_line(standing.id)} if standing else {}
    for key, piece in pieces(table, term, lines).items():
        ruled = known.get(key)
        line = _line(key, piece.found.quantity, None)
        if ruled is not None and ruled.ruled:
            if ruled.state is not LineState.APPROVED:
                continue
            line = queries.as_line(ruled)
        elif piece.rule.kind is Kind.RANGE and ruled is not None:
            line = queries.as_line(ruled)
        if fits(table, line):
            lines[key[0]].append(line)
    for each in known.values():
        counts = each.origin is LineOrigin.MANUAL and each.state is LineState.APPROVED and each.subject_id in lines
        if counts and fits(table, queries.as_line(each)):
            lines[each.subject_id].append(queries.as_line(each))
    return scored(table, lines)


def _line(key: Key, quantity: Decimal, points: Decimal | None) -> Line:
    return Line(key=f"{key[1]}|{key[2]}", rule=key[1], quantity=quantity, points=points)


def by_subject(rows: Iterable[ScoreLine], who: Iterable[int]) -> dict[int, list[Line]]:
    """The lines that count, by subject; every subject of the month has a place."""
    found: dict[int, list[Line]] = defaultdict(list, {each: [] for each in who})
    for row in rows:
        if row.state is LineState.APPROVED:
            found[row.subject_id].append(queries.as_line(row))
    return dict(found)


def at(month: date, now: datetime) -> Term:
    """A month as its facts are read at an instant."""
    return Term(month.replace(day=1), now)
