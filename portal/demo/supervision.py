"""Inspections of the sample office: plans, visits, findings in every state, orders, feedback (O-2, D-6)."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from werkzeug.datastructures import FileStorage

from portal.attendance.models import FindingKind
from portal.demo.stage import Stage, Story
from portal.kernel import clock
from portal.post_duty import queries as posts
from portal.supervision import findings, rectifying, service
from portal.supervision.models import Inspection, InspectionFinding, InspectionPlan, Manner, Severity
from portal.supervision.rectifying import Until
from portal.supervision.service import Planned, Seen, Visit

_GROUP = ["zhenghao", "wuxia", "caiyun"]


@dataclass(frozen=True)
class Plot:
    """One visit: when, where, what was seen (empty: nothing), and how far it went."""

    back: int
    there: str
    code: str
    manner: Manner
    place: str
    seen: str = ""
    kind: str = "服务态度"
    severity: Severity = Severity.ORDINARY
    #: What follows, in order: comment, settle, order, late, report, again, pass, close, withdraw, asked.
    steps: tuple[str, ...] = ()
    denial: str = ""


PLOTS = (
    Plot(38, "09:50", "ZW", Manner.OPEN, "政务窗口", steps=("close",)),
    Plot(36, "10:30", "KP", Manner.COVERT, "科普活动室", "活动室门口堆放展板，占用疏散通道。", "环境秩序",
        Severity.SERIOUS, ("comment", "order", "report", "pass", "close")),
    Plot(33, "15:10", "XH", Manner.OPEN, "学会学术部", "年检材料清单与公布的不一致，多要一份纪要。", "一次性告知",
        steps=("comment", "order", "report", "again", "report", "pass", "close")),
    Plot(27, "11:20", "KG", Manner.COVERT, "科技馆前台", "来访人询问预约，工作人员低头看手机未回应。",
        steps=("comment", "order", "late", "report", "pass")),
    Plot(24, "14:30", "ZZ", Manner.COVERT, "组织联络部", "口头答复“现在办不了”，未登记也未报备。", "否定报备",
        Severity.SERIOUS, ("comment", "order", "report", "again", "report", "again"), "海智人才推荐"),
    Plot(19, "10:05", "ZW", Manner.OPEN, "政务窗口", "首问登记漏填来访人去向两处。", "首问负责",
        Severity.MINOR, ("comment", "settle")),
    Plot(15, "16:10", "KG", Manner.OPEN, "科技馆二层", "AB岗公示牌未更新，仍为上季度人员。", "AB岗顶岗",
        Severity.MINOR, ("comment", "order", "late")),
    Plot(11, "09:30", "XH", Manner.COVERT, "学会学术部", "承诺 3 个工作日的备案，询问时答复“一周左右”。", "承诺兑现",
        steps=("comment", "order", "report")),
    Plot(9, "14:20", "KP", Manner.OPEN, "科学普及部", "登记时把隔壁会议室的情况记到了本部。", "环境秩序",
        Severity.MINOR, ("withdraw",)),
    Plot(7, "10:40", "ZZ", Manner.OPEN, "组织联络部", "离岗未放置去向牌。", "工作纪律",
        Severity.MINOR, ("comment", "order")),
    Plot(6, "15:30", "ZW", Manner.COVERT, "政务窗口", steps=()),
    Plot(3, "11:00", "KG", Manner.COVERT, "科技馆售票处", "窗口无人，等候 12 分钟。", "AB岗顶岗", steps=("comment",)),
    Plot(2, "14:50", "XH", Manner.OPEN, "学会学术部", "办公区域物品摆放凌乱。", "环境秩序", Severity.MINOR, ("asked",)),
    Plot(1, "10:20", "KP", Manner.OPEN, "科普活动室", "宣传栏内容过期未更换。", "环境秩序", Severity.MINOR),
)  # fmt: skip


def _photo(shade: int) -> FileStorage:
    """A picture of a room: wall, floor and a door, as PNG."""
    width, height = 320, 200
    wall, floor, door = bytes((214 - shade // 3, 222 - shade // 3, 230)), bytes((160, 150, 138)), bytes((120, 92, 70))
    rows = []
    for y in range(height):
        row = bytearray((floor if y > 150 else wall) * width)
        if 50 < y <= 150:
            row[3 * 200 : 3 * 250] = door * 50
        rows.append(b"\0" + bytes(row))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"".join(rows))),
        (b"IEND", b""),
    )
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return FileStorage(io.BytesIO(content), filename="现场.png")


def begin(stage: Stage) -> None:
    """Plan the plans and the visits."""
    stage.tell(plans(stage))
    for n, plot in enumerate(PLOTS):
        stage.tell(visited(stage, plot, n))
    stage.tell(discipline(stage))


def plans(stage: Stage) -> Story:
    """Plans in every state: a quarter's under way, an unannounced one, one given up, one carried out."""
    at = yield stage.work.at(36, "09:20")
    actor = stage.one_of(_GROUP, at)
    made, users, today = stage.made.departments, stage.made.users, clock.local(at).date()

    def plan(title: str, subject: str, manner: Manner, codes: tuple[str, ...], days: int) -> InspectionPlan:
        what = Planned(
            title, subject, manner, [made[c] for c in codes], [users["zhenghao"].id, users["wuxia"].id], today,
            today + timedelta(days=days),
        )  # fmt: skip
        return service.plan(actor, what, at)

    plan("四季度窗口服务检查", "着装挂牌、首问登记、一次性告知、AB岗公示。", Manner.OPEN, ("ZW", "XH", "KG"), 90)
    gone = plan("档案室检查", "档案移交和借阅登记。", Manner.OPEN, ("ZZ",), 60)
    done = plan("国庆前值班暗访", "值班在岗和电话接听。", Manner.COVERT, ("KP",), 60)
    at = yield stage.work.at(35, "10:10")
    actor = stage.one_of(_GROUP, at)
    service.inspect(
        actor, Visit(made["KP"], Manner.COVERT, "值班室", plan=done, note="电话两声内接听，值班人员在岗。"), at
    )
    service.cancel(actor, gone, "与档案馆的联合检查重复。", at)
    at = yield stage.work.at(4, "16:40")
    actor, today = stage.one_of(_GROUP, at), clock.local(at).date()
    plan("岁末暗访", "窗口服务态度、承诺兑现。", Manner.COVERT, ("ZW", "ZZ", "KG"), 45)


