"""Forms of the wall."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from portal.kernel.forms import PortalForm, code, line


class PairForm(PortalForm):
    """Connect a screen by the code that it shows (W-2)."""

    code = code(
        _l("连接码"),
        _l("请填写屏幕上显示的连接码。"),
        limit=20,
        description=_l("六位字母和数字，不分大小写。"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    name = line(_l("大屏名称"), _l("请填写大屏名称。"), limit=60, description=_l("如“一楼大厅”，便于日后辨认和撤销。"))
    large = BooleanField(_l("大字"), description=_l("五行大字，适合较小的屏幕或较远的观看距离。"))
