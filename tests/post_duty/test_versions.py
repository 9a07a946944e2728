"""P-1: any two versions side by side, the version of a case's day, the post sheet on paper."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from portal.cases import service as cases
from portal.cases.service import Client
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.post_duty import service
from portal.post_duty.comparing import Mark, Pair, side_by_side
from portal.post_duty.models import Post
from portal.service_commitment import queries as catalogue
from tests.office import NOW


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ("", "", []),
        ("甲", "甲", [Pair(Mark.SAME, "甲", "甲")]),
        ("甲", "乙", [Pair(Mark.CHANGED, "甲", "乙")]),
        ("", "甲", [Pair(Mark.ADDED, new="甲")]),
        ("甲\n乙", "乙", [Pair(Mark.REMOVED, old="甲"), Pair(Mark.SAME, "乙", "乙")]),
        (
            "甲\n乙",
            "甲\n丙\n丁",
            [Pair(Mark.SAME, "甲", "甲"), Pair(Mark.CHANGED, "乙", "丙"), Pair(Mark.ADDED, new="丁")],
        ),
    ],
)
def test_lines_in_pairs(old, new, pairs):
    assert side_by_side(old, new) == pairs


@given(st.lists(st.sampled_from("甲乙丙")), st.lists(st.sampled_from("甲乙丙")))
def test_nothing_is_lost(old, new):
    pairs = side_by_side("\n".join(old), "\n".join(new))
    assert [p.old for p in pairs if p.mark is not Mark.ADDED] == old
    assert [p.new for p in pairs if p.mark is not Mark.REMOVED] == new
    assert all((p.old == p.new) is (p.mark is Mark.SAME) for p in pairs)


@pytest.fixture
def three(app, ids):
    """YW-1 with three versions: of its founding, of now, and of tomorrow; a case was received now."""
    with app.app_context():
        office = people.actor_by_username("office", NOW)
        post = db.session.get(Post, ids.posts["YW-1"])
        with transaction.act():
            service.change(office, post, NOW - timedelta(days=3), duties="受理申请\n一次告知", powers="受理")
        with transaction.act():
            clerk = people.actor_by_username("clerk", NOW)
            entry = next(e for e in catalogue.entries() if e.code == "SX-001")
            number = cases.open_case(clerk, NOW, matter="认定", client=Client("", "张三"), item=entry).number
        with transaction.act():
            service.change(office, post, NOW + timedelta(days=1), duties="受理申请\n当场告知", powers="受理")
    return number


def test_two_versions_beside_each_other(login, three):
    clerk = login("clerk")
    page = clerk.get("/posts/YW-1/compare").get_data(as_text=True)
    assert "<del>一次告知</del>" in page
    assert "<ins>当场告知</ins>" in page
    assert "第 2 版与第 3 版" in page
    page = clerk.get("/posts/YW-1/compare?a=3&b=1").get_data(as_text=True)
    assert "第 1 版与第 3 版" in page
    assert "<ins>受理</ins>" in page
    assert "内容相同" in clerk.get("/posts/YW-1/compare?a=2&b=2").get_data(as_text=True)
    assert clerk.get("/posts/YW-1/compare?a=x&b=99").status_code == 200
    assert clerk.get("/posts/XH-1/compare").status_code == 200, "one version only"
    assert clerk.get("/posts/none/compare").status_code == 404


def test_a_case_shows_the_version_of_its_day(login, three):
    with clock.at(NOW + timedelta(days=2)):
        page = login("clerk").get(f"/cases/{three}").get_data(as_text=True)
    panel = page.split('id="post_stated"')[1].split("</section>")[0]
    assert "第 2 版，收件当天适用" in panel
    assert "一次告知" in panel
    assert "当场告知" not in panel
    assert "/posts/YW-1?on=2026-11-18" in panel


def test_the_sheet_on_paper(login, three):
    clerk = login("clerk")
    page = clerk.get("/posts/YW-1/sheet").get_data(as_text=True)
    for word in ("岗位说明书", "第 3 版", "当场告知", "王敏", "李强", "科普教育基地认定", "综合业务科"):
        assert word in page
    assert "一次告知" in clerk.get("/posts/YW-1/sheet?version=2").get_data(as_text=True)
    for wrong in ("9", "x", ""):
        assert clerk.get(f"/posts/YW-1/sheet?version={wrong}").status_code == 404
    document = Document(io.BytesIO(clerk.get("/posts/YW-1/sheet.docx?version=2").data))
    text = "\n".join(c.text for t in document.tables for r in t.rows for c in r.cells)
    assert "一次告知" in text
    assert "科普教育基地认定" in text
    assert login("auditor").get("/posts/YW-1/sheet").status_code == 403
