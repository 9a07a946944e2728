"""The pages over HTTP: by role, refused, foreign like missing, bad input at its field; papers and lists (T-4, T-5)."""

from __future__ import annotations

import io
from contextlib import contextmanager

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import update

from portal.cases import handling
from portal.cases import service as cases
from portal.cases.models import Case
from portal.kernel import clock, epochs, transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.people.models import User, UserSession
from portal.policy import service as policy
from portal.timed_completion.models import CaseExtension, ClosingNotice, SpecialProcedure
from tests.office import NOW
from tests.one_time_notice.conftest import open_case
from tests.timed_completion.conftest import local

BEGIN = {"reason": "hearing", "agency": "市司法局", "basis": "行政许可法第四十五条", "expected_on": "2026-11-20"}
CASE = "SX-2026-0001"


@pytest.fixture
def case(app, ids):
    """An accepted case of the clerk's post; hearings last five working days at most."""
    with app.app_context():
        made = open_case(ids, received=(1, 2, 3))
        with transaction.act():
            cases.accept(people.actor_by_username("clerk", NOW), db.session.get(Case, made.id), NOW)
        with transaction.act():
            office = people.actor_by_username("office", NOW)
            policy.set_value(office, "timed_completion.pause_cap_hearing", "5wd", "试行", NOW)
        db.session.remove()
    return CASE


@pytest.fixture
def begun(login, case):
    assert login("clerk").post(f"/cases/{CASE}/special-procedure", data=BEGIN).status_code == 303
    return "TC-2026-0001"


@pytest.fixture
def asked(login, case):
    sent = {"days": "３", "reason": "场地核验需要时间"}
    assert login("clerk").post(f"/cases/{CASE}/extension", data=sent).status_code == 303
    return "YQ-2026-0001"


@pytest.fixture
def at(app):
    """``with at(instant): …`` moves the clock; whoever is logged in stays so."""

    @contextmanager
    def move(instant):
        with clock.at(instant):
            with app.app_context(), transaction.act():
                db.session.execute(update(UserSession).values(seen_at=instant))
                db.session.execute(update(User).values(password_changed_at=instant))
                epochs.bump(db.session(), "people")
            yield

    return move


def words_of(answer):
    """All text of a DOCX answer, read from its XML."""
    document = Document(io.BytesIO(answer.data))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def code(app, model):
    with app.app_context():
        found = db.session.scalar(db.select(model.check_code))
        db.session.remove()
    return found


# --- special procedures ---------------------------------------------------------------------------------------------


def test_begin_on_the_page_and_end_with_a_result(login, begun, at):
    clerk = login("clerk")
    page = clerk.get(f"/cases/{CASE}").text
    assert "已停表" in page
    assert "停表中" in page
    assert "最迟恢复" in page
    # Begun on the 18th itself: up to the 25th; 26, 27, 30 November, 1, 2 December.
    assert "2026-11-25 17:30 → <b>2026-12-02 17:30</b>" in page
    assert "2026-12-16 17:30 → <b>2026-12-23 17:30</b>" in page
    assert "承诺期限 2026-11-25 17:30 → 2026-12-02 17:30" in page, "the timeline says old and new"
    assert "市司法局" in clerk.get("/special-procedures").text
    with at(local(11, 20, 9, 0)):
        assert clerk.get(f"/special-procedures/{begun}/end").status_code == 200
        answer = clerk.post(f"/special-procedures/{begun}/end", data={"result": ""})
        assert answer.status_code == 422
        assert "请写明特别程序的结果。" in answer.text
        assert clerk.post(f"/special-procedures/{begun}/end", data={"result": "双方无异议"}).status_code == 303
        page = clerk.get(f"/cases/{CASE}").text
        assert "结果：双方无异议" in page
        # Stopped were the 19th and the 20th: two days later than the 25th.
        assert "2026-11-25 17:30 → <b>2026-11-27 17:30</b>" in page
        assert clerk.post(f"/special-procedures/{begun}/end", data={"result": "再记"}).status_code == 409


def test_lists_show_the_pause_up_to_its_cap_without_a_sweep(login, begun, at):
    with at(local(11, 25, 17, 29)):
        assert "已停表" in login("clerk").get("/cases/queue").text
        assert begun in login("office").get("/special-procedures").text
    with at(local(11, 25)):
        assert "已停表" not in login("clerk").get("/cases/queue").text
        assert begun not in login("office").get("/special-procedures").text
        assert begun in login("office").get("/special-procedures?tab=ended").text
        assert "到上限自动恢复" in login("clerk").get(f"/cases/{CASE}").text
        assert "已到最长时间，时限已恢复计算，请登记结果" in login("clerk").get("/").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": "site_visit"}, "时限照常计算"),
        ({"reason": "countersigning"}, "时限照常计算"),
        ({"reason": "leader_absent"}, "时限照常计算"),
        ({"reason": ""}, "请选择特别程序的种类。"),
        ({"reason": "lunch"}, ""),
        ({"agency": " "}, "请填写承担特别程序的机构。"),
        ({"expected_on": "2026-11-17"}, "预计完成日期不能早于今天。"),
        ({"expected_on": "2026-11-26"}, "不能晚于最长时间的末日 2026-11-25"),
        ({"expected_on": "明天"}, ""),
    ],
)
def test_bad_beginnings_come_back_with_what_was_typed(login, case, changed, said):
    answer = login("clerk").post(f"/cases/{CASE}/special-procedure", data={**BEGIN, **changed})
    assert answer.status_code == 422
    assert said in answer.text
    assert "行政许可法第四十五条" in answer.text


