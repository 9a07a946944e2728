"""On a case's page: what its post stated on the case's day (P-1), and the qualification that it needs (R-3)."""

from __future__ import annotations

from portal.ab_post import queries as ab_post
from portal.cases import panels
from portal.cases.models import Case
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.post_duty import vocabulary as words
from portal.service_commitment import queries as catalogue


def on_case(case: Case, actor: Actor) -> list[panels.Panel]:
    """The version of the post that held when the case was received, and whether who answers now may decide it."""
    if not actor.can(words.READ):
        return []
    day = clock.local(case.received_at).date()
    version = case.promise_version or case.receipt_version
    now = clock.now()
    answers = ab_post.who_answers_for(case.post_id, now).user_id
    return [
        panels.Panel(
            "cases/_post_stated.html",
            90,
            {
                "post": case.post,
                "day": day,
                "version": posts.version_on(case.post, day),
                "stated": words.STATED,
                "licence": version is not None and version.licence,
                "kind": version.qualification if version is not None else "",
                "holder": people.user_names().get(answers or 0, ""),
                "fit": catalogue.may_decide(version, answers, clock.local(now).date()),
                "open": case.closed_at is None,
            },
        )
    ]


panels.register("post_duty", panels=on_case)
