"""Forms of the intake room."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field
from wtforms.validators import ValidationError

from portal.kernel.forms import Needed, PortalForm

#: A filled workbook of a thousand items is well under a tenth of this.
MOST_BYTES = 8 * 1024 * 1024


class UploadForm(PortalForm):
    """The filled workbook."""

    file = FileField(_l("填好的工作簿"), [Needed(_l("请选择要导入的文件。"))])

    def validate_file(self, field: Field) -> None:
        """Read the content once; too large a file is refused before anything looks into it."""
        self.content = field.data.stream.read(MOST_BYTES + 1)
        if len(self.content) > MOST_BYTES:
            raise ValidationError(_("文件超过 %(n)s MB，请拆分后再导入。", n=MOST_BYTES // 1024 // 1024))
