"""Forms: fields that clean and check what people type, with messages in their language at the right field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, cast

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import DateField as _DateField
from wtforms import DateTimeLocalField as _DateTimeField
from wtforms import DecimalField, Field, IntegerField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.i18n import get_translations
from wtforms.validators import Optional, StopValidation, ValidationError
from wtforms.widgets import Select, TextInput

from portal.kernel import clock, i18n
from portal.kernel.errors import Invalid
from portal.pure import text as pure_text

LINE = 120
PARAGRAPH = 2000
FIRST_YEAR, LAST_YEAR = 2000, 2099


class _BuiltIn:
    """The library's own messages; a refused choice says what to do instead of what it is not."""

    _CHOICES = ("Not a valid choice.", "Invalid Choice: could not coerce.")

    def __init__(self, language: str) -> None:
        self._library: Any = get_translations([language])

    def gettext(self, text: str) -> str:
        """A message in the language of the page."""
        return _("请从列出的选项中选择。") if text in self._CHOICES else str(self._library.gettext(text))

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The same of a counted one; the only ones that are counted are of several choices."""
        return _("请从列出的选项中选择。") if "choice" in one else str(self._library.ngettext(one, many, n))


@cache
def _built_in(language: str) -> _BuiltIn:
    return _BuiltIn(language)


class _Options(Select):
    """A select whose options are written directly: lists have dozens, and most have a value and a label, no more."""

    @classmethod
    def render_option(cls, choice: Any, **kwargs: Any) -> Markup:
        """One option; what has attributes of its own is left to the library."""
        if choice.render_kw or kwargs or isinstance(choice.value, bool):
            return cast(Markup, super().render_option(choice, **kwargs))
        label = str(choice.label) or choice.value
        chosen = "selected " if choice.selected else ""
        return Markup(f'<option {chosen}value="{escape(choice.value)}">{escape(label)}</option>')  # noqa: S704 - escaped


_ONE, _SEVERAL = _Options(), _Options(multiple=True)


class PortalForm(FlaskForm):
    """Base of all forms. CSRF is checked once for every request by the application."""

    class Meta:
        csrf = False

        def get_translations(self, _form: Any) -> Any:
            """The library's own messages in the language of the page, read once."""
            return _built_in(i18n.language())

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            """A field as its widget draws it; the library's plain select is drawn by our quicker one."""
            if type(field.widget) is Select:
                field.widget = _SEVERAL if field.widget.multiple else _ONE
            return super().render_field(field, render_kw)  # type: ignore[misc]

    def sent(self) -> bool:
        """True when the form was sent and everything in it is good."""
        return request.method == "POST" and bool(self.validate())

    def refuse(self, error: Invalid) -> None:
        """Show a rule's refusal at the field that it names (or at the form)."""
        field = self._fields.get(error.field)
        if field is None:
            self.form_errors.append(str(error.message))
        else:
            field.errors = [*field.errors, str(error.message)]

    def good(self, **kinds: Callable[[Any], Any]) -> dict[str, Any]:
        """What was chosen of filters in the address, by name; those with an error are shown with it and narrow nothing.

        ``kinds`` makes of a name's word what the query takes.
        """
        found = {f.name: f.data for f in self if not f.errors and f.data is not None and f.data != ""}
        return {name: kinds[name](value) if name in kinds else value for name, value in found.items()}


def clean_line(value: str | None) -> str:
    """A single line: blanks at the ends (U+3000 too) removed, inner line breaks made blanks."""
    return " ".join(pure_text.clean(value or "").splitlines()) if value else ""


def clean_text(value: str | None) -> str:
    """Longer text: blanks at the ends removed, line ends unified."""
    return pure_text.clean(value or "")


def normal(value: str | None) -> str:
    """Digits, dates and codes: full-width forms accepted (NFKC), blanks at the ends removed."""
    return pure_text.clean(pure_text.nfkc(value or ""))


