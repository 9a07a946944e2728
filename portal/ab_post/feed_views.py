"""Calendar feeds: opened and revoked by heads and the office, read by calendar programs without a login (AB-8)."""

from __future__ import annotations

from flask import Response, flash, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.ab_post import feeds, office_service, rights
from portal.ab_post import vocabulary as words
from portal.ab_post.forms import FeedForm
from portal.ab_post.models import CalendarFeed
from portal.ab_post.views import bp
from portal.kernel import access, clock
from portal.kernel.actor import require_actor
from portal.kernel.db import locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.people import queries as people

__all__ = ["bp"]

#: Where the address of a new feed waits to be shown once.
_NEW = "new_feed"


def _may(department_id: int) -> bool:
    watched = rights.watched(require_actor())
    return watched is None or department_id in watched


@bp.route("/feeds", methods=["GET", "POST"])
@access.guard(words.NAME_COVER)
def calendar_feeds() -> str | BaseResponse | tuple[str, int]:
    """The feeds of one's departments, and the form that opens another."""
    departments = [(d, name) for d, name in people.department_names().items() if _may(d)]
    form = FeedForm(departments)
    if form.sent():
        try:
            secret = office_service.make_feed(require_actor(), form.department.data, form.name.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            session[_NEW] = secret
            flash(_("订阅已开通。"))
            return go("ab_post.calendar_feeds")
    secret = session.pop(_NEW, "")
    page = render_template(
        "ab_post/feeds.html",
        form=form,
        found=feeds.of_departments(rights.watched(require_actor())),
        address=url_for("ab_post.read_feed", token=secret, _external=True) if secret else "",
        departments=people.department_names(),
        names=people.user_names(),
    )
    return page, 422 if form.errors else 200


@bp.post("/feeds/<int:feed_id>/revoke")
@access.guard(words.NAME_COVER)
def revoke_feed(feed_id: int) -> BaseResponse:
    """End a feed: its address leads nowhere from now on."""
    feed = locked(CalendarFeed, id=feed_id)
    if not _may(feed.department_id):
        raise NotFound()
    office_service.revoke_feed(require_actor(), feed, clock.now())
    flash(_("订阅“%(name)s”已撤销。", name=feed.name))
    return go("ab_post.calendar_feeds")


@bp.get("/feeds/<token>.ics")
@access.public
def read_feed(token: str) -> Response:
    """The calendar of a feed, for whoever holds its secret; an unknown or revoked one looks like a missing page."""
    feed = feeds.by_token(token)
    if feed is None:
        raise NotFound()
    answer = Response(feeds.content(feed, clock.now()), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'inline; filename="cover.ics"'
    return answer
