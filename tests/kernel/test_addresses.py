"""What addresses ask for: days and months by one rule, files only of what the reader may read."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.exceptions import NotFound

from portal.kernel import clock, files
from portal.kernel.db import db
from portal.kernel.files import Attachment
from portal.kernel.forms import read_day
from portal.pure.months import read_month


@pytest.mark.parametrize("typed", ["2026-03-09", " ２０２６-03-09 ", "2026/03/09", "2026.03.09"])
def test_a_day_is_read_as_in_every_form(app, typed):
    with app.test_request_context():
        assert read_day(typed) == date(2026, 3, 9)


@pytest.mark.parametrize("typed", [None, "", "2026-02-30", "1999-12-31", "2100-01-01", "x", "20x6-01-01", "9" * 400])
def test_anything_else_is_no_day(app, typed):
    with app.test_request_context():
        assert read_day(typed) is None


def test_a_month_may_be_typed_with_one_digit():
    assert read_month("2026-3") == read_month("2026-03") == date(2026, 3, 1)
    assert [read_month(t) for t in ("2026-0", "2026-13", "2026-003", "1999-12", "2099-01", "")] == [None] * 6


def test_a_file_is_found_only_with_what_it_belongs_to(app, office):
    with app.app_context():
        kept = Attachment(
            owner_type="case", owner_id=7, name="a.pdf", size=1, sha256="0" * 64, media_type="application/pdf",
            storage_name="f" * 32, uploaded_at=clock.now(),
        )  # fmt: skip
        db.session.add(kept)
        db.session.flush()
        assert files.one_of(kept.id, ("leave", 7), ("case", 7)) is kept
        for owners in ((), (("case", 8),), (("leave", 7),)):
            with pytest.raises(NotFound):
                files.one_of(kept.id, *owners)
        with pytest.raises(NotFound):
            files.one_of(kept.id + 1, ("case", 7))
        db.session.rollback()
