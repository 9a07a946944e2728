"""Post responsibility in the sample office: tasks in every state, qualifications, representatives, versions of a post
(P-1, P-4, R-3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from portal.demo.stage import Stage, Story
from portal.kernel import clock
from portal.kernel.db import db
from portal.people.models import Department
from portal.post_duty import qualifications
from portal.post_duty import service as posts
from portal.post_task import service as tasks
from portal.post_task.models import Source, Task
from portal.post_task.service import Content

#: (working day back, time)
When = tuple[int, str]


@dataclass(frozen=True)
class Told:
    """A task: who hands what to which post and when, and what then happens."""

    who: str
    post: str
    at: When
    what: Content
    steps: tuple[tuple[str, When, str], ...] = ()


_UPPER = Content("", "", Source.UPPER, "示例市委办公室", "", "10wd")

TASKS = (
    Told(
        "wuxia", "XH-1", (24, "09:30"),
        replace(_UPPER, title="报送学会党建工作情况", content="按来文表格汇总所属学会党建情况，加盖公章后报送。",
                document_number="示例办发〔2026〕31 号"),
        (("acknowledge", (24, "10:10"), ""), ("progress", (20, "15:20"), "已收到十二家学会的报表。"),
         ("report", (16, "11:00"), "汇总表已报送，回执附后。"), ("confirm", (16, "16:30"), "已报送市委办。")),
    ),
    Told(
        "chenjing", "KP-1", (18, "14:40"),
        Content("拟订科普宣传周方案", "明确主题、场次、经费和分工，先征求各部意见。", time_limit="8wd"),
        (("acknowledge", (18, "16:00"), ""), ("report", (12, "10:20"), "方案初稿已完成。"),
         ("send_back", (12, "15:00"), "缺少安全预案和经费明细，请补充。"),
         ("report", (11, "16:40"), "已补充安全预案和经费明细。"), ("confirm", (10, "09:20"), "同意，按方案执行。")),
    ),
    Told(
        "liubo", "ZZ-1", (15, "10:00"),
        Content("核对科技人才库信息", "逐人核对联系方式和研究方向，更新入库。", time_limit="6wd"),
        (("acknowledge", (15, "14:00"), ""), ("late", (7, "11:30"), "已完成核对，共更新 126 人。"),
         ("confirm", (6, "09:40"), "")),
    ),
    Told(
        "heping", "KG-1", (12, "15:30"),
        Content("科技馆开放情况调研材料", "梳理近三年接待量、设备完好率和存在问题，形成书面材料。", time_limit="5wd"),
        (("acknowledge", (12, "16:20"), ""), ("progress", (9, "14:30"), "接待量数据已汇总，设备部分待维保单位确认。")),
    ),
    Told(
        "dengke", "KP-1", (4, "09:10"),
        Content("整理科普基地复核名单", "按认定年份列出本季度应复核的基地。", time_limit="5wd"),
        (("acknowledge", (4, "09:50"), ""),),
    ),
    Told(
        "liubo", "XH-2", (5, "10:40"),
        Content("起草学会能力提升计划", "结合年检结果提出分类支持意见。", time_limit="9wd"),
        (("acknowledge", (5, "11:30"), ""), ("ask", (2, "15:10"), "两家学会的年检材料尚在补正，需要等待。")),
    ),
    Told(
        "liubo", "BG-1", (9, "09:40"),
        Content("汇编年度制度文件", "收集各部制度，统一编号，形成电子汇编。", time_limit="7wd"),
        (("acknowledge", (9, "10:30"), ""), ("ask", (6, "10:00"), "两个部门正在修订制度，定稿后再汇编。"),
         ("grant", (6, "14:20"), "同意，务必按新日期完成。")),
    ),
    Told(
        "chenjing", "ZW-1", (3, "16:10"),
        Content("统计窗口预约服务需求", "统计近一个月群众提出的预约服务需求。", time_limit="3wd"),
        (("acknowledge", (3, "16:40"), ""), ("report", (1, "11:20"), "共 37 件，分类统计表已报送。")),
    ),
    Told(
        "wuxia", "KP-2", (1, "14:20"),
        replace(_UPPER, title="报送公民科学素质监测数据", content="按通知要求的口径填报。", time_limit="15d",
                authority="示例省科学技术协会", document_number="示例科协函〔2026〕88 号"),
    ),
    Told(
        "heping", "XH-H", (8, "11:00"),
        Content("筹备学术年会分会场", "与承办单位对接场地和专家。", time_limit="15wd"),
        (("acknowledge", (8, "14:10"), ""), ("withdraw", (5, "09:30"), "年会改由承办单位统一筹备。")),
    ),
)  # fmt: skip

#: (person, kind, number, days before and after today)
CERTIFICATES = (
    ("wangmin", "行政许可", "示例许字 001", 400, 900),
    ("liqiang", "行政许可", "示例许字 002", 700, 31),
    ("luoxin", "科技评估", "示例评字 017", 200, 1200),
    ("tangyue", "档案管理", "示例档字 105", 1200, -12),
)


def begin(stage: Stage) -> None:
    """Plan the tasks, the certificates and the changes of what posts state."""
    for told in TASKS:
        stage.tell(task(stage, told))
    stage.tell(certificates(stage))
    stage.tell(versions(stage))


def task(stage: Stage, told: Told) -> Story:
    """Hand a task out, and let everybody do their part when they answer for it."""
    at = yield stage.work.at(*told.at)
    made = tasks.assign(stage.actor(told.who, at), stage.made.posts[told.post], told.what, at)
    for verb, when, words in told.steps:
        at = yield stage.work.at(*when)
        if verb in ("acknowledge", "progress", "report", "late", "ask"):
            actor, at = yield from stage.answering(made.post_id, at)
        elif made.assigned_post_id is not None:
            actor, at = yield from stage.answering(made.assigned_post_id, at)
        else:
            actor = stage.actor(told.who, at)
        found = db.session.get_one(Task, made.id)
        match verb:
            case "acknowledge":
                tasks.acknowledge(actor, found, at)
            case "progress":
                tasks.progress(actor, found, words, at)
            case "report":
                tasks.report(actor, found, words, "", at)
            case "late":
                tasks.report(actor, found, words, "部分人员联系方式变更，核对用时超出预计。", at)
            case "send_back":
                tasks.send_back(actor, found, words, at)
            case "confirm":
                tasks.confirm(actor, found, words, at)
            case "ask":
                wanted = stage.work.calendar.add_workdays(clock.local(found.due_at).date(), 4)
                tasks.ask_extension(actor, found, wanted, words, at)
            case "grant":
                tasks.decide_extension(actor, found, True, None, words, at)
            case "withdraw":
                tasks.withdraw(actor, found, words, at)


def certificates(stage: Stage) -> Story:
    """The office records certificates and who represents the departments (R-3)."""
    at = yield stage.work.at(33, "10:15")
    office = stage.actor("wuxia", at)
    today = clock.local(stage.end).date()
    for who, kind, number, before, after in CERTIFICATES:
        qualifications.add_qualification(
            office, stage.made.users[who].id, kind, number, today - timedelta(days=before),
            today + timedelta(days=after), at,
        )  # fmt: skip
    for code, who in (("ZW", "sunjie"), ("KP", "dengke"), ("XH", "zhouning")):
        _represent(stage, code, who, stage.work.day(33), at)
    at = yield stage.work.at(11, "15:45")
    _represent(stage, "ZW", "zhaogang", stage.work.day(10), at)


def _represent(stage: Stage, code: str, who: str, since: date, at: datetime) -> None:
    department = db.session.get_one(Department, stage.made.departments[code])
    qualifications.name_representative(
        stage.actor("wuxia", at), department, stage.made.users[who].id, since, "首席代表授权书（示例）", at
    )


def versions(stage: Stage) -> Story:
    """What the post at the window states grows over two changes: three versions (P-1)."""
    post = stage.made.posts["ZW-1"]
    at = yield stage.work.at(28, "09:50")
    posts.change(
        stage.actor("wuxia", at), post, at,
        duties="受理服务事项申请。\n一次性告知所缺材料。\n登记首问。",
        powers="可以当场受理材料齐全的申请；不予受理的，须先报备。",
    )  # fmt: skip
    at = yield stage.work.at(7, "10:25")
    posts.change(
        stage.actor("wuxia", at), post, at,
        duties="受理服务事项申请。\n一次性书面告知所缺材料。\n登记首问，办结后回访。\n提供预约服务。",
        standard="材料齐全的当场受理；预约的按约定时间办理，等候不超过 15 分钟。",
    )  # fmt: skip