@pytest.mark.parametrize(
    ("username", "status"),
    [
        ("clerk", 200),
        ("clerk2", 403),
        ("head", 403),
        ("other", 404),
        ("leader", 403),
        ("office", 403),
        ("auditor", 403),
    ],
)
def test_who_may_begin(login, case, username, status):
    assert login(username).get(f"/cases/{CASE}/special-procedure").status_code == status


@pytest.mark.parametrize(
    ("username", "status"),
    [("clerk", 200), ("head", 200), ("leader", 200), ("office", 200), ("supervisor", 200), ("other", 404)],
)
def test_who_may_read_a_paper(login, begun, username, status):
    client = login(username)
    for address in ("", "/print", ".docx"):
        assert client.get(f"/clock-papers/{begun}{address}").status_code == status
    assert client.get("/clock-papers/TC-2026-0099").status_code == 404
    assert client.get("/clock-papers/SX-2026-0001").status_code == 404


# --- extensions -----------------------------------------------------------------------------------------------------


def test_asked_and_granted_on_the_pages(login, asked, app):
    clerk, head = login("clerk"), login("head")
    assert clerk.get(f"/clock-papers/{asked}/print").status_code == 404, "no paper before it is granted"
    assert "批准延期" not in clerk.get(f"/clock-papers/{asked}").text
    assert "申请延期 3 个工作日" in head.get("/").text
    page = head.get(f"/clock-papers/{asked}").text
    assert "批准延期" in page
    assert "2026-11-25 17:30 → <b>2026-11-30 17:30</b>" in page
    assert clerk.post(f"/case-extensions/{asked}/decision", data={"verdict": "grant"}).status_code == 403
    assert login("leader").post(f"/case-extensions/{asked}/decision", data={"verdict": "grant"}).status_code == 403
    refused = head.post(f"/case-extensions/{asked}/decision", data={"verdict": "refuse", "answer": ""})
    assert refused.status_code == 422
    assert "不批准时请写明理由。" in refused.text
    assert head.post(f"/case-extensions/{asked}/decision", data={"verdict": "grant"}).status_code == 303
    page = clerk.get(f"/cases/{CASE}").text
    assert "另延期 3 个工作日" in page
    assert "2026-11-25 17:30 → <b>2026-11-30 17:30</b>" in page
    assert "申请延期</a>" not in page, "once"
    assert clerk.get(f"/cases/{CASE}/extension").status_code == 409
    assert head.post(f"/case-extensions/{asked}/decision", data={"verdict": "grant"}).status_code == 409
    assert asked in login("office").get("/case-extensions?tab=granted").text


def test_asking_after_the_limit_is_refused_and_said_so(login, case, at):
    with at(local(11, 26, 9, 0)):
        answer = login("clerk").post(f"/cases/{CASE}/extension", data={"days": "1", "reason": "来不及"})
        assert answer.status_code == 409
        assert "承诺期限已经届满，不能再申请延期" in answer.text
        assert "/extension" not in login("clerk").get(f"/cases/{CASE}").text


@pytest.mark.parametrize("days", ["", "0", "6", "-1", "x", "99999999999"])
def test_bad_days_come_back_with_the_reason_kept(login, case, days):
    answer = login("clerk").post(f"/cases/{CASE}/extension", data={"days": days, "reason": "场地核验"})
    assert answer.status_code == 422
    assert "场地核验" in answer.text
    assert 'id="days-error"' in answer.text


# --- the closing notice, delivery, the archive ----------------------------------------------------------------------


@pytest.fixture
def closed(app, case, login):
    with app.app_context():
        with transaction.act():
            found = db.session.scalar(db.select(Case).where(Case.number == CASE))
            handling.complete(
                people.actor_by_username("clerk", NOW), found, "准予认定，有效期三年", "科认字〔2026〕8 号", "", NOW
            )
        db.session.remove()
    clerk = login("clerk")
    assert "出具办结通知书" in clerk.get(f"/cases/{CASE}").text
    assert clerk.post(f"/cases/{CASE}/closing-notice", data={"collect": ""}).status_code == 422
    sent = {"collect": "凭身份证到一楼 3 号窗口领取"}
    assert clerk.post(f"/cases/{CASE}/closing-notice", data=sent).status_code == 303
    assert clerk.post(f"/cases/{CASE}/closing-notice", data=sent).status_code == 409
    return "BJ-2026-0001"


