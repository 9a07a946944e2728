"""Where a card can be checked by anybody: the public pages lie on a higher floor and say so here."""

from __future__ import annotations

from flask import url_for

_endpoints: list[str] = []


def check_page(endpoint: str) -> None:
    """Register the page on which a card's number and check code are looked up (one)."""
    _endpoints[:] = [endpoint]


def check_address(number: str) -> str:
    """The address of a card on that page, as its QR code holds it: the number, never the check code (O-6)."""
    return url_for(_endpoints[0], number=number, _external=True) if _endpoints else ""
