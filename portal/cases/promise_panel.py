"""On a case's page: the version of the item that binds it (C-3); for the catalogue, how many cases a version binds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select

from portal.cases import panels
from portal.cases.models import Case
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.service_commitment import queries as catalogue
from portal.service_commitment import vocabulary as words
from portal.service_commitment.versions import bound_source


def on_case(case: Case, actor: Actor) -> list[panels.Panel]:
    """The published promise of the case's day: that of its acceptance, before it the checklist of its receipt."""
    binding = catalogue.promise(case.promise_version_id or case.receipt_version_id)
    if binding is None or case.item is None or not actor.can(words.READ):
        return []
    return [
        panels.Panel(
            "cases/_promise.html",
            85,
            {
                "item": case.item,
                "promise": binding,
                "accepted": case.promise_version_id is not None,
                "newer": case.item.current_version_id not in (None, binding.id),
            },
        )
    ]


def bound(version_ids: Iterable[int]) -> Mapping[int, int]:
    """How many cases were accepted under each version, counted from an index."""
    query = select(Case.promise_version_id, func.count()).where(Case.promise_version_id.in_(list(version_ids)))
    found = db.session.execute(query.group_by(Case.promise_version_id))
    return {version_id: count for version_id, count in found if version_id is not None}


panels.register("service_commitment", panels=on_case)
bound_source(bound)
