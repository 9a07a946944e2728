"""The command ``portal``."""

from __future__ import annotations

import click

from portal import config as settings
from portal.factory import create_app


@click.group()
def main() -> None:
    """The efficiency portal: run it, look after it."""


@main.command()
def upgrade() -> None:
    """Bring the database to the current schema."""
    from flask_migrate import upgrade as run

    app = create_app(settings.load())
    with app.app_context():
        run()
