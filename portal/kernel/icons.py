"""Icons and small bars as inline SVG, so that no page needs a style attribute or an icon font.

The icon set is the vendored subset in ``static/vendor/tabler-icons.json``:
``{"outline": {name: inner SVG}, "filled": {name: inner SVG}}``.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

_ICON_FILE = Path(__file__).resolve().parent.parent / "static" / "vendor" / "tabler-icons.json"


@lru_cache(maxsize=1)
def _shapes() -> dict[str, dict[str, str]]:
    """Read the icon subset once per process."""
    shapes: dict[str, dict[str, str]] = json.loads(_ICON_FILE.read_text(encoding="utf-8"))
    return shapes


@lru_cache(maxsize=2048)
def icon(name: str, cls: str = "", filled: bool = False, label: str | None = None) -> Markup:
    """Return the icon `name` as inline SVG, sized by the ``.icon`` class.

    Without `label` the icon is hidden from assistive technology (the word beside it speaks); with `label` it is an
    image of that name. Raises KeyError for a name that is not in the vendored subset.
    """
    inner = Markup(_shapes()["filled" if filled else "outline"][name])  # noqa: S704 - vendored, hash-checked text
    classes = f"icon {cls}".strip()
    paint = Markup(' fill="currentColor" stroke="none"') if filled else ""
    if label:
        access = Markup(' role="img" aria-label="{}"').format(label)
    else:
        access = Markup(' aria-hidden="true" focusable="false"')
    return Markup('<svg class="{}" viewBox="0 0 24 24"{}{}>{}</svg>').format(escape(classes), paint, access, inner)


_STATUS_ICONS = {
    "red": "alert-octagon",
    "yellow": "alert-triangle",
    "amber": "clock-exclamation",
    "green": "circle-check",
    "grey": "clock",
}
#: The light of a time limit (T-6): colour, icon, filled. Three shapes, so that colour is never alone.
_LIGHTS = {
    "due_soon": ("amber", "clock-exclamation", False),
    "overdue": ("yellow", "alert-triangle", False),
    "red": ("red", "alert-octagon", True),
    "stopped": ("blue", "clock-pause", False),
    "closed": ("green", "circle-check", False),
}
_OTHER_LIGHT = ("grey", "clock", False)


@lru_cache(maxsize=256)
def _status_head(kind: str, icon_name: str, filled: bool) -> str:
    picture = icon(icon_name, filled=filled) if icon_name else ""
    return f'<span class="st st-{escape(kind)}">{picture}'


def status(kind: str, text: str, icon_name: str | None = None, filled: bool = False) -> Markup:
    """Return a state in colour, shape and word: `kind` is red, yellow, amber, green, blue or grey.

    The icon follows the kind unless named (an empty name: none).
    """
    name = _STATUS_ICONS.get(kind, "") if icon_name is None else icon_name
    return Markup(f"{_status_head(kind, name, filled)}{escape(text)}</span>")  # noqa: S704 - text is escaped


def light(state: object, text: str) -> Markup:
    """Return the light of a time limit: normal, due_soon, overdue, red, stopped or closed, with its words."""
    kind, name, filled = _LIGHTS.get(str(state), _OTHER_LIGHT)
    return status(kind, text, name, filled)


@lru_cache(maxsize=512)
def _bar(width: str, cls: str) -> Markup:
    return Markup(
        '<svg class="{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect width="{}" height="6"/></svg>'
    ).format(f"meter {cls}".strip(), width)


def meter(pct: float, cls: str = "") -> Markup:
    """Return a bar filled to `pct` percent (clamped to 0…100); `cls` is ``red``, ``amber``, ``green`` or empty.

    The bar is decoration: the same fact must stand beside it in words.
    """
    return _bar(f"{max(0.0, min(100.0, float(pct))):g}", cls)
