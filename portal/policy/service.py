"""The one verb of the policy room: the office sets a value (POL-1)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.policy import catalogue, queries
from portal.policy import vocabulary as words
from portal.policy.catalogue import PolicyError
from portal.policy.display import value_words
from portal.policy.models import PolicyValue


def set_value(actor: Actor, key: str, text: str, reason: str, now: datetime, seen: str | None = None) -> PolicyValue:
    """Make a new version of a value from what was typed; what was decided under the old one keeps it (POL-1).

    ``seen`` is the stored form of the value that the person had before them. Raises KeyError for an unknown key,
    Invalid (field ``value``) for a text that is no value of its kind, for a value that is in force already, and when
    the value was changed by somebody else meanwhile.
    """
    definition = catalogue.definition(key)
    try:
        wanted = definition.parse(text)
    except PolicyError as error:
        raise Invalid("value", error.message, "POL-1") from None
    in_force = queries.value(key)
    old = definition.dump(in_force)
    if seen is not None and seen != old:
        raise Invalid("value", _("这个值刚被改为%(now)s，请核对后再保存。", now=value_words(definition, in_force)))
    new = definition.dump(wanted)
    if new == old and key not in {each.key for each in queries.unreadable()}:
        raise Invalid("value", _("与现行的值相同，没有改动。"), "POL-1")
    row = PolicyValue(key=key, value=new, reason=reason, set_by_id=actor.id, set_at=now)
    db.session.add(row)
    journal.record(words.VALUE_SET, row, actor, now, key=key, old=old, new=new, reason=reason)
    return row
