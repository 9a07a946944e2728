"""Where a case stands, for whoever holds its slip: no name, no phone, nobody's words (O-6)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from portal.cases.models import Case, CaseState
from portal.cases.paper_models import CasePaper
from portal.cases.rules import is_stopped
from portal.kernel.db import db
from portal.kernel.i18n import local_date, local_dt
from portal.message_card import queries as cards
from portal.one_time_notice import queries as notices
from portal.one_time_notice import service as notice_service
from portal.one_time_notice.models import Notice
from portal.post_duty.models import Post
from portal.public import rules
from portal.pure.numbering import verify_check_code
from portal.pure.text import nfkc
from portal.service_commitment.models import ItemVersion

_COLUMNS = (
    Case.id,
    Case.number,
    Case.state,
    Case.client_phone,
    Case.promise_version_id,
    Case.receipt_version_id,
    Case.post_id,
    Case.department_id,
    Case.received_at,
    Case.accepted_at,
    Case.due_at,
    Case.provisional,
    Case.stopped,
    Case.stopped_until,
    Case.supplement_due_on,
    Case.closed_at,
    Case.consent_at,
)
WAITING = (CaseState.SUPPLEMENT_BEFORE, CaseState.SUPPLEMENT_AFTER)


@dataclass(frozen=True)
class Slip:
    """What the holder of a slip may learn of its case; what silence has decided is decided, recorded or not (T-7)."""

    number: str
    state: CaseState
    version_id: int | None
    post_id: int
    department_id: int
    received_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    provisional: bool
    stopped: bool
    supplement_due_on: date | None
    ended_at: datetime | None


def find(number: str, code: str, now: datetime) -> Slip | None:
    """The case whose slip this is: its number (or that of a paper of it) with the last four digits of
    its phone or with the paper's check code; None for a wrong code and a missing case alike, after the same work.
    """
    of_notice = db.session.scalar(select(Notice.case_id).where(Notice.number == number))
    of_paper = db.session.scalar(select(CasePaper.case_id).where(CasePaper.number == number))
    named = of_notice or of_paper or 0
    found = db.session.execute(select(*_COLUMNS).where(or_(Case.number == number, Case.id == named))).first()
    secret = notice_service.secret()
    on_paper = verify_check_code(number, code, secret)
    on_receipt = verify_check_code(notices.receipt_text(number), code, secret)
    digits = rules.last_digits(found.client_phone) if found is not None else ""
    by_phone = hmac.compare_digest(nfkc(code).encode("utf-8", "surrogatepass"), (digits or "-").encode())
    by_paper = on_paper if named else on_receipt
    return _slip(found, now) if found is not None and (by_paper or (bool(digits) and by_phone)) else None


def _slip(found: Any, now: datetime) -> Slip:
    agreed = found.closed_at is None and found.consent_at is not None and found.consent_at < now
    ended = found.consent_at if agreed else found.closed_at
    return Slip(
        number=found.number,
        state=CaseState.DEEMED_AGREED if agreed else found.state,
        version_id=found.promise_version_id or found.receipt_version_id,
        post_id=found.post_id,
        department_id=found.department_id,
        received_at=found.received_at,
        accepted_at=found.accepted_at,
        due_at=found.due_at if ended is None else None,
        provisional=found.provisional and ended is None,
        stopped=ended is None and is_stopped(now, found.stopped, found.stopped_until),
        supplement_due_on=found.supplement_due_on,
        ended_at=ended,
    )


@dataclass(frozen=True)
class Standing:
    """What the page says of a case, in the reader's language."""

    number: str
    #: The catalogue's name of the matter; empty where it has none (what was typed could name somebody).
    item: str
    title: str
    explanation: str
    #: Colour and sign of the state, for `ui.status`.
    mark: tuple[str, str]
    #: What the client has to do next; empty for nothing.
    next: str
    dates: list[tuple[str, str]]
    provisional: bool
    late: bool
    window: list[tuple[str, str]]
    steps: list[dict[str, str]]


def standing(slip: Slip, now: datetime) -> Standing:
    """A found case in words."""
    version = db.session.get(ItemVersion, slip.version_id) if slip.version_id else None
    title, explanation, mark = _words(slip.state)
    if slip.stopped and slip.state not in WAITING:
        explanation = _("正在依法进行听证、检验、专家评审等特别程序，这段时间不计入承诺时限。")
    return Standing(
        number=slip.number,
        item=version.name if version is not None else "",
        title=title,
        explanation=explanation,
        mark=mark,
        next=_next(slip),
        dates=_dates(slip),
        provisional=slip.provisional,
        late=slip.due_at is not None and slip.due_at < now and not slip.stopped,
        window=_window(slip, version),
        steps=_steps(slip),
    )


