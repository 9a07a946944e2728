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


def meter(pct: float, cls: str = "") -> Markup:
    """Return a bar filled to `pct` percent (clamped to 0…100); `cls` is ``red``, ``amber``, ``green`` or empty.

    The bar is decoration: the same fact must stand beside it in words.
    """
    width = f"{max(0.0, min(100.0, float(pct))):g}"
    return Markup(
        '<svg class="{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect width="{}" height="6"/></svg>'
    ).format(f"meter {cls}".strip(), width)
