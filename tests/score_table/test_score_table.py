"""Score tables: taken over, filled in, approved by a second person, in force from a month on (E-2, POL-1, POL-2)."""

from __future__ import annotations

import re

import pytest

from portal.score_table.presets import PRESETS


def test_pages(office, login):
    client = login("office")
    for path in ("/score-tables", "/score-tables/new"):
        assert client.get(path).status_code == 200
    for each in PRESETS:
        assert client.get(f"/score-tables/presets/{each.code}").status_code == 200
