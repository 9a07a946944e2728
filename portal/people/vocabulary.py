"""Words of the people room: permissions, events, labels."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.actor import Role
from portal.kernel.journal import kind

MANAGE_PEOPLE = "people.manage"
MANAGE_UNIT = "people.manage_unit"
READ_SESSIONS = "people.read_sessions"
PERMISSIONS = (MANAGE_PEOPLE, MANAGE_UNIT, READ_SESSIONS)

ROLE_LABELS = {
    Role.STAFF: _l("工作人员"),
    Role.HEAD: _l("科室负责人"),
    Role.LEADER: _l("分管领导"),
    Role.PRINCIPAL: _l("主要负责人"),
    Role.OFFICE: _l("办公室"),
    Role.SUPERVISION: _l("督查组成员"),
    Role.AUDITOR: _l("审计员"),
    Role.SECURITY_ADMIN: _l("安全管理员"),
    Role.SYSTEM_ADMIN: _l("系统管理员"),
}

timeline.label("roles", ROLE_LABELS, of="people")

SET_UP = kind("people.set_up", _l("建立单位“%(unit)s”和首位管理员"), facts=("unit", "username"), rules=("R-1", "R-2"))
LOGGED_IN = kind("people.logged_in", _l("登录"), facts=("session",), rules=("J-1",))
LOGIN_FAILED = kind(
    "people.login_failed", _l("登录失败（用户名 %(username)s）"), personal=("username",), rules=("J-1",)
)
LOGGED_OUT = kind("people.logged_out", _l("退出登录"), facts=("session",), rules=("J-1",))
SESSION_ENDED = kind("people.session_ended", _l("结束登录会话"), facts=("session", "reason"), rules=("J-1",))
PASSWORD_CHANGED = kind("people.password_changed", _l("修改密码"), facts=("by_self",), rules=("J-1",))
PREFERENCES_CHANGED = kind(
    "people.preferences_changed", _l("修改个人设置"), facts=("language", "shortcuts_off"), rules=("J-1",)
)
USER_ADDED = kind(
    "people.user_added",
    _l("新增人员 %(name)s"),
    facts=("roles", "department"),
    personal=("name", "username"),
    rules=("R-2",),
)
USER_CHANGED = kind(
    "people.user_changed",
    _l("修改人员 %(name)s"),
    facts=("roles", "department"),
    personal=("name", "changes"),
    rules=("R-2",),
)
USER_DISABLED = kind("people.user_disabled", _l("停用登录"), facts=("reason",), rules=("R-2",))
USER_ENABLED = kind("people.user_enabled", _l("恢复登录"), rules=("R-2",))
DEPARTMENT_ADDED = kind("people.department_added", _l("新增科室 %(name)s"), facts=("code", "name"), rules=("R-1",))
DEPARTMENT_CHANGED = kind(
    "people.department_changed", _l("修改科室 %(name)s"), facts=("name", "changes"), rules=("R-1",)
)
UNIT_CHANGED = kind("people.unit_changed", _l("修改单位信息"), facts=("changes",), rules=("R-1",))
