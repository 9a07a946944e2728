"""The door: ``python app.py [--demo] [--port N] [--host H]`` runs the portal; ``flask --app app`` finds it here."""

import sys

from portal.cli import main
from portal.factory import create_app

__all__ = ["create_app"]

if __name__ == "__main__":
    main(["run", *sys.argv[1:]], prog_name="app.py")
