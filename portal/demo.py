"""The sample office: made once by driving the services, marked as sample on every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask
from flask_babel import gettext as _

from portal.ab_post import service as ab
from portal.ab_post.models import Letter
from portal.kernel import clock, transaction
from portal.kernel.actor import SYSTEM, Role
from portal.people import administration
from portal.people import queries as people
from portal.post_duty import service as posts
from portal.post_duty.models import PostKind
from portal.service_commitment import service as catalogue
from portal.service_commitment.service import Content, Material

PASSWORD = "Xiaoneng-2026"  # noqa: S105 - printed at every start; the sample office is for trying out
SINCE = date(2026, 9, 1)
FOUNDED = datetime(2026, 9, 1, 9, 0, tzinfo=clock.ZONE)


@dataclass(frozen=True)
class Login:
    """One login of the sample office, as printed at the start."""

    username: str
    password: str
    name: str
    role: str


_DEPARTMENTS = {"YW": "综合业务科", "XH": "学会服务科", "BG": "办公室", "LD": "领导班子"}

#: username → (name, department, given roles, what they are in the office)
_PEOPLE: dict[str, tuple[str, str, tuple[Role, ...], str]] = {
    "wangmin": ("王敏", "YW", (), "窗口工作人员"),
    "liqiang": ("李强", "YW", (), "窗口工作人员（B 岗）"),
    "zhaogang": ("赵刚", "YW", (), "科室负责人"),
    "zhouning": ("周宁", "XH", (), "其他科室工作人员"),
    "chenjing": ("陈静", "LD", (), "分管领导"),
    "heping": ("何平", "LD", (), "主要负责人"),
    "wuxia": ("吴霞", "BG", (Role.OFFICE,), "办公室"),
    "zhenghao": ("郑浩", "BG", (Role.SUPERVISION,), "督查"),
    "fengyuan": ("冯远", "BG", (Role.AUDITOR,), "审计员"),
    "chuwen": ("褚文", "BG", (Role.SECURITY_ADMIN,), "安全管理员"),
    "weidong": ("卫东", "BG", (Role.SYSTEM_ADMIN,), "系统管理员"),
}

#: post code → (name, department, kind, A, B)
_POSTS = {
    "YW-1": ("业务受理岗", "YW", PostKind.STAFF, "wangmin", "liqiang"),
    "YW-H": ("业务科科长", "YW", PostKind.HEAD, "zhaogang", "liqiang"),
    "XH-1": ("学会服务岗", "XH", PostKind.STAFF, "zhouning", "wangmin"),
    "BG-1": ("办公室综合岗", "BG", PostKind.STAFF, "wuxia", "zhenghao"),
    "LD-1": ("分管副主席", "LD", PostKind.LEADER, "chenjing", "heping"),
    "LD-0": ("主席", "LD", PostKind.PRINCIPAL, "heping", "chenjing"),
}


def logins() -> list[Login]:
    """The logins of the sample office."""
    return [Login(username, PASSWORD, name, role) for username, (name, _dept, _roles, role) in _PEOPLE.items()]


def build(app: Flask) -> list[Login]:
    """Make the sample office in a migrated database unless it is there; returns its logins.

    Raises ValueError when the database holds a real office.
    """
    with app.app_context():
        if people.is_set_up():
            if not people.is_sample():
                raise ValueError(_("这个实例里是真实单位，不能做成示例。"))
            return logins()
        with transaction.act():
            _office()
    return logins()


def _office() -> None:
    founded = FOUNDED.astimezone(clock.now().tzinfo)
    admin = administration.set_up(
        "示例市科学技术协会", "weidong", _PEOPLE["weidong"][0], PASSWORD, founded, sample=True
    )
    departments = {
        code: administration.add_department(SYSTEM, code, name, founded, sort=n).id
        for n, (code, name) in enumerate(_DEPARTMENTS.items())
    }
    administration.change_user(SYSTEM, admin, founded, department_id=departments["BG"])
    users = {"weidong": admin.id}
    for username, (name, department, roles, _role) in _PEOPLE.items():
        if username not in users:
            users[username] = administration.add_user(
                SYSTEM,
                username,
                name,
                PASSWORD,
                founded,
                department_id=departments[department],
                roles=roles,
                must_change_password=False,
            ).id
    made = {}
    for code, (name, department, kind, a, b) in _POSTS.items():
        post = made[code] = posts.add(SYSTEM, code, name, departments[department], founded, kind=kind)
        for letter, holder in ((Letter.A, a), (Letter.B, b)):
            ab.assign(SYSTEM, post, letter, users[holder], SINCE, SINCE, founded)
    posts.charge(SYSTEM, made["LD-1"], [departments[code] for code in ("YW", "XH", "BG")], founded)
    item = catalogue.add(SYSTEM, "SX-001", "科普教育基地认定", made["YW-1"], founded, aliases="科普基地", common=True)
    catalogue.publish(
        SYSTEM,
        item,
        Content(
            "科普教育基地认定",
            "5wd",
            "20wd",
            basis="科普基地管理办法",
            procedure="受理、审核、批复",
            materials=(Material("认定申请书", "原件", 2), Material("法人证书复印件", "复印件")),
        ),
        founded,
    )
