"""The form of a policy value, typed by the value's kind (POL-1)."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from portal.kernel.forms import Needed, PortalForm, Storable, line
from portal.policy.catalogue import Definition
from portal.policy.kinds import BooleanKind, ChoiceKind, IntegerKind, LimitKind, TextKind, TimesKind


class ValueForm(PortalForm):
    """A new version of a value; the field ``value`` is added for its kind. The kind itself reads the text."""

    value: Field
    reason = line(_l("修改理由"), needed=_l("请写明修改理由。"), limit=200)
    seen = HiddenField()


def value_form(definition: Definition, in_force: str) -> ValueForm:
    """The form for one value, showing what is in force."""

    class Typed(ValueForm):
        value = _field(definition)

    return Typed(value=in_force, seen=in_force)


def _field(definition: Definition) -> Field:
    kind = definition.kind
    if isinstance(kind, BooleanKind):
        choices = [SelectChoice("true", _l("是")), SelectChoice("false", _l("否"))]
        return RadioField(_("新的值"), choices=choices, validate_choice=False)
    if isinstance(kind, ChoiceKind):
        return RadioField(
            _("新的值"), choices=[SelectChoice(*option) for option in kind.options.items()], validate_choice=False
        )
    optional = isinstance(kind, TextKind) and kind.optional
    checks = [Storable()] if optional else [Needed(kind.hint), Storable()]
    look: dict[str, str | int] = {}
    if isinstance(kind, IntegerKind):
        look = {"inputmode": "numeric"}
    elif isinstance(kind, LimitKind | TimesKind):
        look = {"autocomplete": "off", "spellcheck": "false"}
    elif isinstance(kind, TextKind):
        look = {"maxlength": kind.longest}
    return StringField(_("新的值"), validators=checks, description=kind.hint, render_kw=look)
