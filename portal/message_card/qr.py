"""QR codes as inline SVG, made here: no page asks another host for one."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup


@lru_cache(maxsize=256)
def qr_svg(text: str, label: str) -> Markup:
    """The QR code of a text with a quiet zone, scaled by CSS; ``label`` names it for who cannot see it."""
    import segno  # loaded with the first code

    matrix = segno.make(text, error="m", micro=False).matrix
    border, size = 4, len(matrix)
    path = []
    for y, row in enumerate(matrix):
        x = 0
        while x < size:
            if not row[x]:
                x += 1
                continue
            run = 1
            while x + run < size and row[x + run]:
                run += 1
            path.append(f"M{x + border} {y + border}h{run}v1h-{run}z")
            x += run
    whole = size + 2 * border
    return Markup(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>'
    ).format(whole, label, "".join(path))
