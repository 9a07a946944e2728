"""Pages by role: what everybody reads, who takes which step, foreign sheets, papers (E-4, E-6)."""

from __future__ import annotations

import io

from docx import Document
from openpyxl import load_workbook

from portal.monthly_result import page
from tests.monthly_result.conftest import MONTH, who

URL = "/results/department/2026-10"


def put(client, path, **fields):
    return client.post(URL + path, data=fields)


def mine(app):
    with app.app_context():
        return [each.state for each in page.mine(who("principal"))]


def test_a_month_over_http(served, ids, login):
    office, clerk, supervisor, principal = (login(name) for name in ("office", "clerk", "supervisor", "principal"))
    assert "依据已确定" in office.get("/results").text
    assert clerk.get(URL).status_code == 404
    assert put(clerk, "/submit").status_code == 403
    assert put(office, "/submit").status_code == 303
    assert put(office, "/review", act="pass", opinion="同意").status_code == 403
    assert clerk.get(URL).status_code == 404  # 公布之前只有经办的人看得到
    assert "待审核" in supervisor.get(URL).text
    bad = put(supervisor, "/review", act="return", opinion="")
    assert bad.status_code == 422
    assert "退回的，请写明原因" in bad.text
    assert put(supervisor, "/review", act="pass", opinion="情况属实，同意").status_code == 303
    refused = put(principal, "/sign", act="return", reason="")
    assert refused.status_code == 422
    assert "退回的，请写明原因" in refused.text
    assert put(supervisor, "/sign", act="sign").status_code == 403
    assert put(principal, "/sign", act="sign").status_code == 303
    assert put(office, "/publish").status_code == 303
    shown = clerk.get(URL)
    assert shown.status_code == 200
    for text in ("流动红旗", "100.5", "第 1 版", "情况属实，同意"):
        assert text in shown.text
    assert "综合业务科" in clerk.get("/results").text
    # 公布以后，任何请求都改变不了它
    before = clerk.get(URL).text.count("100.5")
    for client, path, fields in (
        (office, "/submit", {}), (office, "/publish", {}), (supervisor, "/review", {"act": "pass", "opinion": "改"}),
        (supervisor, "/review", {"act": "return", "opinion": "改"}), (principal, "/sign", {"act": "sign"}),
        (principal, "/sign", {"act": "return", "reason": "改"}),
        (office, "/corrections", {"subject_id": ids.departments["XH"], "points": "5", "standing": "same",
                                  "reason": "改"}),
    ):  # fmt: skip
        assert client.post(URL + path, data=fields).status_code in (409, 422), path
    assert clerk.get(URL).text.count("100.5") == before
    # 更正另出一版，与原版并列
    assert put(office, "/correct", reason="").status_code == 422
    assert put(office, "/correct", reason="复核更正").status_code == 303
    wrong = put(office, "/corrections", subject_id="　", points="abc", standing="nonsense", reason="错记")
    assert wrong.status_code == 422
    assert "abc" in wrong.text
    assert put(
        office, "/corrections", subject_id=ids.departments["XH"], points="－0.5", standing="same", reason="错记一次"
    ).status_code == 303  # fmt: skip
    assert put(office, "/submit").status_code == 303
    assert put(supervisor, "/review", act="pass", opinion="同意更正").status_code == 303
    assert put(principal, "/sign", act="sign").status_code == 303
    assert "97.5" not in clerk.get(URL).text
    assert put(office, "/publish").status_code == 303
    assert "97.5" in clerk.get(URL).text
    first = clerk.get(URL + "?edition=1").text
    assert "97.5" not in first
    assert "这一版已经更正" in first
    assert clerk.get(URL + "?edition=9").status_code == 404
    # 计分单：被考评的人看自己的，别人的像不存在
    with served.app_context():
        rows = {row.name: row.sort for row in page.edition(who("clerk"), "department", MONTH).rows}
    assert clerk.get(f"{URL}/sheets/{rows['综合业务科']}").status_code == 200
    assert "受到表扬" in clerk.get(f"{URL}/sheets/{rows['综合业务科']}/paper").text
    for path in ("", "/paper", "/paper.docx", "/paper.xlsx"):
        assert clerk.get(f"{URL}/sheets/{rows['学会服务科']}{path}").status_code == 404
        assert office.get(f"{URL}/sheets/{rows['学会服务科']}{path}").status_code == 200
    assert clerk.get(f"{URL}/sheets/99").status_code == 404
    # 纸质件
    paper = Document(io.BytesIO(clerk.get(URL + "/bulletin.docx").data))
    cells = {cell.text for table in paper.tables for row in table.rows for cell in row.cells}
    assert {"97.5", "综合业务科", "错记一次"} <= cells
    book = load_workbook(io.BytesIO(clerk.get(URL + "/ranking.xlsx").data))
    assert [cell.value for cell in book.worksheets[0][2]][:3] == [1, "综合业务科", 100.5]
    assert book.worksheets[0]["C3"].number_format == "0.00"
    sheet = load_workbook(io.BytesIO(office.get(f"{URL}/sheets/{rows['学会服务科']}/paper.xlsx").data))
    total, line = list(sheet.worksheets[0].values)[-1], list(sheet.worksheets[1].values)[1]
    assert (total[0], total[4]) == ("合计", 97.5), "corrected by half a point"
    assert (line[3], line[4]) == (1, -2)
    assert sheet.worksheets[1]["D2"].number_format == '0" 次"'
    assert "1 次" in office.get(f"{URL}/sheets/{rows['学会服务科']}").text
    assert "流动红旗" in clerk.get(URL + "/certificates").text
    words = " ".join(p.text for p in Document(io.BytesIO(clerk.get(URL + "/certificates.docx").data)).paragraphs)
    assert "综合业务科" in words
    assert clerk.get(URL + "/bulletin").status_code == 200
    history = clerk.get("/results/departments/YW/history").text
    assert "<polyline" not in history  # 只有一个月，不连线
    assert "100.5" in history
    assert history.count('<svg class="hist ') == 2, "one as wide as the card, one for a phone"
    assert clerk.get("/results/departments/ZZ/history").status_code == 404
    # 先进名单：月份没有公布完，不能提出
    begin = office.get("/results/lists/windows/2026")
    assert "2026-11" in begin.text
    assert office.post("/results/lists/windows/2026/propose").status_code == 409
    assert clerk.get("/results/lists/windows/2026").status_code == 404
    assert clerk.get("/results/lists").status_code == 200
    for nonsense in ("/results/department/2026-13", "/results/window/2026-10", "/results/lists/windows/2026-Q1"):
        assert clerk.get(nonsense).status_code == 404


