"""The pages of the reports: who sees what, what is asked for, exports (W-0)."""

from __future__ import annotations

import html
import io
import json
import re

import pytest
from openpyxl import load_workbook

from portal.completion_report.definitions import LISTED
from portal.completion_report.figures import GROUPS


@pytest.fixture
def filled(rows, act):
    with act():
        rows.many(60)


@pytest.mark.parametrize("who", ["head", "leader", "principal", "office", "supervisor"])
@pytest.mark.parametrize("by", GROUPS)
def test_who_leads_or_supervises_reads_the_figures(filled, login, who, by):
    answer = login(who).get(f"/reports?by={by}&first=2026-08-01&last=2026-11-30")
    assert answer.status_code == 200


@pytest.mark.parametrize("who", ["clerk", "auditor", "security", "sysadmin"])
@pytest.mark.parametrize("path", ["", "/cases", "/export.xlsx", "/cases.xlsx", "/monthly", "/result-errors"])
def test_others_do_not(login, who, path):
    assert login(who).get(f"/reports{path}").status_code == 403


def test_a_head_sees_the_own_department_alone(filled, ids, login):
    page = login("head").get("/reports?by=department&first=2026-08-01&last=2026-11-30").get_data(as_text=True)
    table = page[page.index("tb cards rep") : page.index("h-tr")]
    assert "综合业务科" in table
    assert "学会服务科" not in table
    foreign = login("head").get(f"/reports/cases?figure=received&department={ids.departments['XH']}")
    assert foreign.status_code == 200
    assert "学会服务科" not in foreign.get_data(as_text=True)


def test_every_link_of_the_page_opens_as_many_rows(filled, login):
    """What a person sees: the figure in the cell is the count on the page that it opens."""
    client = login("office")
    page = client.get("/reports?by=item&first=2026-10-01&last=2026-11-30").get_data(as_text=True)
    found = re.findall(r'<a href="(/reports/cases\?[^"]+)">(\d+)</a>', page)
    assert len(found) > 25
    for address, figure in found[::7]:
        rows = client.get(html.unescape(address)).get_data(as_text=True)
        assert f"共 {figure} 条" in rows, address


@pytest.mark.parametrize("figure", LISTED)
def test_every_figure_has_its_list(filled, login, figure):
    answer = login("office").get(f"/reports/cases?figure={figure}&first=2026-08-01&last=2026-11-30&person=0")
    assert answer.status_code == 200


def test_the_charts_hold_the_figures_of_the_table(filled, login):
    page = login("office").get("/reports?by=department").get_data(as_text=True)
    bars, curves = (json.loads(html.unescape(found)) for found in re.findall(r"data-chart='([^']+)'", page))
    assert bars["names"] == ["综合业务科", "学会服务科"]
    assert [s["key"] for s in bars["series"]] == ["early", "on_time", "late", "overdue"]
    assert curves["kind"] == "curves"
    assert "echarts" in page
    assert "echarts" not in login("office").get("/cases").get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("first=2026-11-10&last=2026-11-01", "结束日期不能早于开始日期。"),
        ("first=2001-01-01&last=2026-11-01", "最多五年。"),
        ("first=x", "请填写日期"),
    ],
)
def test_a_bad_period_is_refused_at_its_field(filled, login, query, message):
    answer = login("office").get(f"/reports?{query}")
    assert answer.status_code == 200
    assert message in answer.get_data(as_text=True)


def test_the_workbook_has_a_sheet_for_every_grouping(filled, login):
    answer = login("office").get("/reports/export.xlsx?first=2026-08-01&last=2026-11-30")
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["合计", "科室", "事项", "岗位", "人员", "月份", "指标含义"]
    total = [cell.value for cell in book["合计"][2]]
    months = [row[1].value for row in book["月份"].iter_rows(min_row=2)]
    assert total[1] == sum(months)
    rows = load_workbook(io.BytesIO(login("office").get("/reports/cases.xlsx?figure=done").data))
    assert rows.sheetnames == ["办结数"]


def test_nothing_yet_says_so(login):
    page = login("office").get("/reports").get_data(as_text=True)
    assert "这段时间没有办件" in page
