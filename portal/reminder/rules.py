"""When a message may go out, when it is tried again, and what an address may be (T-6). Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import SplitResult, parse_qs, urlsplit

from portal.pure.spans import SHANGHAI, local, office_spans
from portal.pure.workdays import WorkCalendar
from portal.reminder.models import Service, When

_DAY = timedelta(days=1)
#: Waits between tries, in minutes; the last one repeats.
BACK_OFF = (1, 5, 15, 60)
#: A service that answers with a refusal is asked this often.
REFUSALS = 4
#: A claim older than this was left behind by a process that is gone.
STALE = timedelta(minutes=10)


@dataclass(frozen=True)
class Hours:
    """When a channel may be used; ``from_time`` and ``to_time`` of `When.HOURS` are wall clock times of every day.

    ``digest``: messages are collected until the office's time of the next working day (of any day for the others).
    """

    when: When = When.OFFICE
    from_time: time = time(0)
    to_time: time = time(0)
    digest: bool = False


def clock_time(text: str) -> time:
    """A wall clock time written ``08:30``. Raises ValueError."""
    if re.fullmatch(r"[0-2][0-9]:[0-5][0-9]", text) is None:
        raise ValueError(text)
    return time.fromisoformat(text)


def is_open(now: datetime, hours: Hours, calendar: WorkCalendar) -> bool:
    """Whether a channel may be used at an instant."""
    there = local(now)
    match hours.when:
        case When.ALWAYS:
            return True
        case When.HOURS:
            a, b, at = hours.from_time, hours.to_time, there.time()
            return a <= at < b if a < b else at >= a or at < b
        case _:
            return any(a <= there < b for a, b in office_spans(there.date(), calendar))


def goes_at(now: datetime, hours: Hours, calendar: WorkCalendar, digest_at: time) -> datetime:
    """When a message that is told now may go out: now or at the next opening; for a digest, with the next one."""
    there = local(now)
    if hours.digest:
        day = there.date() if there.time() < digest_at else there.date() + _DAY
        if hours.when is When.OFFICE:
            day = calendar.on_or_next_workday(day)
        return datetime.combine(day, digest_at, SHANGHAI)
    if is_open(now, hours, calendar):
        return there
    if hours.when is When.HOURS:
        day = there.date() if there.time() < hours.from_time else there.date() + _DAY
        return datetime.combine(day, hours.from_time, SHANGHAI)
    later = [a for a, _b in office_spans(there.date(), calendar) if a > there]
    return later[0] if later else office_spans(calendar.next_workday(there.date()), calendar)[0][0]


def may_go(now: datetime, hours: Hours, calendar: WorkCalendar) -> bool:
    """Whether what is due may really go out now: a digest goes at its time, all else in the channel's hours."""
    return hours.digest or is_open(now, hours, calendar)


def back_off(tries: int) -> timedelta:
    """How long to wait after so many tries in vain."""
    return timedelta(minutes=BACK_OFF[min(tries, len(BACK_OFF)) - 1])


# --- addresses -------------------------------------------------------------------------------------------------

#: Where each robot's address points, and where its token stands: in a parameter, or last in the path.
_ROBOTS = {
    Service.WECOM: ("qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key"),
    Service.DINGTALK: ("oapi.dingtalk.com", "/robot/send", "access_token"),
    Service.FEISHU: ("open.feishu.cn", "/open-apis/bot/v2/hook/", ""),
}
_TOKEN = re.compile(r"[0-9A-Za-z_-]{8,120}")
_MAIL = re.compile(r"[0-9A-Za-z._%+-]{1,64}@[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?(?:\.[0-9A-Za-z-]{1,63})+")
_HOST = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?")
_PATH = re.compile(r"/[0-9A-Za-z._~/-]*")


class BadAddress(ValueError):
    """An address that the service does not have, or that leads elsewhere."""


def address_of(service: Service, typed: str, hosts: Collection[str] = ()) -> str:
    """What is kept of a typed address: the robot's token, the mailbox, or the address on an allowed host.

    Nothing else of the text survives, so that no message can be led to another host. Raises BadAddress.
    """
    if service is Service.MAIL:
        if len(typed) > 254 or _MAIL.fullmatch(typed) is None:
            raise BadAddress(typed)
        return typed
    if service is Service.WEBHOOK:
        return _webhook(typed, hosts)
    host, path, parameter = _ROBOTS[service]
    token = typed
    if "/" in typed or ":" in typed:
        parts = _split(typed)
        if parts.scheme != "https" or parts.netloc.lower() != host or not parts.path.startswith(path):
            raise BadAddress(typed)
        token = parse_qs(parts.query).get(parameter, [""])[0] if parameter else parts.path.removeprefix(path).strip("/")
    if _TOKEN.fullmatch(token) is None or (service is Service.DINGTALK and not token.isalnum()):
        raise BadAddress(typed)
    return token


def _split(typed: str) -> SplitResult:
    try:
        return urlsplit(typed)
    except ValueError:
        raise BadAddress(typed) from None


def _webhook(typed: str, hosts: Collection[str]) -> str:
    parts = _split(typed)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddress(typed) from None
    named = host if port is None else f"{host}:{port}"
    good = (
        parts.scheme in ("http", "https")
        and _HOST.fullmatch(host)
        and parts.netloc.lower() == named
        and named in hosts
        and not parts.query
        and not parts.fragment
        and _PATH.fullmatch(parts.path or "/")
    )
    if not good or len(typed) > 300:
        raise BadAddress(typed)
    return f"{parts.scheme}://{named}{parts.path or '/'}"


def masked(service: Service, address: str) -> str:
    """How an address is shown: enough to know it again, not enough to use it."""
    if service is Service.MAIL:
        name, _at, domain = address.partition("@")
        return f"{name[:1]}***@{domain}"
    if service is Service.WEBHOOK:
        return f"{urlsplit(address).netloc}/***"
    return f"***{address[-4:]}"


def target(service: Service, address: str, mail_url: str = "") -> str:
    """The address in the form of the sending library; redirects are not followed. ``mail_url``: the site's server."""
    match service:
        case Service.WECOM:
            return f"wecombot://{address}/?redirect=no"
        case Service.DINGTALK:
            return f"dingtalk://{address}/?redirect=no"
        case Service.FEISHU:
            return f"feishu://{address}/?redirect=no"
        case Service.MAIL:
            return f"{mail_url}{'&' if '?' in mail_url else '/?'}to={address.replace('+', '%2B')}"
        case _:
            scheme, rest = address.split("://", 1)
            return f"{'jsons' if scheme == 'https' else 'json'}://{rest}?redirect=no"