def test_the_closing_notice_is_delivered_and_archived(login, closed):
    clerk = login("clerk")
    archive = clerk.get(f"/cases/{CASE}/archive").text
    assert "办结通知书" in archive
    assert closed in archive
    address = f"/clock-papers/{closed}/delivery"
    assert clerk.post(address, data={"on": "2026-11-17", "how": "handed"}).status_code == 422
    assert clerk.post(address, data={"on": "2026-11-19", "how": "handed"}).status_code == 422
    assert login("head").post(address, data={"on": "2026-11-18", "how": "handed"}).status_code == 403
    assert clerk.post(address, data={"on": "2026-11-18", "how": "handed"}).status_code == 303
    assert clerk.post(address, data={"on": "2026-11-18", "how": "handed"}).status_code == 409
    assert "于 2026-11-18 送达申请人（当面交付）" in clerk.get(f"/cases/{CASE}").text


def test_only_a_completed_case_has_one(login, case):
    assert login("clerk").get(f"/cases/{CASE}/closing-notice").status_code == 409


# --- papers ---------------------------------------------------------------------------------------------------------

COMMON = (
    "示例市科学技术协会",
    CASE,
    "周小明",
    "科普教育基地认定",
    "综合业务科 业务受理岗",
    "经办人（签名）：王敏",
    "（印章）",
)


def test_the_notice_of_a_special_procedure(login, begun, app):
    clerk = login("clerk")
    wanted = (
        *COMMON, "特别程序通知书", begun, code(app, SpecialProcedure), "听证", "市司法局", "行政许可法第四十五条",
        "承诺时限、法定时限", "2026-11-18 10:00", "2026 年 11 月 20 日", "2026-11-25 17:30", "2026 年 11 月 25 日",
        "2026 年 12 月 16 日", "自动恢复计算",
    )  # fmt: skip
    for text in (clerk.get(f"/clock-papers/{begun}/print").text, words_of(clerk.get(f"/clock-papers/{begun}.docx"))):
        assert [w for w in wanted if w not in text] == []


def test_the_notice_of_an_extension(login, asked, app):
    login("head").post(f"/case-extensions/{asked}/decision", data={"verdict": "grant", "answer": "同意"})
    clerk = login("clerk")
    wanted = (
        *COMMON, "延期通知书", asked, code(app, CaseExtension), "场地核验需要时间", "3 个工作日", "赵刚",
        "由 2026 年 11 月 25 日 延至 2026 年 11 月 30 日", "2026 年 12 月 16 日", "以一次为限",
    )  # fmt: skip
    for text in (clerk.get(f"/clock-papers/{asked}/print").text, words_of(clerk.get(f"/clock-papers/{asked}.docx"))):
        assert [w for w in wanted if w not in text] == []


def test_the_closing_notice_says_the_result(login, closed, app):
    clerk = login("clerk")
    wanted = (
        *COMMON, "办结通知书", closed, code(app, ClosingNotice), "准予认定，有效期三年", "科认字〔2026〕8 号",
        "凭身份证到一楼 3 号窗口领取", "5 个工作日",
    )  # fmt: skip
    for text in (clerk.get(f"/clock-papers/{closed}/print").text, words_of(clerk.get(f"/clock-papers/{closed}.docx"))):
        assert [w for w in wanted if w not in text] == []


def test_number_and_code_belong_together(login, begun, app):
    client, good = login("office"), code(app, SpecialProcedure)
    page = client.get(f"/clock-papers/check?number=tc-2026-1&code={good.lower()}").text
    assert "真实有效" in page
    assert "周小明" not in page
    assert "没有查到" in client.get(f"/clock-papers/check?number={begun}&code=AAAAAA").text
    assert client.get(f"/clock-papers/check?number={begun}").status_code == 422


# --- lists ----------------------------------------------------------------------------------------------------------


def test_lists_are_filtered_and_exported(login, begun, asked, app):
    office = login("office")
    for address, number, nothing in (
        ("/special-procedures", begun, "reason=tender"),
        ("/case-extensions", asked, "number=SX-2026-0099"),
    ):
        assert number in office.get(f"{address}?number={CASE}&from_on=2026-11-18&until_on=2026-11-18").text
        assert number not in office.get(f"{address}?{nothing}").text
        assert number not in office.get(f"{address}?until_on=2026-11-17").text
        assert number not in login("other").get(f"{address}?tab=all").text
        sheet = load_workbook(io.BytesIO(office.get(f"{address}/export.xlsx?tab=all").data)).active
        assert number in [cell.value for cell in sheet["A"]]
        assert office.get(f"{address}?tab=nonsense&from_on=x&reason=%20&department=x").status_code == 200
