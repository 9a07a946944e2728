"""What runs every minute reads what is open, never history."""

from __future__ import annotations

from datetime import timedelta

from portal.kernel import clock, transaction
from portal.kernel.plates import plates
from tests.office import NOW
from tests.plans import full_scans


def test_no_sweep_reads_a_growing_table_whole(app, office, statements):
    found = []
    for hours in (1, 2):  # the first fills what is kept in memory
        at = NOW + timedelta(hours=hours)
        for plate in plates():
            if plate.sweep is None:
                continue
            statements.clear()
            with clock.at(at), transaction.act():
                plate.sweep(at)
            found += [
                (plate.name, step, _statement[-300:]) for step, _statement in full_scans(statements) if hours == 2
            ]
    assert found == []