def _words(state: CaseState) -> tuple[str, str, tuple[str, str]]:
    """A state as a client understands it: title, explanation, colour and sign."""
    return {
        CaseState.RECEIVED: (
            _("已收件"),
            _("我们收到了您的申请，正在审查材料，随后告诉您是否受理、还缺什么。"),
            ("blue", "inbox"),
        ),
        CaseState.SUPPLEMENT_BEFORE: (
            _("等您补齐材料"),
            _("材料还不齐全或者不符合要求，补齐后我们马上审查。"),
            ("amber", "clock-exclamation"),
        ),
        CaseState.ACCEPTED: (_("已受理"), _("材料齐全，已经受理，承诺时限开始计算。"), ("blue", "file-check")),
        CaseState.IN_PROGRESS: (_("正在办理"), _("经办岗位正在办理，会在承诺的期限内办结。"), ("blue", "progress")),
        CaseState.SUPPLEMENT_AFTER: (
            _("等您补齐材料"),
            _("办理中发现还需要材料，等您补齐期间承诺时限暂停计算。"),
            ("amber", "clock-exclamation"),
        ),
        CaseState.COMPLETED: (_("已办结"), _("您的事项已经办结。"), ("green", "circle-check")),
        CaseState.DENIED: (
            _("已作出不予办理的决定"),
            _("这个决定经领导审批，书面写明了理由、依据和您的救济途径。"),
            ("grey", "file-x"),
        ),
        CaseState.DEEMED_AGREED: (
            _("视为同意"),
            _("我们没有在承诺的期限内答复，按规定视为同意您的申请。"),
            ("green", "circle-check"),
        ),
        CaseState.WITHDRAWN: (_("已撤回"), _("按您的要求撤回，不再办理。"), ("grey", "arrow-back-up")),
        CaseState.LAPSED: (
            _("已终止"),
            _("告知的期限过后没有收到补充材料，办理已经终止；您再来时可以恢复办理。"),
            ("grey", "circle-off"),
        ),
        CaseState.RETURNED: (
            _("不属于本单位办理"),
            _("这个事项不属于本单位的职责，书面告知了应当到哪里办理。"),
            ("grey", "arrow-forward-up"),
        ),
    }[state]


def _next(slip: Slip) -> str:
    state = slip.state
    if state in WAITING:
        if slip.supplement_due_on is not None:
            return _(
                "请按一次性告知书列出的内容补齐材料，最迟 %(day)s，交到下面的窗口。",
                day=local_date(slip.supplement_due_on, "formal"),
            )
        return _("请按告知的内容补齐材料，交到下面的窗口。")
    if state is CaseState.COMPLETED:
        return _("请带本人证件和收件回执，到下面的窗口领取结果。")
    if state is CaseState.DEEMED_AGREED:
        return _("请带本人证件和收件回执，到下面的窗口补领书面结果。")
    if state in (CaseState.DENIED, CaseState.RETURNED):
        return _("请带本人证件，到下面的窗口领取书面决定；不服的，可按决定书写明的途径提出。")
    if state is CaseState.LAPSED:
        return _("要继续办理的，请带齐材料到下面的窗口。")
    return _("现在不需要您做什么。") if state is not CaseState.WITHDRAWN else ""


def _dates(slip: Slip) -> list[tuple[str, str]]:
    promised = slip.due_at is not None
    pairs: list[tuple[str, str]] = [
        (_("收件时间"), local_dt(slip.received_at)),
        (_("受理时间"), local_dt(slip.accepted_at)),
        (_("承诺办结时间"), local_dt(slip.due_at) if promised and not slip.stopped else ""),
        (_("补齐材料期限"), local_date(slip.supplement_due_on, "formal") if slip.state in WAITING else ""),
        (_("结束时间"), local_dt(slip.ended_at)),
    ]
    if promised and slip.stopped:
        pairs.insert(2, (_("承诺办结时间"), _("时限暂停，恢复后重新告知")))
    return [(name, value) for name, value in pairs if value]


def _window(slip: Slip, version: ItemVersion | None) -> list[tuple[str, str]]:
    post = db.session.execute(select(Post.name, Post.place, Post.phone).where(Post.id == slip.post_id)).one()
    department = next((d for d in cards.places() if d.id == slip.department_id), None)
    return [
        (_("科室"), department.name if department else ""),
        (_("岗位"), post.name),
        (_("地点"), (version.place if version else "") or post.place or (department.place if department else "")),
        (_("电话"), (version.phone if version else "") or post.phone or (department.phone if department else "")),
    ]


def _steps(slip: Slip) -> list[dict[str, str]]:
    """The way of the matter: received, accepted, handled, ended."""
    state, stopped = slip.state, slip.stopped
    accepted, closed = slip.accepted_at is not None, slip.ended_at is not None
    title = _words(state)[0]

    def step(where: str, name: str, at: datetime | None) -> dict[str, str]:
        return {"state": where, "title": name, "detail": local_dt(at)}

    steps = [step("ok", _("收件"), slip.received_at)]
    if not accepted and not closed:
        name = title if state in WAITING else _("审查材料")
        steps.append(step("wait" if state in WAITING else "now", name, None))
    if accepted or not closed:
        steps.append(step("ok" if accepted else "next", _("受理"), slip.accepted_at))
    if closed:
        steps.append(step("ok", title, slip.ended_at))
    else:
        here = "next" if not accepted else "wait" if state in WAITING or stopped else "now"
        steps.append(step(here, title if state in WAITING and accepted else _("办理"), None))
        steps.append(step("next", _("办结"), None))
    return steps
