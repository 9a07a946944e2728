"""C-3: drafts are published by another, two writers lose nothing, a retirement is exact to the day."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from werkzeug.datastructures import FileStorage

from portal.kernel import clock, journal
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import service as policy
from portal.service_commitment import contents, draft_queries, drafting, queries, rules, service
from portal.service_commitment.models import BreachKind, CaseKind, DraftState, ItemDraft, ServiceItem
from portal.service_commitment.service import Content, Material
from portal.service_commitment.words import money_code, money_figure
from tests.office import NOW


@pytest.fixture
def item(office):
    return db.session.get(ServiceItem, office.items["SX-001"])


@pytest.fixture
def do(act, as_actor):
    def run(who, verb, *args, **more):
        with act():
            return verb(as_actor(who), *args, NOW, **more)

    return run


@pytest.fixture
def save(item, do):
    def run(who="office", edition=0, **changes):
        content = replace(drafting.current_content(item), **(changes or {"promised_limit": "4wd"}))
        return do(who, drafting.save, item, content, edition)

    return run


def test_the_way_of_a_version(item, do, save):
    draft = save()
    assert queries.promise(item.current_version_id).promised_limit == "5wd"
    do("office", drafting.submit, item, note="缩短")
    assert (draft.state, draft.second_needed) == (DraftState.SUBMITTED, True)
    made = do("leader", drafting.approve, item, 1)
    assert (made.number, made.published_by_id, item.current_version_id) == (2, draft.decided_by_id, made.id)
    assert draft.state is DraftState.PUBLISHED
    told = [e.event.split(".")[1] for e in journal.of_object("service_item", item.id)][-4:]
    assert told == ["draft_saved", "draft_submitted", "published", "draft_approved"]


def test_nobody_agrees_to_what_they_wrote(item, do, save):
    save()
    do("office", drafting.submit, item)
    with pytest.raises(NotAllowed):
        do("office", drafting.approve, item, 1)
    for who in ("clerk", "leader2", "other_head"):
        with pytest.raises(NotAllowed):
            do(who, drafting.approve, item, 1)
    assert do("principal", drafting.approve, item, 1).number == 2


def test_who_wrote_an_earlier_edition_wrote_it_too(item, do, save):
    save("head")
    save("office", 1, promised_limit="3wd")
    do("head", drafting.submit, item)
    for who in ("head", "office"):
        with pytest.raises(NotAllowed):
            do(who, drafting.approve, item, 2)
    assert do("leader", drafting.approve, item, 2).promised_limit == "3wd"


def test_the_database_refuses_it_too(item, do, save, office, act):
    save()
    do("office", drafting.submit, item)
    for who, more in (("office", ""), ("office", ", second_needed = false"), (None, "")):
        decided = office.users[who] if who else None
        with pytest.raises(DatabaseError), act():
            db.session.execute(
                text(f"UPDATE item_draft SET state = 'published', decided_by_id = :who, version_id = :v{more}"),
                {"who": decided, "v": item.current_version_id},
            )
    for sql in (
        "DELETE FROM item_draft",
        "UPDATE item_draft_text SET content = '{}'",
        "DELETE FROM item_draft_text",
        "INSERT INTO item_draft (item_id, base_number, state, edition, made_at, note, second_needed, reason)"
        " SELECT item_id, 1, 'writing', 1, made_at, '', second_needed, '' FROM item_draft",
    ):
        with pytest.raises(DatabaseError), act():
            db.session.execute(text(sql))


def test_without_a_second_person_the_writer_publishes(item, do, save):
    save(basis="新的依据")
    draft = do("office", drafting.submit, item)
    assert not draft.second_needed
    assert do("office", drafting.approve, item, 1).basis == "新的依据"


def test_the_policy_decides_and_a_submitted_draft_keeps_its_answer(item, do, save):
    save()
    draft = do("office", drafting.submit, item)
    do("office", policy.set_value, "service_commitment.second_person_limits", "false", "人少")
    with pytest.raises(NotAllowed):
        do("office", drafting.approve, item, 1)
    do("office", drafting.recall, item)
    do("office", drafting.submit, item)
    assert not draft.second_needed
    do("office", drafting.approve, item, 1)


def test_two_writers_lose_nothing(item, do, save):
    save("office")
    save("head", 1, promised_limit="3wd")
    with pytest.raises(Conflict, match="赵刚"):
        save("office", 1, promised_limit="2wd")
    with pytest.raises(Conflict):
        save("office", 0, promised_limit="2wd")
    draft = save("office", 2, promised_limit="2wd")
    kept = [contents.load(t.content).promised_limit for t in draft_queries.texts(draft.id)]
    assert kept == ["4wd", "3wd", "2wd"]


def test_c_2_holds_in_drafts_and_at_their_publication(item, do, save):
    with pytest.raises(Invalid) as refused:
        save(promised_limit="20wd")
    assert refused.value.rule == "C-2"
    assert drafting.running(item) is None


def test_a_version_published_meanwhile_is_not_overwritten(item, do, save):
    save()
    do("office", drafting.submit, item)
    do("office", service.publish, item, replace(drafting.current_content(item), basis="急"))
    with pytest.raises(Conflict, match="第 2 版"):
        do("leader", drafting.approve, item, 1)
    do("office", drafting.withdraw, item)
    assert drafting.running(item) is None


def test_a_refused_draft_begins_the_next(item, do, save):
    draft = save()
    do("office", drafting.submit, item)
    with pytest.raises(Invalid):
        do("leader", drafting.refuse, item, "")
    do("leader", drafting.refuse, item, "时限太紧")
    assert (draft.state, draft.reason) == (DraftState.REFUSED, "时限太紧")
    assert drafting.content_of(draft).promised_limit == "4wd"
    assert save().id != draft.id


def test_what_is_read_is_what_is_published(item, do, save):
    save()
    do("office", drafting.submit, item)
    do("office", drafting.recall, item)
    save("office", 1, promised_limit="1wd")
    do("office", drafting.submit, item)
    with pytest.raises(Conflict):
        do("leader", drafting.approve, item, 1)


def test_who_reviews_is_told_from_memory(as_actor, item, do, save):
    save("head")
    do("head", drafting.submit, item)
    seen = {who: len(draft_queries.to_review(as_actor(who))) for who in ("office", "leader", "principal")}
    assert seen == {"office": 1, "leader": 1, "principal": 1}
    assert [draft_queries.to_review(as_actor(who)) for who in ("head", "leader2", "clerk")] == [[], [], []]


def test_a_sample_form_stays_with_its_version(item, do, save):
    save()
    upload = FileStorage(io.BytesIO(b"%PDF-1.4 sample"), "申请书样表.pdf")
    do("office", lambda a, now: drafting.add_sample(a, item, 1, [upload], 1, now))
    do("office", drafting.submit, item)
    made = do("leader", drafting.approve, item, 2)
    sample = made.materials[0].sample_id
    assert queries.published_sample("SX-001", sample).name == "申请书样表.pdf"
    assert queries.published_sample("SX-003", sample) is None
    assert queries.guide("SX-001").materials[0].sample_name == "申请书样表.pdf"
    other = replace(drafting.current_content(item), materials=(Material("认定申请书", sample_id=sample),))
    with pytest.raises(Invalid, match="样表"):
        service.check(ServiceItem(id=10**6, code="SX-9"), other)
    save("office", 0, promised_limit="3wd")
    do("office", lambda a, now: drafting.drop_sample(a, item, 1, 1, now))
    do("office", drafting.submit, item)
    do("leader", drafting.approve, item, 2)
    assert queries.published_sample("SX-001", sample) is None
    assert made.materials[0].sample_id == sample


def test_a_retirement_to_come_is_exact_to_the_day(item, do, act):
    on = clock.today() + timedelta(days=3)
    do("office", lambda a, now: service.retire(a, item, on, now, reason="并入", replaced_by="SX-003"))
    for days, offered in ((0, True), (2, True), (3, False), (4, False)):
        with clock.at(NOW + timedelta(days=days)):
            assert (queries.by_id(item.id) is not None, queries.guide("SX-001") is not None) == (offered, offered)
    with pytest.raises(Conflict):
        do("office", lambda a, now: service.retire(a, item, on, now))
    do("office", service.resume, item)
    assert queries.guide("SX-001").retired_on is None
    for bad in ({"on": date(2026, 11, 17)}, {"on": on, "replaced_by": "SX-001"}, {"on": on, "replaced_by": "NONE"}):
        day = bad.pop("on")
        with pytest.raises(Invalid):
            do("office", lambda a, now, d=day, b=bad: service.retire(a, item, d, now, reason="停", **b))


# --- pure ------------------------------------------------------------------------------------------------------

TEXTS = st.text('甲乙𠮷a1 \n"\\{}', max_size=8)
CONTENTS = st.builds(
    Content,
    TEXTS,
    st.sampled_from(["0d", "5wd", "4wh"]),
    kind=st.sampled_from(CaseKind),
    basis=TEXTS,
    fee_fen=st.none() | st.integers(1, 10**8),
    breach_kinds=st.sampled_from(["", "apology", "apology,compensation"]),
    licence=st.booleans(),
    materials=st.lists(st.builds(Material, TEXTS, copies=st.integers(1, 9), required=st.booleans()), max_size=3).map(
        tuple
    ),
)


@given(CONTENTS)
def test_a_stored_text_gives_the_content_back(content):
    assert contents.load(contents.dump(content)) == content


@given(CONTENTS, CONTENTS)
def test_what_changed_is_what_differs(old, new):
    assert (contents.changed(old, new) == []) == (old == new)
    assert set(contents.changed(old, new)) == set(contents.changed(new, old))


@given(st.integers(0, 10**9))
def test_amounts_read_as_they_are_written(fen):
    assert money_code(money_figure(fen)) == (fen if fen < 10**9 else None)


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({"promised_limit"}, {"limits"}),
        ({"tacit_consent"}, {"limits"}),
        ({"a_field_to_come"}, {"limits"}),
        ({"materials"}, {"materials"}),
        ({"fee_fen", "fee_basis"}, {"fees"}),
        ({"basis", "phone"}, {"texts"}),
        ({"basis", "fee", "materials"}, {"texts", "fees", "materials"}),
        (set(), set()),
    ],
)
def test_which_switch_a_change_falls_under(changed, kinds):
    assert rules.touched(changed) == kinds


def test_breach_kinds_are_stored_in_one_order(office):
    assert service.check_breach("compensation,apology", "致歉并补偿") == "apology,compensation"
    for kinds, words in (("apology", ""), ("", "致歉"), ("fine", "罚")):
        with pytest.raises(Invalid):
            service.check_breach(kinds, words)
    assert len(BreachKind) == 3
    assert ItemDraft.__tablename__ == "item_draft"


# --- pages -----------------------------------------------------------------------------------------------------

SENT = {
    "base": "0",
    "name": "科普教育基地认定",
    "kind": "promised",
    "promised_limit": "4wd",
    "statutory_limit": "20wd",
    "basis": "办法第八条",
    "fee_amount": "１０.5",
    "fee_unit": "件",
    "fee_basis": "收费目录",
    "breach_kinds": ["apology", "reference"],
    "breach": "书面致歉",
    "related": "SX-002、SX-003",
    "materials-0-name": "认定申请书",
    "materials-0-copies": "1",
}
EDIT = "/catalogue/SX-001/draft/edit"


def test_two_people_at_one_draft_see_each_other_and_lose_nothing(login):
    page = login("office").post(EDIT, data=SENT).headers["Location"]
    mine = {**SENT, "base": "1", "promised_limit": "3wd"}
    assert login("head").post(EDIT, data=mine).status_code == 303
    late = login("office").post(EDIT, data={**SENT, "base": "1", "basis": "我改的依据"})
    assert late.status_code == 409
    for kept in ("我改的依据", "赵刚", "与另一份的不同", 'name="base" type="hidden" value="2"'):
        assert kept in late.text, kept
    assert login("office").post(EDIT, data={**SENT, "base": "2", "basis": "我改的依据"}).status_code == 303
    assert "3 个工作日" in login("office").get(f"{page}?edition=2").text
    assert "第 3 稿" in login("office").get(page).text


def test_a_draft_on_its_way_over_http(login):
    page = login("head").post(EDIT, data=SENT).headers["Location"]
    assert login("other_head").get(page).status_code == login("clerk").get(page).status_code == 404
    sample = {"base": "1", "file": (io.BytesIO(b"%PDF-1.4 x"), "样表.pdf")}
    assert login("head").post(f"{page}/samples/1", data=sample).status_code == 303
    assert login("head").post(f"{page}/samples/1", data={"base": "2"}).status_code == 422
    odd = {"base": "2", "file": (io.BytesIO(b"MZ\0\0"), "样表.exe")}
    assert login("head").post(f"{page}/samples/1", data=odd).status_code == 422
    assert (
        login("head").post(f"{page}/samples/9", data={"base": "2", "file": (io.BytesIO(b"x"), "a.txt")}).status_code
        == 409
    )
    assert login("head").post(f"{page}/submit", data={"note": "缩短"}).status_code == 303
    assert login("head").post(f"{page}/approve", data={"base": "2"}).status_code == 403
    assert "新版本待审核" in login("leader").get("/").text
    text = login("leader").get(page).text
    for says in ("缩短", "10.50 元", "书面致歉、转有权机关处理", "样表.pdf"):
        assert says in text, says
    assert login("leader").post(f"{page}/approve", data={"base": "1"}).status_code == 409
    assert login("leader").post(f"{page}/refuse", data={"base": "2", "reason": ""}).status_code == 422
    assert login("leader").post(f"{page}/approve", data={"base": "2"}).status_code == 303
    assert login("leader").post(f"{page}/approve", data={"base": "2"}).status_code == 409
    shown = login("clerk").get("/catalogue/SX-001").text
    for says in ("10.50 元/件", "书面致歉", "政策咨询答复", "样表.pdf"):
        assert says in shown, says
    link = shown.split("/catalogue/SX-001/samples/")[1].split('"')[0]
    assert login("clerk").get(f"/catalogue/SX-001/samples/{link}").data.startswith(b"%PDF")
    assert login("clerk").get(f"/catalogue/SX-003/samples/{link}").status_code == 404


def test_versions_side_by_side_and_their_history(login):
    page = login("office").post(EDIT, data=SENT).headers["Location"]
    login("office").post(f"{page}/submit")
    login("leader").post(f"{page}/approve", data={"base": "1"})
    history = login("clerk").get("/catalogue/SX-001/history").text
    assert "首次公布" in history
    assert "承诺时限" in history
    compared = login("clerk").get("/catalogue/SX-001/compare?a=1&b=2").text
    assert "<del>5 个工作日</del>" in compared
    assert "<ins>4 个工作日</ins>" in compared
    for odd in ("?a=x&b=99", "?a=2&b=1", "?a=1&b=1"):
        assert login("clerk").get("/catalogue/SX-001/compare" + odd).status_code == 200
    for path in ("/catalogue/NONE/history", "/catalogue/NONE/compare", "/catalogue/SX-001/samples/1"):
        assert login("clerk").get(path).status_code == 404


def test_bad_content_is_said_at_its_field(login):
    for change, field in (
        ({"fee_amount": "十"}, "fee_amount"),
        ({"fee_unit": ""}, "fee_unit"),
        ({"fee_basis": ""}, "fee_basis"),
        ({"fee_amount": ""}, "fee_amount"),
        ({"breach": ""}, "breach"),
        ({"breach_kinds": []}, "breach_kinds"),
        ({"breach_kinds": ["fine"]}, "breach_kinds"),
        ({"related": "SX-404"}, "related"),
        ({"related": "SX-001"}, "related"),
        ({"promised_limit": "20wd"}, "promised_limit"),
    ):
        answer = login("office").post(EDIT, data={**SENT, **change})
        assert answer.status_code == 422, change
        assert f'id="{field}-error"' in answer.text, change


def test_the_list_is_narrowed_and_printed(login):
    for query, there, gone in (
        ("?only=no_statute", "政策咨询答复", "学会负责人变更备案"),
        ("?kind=on_spot", "政策咨询答复", "科普教育基地认定"),
        ("?state=all&q=xhfz", "学会负责人变更备案", "政策咨询答复"),
        ("?state=nonsense&kind=x&only=x", "政策咨询答复", "没有符合条件"),
    ):
        for path in ("/catalogue/", "/catalogue/print"):
            text = login("clerk").get(path + query).text
            assert there in text, (path, query)
            assert gone not in text, (path, query)
    assert "没有符合条件的事项" in login("clerk").get("/catalogue/?state=retired").text
    assert login("clerk").get("/catalogue/drafts").status_code == 403
    assert login("head").get("/catalogue/drafts?state=x").status_code == 200
