"""Values that are set on another room's page, since more hangs on them than a policy page can show (POL-1)."""

from __future__ import annotations

_endpoints: dict[str, str] = {}


def register(key: str, endpoint: str) -> None:
    """A room on a higher floor takes the setting of a value over: whoever wants to set it is led to its page."""
    _endpoints[key] = endpoint


def endpoint(key: str) -> str | None:
    """The page on which a value is set, when it is not the policy room's."""
    return _endpoints.get(key)