def _day(typed: str | None) -> date | None:
    """A day as people write it, None for nothing. Raises ValueError with the words to show for anything else."""
    day = normal(typed).replace("/", "-").replace(".", "-")
    if not day:
        return None
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise ValueError(_("请填写日期，如 2026-03-09。")) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(_("年份应在 %(a)s 至 %(b)s 之间。", a=FIRST_YEAR, b=LAST_YEAR))
    return found


def read_day(typed: str | None) -> date | None:
    """A day of an address or a cell, by the rule of all forms; None for anything else."""
    try:
        return _day(typed)
    except ValueError:
        return None


class Storable:
    """Refuses characters that no database keeps: NUL, other controls, halves of surrogate pairs."""

    def __call__(self, _form: Any, field: Field) -> None:
        if field.data and not pure_text.is_storable(field.data):
            raise StopValidation(_("含有无法保存的字符，请删除后重试。"))


class Needed:
    """Refuses an empty field with its own words."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        if field.errors and any(field.raw_data or ()):
            raise StopValidation()
        if field.errors or field.data is None or field.data == "" or field.data == []:
            field.errors = []  # nothing was sent: its own words instead of "not a valid choice"
            raise StopValidation(str(self.message))


class Empty:
    """Ends the checks of an optional field that was left empty."""

    def __call__(self, _form: Any, field: Field) -> None:
        if not field.errors and (field.data is None or field.data == ""):
            raise StopValidation()


class Unchosen(Optional):
    """Ends the checks of a select of which nothing was chosen; a blank that is no choice stays refused."""

    def __init__(self) -> None:
        super().__init__(strip_whitespace=False)


class AtMost:
    """Refuses text that is longer than the limit, naming both lengths.

    The page gets no ``maxlength``: a browser would cut what is pasted without a word.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, _form: Any, field: Field) -> None:
        if field.data and len(field.data) > self.limit:
            raise ValidationError(too_long(field.data, self.limit))


def too_long(typed: str, limit: int) -> str:
    """What is said of a text that is longer than its limit."""
    return _("最多 %(limit)s 个字，现有 %(length)s 个。", limit=limit, length=len(typed))


def _rules(needed: Any, limit: int, more: Sequence[Any]) -> list[Any]:
    return [Needed(needed) if needed else Empty(), Storable(), AtMost(limit), *more]


def line(label: Any, needed: Any = None, limit: int = LINE, validators: Sequence[Any] = (), **kw: Any) -> StringField:
    """A line of text; ``needed`` is the message when it is empty (None: optional)."""
    return StringField(label, filters=[clean_line], validators=_rules(needed, limit, validators), **kw)


def code(label: Any, needed: Any = None, limit: int = 40, validators: Sequence[Any] = (), **kw: Any) -> StringField:
    """A phone, number or code: full-width digits and blanks are accepted."""
    return StringField(label, filters=[normal], validators=_rules(needed, limit, validators), **kw)


def paragraph(
    label: Any, needed: Any = None, limit: int = PARAGRAPH, validators: Sequence[Any] = (), **kw: Any
) -> TextAreaField:
    """Longer text."""
    return TextAreaField(label, filters=[clean_text], validators=_rules(needed, limit, validators), **kw)


class DateField(_DateField):
    """A date between 2000 and 2099; full-width digits accepted."""

    def __init__(self, label: Any, needed: Any = None, validators: Sequence[Any] = (), **kw: Any) -> None:
        super().__init__(label, [Needed(needed) if needed else Empty(), *validators], **kw)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.raw_data = valuelist
        self.data = None
        self.data = _day(valuelist[0]) if valuelist else None


