"""Where a rule or a policy value comes from (POL-1)."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


class Source(StrEnum):
    """The four origins; the value is what the data files write."""

    CORE = "core"
    SURROUNDING = "surrounding"
    STATUTE = "statute"
    OWN = "own"

    @property
    def label(self) -> LazyString:
        """The origin as shown to people."""
        return _LABELS[self]


_LABELS = {
    Source.CORE: _l("基本制度"),
    Source.SURROUNDING: _l("配套制度"),
    Source.STATUTE: _l("法律法规"),
    Source.OWN: _l("本单位自定"),
}
