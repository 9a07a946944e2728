"""Pages of the reading room: the list, one entry, verification, chain heads."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.audit import queries, rules, service
from portal.audit import vocabulary as words
from portal.audit.forms import EraseForm, FilterForm, VerifyForm
from portal.audit.queries import Found, Wanted
from portal.kernel import access, clock, journal
from portal.kernel import verification as chain
from portal.kernel.actor import require_actor
from portal.kernel.db import db
from portal.kernel.htmx import go
from portal.kernel.journal import JournalEntry

bp = Blueprint("audit", __name__, url_prefix="/audit")

_FILTERS = ("event", "who", "what", "id", "from_on", "to_on")
#: Where the session keeps the verification that was asked for until it is run.
_ASKED = "verification"


@bp.get("/")
@access.guard(words.READ)
def index() -> str | tuple[str, int]:
    """The journal, newest first, with filters."""
    form = FilterForm(request.args)
    if form.validate():
        found = queries.entries(
            Wanted(
                event=form.event.data or "",
                user_id=form.who.data,
                object_type=form.what.data or "",
                object_id=form.id.data,
                from_on=form.from_on.data,
                to_on=form.to_on.data,
                before=form.before.data,
            )
        )
    else:
        found = Found([], [], None, False)
    return _list_page(form, found, VerifyForm(formdata=None)), 422 if form.errors else 200


def _list_page(form: FilterForm, found: Found, verify_form: VerifyForm) -> str:
    kept: dict[str, Any] = {name: request.args[name] for name in _FILTERS if request.args.get(name)}
    return render_template(
        "audit/index.html",
        form=form,
        found=found,
        verify_form=verify_form,
        filtered=bool(kept),
        older_url=url_for("audit.index", **kept, before=found.older) if found.older else None,
        newest_url=url_for("audit.index", **kept) if "before" in request.args else None,
        entries=queries.count(),
        last=queries.last_verified(),
        objects=words.OBJECT_LABELS,
        results=words.RESULT_LABELS,
    )


@bp.get("/entries/<int:seq>")
@access.guard(words.READ)
def show(seq: int) -> str:
    """One entry with its hashes and whether they hold."""
    return _entry_page(_entry(seq), EraseForm(formdata=None))


def _entry(seq: int) -> JournalEntry:
    entry = db.session.get(JournalEntry, seq)
    if entry is None:
        raise NotFound()
    return entry


def _entry_page(entry: JournalEntry, form: EraseForm) -> str:
    problem = chain.check(entry.seq)
    return render_template(
        "audit/show.html",
        entry=entry,
        line=queries.lines([entry])[0],
        facts=queries.facts(entry),
        withheld=queries.withheld(entry),
        has_personal=queries.has_personal(entry.seq),
        erasure=queries.erasure_of(entry.seq),
        problem=words.PROBLEM_LABELS[problem] if problem else None,
        objects=words.OBJECT_LABELS,
        newest=journal.head()[0],
        form=form,
    )


@bp.route("/entries/<int:seq>/erase", methods=["GET", "POST"])
@access.guard(words.ERASE)
def erase_personal(seq: int) -> str | BaseResponse | tuple[str, int]:
    """Erase the personal text of one entry, with a reason."""
    entry = _entry(seq)
    form = EraseForm()
    if form.sent():
        service.erase_personal(require_actor(), seq, form.reason.data, clock.now())
        flash(_("第 %(seq)s 条日志的个人信息已抹去。", seq=seq))
        return go("audit.show", seq=seq)
    return _entry_page(entry, form), 422 if form.errors else 200


@bp.post("/verify")
@access.guard(words.VERIFY)
def verify() -> str | BaseResponse | tuple[str, int]:
    """Ask for a verification; it is run by the page that follows, which only reads, so that nobody has to wait."""
    form = VerifyForm()
    if not form.sent():
        filters = FilterForm(formdata=None)
        return _list_page(filters, queries.entries(Wanted()), form), 422
    key = secrets.token_urlsafe(12)
    session[_ASKED] = {"key": key, "heads": form.heads.data or ""}
    return go("audit.verification", key=key)


@bp.get("/verification")
@access.guard(words.VERIFY)
def verification() -> str | BaseResponse:
    """Run the verification that was asked for, once, and show what it found (J-2)."""
    asked = session.pop(_ASKED, None)
    if asked is None or asked["key"] != request.args.get("key"):
        return redirect(url_for("audit.index"))
    anchors = rules.read_heads(asked["heads"])
    verdict = service.verify(require_actor(), clock.now(), anchors)
    return render_template(
        "audit/verification.html",
        verdict=verdict,
        anchors=anchors,
        problem=words.problem_words(verdict),
    )


@bp.get("/heads.jsonl")
@access.guard(words.READ)
def heads() -> Response:
    """Download the chain heads, to be kept where the portal's machine cannot reach (J-2)."""
    answer = Response("".join(queries.heads()), mimetype="application/jsonl")
    name = f"journal-heads-{clock.local(clock.now()):%Y%m%d-%H%M}.jsonl"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
