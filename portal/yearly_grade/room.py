"""Door plate of the room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.i18n import local_date
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.pure.scoring import Subject
from portal.yearly_grade import deciding, queries, row_views, service
from portal.yearly_grade import vocabulary as words
from portal.yearly_grade.models import RoundState as S
from portal.yearly_grade.queries import Live
from portal.yearly_grade.views import bp

__all__ = ["PLATE", "row_views"]


def waiting(actor: Actor, _now: datetime) -> int:
    """How many ballots the actor has yet to cast: no query while no round is open."""
    return len(queries.to_vote(actor))


def _name(each: Live) -> str:
    if each.subject is Subject.PERSON:
        return _("%(year)s 年度个人考评", year=each.year)
    return _("%(year)s 年度科室考评", year=each.year)


def _step(actor: Actor, each: Live, now: datetime) -> tuple[str, str] | None:
    """What the actor has to do with a round: the verb in words, and why."""
    objecting = each.object_by is not None and now <= each.object_by
    if actor.can(words.MANAGE):
        if each.state is S.PREPARED:
            return (_("开始投票"), _("已准备")) if each.subject is Subject.PERSON else (_("核算"), _("已准备"))
        if each.state is S.OPEN and each.vote_by is not None and clock.local(now).date() > each.vote_by:
            return _("计票"), _("投票已经截止")
        if each.state is S.COUNTED:
            return _("核算"), _("已计票")
        if each.state is S.DECIDED:
            return _("公布"), _("已决定")
    if actor.can(words.REVIEW) and each.state is S.COMPUTED:
        if deciding.waiting_objections(each.id):
            return _("裁定"), _("有异议等待裁定")
        if not objecting and actor.id != each.computed_by_id:
            return _("审核"), _("异议期已满")
    if actor.can(words.DECIDE) and each.state is S.REVIEWED:
        return _("决定"), _("督查组已审核")
    return None


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """The ballots to cast; for who has a part in a round its next step; corrections for the principal."""
    if not actor.can(words.READ):
        return []
    found = [
        ToDo(
            "yearly_grade.vote",
            _("%(year)s 年度个人考评民主评议", year=each.year),
            _("%(day)s 截止", day=local_date(each.vote_by)),
            url_for("yearly_grade.vote", year=each.year, subject=str(each.subject)),
            _("投票"),
            None,
            "due_soon" if each.vote_by == clock.local(now).date() else "normal",
        )
        for each in queries.to_vote(actor)
        if each.vote_by is None or clock.local(now).date() <= each.vote_by
    ]
    if not queries.follows(actor):
        return found
    for each in queries.live():
        step = _step(actor, each, now)
        if step is not None:
            url = url_for("yearly_grade.show", year=each.year, subject=str(each.subject))
            found.append(ToDo("yearly_grade.step", _name(each), step[1], url, step[0]))
    if actor.can(words.DECIDE):
        for given in queries.corrections_waiting():
            url = url_for("yearly_grade.result", row_id=given.row_id)
            title = _("更正%(name)s的年度考评结果", name=service.name_of(given.row))
            found.append(ToDo("yearly_grade.correction", title, given.reason, url, _("决定")))
    return found


PLATE = Plate(
    name="yearly_grade",
    title=_l("年度考评"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("年度考评"), "yearly_grade.index", words.READ, order=88, count=waiting),),
    todos=todos,
    sweep=service.sweep,
)
