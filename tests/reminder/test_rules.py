"""When a message goes out and where to (T-6): by table and property, without a database."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pure.workdays import WorkCalendar
from portal.reminder import rules
from portal.reminder.models import Service, When
from portal.reminder.rules import BadAddress, Hours
from portal.reminder.sending import Outcome, judge

ZONE = ZoneInfo("Asia/Shanghai")
#: Monday 2026-11-23 is a day off, Sunday 2026-11-22 is worked.
CALENDAR = WorkCalendar({date(2026, 11, 23): False, date(2026, 11, 22): True}, frozenset({2026}))
AT_0830 = time(8, 30)
DAY = Hours(When.HOURS, time(8), time(21))
NIGHT = Hours(When.HOURS, time(22), time(6))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}:00").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("told", "hours", "goes"),
    [
        ("18T10:00", Hours(), "18T10:00"),
        ("18T12:00", Hours(), "18T13:30"),
        ("18T12:30", Hours(), "18T13:30"),
        ("18T07:00", Hours(), "18T09:00"),
        ("18T17:30", Hours(), "19T09:00"),
        ("20T18:00", Hours(), "22T09:00"),
        ("22T17:30", Hours(), "24T09:00"),
        ("23T10:00", Hours(), "24T09:00"),
        ("23T03:00", Hours(When.ALWAYS), "23T03:00"),
        ("23T03:00", DAY, "23T08:00"),
        ("23T21:00", DAY, "24T08:00"),
        ("23T20:59", DAY, "23T20:59"),
        ("23T23:00", NIGHT, "23T23:00"),
        ("23T05:59", NIGHT, "23T05:59"),
        ("23T12:00", NIGHT, "23T22:00"),
        ("18T08:00", Hours(digest=True), "18T08:30"),
        ("18T08:30", Hours(digest=True), "19T08:30"),
        ("20T12:00", Hours(digest=True), "22T08:30"),
        ("22T12:00", Hours(digest=True), "24T08:30"),
        ("22T12:00", Hours(When.ALWAYS, digest=True), "23T08:30"),
    ],
)
def test_when_a_message_goes(told, hours, goes):
    assert rules.goes_at(at(told), hours, CALENDAR, AT_0830) == at(goes)


@given(
    st.integers(0, 60 * 24 * 20),
    st.sampled_from([Hours(), DAY, NIGHT, Hours(When.ALWAYS), Hours(digest=True)]),
)
def test_it_is_never_early_and_only_when_it_may(minutes, hours):
    told = at("10T00:00") + timedelta(minutes=minutes)
    goes = rules.goes_at(told, hours, CALENDAR, AT_0830)
    assert goes >= told
    assert rules.may_go(goes, hours, CALENDAR)
    assert rules.goes_at(goes, hours, CALENDAR, AT_0830) == goes or hours.digest


@pytest.mark.parametrize(
    ("service", "typed", "kept"),
    [
        (Service.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx", "693a91f6-7xxx"),
        (Service.WECOM, "693a91f6-7xxx", "693a91f6-7xxx"),
        (Service.DINGTALK, "https://oapi.dingtalk.com/robot/send?access_token=abcdef0123", "abcdef0123"),
        (Service.FEISHU, "https://open.feishu.cn/open-apis/bot/v2/hook/aaaa-bbbb-cc", "aaaa-bbbb-cc"),
        (Service.MAIL, "li.qiang@example.gov.cn", "li.qiang@example.gov.cn"),
        (Service.WEBHOOK, "https://im.example.gov.cn/hook/1", "https://im.example.gov.cn/hook/1"),
        (Service.WEBHOOK, "http://10.1.2.3:8080/hook", "http://10.1.2.3:8080/hook"),
    ],
)
def test_addresses_that_are_taken(service, typed, kept):
    assert rules.address_of(service, typed, {"im.example.gov.cn", "10.1.2.3:8080"}) == kept
    shown = rules.masked(service, kept)
    assert kept not in shown
    assert len(shown) < len(kept) + 4


@pytest.mark.parametrize(
    ("service", "typed"),
    [
        (Service.WECOM, "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx"),
        (Service.WECOM, "https://evil.example/cgi-bin/webhook/send?key=693a91f6-7xxx"),
        (Service.WECOM, "https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send?key=693a91f6-7xxx"),
        (Service.WECOM, "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=693a91f6-7xxx"),
        (Service.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a%2F..%2Fb"),
        (Service.WECOM, "file:///etc/passwd"),
        (Service.WECOM, "file:/etc/passwd"),
        (Service.WECOM, "abc"),
        (Service.DINGTALK, "abc-def-0123"),
        (Service.FEISHU, "https://open.feishu.cn/open-apis/bot/v2/hook/../../x"),
        (Service.MAIL, "li@localhost"),
        (Service.MAIL, "a@b.cn,c@d.cn"),
        (Service.MAIL, "a@b.cn?smtp=evil.example"),
        (Service.WEBHOOK, "https://169.254.169.254/latest"),
        (Service.WEBHOOK, "https://im.example.gov.cn:9000/hook"),
        (Service.WEBHOOK, "https://u:p@im.example.gov.cn/hook"),
        (Service.WEBHOOK, "https://im.example.gov.cn/hook?x=1"),
        (Service.WEBHOOK, "ftp://im.example.gov.cn/hook"),
        (Service.WEBHOOK, "https://[::1/hook"),
        (Service.WEBHOOK, "https://im.example.gov.cn:abc/"),
    ],
)
def test_addresses_that_lead_elsewhere(service, typed):
    with pytest.raises(BadAddress):
        rules.address_of(service, typed, {"im.example.gov.cn"})


@given(st.text(max_size=60), st.sampled_from(list(Service)))
def test_whatever_is_typed_stays_with_its_service(typed, service):
    try:
        kept = rules.address_of(service, typed, {"im.example.gov.cn"})
    except BadAddress:
        return
    target = urlsplit(rules.target(service, kept, "mailtos://u:p@mail.example.gov.cn:465"))
    assert target.scheme in {"wecombot", "dingtalk", "feishu", "mailtos", "jsons", "json"}
    if service is Service.WEBHOOK:
        assert target.hostname == "im.example.gov.cn"
    if service is Service.MAIL:
        assert target.hostname == "mail.example.gov.cn"


def test_waits_between_tries():
    assert [rules.back_off(n) for n in (1, 2, 3, 4, 9)] == [timedelta(minutes=m) for m in (1, 5, 15, 60, 60)]


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ("Failed to send WeCom Bot notification: Unauthorized, error=401.", Outcome.REFUSED),
        ("A Connection error occurred\nSocket Exception: Max retries: NewConnectionError", Outcome.UNREACHABLE),
        ("Socket Exception: NameResolutionError", Outcome.UNREACHABLE),
        ("Socket Exception: ConnectTimeoutError(…, 'timed out. (connect timeout=4.0)')", Outcome.UNREACHABLE),
        ("Socket Exception: HTTPSConnectionPool(…): Read timed out. (read timeout=10.0)", Outcome.LATE),
        ("Socket Exception: ('Connection aborted.', RemoteDisconnected())", Outcome.LATE),
        ("", Outcome.REFUSED),
    ],
)
def test_what_a_try_in_vain_says(told, outcome):
    assert judge(told) is outcome
