"""Pages of the lists of a quarter and of a year: propose, adjust, sign, publish, papers (E-4, E-5)."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.completion_report import paper as forms
from portal.kernel import access, acts, clock, documents, journal, sheets, timeline
from portal.kernel.actor import require_actor
from portal.kernel.forms import PortalForm
from portal.kernel.htmx import go
from portal.monthly_result import candidates, naming, paper, rolls
from portal.monthly_result import vocabulary as words
from portal.monthly_result.forms import NameForm, ReasonForm, SignForm
from portal.monthly_result.models import Roll, RollKind
from portal.monthly_result.naming import Period
from portal.monthly_result.paper_views import certificate_paper
from portal.monthly_result.views import Answer, bp, common

ROLL = "/lists/<any(quarter_persons, year_persons, collectives, windows):kind>/<period>"


def _period(kind: str, typed: str) -> Period:
    found = naming.read_period(RollKind(kind), typed)
    if found is None:
        raise NotFound()
    return found


def _rolls(kind: str, typed: str) -> list[Roll]:
    """The editions that the actor may see, the newest first."""
    found = rolls.editions(RollKind(kind), _period(kind, typed))
    return found if require_actor().can(words.FOLLOW) else [each for each in found if each.published_at]


def _roll(kind: str, typed: str) -> Roll:
    """The edition of the address, else the newest. Raises NotFound."""
    found, number = _rolls(kind, typed), request.args.get("edition", "")
    chosen = [each for each in found if str(each.edition) == number] if number else found
    if not chosen:
        raise NotFound()
    return chosen[0]


def _at(roll: Roll) -> dict[str, Any]:
    return {"kind": str(roll.kind), "period": rolls.period_of(roll).text}


@bp.get("/lists")
@access.guard(words.READ)
def lists() -> Answer:
    """All lists: published ones for everybody, those under way for who has a part in them; a chooser for the office."""
    today = clock.today()
    periods = [naming.Period(today.year - n // 5, n % 5) for n in range(15)]
    return render_template(
        "monthly_result/lists.html",
        rolls=rolls.published(),
        open_rolls=rolls.under_way() if require_actor().can(words.FOLLOW) else [],
        quarters=[p for p in sorted(periods, key=lambda p: p.text, reverse=True) if p.quarter and p.first <= today],
        years=[p for p in periods if not p.quarter],
        text=lambda roll: rolls.period_of(roll).text,
        **common(),
    )


@bp.get("/lists/open")
@access.guard(words.MANAGE)
def choose_list() -> Answer:
    """From the chooser to the list: what it says, or what is missing for proposing it."""
    kind, typed = request.args.get("kind", ""), request.args.get("period", "")
    if kind not in set(RollKind):
        raise NotFound()
    return go("monthly_result.roll", kind=kind, period=_period(kind, typed).text)


@bp.get(ROLL)
@access.guard(words.READ)
def roll(kind: str, period: str) -> Answer:
    """A list; for the office the beginning of one."""
    if not _rolls(kind, period) and require_actor().can(words.MANAGE):
        return _begin(kind, period)
    return _show(_roll(kind, period))


def _begin(kind: str, typed: str) -> str:
    found = _period(kind, typed)
    return render_template(
        "monthly_result/begin_list.html",
        kind=RollKind(kind),
        period=found,
        missing=candidates.missing(RollKind(kind), found),
        title=paper.roll_title(Roll(kind=RollKind(kind), year=found.year, quarter=found.quarter)),
        **common(),
    )


def _show(
    found: Roll, sign: SignForm | None = None, name: NameForm | None = None, reason: ReasonForm | None = None
) -> str:
    actor = require_actor()
    follows = actor.can(words.FOLLOW)
    given = {"sign": sign, "name": name, "reason": reason}
    return render_template(
        "monthly_result/roll.html",
        roll=found,
        entries=[e for e in found.entries if follows or e.named],
        own=[e for e in found.entries if not follows and not e.named and _own(found, e.subject_id)],
        editions=_rolls(str(found.kind), rolls.period_of(found).text),
        seen=rolls.seen(found),
        at=_at(found),
        person=candidates.subject_of(found.kind) == "person",
        why_not=rolls.why_not_sign(actor, found),
        sign=sign or SignForm(formdata=None),
        name=(name or NameForm(formdata=None)).offer(_choices(found)),
        reason=reason or ReasonForm(formdata=None),
        forms_bad=any(f and (f.errors or f.form_errors) for f in given.values()),
        acting=next((p.for_user_name for p in actor.posts if p.for_user_id and p.kind == "principal"), ""),
        history=timeline.lines(journal.of_object("result_roll", found.id)) if follows else [],
        **common(),
    )


def _own(found: Roll, subject_id: int) -> bool:
    """Somebody who was not named reads why (E-5), nobody else does."""
    actor = require_actor()
    if candidates.subject_of(found.kind) == "person":
        return actor.id == subject_id
    return actor.department_id == subject_id


def _choices(found: Roll) -> list[tuple[int, str]]:
    return [(e.subject_id, e.name) for e in found.entries if not e.barred]


def _done(found: Roll, form: PortalForm, act: Any, done: str, name: str) -> Answer:
    where, number = _at(found), found.edition
    if acts.carried_out(form, act, done):
        return go("monthly_result.roll", **where)
    again = next(e for e in _rolls(where["kind"], where["period"]) if e.edition == number)
    return _show(again, **{name: form}), 422


@bp.post(ROLL + "/propose")
@access.guard(words.MANAGE)
def propose(kind: str, period: str) -> Answer:
    """Propose a list from the published months; a published one gets a correcting edition, with a reason."""
    actor, which, chosen = require_actor(), RollKind(kind), _period(kind, period)
    before = rolls.editions(which, chosen)
    if not before:
        rolls.propose(actor, which, chosen, clock.now())
        flash(_("已提出建议名单，等待签发。"))
        return go("monthly_result.roll", kind=kind, period=period)
    form = ReasonForm()
    return _done(
        before[0], form, lambda: rolls.propose(actor, which, chosen, clock.now(), form.reason.data or ""),
        _("更正名单已提出，等待签发。"), "reason",
    )  # fmt: skip


@bp.post(ROLL + "/names")
@access.guard(words.MANAGE)
def change_name(kind: str, period: str) -> Answer:
    """Put somebody on a list, or take them off."""
    actor, found = require_actor(), _roll(kind, period)
    form = NameForm().offer(_choices(found))

    def act() -> None:
        assert form.subject_id.data is not None
        rolls.change(actor, found, form.subject_id.data, form.named.data == "yes", form.reason.data or "", clock.now())

    return _done(found, form, act, _("名单已调整。"), "name")


@bp.post(ROLL + "/resubmit")
@access.guard(words.MANAGE)
def resubmit(kind: str, period: str) -> Answer:
    """Put a list that was sent back before the principal again."""
    rolls.resubmit(require_actor(), _roll(kind, period), clock.now())
    flash(_("已重新提交签发。"))
    return go("monthly_result.roll", kind=kind, period=period)


@bp.post(ROLL + "/sign")
@access.guard(words.SIGN)
def sign_list(kind: str, period: str) -> Answer:
    """The principal's decision on a list."""
    actor, found, form = require_actor(), _roll(kind, period), SignForm()
    if request.form.get("act") == "return":
        return _done(
            found, form, lambda: rolls.send_back(actor, found, form.reason.data or "", clock.now()),
            _("已退回办公室。"), "sign",
        )  # fmt: skip
    return _done(
        found,
        form,
        lambda: rolls.sign(actor, found, form.shown.data or "", clock.now()),
        _("已签发，等待公布。"),
        "sign",
    )


