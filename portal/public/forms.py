"""The form that asks where a case stands (O-6)."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.kernel.forms import PortalForm, code
from portal.public.rules import DIGITS
from portal.pure.numbering import CHECK_LENGTH
from portal.pure.text import nfkc


def _shape(_form: Any, field: Any) -> None:
    """Four digits or a check code; nothing else is looked up, so nothing else counts as a guess."""
    plain = "".join(nfkc(field.data or "").replace("-", "").split())
    if re.fullmatch(rf"[0-9]{{{DIGITS}}}|[0-9A-Za-z]{{{CHECK_LENGTH}}}", plain) is None:
        raise ValidationError(_("请填写电话后四位数字，或者回执、告知书上的 %(n)s 位查验码。", n=CHECK_LENGTH))
    field.data = plain.upper()


class StatusForm(PortalForm):
    """The number of a slip, and what shows that one holds it."""

    number = code(_l("编号"), _l("请填写回执或者告知书上的编号。"), limit=40)
    digits = code(
        _l("电话后四位或者查验码"), _l("请填写电话后四位，或者回执上的查验码。"), limit=20, validators=[_shape]
    )


class CardForm(PortalForm):
    """The number of a supervision card and its check code (O-5)."""

    number = code(_l("卡号"), _l("请填写卡上的编号。"), limit=40)
    code = code(_l("查验码"), _l("请填写卡上的查验码。"), limit=20)

    def validate_code(self, field: Any) -> None:
        """Six letters and digits; nothing else is looked up, so nothing else counts as a guess."""
        plain = "".join(nfkc(field.data or "").replace("-", "").split())
        if re.fullmatch(rf"[0-9A-Za-z]{{{CHECK_LENGTH}}}", plain) is None:
            raise ValidationError(_("查验码是 %(n)s 位字母和数字。", n=CHECK_LENGTH))
        field.data = plain.upper()
