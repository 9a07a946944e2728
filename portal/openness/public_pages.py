"""Notices for everybody, without a login (O-1): list, notice, files, and a feed."""

from __future__ import annotations

from datetime import datetime, time

from flask import Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.kernel import access, clock, files, htmx
from portal.kernel.db import db
from portal.kernel.paging import paginate
from portal.openness import queries
from portal.openness import vocabulary as words
from portal.openness.forms import FilterForm
from portal.openness.queries import Wanted
from portal.openness.rules import Standing
from portal.openness.views import bp, file_of
from portal.people import queries as people

PER_PAGE = 20
FED = 30


@bp.get("/public/notices")
@access.public
def public_index() -> str:
    """What is published, by kind, department and year."""
    form = FilterForm(request.args)
    form.validate()
    return htmx.page_or_fragment(
        "openness/public_index.html",
        "openness/_public_list.html",
        form=form,
        wanted=form.wanted(),
        page=paginate(queries.public_listing(form.wanted(), queries.today()), per_page=PER_PAGE),
        kinds=queries.kinds(),
        words=words,
        departments=people.department_names(),
        filtered=any(v for k, v in request.args.items() if k != "page"),
    )


@bp.get("/public/notices/feed.atom")
@access.public
def feed() -> Response:
    """The newest notices as an Atom feed."""
    found = list(db.session.scalars(queries.public_listing(Wanted(), queries.today()).limit(FED)))
    newest = max((n.publish_on for n in found if n.publish_on), default=clock.today())
    content = render_template(
        "openness/feed.xml",
        notices=found,
        words=words,
        updated=_instant(newest),
        instant=_instant,
        unit=people.unit_name(),
        title=_("信息公开"),
    )
    return Response(content, mimetype="application/atom+xml")


def _instant(day: object) -> str:
    return datetime.combine(day, time(), clock.ZONE).isoformat()  # type: ignore[arg-type]


@bp.get("/public/notices/<number>")
@access.public
def public_show(number: str) -> str:
    """A notice; a withdrawn one says when and why it was withdrawn, one that ended says so, both without the text."""
    notice, version, standing = queries.public_notice(number, queries.today())
    return render_template(
        "openness/public_show.html",
        notice=notice,
        version=version,
        standing=standing,
        readable=standing is Standing.SHOWN,
        words=words,
        department=people.department_names().get(notice.department_id, ""),
        unit=people.unit_name(),
    )


@bp.get("/public/notices/<number>/files/<int:file_id>")
@access.public
def public_file(number: str, file_id: int) -> Response:
    """A file of what is published now."""
    _notice, version, standing = queries.public_notice(number, queries.today())
    if standing is not Standing.SHOWN:
        raise NotFound()
    return files.send(file_of(version, file_id))
