"""Words of the wall: permissions and events (W-1, W-2)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.journal import kind

PAIR = "wall.pair"
SHOW = "wall.show"
PERMISSIONS = (PAIR, SHOW)

PAIRED = kind("wall.paired", _l("连接大屏“%(name)s”"), facts=("name",), rules=("W-2",))
REVOKED = kind("wall.revoked", _l("撤销大屏“%(name)s”"), facts=("name",), rules=("W-2",))
