"""Door plate of score tables."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.score_table.edit_views
import portal.score_table.import_views
import portal.score_table.paper_views  # noqa: F401 - each adds its pages to the blueprint
from portal.honour import seams as honours
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.pure.months import month_text
from portal.score_table import queries
from portal.score_table import vocabulary as words
from portal.score_table.import_views import SHELF
from portal.score_table.models import Version, VersionState
from portal.score_table.views import bp


def count(actor: Actor, _now: datetime) -> int:
    """How many versions wait for the actor's approval; told from memory."""
    return len(queries.waiting_for(actor.id)) if actor.can(words.APPROVE) else 0


def todos(actor: Actor, _now: datetime) -> list[ToDo]:
    """Versions to approve, and own ones that were given back."""
    found = []
    if actor.can(words.APPROVE):
        for key in queries.waiting_for(actor.id):
            version = db.session.get(Version, key)
            if version is not None and version.month is not None:
                found.append(
                    _todo("approve", version, _("拟自 %(month)s 起施行", month=month_text(version.month)), _("审批"))
                )
    if actor.can(words.MANAGE):
        for version in queries.latest().values():
            if version.state is VersionState.DRAFT and version.returned and actor.id in version.written_by():
                found.append(_todo("returned", version, _("已退回：%(reason)s", reason=version.returned), _("修改")))
    return found


def _todo(kind: str, version: Version, detail: str, action: str) -> ToDo:
    return ToDo(
        f"score_table.{kind}",
        _("评分表“%(name)s”第 %(n)s 版", name=version.score_table.shown_name, n=version.version),
        detail,
        url_for("score_table.show", number=version.score_table.number, n=version.version),
        action,
    )


def sweep(now: datetime) -> int:
    """Delete the files that nobody confirmed."""
    return SHELF.sweep(now)


PLATE = Plate(
    name="score_table",
    title=_l("考核评分表"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("考核评分表"), "score_table.index", words.READ, order=80, count=count),),
    todos=todos,
    sweep=sweep,
)

honours.points(queries.points_of)
