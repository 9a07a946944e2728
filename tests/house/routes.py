"""The table of routes: endpoint, address, methods, permission, and the roles that carry it.

``python -m tests.house.routes`` writes ``tests/house/routes.txt`` anew; the test compares it with the application.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Flask
from werkzeug.routing import AnyConverter, Rule
from werkzeug.routing.converters import NumberConverter

from portal.kernel import access
from portal.kernel.actor import Role
from portal.roles import MATRIX

TABLE = Path(__file__).with_name("routes.txt")


def roles_with(permission: str | None) -> str:
    """The roles that carry a permission, in the order of their definition."""
    if permission is None:
        return "nobody"
    if permission == access.PUBLIC:
        return "anyone"
    if permission == access.LOGIN:
        return "logged-in"
    return ",".join(role for role in Role if permission in MATRIX[role]) or "nobody"


def lines(app: Flask) -> list[str]:
    """One line a route, sorted."""
    found = []
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        permission = access.permission_of(app, rule.endpoint)
        found.append(f"{rule.endpoint}  {methods}  {rule.rule}  {permission}  {roles_with(permission)}")
    return sorted(found)


def address(rule: Rule, text: str = "x", number: int = 1) -> str | None:
    """An address of a route with the same text or number in every part; None when the route takes no such value."""
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        if isinstance(converter, NumberConverter):
            values[name] = number
        elif isinstance(converter, AnyConverter):
            values[name] = sorted(converter.items)[0]
        else:
            values[name] = text
    try:
        built = rule.build(values, append_unknown=False)
    except (ValueError, TypeError):
        return None
    return built[1] if built else None


def main() -> None:
    """Write the table."""
    from tests.conftest import make_app

    with tempfile.TemporaryDirectory() as folder:
        TABLE.write_text("\n".join(lines(make_app(Path(folder)))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