def test_steps_wait_on_the_homes(served, login):
    office, supervisor, principal = login("office"), login("supervisor"), login("principal")
    assert "提交审核" in office.get("/").text
    put(office, "/submit")
    assert "考评结果" in supervisor.get("/").text
    assert mine(served) == []
    put(supervisor, "/review", act="pass", opinion="同意")
    assert mine(served) == ["reviewed"]
    assert "等待签发" in principal.get("/").text
    for role in ("auditor", "security", "sysadmin"):
        assert login(role).get("/results").status_code == 403


def test_flags_are_shown_once_they_are_published_and_not_before(served, login):
    """W-1, E-4: a result that is only computed, reviewed or signed is nobody's business yet."""
    office, supervisor, principal = login("office"), login("supervisor"), login("principal")

    def wall():
        text = office.get("/wall/view").text
        return 'data-pages="6"' in text, "流动红旗" in text

    url = "/results/department/2026-10"
    for client, step, fields in (
        (office, "submit", {}), (supervisor, "review", {"act": "pass", "opinion": "同意"}),
        (principal, "sign", {"act": "sign"}),
    ):  # fmt: skip
        assert client.post(f"{url}/{step}", data=fields).status_code == 303
        assert wall() == (False, False)
    assert office.post(f"{url}/publish").status_code == 303
    assert wall() == (True, True)
    assert "100.5" in office.get("/wall/view").text
