"""The list of posts and a post's page: they name holders, so this room adds them to the post room's addresses."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request
from werkzeug.exceptions import NotFound

from portal.ab_post import queries, rights
from portal.ab_post import vocabulary as words
from portal.ab_post.models import Letter
from portal.kernel import access, clock, journal, timeline
from portal.kernel.actor import require_actor
from portal.kernel.forms import read_day
from portal.people import queries as people
from portal.post_duty import qualifications, seams
from portal.post_duty import queries as posts
from portal.post_duty import service as post_service
from portal.post_duty import vocabulary as post_words
from portal.post_duty.models import PostKind
from portal.post_duty.views import bp

#: How long past absences and covers stay on a post's page.
SHOWN = timedelta(days=14)


@bp.get("/")
@access.guard(post_words.READ)
def index() -> str:
    """Posts by department, with holders and who answers now (AB-3)."""
    now, closed = clock.now(), request.args.get("state") == "closed"
    groups = queries.posts_by_department(now, closed)
    return render_template(
        "post_duty/index.html",
        groups=groups,
        closed=closed,
        holders={p.id: queries.holders_of(p.id, now) for _name, found in groups for p in found},
        kinds=post_words.KIND_LABELS,
        represents={
            people.department_names().get(key, ""): people.user_names().get(row.user_id, "")
            for key, row in qualifications.representatives(clock.today()).items()
        },
    )


@bp.get("/<code>")
@access.guard(post_words.READ)
def show(code: str) -> str:
    """One post: what it states, who holds it, who answers, what it answers for (P-1, AB-3)."""
    post, actor, now = posts.by_code(code), require_actor(), clock.now()
    if post is None:
        raise NotFound()
    versions, day = posts.versions(post), _day(request.args.get("on", ""))
    shown = posts.version_on(post, day) if day else versions[0]
    open_post = post.closed_on is None
    represents = qualifications.representatives(clock.today()).get(post.department_id)
    seen = queries.picture()
    holders = [u for letter in Letter if (u := seen.holder(post.id, letter, clock.today())) is not None]
    return render_template(
        "post_duty/show.html",
        post=post,
        day=day,
        shown=shown,
        versions=versions,
        stated=post_words.STATED,
        represents=people.user_names().get(getattr(represents, "user_id", 0), ""),
        certificates=[h for h in qualifications.held(clock.today(), holders) if h.state in ("valid", "expiring")],
        certificate_labels=post_words.QUALIFICATION_LABELS,
        kinds=post_words.KIND_LABELS,
        holders=queries.holders_of(post.id, now),
        lacks=queries.picture().lacks(post.id, now) if open_post else (),
        assignments=queries.assignments(post.id),
        covers=queries.covers_of(post.id, now - SHOWN),
        away=queries.away_from(post.id, now) if open_post else [],
        items=seams.items(post.id),
        charged=sorted(people.department_names()[d] for d in posts.departments_of(post.id)),
        leads=post.kind in (PostKind.LEADER, PostKind.PRINCIPAL),
        names=people.user_names(),
        may_cover=open_post and rights.may_name_cover(actor, post.department_id, post.kind),
        may_manage=open_post and actor.can(post_words.MANAGE),
        stays=post_service.hindrance(post) if open_post and actor.can(post_words.MANAGE) else None,
        may_assign=open_post and actor.can(words.MANAGE),
        history=timeline.lines(reversed(journal.of_object("post", post.id))),
        absence_kinds=words.ABSENCE_LABELS,
        reasons=words.REASON_LABELS,
        gap_labels=words.GAP_LABELS,
    )


def _day(typed: str) -> date | None:
    found = read_day(typed)
    if typed and found is None:
        raise NotFound()
    return found
