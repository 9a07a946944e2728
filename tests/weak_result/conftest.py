"""October of the departments published: YW 100.5, BG 100, XH and LD 98 with the last place shared."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.kernel import transaction
from portal.monthly_result import service as results
from portal.pure.scoring import Subject
from tests.monthly_result.conftest import MONTH, october_of, who
from tests.office import NOW

#: When the result was published and everything here happens.
LATER = NOW + timedelta(days=15)


@pytest.fixture
def published(app, ids):
    """That month, published, for verbs and for requests."""
    with app.app_context():
        october_of(ids)
        for verb, name, given in (
            (results.submit, "office", (Subject.DEPARTMENT, MONTH)),
            (results.review, "supervisor", ("同意",)),
            (results.sign, "principal", ()),
            (results.publish, "office", ()),
        ):
            with transaction.act():
                if verb is results.submit:
                    made = verb(who(name, LATER), *given, LATER)
                else:
                    verb(who(name, LATER), made, *given, LATER)
    return app
