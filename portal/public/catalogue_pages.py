"""The catalogue for everybody: found by name, alias or pinyin, an item with all of C-1, its guide to take home."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import time

import segno
from flask import Response, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.calendar import queries as calendar
from portal.kernel import access, clock, documents, epochs, files, htmx, i18n
from portal.kernel.forms import normal
from portal.kernel.paging import Page, page_number
from portal.message_card import queries as cards
from portal.message_card.qr import qr_svg
from portal.public import guide_paper, guides, keeping, queries, rules
from portal.public import vocabulary as words
from portal.public.guides import Wanted
from portal.public.web import bp, page
from portal.service_commitment import guides as published
from portal.service_commitment.guides import Guide
from portal.service_commitment.words import limit_text

#: Items on one page of the catalogue.
PER_PAGE = 30


def _wanted() -> Wanted:
    args = request.args
    topics, departments, _ways = guides.counts()
    return Wanted(
        q=normal(args.get("q", ""))[:60],
        topic=args["topic"] if args.get("topic") in topics else "",
        department=args["department"] if args.get("department") in departments else "",
        way=args["way"] if args.get("way") in words.WAY_LABELS else "",
    )


def _paged(found: list[Guide]) -> Page[Guide]:
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(page_number(), pages)
    return Page(found[(number - 1) * PER_PAGE : number * PER_PAGE], number, len(found), False, PER_PAGE)


def hours_today() -> str:
    """When the office is open today; empty on a day off."""
    return _hours(calendar.opening_of(None, clock.today()))


def _hours(periods: Iterable[tuple[time, time]]) -> str:
    return "　".join(f"{a:%H:%M}–{b:%H:%M}" for a, b in periods)


@bp.get("")
@access.public
def catalogue() -> BaseResponse:
    """The front page: what can be asked for, searched and narrowed (C-1)."""
    now, wanted = clock.now(), _wanted()
    found = _paged(guides.found(wanted))
    first = found.items[0] if wanted.q and found.items and found.number == 1 else None
    context = {
        "wanted": wanted,
        "page": found,
        "first": first,
        "first_record": guides.record(first, now) if first else None,
        "first_duty": guides.on_duty(first, now) if first else None,
        "first_open": calendar.in_office_hours(now, first.department_id) if first else False,
        "guides": guides,
        "limit_text": limit_text,
    }
    if htmx.wants_fragment():
        return page("public/_results.html", **context)
    topics, departments, ways = guides.counts()
    whole = keeping.published("90d", now).whole()
    return page(
        "public/catalogue.html",
        **context,
        topics=topics,
        departments=departments,
        names={d.code: d.name for d in cards.places()},
        ways=ways,
        labels=words.WAY_LABELS,
        offered=len(published.guides()),
        common=guides.common(),
        hours=hours_today(),
        unit=queries.unit(),
        whole=whole if whole.shown(guides.least()) else None,
        percent=rules.percent,
    )


def _guide(code: str) -> Guide:
    found = published.guide(code)
    if found is None:
        raise NotFound()
    return found


def address_of(code: str) -> str:
    """The address of an item's page as a QR code holds it."""
    return url_for("public.item", code=code, _external=True)


@bp.get("/items/<code>")
@access.public
def item(code: str) -> BaseResponse:
    """One item: everything that is published of it, who is on duty, how the promise was kept (C-1, C-4, C-7, C-8)."""
    guide, now = _guide(code), clock.now()
    return page(
        "public/item.html",
        g=guide,
        record=guides.record(guide, now),
        duty=guides.on_duty(guide, now),
        guides=guides,
        limit_text=limit_text,
        open_now=calendar.in_office_hours(now, guide.department_id),
        hours=_hours(calendar.opening_of(guide.department_id, clock.today())),
        qr=qr_svg(address_of(code), _("“%(name)s”网页的二维码", name=guide.name)),
    )


@bp.get("/items/<code>/guide")
@access.public
def guide_print(code: str) -> BaseResponse:
    """The 办事指南 for printing (C-1)."""
    guide = _guide(code)
    return page(
        "public/guide.html",
        g=guide,
        said=guide_paper.content(guide),
        guides=guides,
        address=address_of(code),
        qr=qr_svg(address_of(code), _("“%(name)s”网页的二维码", name=guide.name)),
    )


@bp.get("/items/<code>/guide.docx")
@access.public
def guide_docx(code: str) -> BaseResponse:
    """The 办事指南 as a Word file (C-1); made once until something of it changes."""
    guide, address = _guide(code), address_of(code)

    def made() -> bytes:
        out = io.BytesIO()
        segno.make(address, error="m", micro=False).save(out, kind="png", scale=6, border=2)
        return guide_paper.docx(guide, address, out.getvalue()).bytes()

    key = f"guide.docx/{code}/{i18n.language()}/{address}/{clock.today()}"
    content = epochs.cached("catalogue", key, made, ("posts", "people", "policy"))
    name = f"{_('办事指南')}-{guide.name}.docx"
    return send_file(io.BytesIO(content), mimetype=documents.DOCX, as_attachment=True, download_name=name)


@bp.get("/items/<code>/samples/<int:file_id>")
@access.public
def sample(code: str, file_id: int) -> Response:
    """The sample form of a material that is published now (C-1)."""
    found = published.published_sample(code, file_id)
    if found is None:
        raise NotFound()
    return files.send(found)
