"""Versions of an item: their history, two of them side by side, sample forms, the whole catalogue for print (C-3)."""

from __future__ import annotations

from flask import Response, render_template, request
from werkzeug.exceptions import NotFound

from portal.kernel import access, clock, files
from portal.kernel.actor import require_actor
from portal.people import queries as people
from portal.policy import queries as policy
from portal.service_commitment import contents, drafting, listing, queries, service, versions
from portal.service_commitment import vocabulary as words
from portal.service_commitment.forms import SearchForm
from portal.service_commitment.models import ItemVersion, ServiceItem
from portal.service_commitment.service import SAMPLES
from portal.service_commitment.views import bp, wanted
from portal.service_commitment.words import fee_text

__all__ = ["bp"]


def _item(code: str) -> tuple[ServiceItem, list[ItemVersion]]:
    """An item with its versions, the newest first. Raises NotFound when there is none of either."""
    item = queries.by_code(code)
    known = versions.of_item(item) if item is not None else []
    if item is None or not known:
        raise NotFound()
    return item, known


@bp.get("/<code>/history")
@access.guard(words.READ)
def history(code: str) -> str:
    """Every version with what it changed, and how many cases it binds (C-3)."""
    item, known = _item(code)
    steps = []
    for n, version in enumerate(known):
        before = service.content_of(known[n + 1]) if n + 1 < len(known) else None
        now = service.content_of(version)
        changed = contents.changed(before, now) if before is not None else []
        steps.append((version, [words.CONTENT_LABELS.get(name, name) for name in changed]))
    return render_template(
        "service_commitment/history.html",
        item=item,
        steps=steps,
        bound=versions.bound([v.id for v in known]),
        names=people.user_names(),
    )


@bp.get("/<code>/compare")
@access.guard(words.READ)
def compare(code: str) -> str:
    """Any two versions side by side; by default the last two (C-3)."""
    item, known = _item(code)
    by_number = {str(v.number): v for v in known}
    new = by_number.get(request.args.get("b", ""), known[0])
    before = next((v for v in known if v.number < new.number), new)
    old = by_number.get(request.args.get("a", ""), before)
    parts = contents.compare(service.content_of(old), service.content_of(new), versions.samples(item))
    return render_template(
        "service_commitment/compare.html",
        item=item,
        versions=known,
        old=old,
        new=new,
        parts=[p for p in parts if p.differs],
        same=[p.label for p in parts if not p.differs],
    )


@bp.get("/<code>/samples/<int:sample_id>")
@access.guard(words.READ)
def sample(code: str, sample_id: int) -> Response:
    """A sample form of an item, also of its older versions and drafts."""
    item = queries.by_code(code)
    if item is None:
        raise NotFound()
    found = files.one_of(sample_id, (SAMPLES, item.id))
    published = any(m.sample_id == sample_id for v in versions.of_item(item) for m in v.materials)
    actor = require_actor()
    if not published and not (drafting.may_write(actor, item) or drafting.may_review(actor, item)):
        raise NotFound()
    return files.send(found)


@bp.get("/print")
@access.guard(words.READ)
def print_catalogue() -> str:
    """The items of the list as it is narrowed, with everything that is published of each, for print (C-1)."""
    actor = require_actor()
    form = SearchForm(listing.topics(), False, request.args)
    codes = [r.code for r in listing.narrowed(wanted(form), actor.can(words.PUBLISH))]
    return render_template(
        "service_commitment/print.html",
        guides=[g for g in map(queries.guide, codes) if g],
        kinds=words.KIND_LABELS,
        fee_text=fee_text,
        breach_text=contents.breach_text,
        complaint_contact=policy.value("service_commitment.complaint_contact"),
        today=clock.today(),
        query=request.args.to_dict(),
    )
