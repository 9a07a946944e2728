"""C-1 to C-3: versions, the promise against the statute, checklists, what the finder finds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from portal.kernel import clock, journal
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.post_duty import service as posts
from portal.post_duty.models import Post
from portal.service_commitment import queries, service
from portal.service_commitment.models import CaseKind, ItemVersion, ServiceItem
from portal.service_commitment.service import Material
from tests.office import NOW


@pytest.fixture
def publish(office, act, as_actor):
    def do(code="SX-001", **changes):
        with act():
            item = db.session.get(ServiceItem, office.items[code])
            content = replace(service.content_of(item.current_version), **changes)
            return service.publish(as_actor("office"), item, content, NOW)

    return do


def test_the_promise_is_shorter_than_the_statute(office, publish):
    for promised, statutory in (("19wd", "20wd"), ("1wd", "1wd"), ("0d", "1wd"), ("3wd", ""), ("4wh", "1wd")):
        made = publish(promised_limit=promised, statutory_limit=statutory)
        assert (made.promised_limit, made.statutory_limit) == (promised, statutory)
    for promised, statutory in (("20wd", "20wd"), ("21wd", "20wd"), ("30d", "1m"), ("8wh", "1wd")):
        with pytest.raises(Invalid) as refused:
            publish(promised_limit=promised, statutory_limit=statutory)
        assert (refused.value.field, refused.value.rule) == ("promised_limit", "C-2")


def test_versions_are_kept_and_counted(office, publish):
    made = publish(promised_limit="4wd")
    item = db.session.get(ServiceItem, office.items["SX-001"])
    assert (made.number, item.current_version_id) == (2, made.id)
    assert [v.promised_limit for v in queries.versions(item.id)] == ["4wd", "5wd"]
    assert next(e for e in queries.entries() if e.code == "SX-001").promised_limit == "4wd"


def test_the_same_content_is_no_new_version(office, publish):
    with pytest.raises(Invalid, match="相同"):
        publish()


def test_what_is_promised_on_the_spot_is_of_that_kind(office, publish):
    assert publish(promised_limit="0d").kind is CaseKind.ON_SPOT


def test_a_material_is_named_once(office, publish):
    with pytest.raises(Invalid, match="写了两次"):
        publish(materials=(Material("申请书"), Material("申请书", "复印件")))


def test_retired_items_leave_the_catalogue_and_come_back_with_a_version(office, act, as_actor, publish):
    item = db.session.get(ServiceItem, office.items["SX-001"])
    with act():
        service.retire(as_actor("office"), item, clock.today(), NOW)
    assert queries.by_id(item.id) is None
    with pytest.raises(Conflict), act():
        service.retire(as_actor("office"), item, clock.today(), NOW)
    publish()
    assert queries.by_id(item.id) is not None


def test_a_post_with_items_is_not_closed(office, act, as_actor):
    with act():
        post = posts.add(as_actor("office"), "YW-9", "新窗口", office.departments["YW"], NOW)
        item = service.add(as_actor("office"), "SX-900", "新事项", post, NOW)
    with pytest.raises(Conflict, match="服务事项"), act():
        posts.close(as_actor("office"), post, NOW)
    with act():
        window = db.session.get(Post, office.posts["YW-1"])
        assert service.change(as_actor("office"), item, window, "", "", False, NOW)
        posts.close(as_actor("office"), post, NOW)
    assert post.closed_on == clock.today()
    with pytest.raises(Invalid), act():
        service.change(as_actor("office"), item, post, "", "", False, NOW)


def test_codes_are_used_once(office, act, as_actor):
    with pytest.raises(Invalid) as refused, act():
        service.add(as_actor("office"), "SX-001", "另一项", db.session.get(Post, office.posts["YW-1"]), NOW)
    assert refused.value.field == "code"


FOUND = {
    "科普教育基地认定": "SX-001",
    "科普基地": "SX-001",
    "kpjyjd": "SX-001",
    "ｋｐｊｙ": "SX-001",
    "KPJY": "SX-001",
    "zczx": "SX-002",
    "xhbg": "SX-003",
    "负责人 备案": "SX-003",
}


def test_the_finder_knows_names_aliases_and_pinyin(office):
    assert {typed: queries.find(typed)[0].code for typed in FOUND} == FOUND
    for typed in ("", "  ", "　", "不存在的事", "zzzz", "%", "_", "负责人 不存在"):
        assert queries.find(typed) == [], typed


def test_publishing_is_in_the_journal(office, publish):
    made = publish(promised_limit="4wd")
    entry = journal.of_object("service_item", made.item_id)[-1]
    assert entry.event == "service_commitment.published"
    assert (entry.fact()["number"], entry.fact()["promised"]) == (2, "4wd")


# --- pages -----------------------------------------------------------------------------------------------------

FORM = {
    "base": "0",
    "name": "科普教育基地认定",
    "kind": "promised",
    "promised_limit": "４ 个工作日",
    "statutory_limit": "20 个工作日",
    "basis": "办法第八条",
    "materials-0-name": "认定申请书",
    "materials-0-form": "原件",
    "materials-0-copies": "２",
    "materials-0-required": "y",
    "materials-1-name": "",
    "materials-1-copies": "1",
    "materials-1-required": "y",
    "materials-2-name": "获奖证明",
    "materials-2-copies": "",
}


def _versions(app, code="SX-001"):
    with app.app_context():
        return db.session.scalar(
            select(func.count())
            .select_from(ItemVersion)
            .join(ServiceItem, ServiceItem.id == ItemVersion.item_id)
            .where(ServiceItem.code == code)
        )


@pytest.fixture
def agreed(login):
    """What the office drafts through the form, submitted and agreed to by the leader in charge."""

    def do(code, content, by="leader"):
        client = login("office")
        saved = client.post(f"/catalogue/{code}/draft/edit", data=content)
        assert saved.status_code == 303, saved.text
        page = saved.headers["Location"]
        assert client.post(f"{page}/submit").status_code == 303
        assert login(by).post(f"{page}/approve", data={"base": "1"}).status_code == 303
        return client

    return do


def test_the_office_drafts_through_one_form_and_another_publishes(login, app, agreed):
    client = agreed("SX-001", FORM)
    page = client.get("/catalogue/SX-001").text
    assert "4 个工作日" in page
    assert "法人证书复印件" not in page
    assert "法人证书复印件" in client.get("/catalogue/SX-001?version=1").text
    with app.app_context():
        made = queries.versions(queries.by_code("SX-001").id)[0]
        assert [(m.position, m.name, m.copies, m.required) for m in made.materials] == [
            (1, "认定申请书", 2, True),
            (2, "获奖证明", 1, False),
        ]


def test_c_2_is_refused_at_the_field_with_the_rule(login, app):
    answer = login("office").post("/catalogue/SX-001/draft/edit", data={**FORM, "promised_limit": "20 个工作日"})
    assert answer.status_code == 422
    field = answer.text[answer.text.index('id="promised_limit-f"') :][:900]
    assert "规则 C-2" in field
    assert 'value="20 个工作日"' in field
    assert "获奖证明" in answer.text
    assert _versions(app) == 1


REFUSED = (
    ({"promised_limit": ""}, "请填写承诺时限"),
    ({"promised_limit": "尽快"}, "请填写承诺时限"),
    ({"promised_limit": "1000wd"}, "请填写承诺时限"),
    ({"statutory_limit": "很久"}, "请填写法定时限"),
    ({"name": "　"}, "请填写事项名称"),
    ({"basis": ""}, "请填写办理依据"),
    ({"fee": "50 元", "fee_basis": ""}, "规则 C-1"),
    ({"materials-1-note": "两面"}, "请填写材料名称"),
    ({"materials-0-copies": "0"}, "应在 1 至 99 之间"),
    ({"materials-2-name": "认定申请书"}, "写了两次"),
    ({"kind": "unknown"}, "errsum"),
    ({"name": "a\x00"}, "无法保存"),
    ({"name": "名" * 121}, "最多 120"),
)


def test_bad_input_is_said_and_kept_and_nothing_is_published(login, app):
    client = login("office")
    for change, says in REFUSED:
        answer = client.post("/catalogue/SX-001/draft/edit", data={**FORM, **change})
        assert answer.status_code == 422, change
        assert says in answer.text
        assert "办法第八条" in answer.text or "basis" in change
    assert _versions(app) == 1


def test_rows_come_and_go_without_script(login, app):
    client = login("office")
    more = client.post("/catalogue/SX-001/draft/edit", data={**FORM, "more": "1"})
    assert more.status_code == 200
    assert more.text.count('name="remove"') == 6
    assert "４ 个工作日" in more.text
    fewer = client.post("/catalogue/SX-001/draft/edit", data={**FORM, "remove": "0"})
    assert fewer.status_code == 200
    assert "认定申请书" not in fewer.text
    assert "获奖证明" in fewer.text
    assert _versions(app) == 1


def test_removing_a_row_that_is_not_there_keeps_all(login):
    for nonsense in ("-1", "99", "x", "９", "9" * 20):
        answer = login("office").post("/catalogue/SX-001/draft/edit", data={**FORM, "remove": nonsense})
        assert answer.status_code == 200
        assert "认定申请书" in answer.text


def test_too_many_rows_are_no_fault(login, app):
    rows = {f"materials-{n}-name": f"材料{n}" for n in range(200)}
    answer = login("office").post("/catalogue/SX-001/draft/edit", data={**FORM, **rows})
    assert answer.status_code in (303, 422)


def test_an_item_is_added_published_found_and_retired(login, ids, agreed):
    client = login("office")
    sent = {"code": "SX-100", "name": "人才推荐", "post_id": ids.posts["XH-1"], "topic": "人才", "aliases": "举荐"}
    made = client.post("/catalogue/new", data=sent)
    assert made.headers["Location"].endswith("/catalogue/SX-100/draft/edit")
    assert "尚未公布" in client.get("/catalogue/").text
    assert login("clerk").get("/catalogue/SX-100").status_code == 404
    content = {"base": "0", "name": "人才推荐", "kind": "promised", "promised_limit": "3wd", "basis": "办法"}
    agreed("SX-100", content, by="leader2")
    assert "人才推荐" in login("clerk").get("/catalogue/?q=jj").text
    assert "人才推荐" in login("clerk").get("/catalogue/?topic=人才").text
    assert "人才推荐" not in login("clerk").get(f"/catalogue/?department={ids.departments['YW']}").text
    assert "人才推荐" in login("clerk").get("/posts/XH-1").text
    client = login("office")
    gone = {"on": "2026-11-18", "reason": "并入其他事项", "replaced_by": "SX-003"}
    assert client.post("/catalogue/SX-100/retire", data=gone).status_code == 303
    assert "人才推荐" not in login("clerk").get("/catalogue/").text
    assert "人才推荐" in login("clerk").get("/catalogue/?state=retired").text
    assert "并入其他事项" in login("clerk").get("/catalogue/SX-100").text
    assert login("office").post("/catalogue/SX-100/retire", data=gone).status_code == 409
    assert login("office").post("/catalogue/SX-100/resume").status_code == 303
    assert "人才推荐" in login("clerk").get("/catalogue/").text


def test_codes_can_stand_in_an_address(login, ids):
    for code in ("suggest", "NEW", "", "a b", "../x", "很长", "x" * 21):
        sent = {"code": code, "name": "名", "post_id": ids.posts["YW-1"]}
        assert login("office").post("/catalogue/new", data=sent).status_code == 422, code


def test_odd_filters_are_no_fault(login):
    for query in ("?q=%00", "?department=x", "?department=" + "9" * 20, "?topic=x", "?q=" + "a" * 99):
        assert login("clerk").get("/catalogue/" + query).status_code in (200, 404), query


def test_the_search_of_htmx_gets_the_list_only(login):
    answer = login("clerk").get("/catalogue/?q=xhfz", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.text.strip().startswith('<div id="items">')
    assert "学会负责人变更备案" in answer.text
    assert "科普教育基地认定" not in answer.text


def test_no_such_item(login):
    for path in ("/catalogue/NONE", "/catalogue/SX-001?version=9", "/catalogue/SX-001?version=x"):
        assert login("clerk").get(path).status_code == 404


def test_only_the_office_changes_the_catalogue(login):
    for who in ("clerk", "principal", "sysadmin"):
        assert login(who).get("/catalogue/SX-001/retire").status_code == 403
        for path in ("/catalogue/new", "/catalogue/SX-001/draft/edit", "/catalogue/SX-001/change"):
            assert login(who).get(path).status_code == 403
        assert login(who).post("/catalogue/SX-001/retire").status_code == 403


def test_the_page_says_who_answers_now(login):
    page = login("clerk").get("/catalogue/SX-001").text
    assert "此刻由 王敏 负责" in page
    login("clerk").post(
        "/ab/absences/new", data={"kind": "annual", "from_at": "2026-11-18T10:00", "to_at": "2026-11-19T10:00"}
    )
    assert "此刻由 李强 负责" in login("clerk").get("/catalogue/SX-001").text


# --- suggestions -----------------------------------------------------------------------------------------------


def test_suggestions_are_options_of_a_listbox(login, ids):
    answer = login("clerk").get("/catalogue/suggest?matter=kpjy")
    assert answer.text.strip().startswith('<ul class="lbx" id="suggest" role="listbox"')
    assert f'data-value="{ids.items["SX-001"]}"' in answer.text
    assert "<b>科普教育</b>基地认定" in answer.text
    assert "业务受理岗 · 承诺 5 个工作日" in answer.text


def test_what_is_done_on_the_spot_is_said_so(login):
    assert "业务受理岗 · 当场办结" in login("clerk").get("/catalogue/suggest?matter=zczx").text


def test_no_match_is_an_empty_hidden_list(login):
    for typed in ("", "%20", "没有这样的事", "<b>", "a" * 5000):
        text = login("clerk").get("/catalogue/suggest?matter=" + typed).text
        assert 'role="option"' not in text
        assert "hidden" in text


def test_markup_in_a_name_stays_text(login, ids, agreed):
    content = {**FORM, "name": "<script>x</script>科普"}
    client = agreed("SX-001", content)
    text = client.get("/catalogue/suggest?matter=script").text
    assert "<script>" not in text
    assert "&lt;<b>script</b>&gt;" in text


def test_administrators_get_no_suggestions(login):
    assert login("auditor").get("/catalogue/suggest?matter=kp").status_code == 403
