"""The people of the sample office: its departments, posts and holders, all invented (R-1, R-2, AB-1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal.ab_post import service as ab
from portal.ab_post.models import Letter
from portal.kernel import clock
from portal.kernel.actor import SYSTEM, Role
from portal.kernel.db import db
from portal.people import administration
from portal.people.models import Unit, User
from portal.post_duty import service as posts
from portal.post_duty.models import Post, PostKind

UNIT = "示例市科学技术协会"
PASSWORD = "Xiaoneng-2026"  # noqa: S105 - printed at every start; the sample office is for trying out


@dataclass(frozen=True)
class Dept:
    """A department as it is set up."""

    name: str
    functions: str
    place: str
    phone: str
    affiliated: bool = False


DEPARTMENTS = {
    "ZW": Dept(
        "综合服务窗口",
        "统一接待来访来电，受理申请，解答咨询，发放办理结果，跟踪转办事项直至答复。",
        "一楼服务大厅",
        "0000-6010",
    ),
    "XH": Dept(
        "学会学术部",
        "联系和服务所属学会，办理学会备案，组织学术会议，推荐学会承接社会服务项目。",
        "三楼 301 室",
        "0000-6031",
    ),
    "KP": Dept(
        "科学普及部",
        "拟订科普工作计划，认定科普教育基地，组织科普活动，调配科普资源。",
        "三楼 308 室",
        "0000-6038",
    ),
    "ZZ": Dept(
        "组织联络部",
        "联系科技工作者，反映意见，维护权益，推荐人才，指导基层科协组织建设。",
        "四楼 402 室",
        "0000-6042",
    ),
    "BG": Dept(
        "办公室",
        "文电会务，效能督查，接受投诉，组织考评，维护本平台。",
        "四楼 406 室",
        "0000-6046",
    ),
    "KG": Dept(
        "示例市科技馆",
        "面向公众开放展览，开展展教活动，接待团体参观，提供场馆使用服务。",
        "科技馆主楼",
        "0000-6100",
        affiliated=True,
    ),
    "LD": Dept("领导班子", "研究决定本会重要事项，分管各部门工作。", "五楼", "0000-6050"),
}


@dataclass(frozen=True)
class Person:
    """A person as they are added."""

    name: str
    department: str
    title: str
    roles: tuple[Role, ...] = ()
    qualified: bool = False


PEOPLE = {
    "wangmin": Person("王敏", "ZW", "窗口受理员"),
    "liqiang": Person("李强", "ZW", "窗口咨询员"),
    "sunjie": Person("孙洁", "ZW", "审核员", qualified=True),
    "zhaogang": Person("赵刚", "ZW", "窗口主任、首席代表", qualified=True),
    "zhouning": Person("周宁", "XH", "学会管理干事"),
    "tangyue": Person("唐悦", "XH", "学术活动干事"),
    "sunli": Person("孙丽", "XH", "学会学术部部长"),
    "linfang": Person("林芳", "KP", "科普基地干事"),
    "huangbo": Person("黄波", "KP", "科普活动干事"),
    "luoxin": Person("罗欣", "KP", "科普资源干事"),
    "dengke": Person("邓科", "KP", "科学普及部部长"),
    "xujing": Person("许静", "ZZ", "人才服务干事"),
    "panlei": Person("潘磊", "ZZ", "权益服务干事"),
    "yuanmeng": Person("袁梦", "ZZ", "联络干事"),
    "jiangtao": Person("蒋涛", "ZZ", "组织联络部部长"),
    "wuxia": Person("吴霞", "BG", "办公室主任", (Role.OFFICE,)),
    "caiyun": Person("蔡云", "BG", "办公室文秘", (Role.OFFICE,)),
    "zhenghao": Person("郑浩", "BG", "效能督查员", (Role.SUPERVISION,)),
    "fengyuan": Person("冯远", "BG", "审计员", (Role.AUDITOR,)),
    "chuwen": Person("褚文", "BG", "安全管理员", (Role.SECURITY_ADMIN,)),
    "weidong": Person("卫东", "BG", "系统管理员", (Role.SYSTEM_ADMIN,)),
    "shenyang": Person("沈洋", "KG", "场馆服务员"),
    "weilan": Person("魏岚", "KG", "展教辅导员"),
    "fanchao": Person("范超", "KG", "馆长"),
    "chenjing": Person("陈静", "LD", "副主席"),
    "liubo": Person("刘波", "LD", "副主席"),
    "heping": Person("何平", "LD", "主席"),
}

#: Who holds a qualification that has run out by now, so that the pages show one (R-3).
EXPIRED = "linfang"


@dataclass(frozen=True)
class Seat:
    """A post with its holders; ``b`` empty leaves a gap (AB-1)."""

    name: str
    kind: PostKind
    a: str
    b: str
    place: str
    duties: str
    powers: str = "按承诺时限直接办理本岗位事项；需要否定的一律先报备。"


_STAFF, _HEAD, _LEADER = PostKind.STAFF, PostKind.HEAD, PostKind.LEADER
_HEAD_POWERS = "审核本部门事项，确认撤回与终止，指定顶岗人；对否定意见只提出部门意见，不作决定。"
_LEADER_POWERS = "审批分管部门的否定报备；重大事项报主要负责人。"

POSTS = {
    "ZW-1": Seat("综合受理岗", _STAFF, "wangmin", "liqiang", "大厅 1 号窗口", "收件、登记、出具回执、发放结果。"),
    "ZW-2": Seat("咨询引导岗", _STAFF, "liqiang", "wangmin", "大厅咨询台", "解答咨询，引导来访，转办和跟踪。"),
    "ZW-3": Seat("资格审核岗", _STAFF, "sunjie", "zhaogang", "大厅 3 号窗口", "审核资格和场地类申请，作出准予决定。"),
    "ZW-H": Seat("窗口主任岗", _HEAD, "zhaogang", "sunjie", "大厅 103 室", "管理窗口，代表本会作出窗口决定。",
        _HEAD_POWERS),
    "XH-1": Seat("学会管理岗", _STAFF, "zhouning", "tangyue", "301 室", "办理学会备案、年度检查初审和项目登记。"),
    "XH-2": Seat("学术活动岗", _STAFF, "tangyue", "zhouning", "302 室", "办理学术会议备案和资助，解答期刊咨询。"),
    "XH-H": Seat("学会学术部部长岗", _HEAD, "sunli", "zhouning", "303 室", "主持学会学术部工作。", _HEAD_POWERS),
    "KP-1": Seat("科普基地岗", _STAFF, "linfang", "huangbo", "308 室", "办理科普教育基地认定和复核。"),
    "KP-2": Seat("科普活动岗", _STAFF, "huangbo", "luoxin", "309 室", "安排科普讲座、大篷车和现场活动。"),
    "KP-3": Seat("科普资源岗", _STAFF, "luoxin", "linfang", "310 室", "借用展品，登记作品，受理科普项目申报。"),
    "KP-H": Seat("科学普及部部长岗", _HEAD, "dengke", "linfang", "311 室", "主持科学普及部工作。", _HEAD_POWERS),
    "ZZ-1": Seat("人才服务岗", _STAFF, "xujing", "yuanmeng", "402 室", "推荐科技人才，办理基层组织批复。"),
    "ZZ-2": Seat("权益服务岗", _STAFF, "panlei", "yuanmeng", "403 室", "受理科技工作者的权益诉求和意见建议。"),
    "ZZ-H": Seat("组织联络部部长岗", _HEAD, "jiangtao", "xujing", "404 室", "主持组织联络部工作。", _HEAD_POWERS),
    "BG-1": Seat("文秘岗", _STAFF, "caiyun", "zhenghao", "406 室", "收发文件，催办内部文件，保管印章。"),
    "BG-2": Seat("督查投诉岗", _STAFF, "zhenghao", "caiyun", "407 室", "效能督查，受理投诉，裁定转办异议前的核实。"),
    "BG-H": Seat("办公室主任岗", _HEAD, "wuxia", "caiyun", "405 室", "主持办公室和效能建设日常工作。", _HEAD_POWERS),
    "KG-1": Seat("场馆服务岗", _STAFF, "shenyang", "weilan", "科技馆前台", "办理团体参观预约和场馆使用申请。"),
    "KG-2": Seat("展教活动岗", _STAFF, "weilan", "", "科技馆二层", "组织展教活动，办理报名。"),
    "KG-H": Seat("馆长岗", _HEAD, "fanchao", "shenyang", "科技馆 201 室", "主持科技馆工作。", _HEAD_POWERS),
    "LD-1": Seat("分管副主席岗（一）", _LEADER, "chenjing", "liubo", "502 室", "分管服务窗口、科普和科技馆。",
        _LEADER_POWERS),
    "LD-2": Seat("分管副主席岗（二）", _LEADER, "liubo", "chenjing", "503 室", "分管学会、组织联络和办公室。",
        _LEADER_POWERS),
    "LD-0": Seat(
        "主席岗", PostKind.PRINCIPAL, "heping", "liubo", "501 室", "主持全面工作。",
        "决定重大否定事项，阅知紧急重大事项。"
    ),
}  # fmt: skip
CHARGES = {"LD-1": ("ZW", "KP", "KG"), "LD-2": ("XH", "ZZ", "BG")}

_STANDARD = "按公布的承诺时限办结，材料一次告知，记录当日登记，服务对象可查询、可投诉。"
_LIABILITY = "超期、漏告知、擅自否定或者无人顶岗的，由本岗位责任人承担相应责任；顶岗期间由顶岗人承担。"


@dataclass
class Made:
    """What was set up, by short name."""

    departments: dict[str, int] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)


def found(now: datetime, today: date) -> Made:
    """Set up the unit, its departments, people, posts and holders; ``today`` is the day of the printed logins.

    The one password is hashed once: everybody's is the same.
    """
    made, since = Made(), clock.local(now).date()
    admin = administration.set_up(UNIT, "weidong", PEOPLE["weidong"].name, PASSWORD, now, sample=True)
    unit = db.session.get_one(Unit, 1)
    administration.change_unit(
        SYSTEM,
        unit,
        now,
        functions="联系和服务科技工作者，普及科学知识，促进学术交流，维护科技工作者的合法权益。（示例数据，均属虚构）",
        address="示例市示例区科学路 9 号",
        phone="0000-6000",
    )
    for n, (code, dept) in enumerate(DEPARTMENTS.items(), 1):
        made.departments[code] = administration.add_department(
            SYSTEM,
            code,
            dept.name,
            now,
            affiliated=dept.affiliated,
            functions=dept.functions,
            place=dept.place,
            phone=dept.phone,
            sort=n,
        ).id
    for n, (username, person) in enumerate(PEOPLE.items(), 1):
        if username == "weidong":
            administration.change_user(
                SYSTEM, admin, now, department_id=made.departments["BG"], title=person.title, staff_number=f"S{n:03}"
            )
            made.users[username] = admin
            continue
        until = today + timedelta(days=500) if person.qualified else None
        made.users[username] = administration.add_user(
            SYSTEM,
            username,
            person.name,
            None,
            now,
            password_hash=admin.password_hash,
            department_id=made.departments[person.department],
            roles=person.roles,
            staff_number=f"S{n:03}",
            title=person.title,
            phone=f"0000-6{200 + n}",
            qualified_until=today - timedelta(days=20) if username == EXPIRED else until,
            must_change_password=False,
        )
    _seats(made, now, since)
    return made


def _seats(made: Made, now: datetime, since: date) -> None:
    for code, seat in POSTS.items():
        department = code.partition("-")[0]
        post = made.posts[code] = posts.add(
            SYSTEM,
            code,
            seat.name,
            made.departments[department],
            now,
            kind=seat.kind,
            place=seat.place,
            phone=DEPARTMENTS[department].phone,
            duties=seat.duties,
            powers=seat.powers,
            standard=_STANDARD,
            liability=_LIABILITY,
        )
        for letter, holder in ((Letter.A, seat.a), (Letter.B, seat.b)):
            if holder:
                ab.assign(SYSTEM, post, letter, made.users[holder].id, since, since, now)
    for code, departments in CHARGES.items():
        posts.charge(SYSTEM, made.posts[code], [made.departments[d] for d in departments], now)