class MomentField(_DateTimeField):
    """A date and time on the office's wall clock, given and taken as an aware instant."""

    def __init__(self, label: Any, needed: Any = None, validators: Sequence[Any] = (), **kw: Any) -> None:
        super().__init__(label, validators=[Needed(needed) if needed else Empty(), *validators], **kw)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return clock.local(self.data).strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.raw_data = valuelist
        typed = normal(valuelist[0]) if valuelist else ""
        self.data = None
        if not typed:
            return
        try:
            found = datetime.fromisoformat(typed.replace("/", "-"))
        except ValueError:
            raise ValueError(_("请填写日期和时间，如 2026-03-09 14:30。")) from None
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValueError(_("年份应在 %(a)s 至 %(b)s 之间。", a=FIRST_YEAR, b=LAST_YEAR))
        self.data = found.replace(tzinfo=clock.ZONE) if found.tzinfo is None else found


class NumberField(IntegerField):
    """A whole number within bounds; full-width digits accepted."""

    def __init__(
        self, label: Any, low: int, high: int, needed: Any = None, validators: Sequence[Any] = (), **kw: Any
    ) -> None:
        super().__init__(label, [Needed(needed) if needed else Empty(), *validators], **kw)
        self.low, self.high = low, high

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.raw_data = valuelist
        typed = normal(valuelist[0]) if valuelist else ""
        self.data = None
        if not typed:
            return
        if not typed.lstrip("-").isascii() or not typed.lstrip("-").isdigit() or len(typed) > 12:
            raise ValueError(_("请填写整数。"))
        found = int(typed)
        if not self.low <= found <= self.high:
            raise ValueError(_("应在 %(low)s 至 %(high)s 之间。", low=self.low, high=self.high))
        self.data = found


class FigureField(DecimalField):
    """An exact figure within bounds, with so many places at most; full-width digits and the printed minus accepted."""

    widget = TextInput()  # a number control of the browser takes neither, and sends nothing of what it does not like

    def __init__(
        self,
        label: Any,
        low: Decimal | int,
        high: Decimal | int,
        needed: Any = None,
        validators: Sequence[Any] = (),
        decimals: int = 2,
        **kw: Any,
    ) -> None:
        super().__init__(label, [Needed(needed) if needed else Empty(), *validators], places=None, **kw)
        self.low, self.high, self.decimals = Decimal(low), Decimal(high), decimals

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.raw_data = valuelist
        typed = normal(valuelist[0]).replace("\u2212", "-").removeprefix("+") if valuelist else ""
        self.data = None
        if not typed:
            return
        whole, dot, part = typed.removeprefix("-").partition(".")
        digits = f"{whole}{part}"
        if not whole or len(whole) > 12 or (dot and not part) or not (digits.isascii() and digits.isdigit()):
            raise ValueError(_("请填写数字，如 2 或 0.5。"))
        if len(part) > self.decimals:
            raise ValueError(_("最多 %(n)s 位小数。", n=self.decimals))
        found = Decimal(typed)
        if not self.low <= found <= self.high:
            raise ValueError(_("应在 %(low)s 至 %(high)s 之间。", low=self.low, high=self.high))
        self.data = found if found else Decimal(0)


def phone_like(_form: Any, field: Field) -> None:
    """A phone number: digits, blanks, + - ( ) and an extension; 3 to 30 signs."""
    allowed = set("0123456789+-() 转#*xX,;/、")
    if len(field.data) < 3 or not any(c.isdigit() for c in field.data) or set(field.data) - allowed:
        raise ValidationError(_("请填写电话号码，如 0543-3161234 或 13800000000。"))


def optional_id(value: Any) -> int | None:
    """Coerce the value of a select whose first choice is empty. Raises ValueError for what can be no id."""
    if value in (None, "", "None"):
        return None
    found = int(value)
    if not 0 <= found < 2**31:
        raise ValueError("no id")
    return found


def options(*pairs: tuple[Any, Any]) -> list[SelectChoice]:
    """The choices of a select or radio field from (value, label) pairs."""
    return [SelectChoice("" if value is None else value, label) for value, label in pairs]


Choices = Sequence[tuple[Any, Any]]
ChoiceSource = Callable[[], Choices]
