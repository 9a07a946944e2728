"""The door: ``python app.py [--demo] [--port N] [--host H]`` runs the portal; ``flask --app app`` finds it here."""

import sys

from flask import Flask

from portal import factory
from portal.cli import main
from portal.operations import schema


def create_app() -> Flask:
    """The application for ``flask --app app``, with the commands of Flask-Migrate."""
    app = factory.create_app()
    schema.bind(app)
    return app


if __name__ == "__main__":
    main(["run", *sys.argv[1:]], prog_name="app.py")