def discipline(stage: Stage) -> Story:
    """A matter of work discipline seen at an inspection: the attendance room keeps it (P-3)."""
    at = yield stage.work.at(5, "14:35")
    actor = stage.one_of(_GROUP, at)
    seen = Seen("", Severity.ORDINARY, "工作时间用电脑看视频。", person_id=stage.made.users["huangbo"].id,
                discipline=FindingKind.PRIVATE_WORK)  # fmt: skip
    service.inspect(actor, Visit(stage.made.departments["KP"], Manner.COVERT, "科学普及部", seen=seen), at)


def visited(stage: Stage, plot: Plot, n: int) -> Story:
    """One visit and what became of it."""
    at = yield stage.work.at(plot.back, plot.there)
    actor = stage.one_of(_GROUP, at)
    seen = None
    if plot.seen:
        seen = Seen(plot.kind, plot.severity, plot.seen, unfiled_denial=bool(plot.denial), matter=plot.denial)
    visit = Visit(
        stage.made.departments[plot.code],
        plot.manner,
        plot.place,
        note="" if seen else "着装、挂牌、登记均符合要求。",
        seen=seen,
    )
    made = service.inspect(actor, visit, at, [_photo(6 * n)] if seen else ())
    found = made.findings[0] if made.findings else None
    for step in plot.steps:
        at = yield stage.work.after(at, {"late": 60, "report": 900, "pass": 500, "again": 400}.get(step, 200))
        if step == "late":
            last = found.order if found is not None else None
            if last is not None:
                at = yield max(at, stage.work.after(last.due_at, 300))
            continue
        at = yield from _step(stage, step, made, found, at)


def _step(stage: Stage, step: str, made: Inspection, found: InspectionFinding | None, at: datetime):  # type: ignore[no-untyped-def]
    """One step of what follows a visit, by whoever may take it then."""
    head_post = next(p for code, p in stage.made.posts.items() if code == f"{stage.department(made.department_id)}-H")
    if step in ("comment", "report"):
        head, at = yield from stage.answering(head_post.id, at)
        if found is not None and step == "comment":
            findings.comment(head, found, "情况属实，已提醒当事人，马上整改。", at)
        elif found is not None:
            rectifying.report(head, found, "已逐项整改，并在部务会上通报。", at, [_photo(60)])
        return at
    group = stage.one_of(_GROUP, at)
    if step == "close":
        findings.feed_back(group, made, "问题已整改到位。" if found is not None else "未发现问题。", at)
        at = yield stage.work.after(at, 300)
        leader, at = yield from stage.answering(posts.leader_post_of(made.department_id) or 0, at)
        findings.note_feedback(leader, made, "", at)
        return at
    if found is None:
        return at
    if step == "settle":
        findings.settle(group, found, "当场补登，情节轻微。", at)
    elif step == "order":
        rectifying.order(group, found, "限期整改，报告整改情况并附照片。", Until("5wd"), at)
    elif step in ("pass", "again"):
        rectifying.recheck(
            group,
            found,
            step == "pass",
            "符合要求。" if step == "pass" else "仍有一处未改，请继续整改。",
            Until("3wd"),
            at,
        )
    elif step in ("withdraw", "asked"):
        findings.ask_withdrawal(group, found, "登记有误。", at)
        if step == "withdraw":
            at = yield stage.work.after(at, 100)
            other = stage.one_of([name for name in _GROUP if name != stage.username(group)], at)
            findings.decide_withdrawal(other, found, True, "", at)
    return at
