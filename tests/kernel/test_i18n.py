"""Instants in words: near days, and a time limit that ends with its day (W-0)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask_babel import force_locale

from portal.kernel import clock
from portal.kernel.i18n import local_dt
from portal.register import presets as registers
from portal.score_table.presets import PRESETS, named
from tests.office import NOW


@pytest.mark.parametrize(
    ("after", "due", "near"),
    [
        (1, "今天 24:00", "明天 00:00"),
        (0, "昨天 24:00", "今天 00:00"),
        (13, "11-30 24:00", "12-01 00:00"),
        (45, "2027-01-01 24:00", "2027-01-02 00:00"),
    ],
)
def test_a_limit_of_whole_days_ends_at_the_end_of_its_day(office, after, due, near):
    with clock.at(NOW):
        midnight = clock.day_start(date(2026, 11, 18) + timedelta(days=after))
        assert local_dt(midnight, "due") == due
        assert local_dt(midnight, "near").endswith(near)
        assert local_dt(midnight + timedelta(hours=9), "due") == local_dt(midnight + timedelta(hours=9), "near")


def test_what_the_portal_brought_is_shown_in_the_language_of_the_page_and_the_offices_own_as_typed(app):
    with app.test_request_context():
        for stored in (*(t.name for t in PRESETS), "学习台账"):
            shown = registers.shown if stored == "学习台账" else named
            assert shown(stored) == stored
            with force_locale("en"):
                assert shown(stored).isascii(), stored
                assert shown(f"{stored}（二）") == f"{stored}（二）"
