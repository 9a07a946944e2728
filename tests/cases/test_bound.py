"""C-3: a case names the version of its day, and a version counts exactly the cases that its list shows."""

from __future__ import annotations

from dataclasses import replace

from portal.cases import listing, queries
from portal.cases.listing import Wanted
from portal.cases.promise_panel import bound
from portal.kernel import clock
from portal.kernel.db import db
from portal.service_commitment import service as catalogue
from portal.service_commitment.models import ServiceItem


def test_a_version_binds_the_cases_accepted_under_it(office, act, as_actor, accepted, opened):
    first, second = accepted(), accepted()
    opened(())
    item = db.session.get(ServiceItem, office.items["SX-001"])
    with act():
        content = replace(catalogue.content_of(item.current_version), promised_limit="4wd")
        new = catalogue.publish(as_actor("office"), item, content, clock.now())
    later = accepted()
    old = first.promise_version_id
    assert bound([old, new.id]) == {old: 2, new.id: 1}
    for version_id, cases in ((old, {first.number, second.number}), (new.id, {later.number})):
        query = listing.query(as_actor("office"), Wanted(version_id=version_id))
        assert {row.number for row in queries.rows(query)} == cases


def test_the_case_page_opens_its_version(login):
    made = login("clerk").get("/catalogue/SX-001")
    assert "第 1 版适用于 0 件办件" in made.text