@bp.post(ROLL + "/publish")
@access.guard(words.MANAGE)
def publish_list(kind: str, period: str) -> Answer:
    """Publish a signed list."""
    rolls.publish(require_actor(), _roll(kind, period), clock.now())
    flash(_("名单已公布，此后不再改变。"))
    return go("monthly_result.roll", kind=kind, period=period)


@bp.get(ROLL + "/paper")
@access.guard(words.READ)
def roll_paper(kind: str, period: str) -> Answer:
    """A list for print."""
    found = _roll(kind, period)
    return render_template(
        "monthly_result/roll_paper.html", roll=found, at=_at(found), p=paper.roll(found, clock.now()), **common()
    )


@bp.get(ROLL + "/paper.docx")
@access.guard(words.READ)
def roll_docx(kind: str, period: str) -> Response:
    """A list as DOCX."""
    content = paper.roll(_roll(kind, period), clock.now())
    return documents.download(forms.docx(content), f"{content.title}.docx")


@bp.get(ROLL + "/paper.xlsx")
@access.guard(words.READ)
def roll_xlsx(kind: str, period: str) -> Response:
    """A list as XLSX."""
    content = paper.roll(_roll(kind, period), clock.now())
    return sheets.download(sheets.workbook(content.tables), f"{content.title}.xlsx")


def _certificates(kind: str, period: str) -> tuple[Roll, list[dict[str, Any]]]:
    found = _roll(kind, period)
    named = [e.name for e in found.entries if e.named] if found.published_at else []
    if not named:
        raise NotFound()
    return found, [paper.roll_certificate(found, name) for name in named]


@bp.get(ROLL + "/certificates")
@access.guard(words.READ)
def roll_certificates(kind: str, period: str) -> Answer:
    """The certificates of a published list for print, one a page."""
    found, made = _certificates(kind, period)
    return render_template("monthly_result/certificates.html", roll=found, at=_at(found), found=made, **common())


@bp.get(ROLL + "/certificates.docx")
@access.guard(words.READ)
def roll_certificates_docx(kind: str, period: str) -> Response:
    """The certificates of a published list as DOCX."""
    found, made = _certificates(kind, period)
    return documents.download(certificate_paper(made), f"{paper.roll_title(found)}.docx")
