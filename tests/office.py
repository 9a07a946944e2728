"""The fixed cast: one small office that every test knows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from portal.ab_post import service as ab
from portal.ab_post.models import Letter
from portal.kernel import transaction
from portal.kernel.actor import SYSTEM, Role
from portal.people import administration as people
from portal.post_duty import service as posts
from portal.post_duty.models import PostKind
from portal.service_commitment import service as catalogue
from portal.service_commitment.models import CaseKind
from portal.service_commitment.service import Content, Material

SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = "Xiaoneng-2026"

#: A working Wednesday, mid-morning.
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI).astimezone(UTC)
SINCE = date(2026, 9, 1)
FOUNDED = datetime(2026, 9, 1, 9, 0, tzinfo=SHANGHAI).astimezone(UTC)

#: username → (name, department code, given roles)
PEOPLE = {
    "clerk": ("王敏", "YW", ()),
    "clerk2": ("李强", "YW", ()),
    "head": ("赵刚", "YW", ()),
    "other": ("周宁", "XH", ()),
    "other_head": ("孙丽", "XH", ()),
    "leader": ("陈静", "LD", ()),
    "leader2": ("刘波", "LD", ()),
    "principal": ("何平", "LD", ()),
    "office": ("吴霞", "BG", (Role.OFFICE,)),
    "supervisor": ("郑浩", "BG", (Role.SUPERVISION,)),
    "auditor": ("冯远", "BG", (Role.AUDITOR,)),
    "security": ("褚文", "BG", (Role.SECURITY_ADMIN,)),
    "sysadmin": ("卫东", "BG", (Role.SYSTEM_ADMIN,)),
}

#: post code → (name, department, kind, A, B)
POSTS = {
    "YW-1": ("业务受理岗", "YW", PostKind.STAFF, "clerk", "clerk2"),
    "YW-2": ("审核岗", "YW", PostKind.STAFF, "clerk2", "clerk"),
    "YW-H": ("业务科科长", "YW", PostKind.HEAD, "head", "clerk2"),
    "XH-1": ("学会服务岗", "XH", PostKind.STAFF, "other", "other_head"),
    "XH-H": ("学会科科长", "XH", PostKind.HEAD, "other_head", "other"),
    "BG-1": ("办公室综合岗", "BG", PostKind.STAFF, "office", "supervisor"),
    "LD-1": ("分管副主席一", "LD", PostKind.LEADER, "leader", "leader2"),
    "LD-2": ("分管副主席二", "LD", PostKind.LEADER, "leader2", "leader"),
    "LD-0": ("主席", "LD", PostKind.PRINCIPAL, "principal", "leader2"),
}


def build() -> SimpleNamespace:
    """Make the office in the current database; returns the ids by short name."""
    ids = SimpleNamespace(departments={}, users={}, posts={}, items={})
    with transaction.act():
        admin = people.set_up("示例市科学技术协会", "sysadmin", PEOPLE["sysadmin"][0], PASSWORD, FOUNDED, sample=True)
        ids.users["sysadmin"] = admin.id
        for n, (code, name) in enumerate(
            {"YW": "综合业务科", "XH": "学会服务科", "BG": "办公室", "LD": "领导班子"}.items()
        ):
            ids.departments[code] = people.add_department(SYSTEM, code, name, FOUNDED, sort=n).id
        people.change_user(SYSTEM, admin, FOUNDED, department_id=ids.departments["BG"])
        for username, (name, department, roles) in PEOPLE.items():
            if username != "sysadmin":
                user = people.add_user(
                    SYSTEM,
                    username,
                    name,
                    PASSWORD,
                    FOUNDED,
                    department_id=ids.departments[department],
                    roles=roles,
                    must_change_password=False,
                )
                ids.users[username] = user.id
        for code, (name, department, kind, a, b) in POSTS.items():
            post = posts.add(SYSTEM, code, name, ids.departments[department], FOUNDED, kind=kind, place=f"{code} 窗口")
            ids.posts[code] = post.id
            for letter, holder in ((Letter.A, a), (Letter.B, b)):
                ab.assign(SYSTEM, post, letter, ids.users[holder], SINCE, SINCE, FOUNDED)
            if code == "LD-1":
                posts.charge(SYSTEM, post, [ids.departments["YW"], ids.departments["BG"]], FOUNDED)
            if code == "LD-2":
                posts.charge(SYSTEM, post, [ids.departments["XH"]], FOUNDED)
            if code == "YW-1":
                window = post
            if code == "XH-1":
                society = post
        for code, post, aliases, content in (
            (
                "SX-001",
                window,
                "科普基地 基地认定",
                Content(
                    "科普教育基地认定",
                    "5wd",
                    "20wd",
                    basis="科普基地管理办法第八条",
                    procedure="受理、审核、批复",
                    materials=(
                        Material("认定申请书", "原件", 2),
                        Material("法人证书复印件", "复印件"),
                        Material("场地证明", "复印件"),
                        Material("获奖证明", "复印件", required=False),
                    ),
                ),
            ),
            (
                "SX-002",
                window,
                "咨询",
                Content("政策咨询答复", "0d", kind=CaseKind.ON_SPOT, basis="限时办结规定"),
            ),
            (
                "SX-003",
                society,
                "学会变更",
                Content(
                    "学会负责人变更备案",
                    "3wd",
                    "10wd",
                    basis="学会组织通则第二十条",
                    procedure="受理、核对、备案",
                    restarts=True,
                    materials=(Material("变更申请", "原件"), Material("会议纪要", "原件")),
                ),
            ),
        ):
            item = catalogue.add(SYSTEM, code, content.name, post, FOUNDED, aliases=aliases, common=True)
            catalogue.publish(SYSTEM, item, content, FOUNDED)
            ids.items[code] = item.id
    return ids


def later(**kw: float) -> datetime:
    """An instant after NOW."""
    return NOW + timedelta(**kw)
