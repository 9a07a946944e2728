"""The verbs of a round over HTTP: each locks the round, does, and goes back to its page (O-7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.award import deciding, queries, service, voting
from portal.award import vocabulary as words
from portal.award.forms import ActForm, ReviewForm, SummaryForm
from portal.award.models import AwardObjection, AwardRound, Nomination
from portal.award.views import Answer, ballot_form, bp, decide_form, labels, nominate_form, page
from portal.kernel import access, acts, clock
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import locked
from portal.kernel.forms import PortalForm
from portal.kernel.htmx import go


def _do(
    number: str,
    name: str,
    form: Callable[[Actor, AwardRound], PortalForm],
    verb: Callable[[Actor, AwardRound, PortalForm, datetime], object],
    done: str,
    at: int = 0,
) -> Answer:
    actor = require_actor()
    round_ = locked(AwardRound, number=number)
    sent = form(actor, round_)
    if acts.carried_out(sent, lambda: verb(actor, round_, sent, clock.now()), done):
        return go("award.show", number=number)
    return page(actor, queries.by_number(number), name, sent, at), 422


def _act(_actor: Actor, _round: AwardRound) -> ActForm:
    return ActForm()


def _nomination(round_: AwardRound, nomination_id: int) -> Nomination:
    return queries.nomination_of(round_, nomination_id)


@bp.post("/<number>/nominate")
@access.guard(words.READ)
def nominate(number: str) -> Answer:
    """Nominate somebody (O-7)."""
    return _do(
        number,
        "nominate",
        lambda a, r: nominate_form(a, r, sent=True),
        lambda a, r, f, now: service.nominate(a, r, f["who"].data, f["reason"].data, f["summary"].data or "", now),
        _("已提名。"),
    )


@bp.post("/<number>/nominations/<int:nomination_id>/summary")
@access.guard(words.READ)
def summarise(number: str, nomination_id: int) -> Answer:
    """Write the summary of a nomination (O-7)."""
    return _do(
        number,
        "summarise",
        lambda _a, _r: SummaryForm(),
        lambda a, r, f, now: service.summarise(a, _nomination(r, nomination_id), f["summary"].data or "", now),
        _("自我总结已提交。"),
        nomination_id,
    )


@bp.post("/<number>/nominations/<int:nomination_id>/withdraw")
@access.guard(words.READ)
def withdraw(number: str, nomination_id: int) -> Answer:
    """Take a nomination back (O-7)."""
    return _do(
        number,
        "withdraw",
        _act,
        lambda a, r, _f, now: service.withdraw(a, _nomination(r, nomination_id), now),
        _("提名已撤回。"),
    )


@bp.post("/<number>/open-vote")
@access.guard(words.MANAGE)
def open_vote(number: str) -> Answer:
    """Open the vote (O-7)."""
    return _do(number, "open_vote", _act, lambda a, r, _f, now: voting.open_vote(a, r, now), _("投票已开始。"))


@bp.post("/<number>/vote")
@access.guard(words.READ)
def vote(number: str) -> Answer:
    """Cast one's ballot, once (O-7)."""
    return _do(
        number,
        "vote",
        lambda a, r: ballot_form(a, r, sent=True),
        lambda a, r, f, now: voting.cast(a, r, f["chosen"].data or [], f["abstains"].data, now),
        _("已投票，不能再改。"),
    )


@bp.post("/<number>/extend")
@access.guard(words.MANAGE)
def extend(number: str) -> Answer:
    """Give the vote more time (O-7)."""
    return _do(
        number,
        "extend",
        _act,
        lambda a, r, f, now: voting.extend(a, r, f["vote_by"].data or r.vote_by, now),
        _("投票期限已延长。"),
    )


@bp.post("/<number>/count")
@access.guard(words.MANAGE)
def count(number: str) -> Answer:
    """Close the vote and count it (O-7)."""
    return _do(number, "count", _act, lambda a, r, _f, now: voting.count(a, r, now), _("投票已结束，请审核。"))


@bp.post("/<number>/review")
@access.guard(words.REVIEW)
def review(number: str) -> Answer:
    """Review the vote (O-7)."""
    return _do(
        number,
        "review",
        lambda _a, r: ReviewForm(labels(r)),
        lambda a, r, f, now: deciding.review(a, r, f["text"].data or "", f["doubted"].data or [], now),
        _("审核意见已提交。"),
    )


@bp.post("/<number>/decide")
@access.guard(words.DECIDE)
def decide(number: str) -> Answer:
    """Decide and publish (O-7)."""
    return _do(
        number,
        "decide",
        lambda _a, r: decide_form(r, sent=True),
        lambda a, r, f, now: deciding.decide(a, r, f["chosen"].data or [], f["text"].data or "", now),
        _("已决定，公示开始。"),
    )


@bp.post("/<number>/nominations/<int:nomination_id>/object")
@access.guard(words.READ)
def object_to(number: str, nomination_id: int) -> Answer:
    """Object to an award during publication (O-7)."""
    return _do(
        number,
        "object_to",
        _act,
        lambda a, r, f, now: deciding.object_to(a, _nomination(r, nomination_id), f["text"].data or "", now),
        _("异议已提交。"),
        nomination_id,
    )


def _objection(round_: AwardRound, objection_id: int) -> AwardObjection:
    found = next((o for o in round_.objections if o.id == objection_id), None)
    if found is None:
        raise NotFound()
    return found


@bp.post("/<number>/objections/<int:objection_id>/answer")
@access.guard(words.REVIEW)
def answer(number: str, objection_id: int) -> Answer:
    """Answer an objection (O-7)."""
    return _do(
        number,
        "answer",
        _act,
        lambda a, r, f, now: deciding.answer(
            a, _objection(r, objection_id), f["upheld"].data, f["text"].data or "", now
        ),
        _("异议已答复。"),
        objection_id,
    )


@bp.post("/<number>/finish")
@access.guard(words.MANAGE)
def finish(number: str) -> Answer:
    """End the publication and give the awards (O-7)."""
    return _do(number, "finish", _act, lambda a, r, _f, now: deciding.finish(a, r, now), _("已授予，可以打印证书。"))


@bp.post("/<number>/cancel")
@access.guard(words.MANAGE)
def cancel(number: str) -> Answer:
    """Cancel a round (O-7)."""
    return _do(
        number,
        "cancel",
        _act,
        lambda a, r, f, now: service.cancel(a, r, f["reason"].data or "", now),
        _("评选已取消。"),
    )


@bp.post("/<number>/nominations/<int:nomination_id>/revoke")
@access.guard(words.DECIDE)
def revoke(number: str, nomination_id: int) -> Answer:
    """Revoke an award (O-7, A-4)."""
    return _do(
        number,
        "revoke",
        _act,
        lambda a, r, f, now: deciding.revoke(a, _nomination(r, nomination_id), f["reason"].data or "", now),
        _("已撤销，记录保留。"),
        nomination_id,
    )
