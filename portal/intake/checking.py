"""All that is wrong with a workbook, found at once: by itself, and against what exists already (R-1, R-2, AB-1, C-2).

Nothing is read or written here: what exists comes in as ``Known``, what is to be made goes out as ``Plan``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _

from portal.intake import layout
from portal.intake.layout import DEPARTMENTS, ITEMS, MATERIALS, PEOPLE, POSTS
from portal.intake.lines import Known, Line, Plan, without_echoes
from portal.kernel.actor import SEPARATED, Role
from portal.kernel.errors import Invalid
from portal.kernel.forms import normal
from portal.kernel.importing import Fault
from portal.kernel.sheets import Reading
from portal.people.administration import check_code, check_roles, check_username
from portal.post_duty.models import PostKind
from portal.service_commitment.models import BreachKind, CaseKind
from portal.service_commitment.service import check_limits
from portal.service_commitment.words import limit_code, money_code


class OfficeCheck:
    """The examination of one workbook."""

    def __init__(self, readings: Mapping[str, Reading], known: Known, may_give_roles: bool, today: date) -> None:
        self.readings, self.known, self.may_give_roles, self.today = readings, known, may_give_roles, today
        self.plan = Plan()
        self.departments: dict[str, int] = {}
        self.department_names: dict[str, int] = {}
        self.usernames: dict[str, int] = {}
        self.separated: set[str] = set()
        self.posts: dict[str, int] = {}
        self.items: dict[str, int] = {}
        self.charged: dict[str, int] = {}
        self.principal: int | None = None
        self.materials: dict[str, int] = {}
        self.related: list[Line] = []

    def run(self) -> Plan:
        """Examine sheet by sheet, so that references find what stands above them."""
        for title, examine in (
            (DEPARTMENTS, self.department),
            (PEOPLE, self.person),
            (POSTS, self.post),
            (ITEMS, self.item),
            (MATERIALS, self.material),
        ):
            reading = self.readings[title]
            self.plan.faults += [Fault(title, p.row, p.column, p.message) for p in reading.problems]
            first = layout.SHEETS[title][0].key
            for row in reading.rows:
                if row.cells[first].startswith(layout.SAMPLE):
                    self.plan.samples += 1
                    continue
                line = Line(self.plan, title, row)
                examine(line)
                self.plan.rows[title].append(line.values)
        self.check_related()
        self.plan.faults = without_echoes(self.plan.faults)
        if not self.plan.faults and not any(self.plan.counts().values()):
            self.plan.faults.append(Fault("", 0, "", _("文件里没有可以导入的行。")))
        return self.plan

    def department(self, line: Line) -> None:
        """R-1: a department or affiliated unit."""
        line.checked("code", check_code)
        line.new("code", self.departments, self.known.departments, _("系统里已有这个科室编码。"))
        line.new("name", self.department_names, self.known.department_names, _("系统里已有这个科室名称。"))
        line.values["affiliated"] = line.word("affiliated", layout.AFFILIATED, False)
        line.values["sort"] = line.count("sort", 0, 9999, 0)
        line.phone()

    def person(self, line: Line) -> None:
        """R-1, R-2: a person with a login and perhaps a given role."""
        line.checked("username", check_username)
        line.new("username", self.usernames, self.known.usernames, _("系统里已有这个用户名。"))
        self._department(line)
        line.values["staff_number"] = normal(line.values["staff_number"])
        line.phone()
        line.values["qualified_until"] = line.day("qualified_until")
        line.values["roles"] = self._roles(line)
        if line.values["roles"] & SEPARATED:
            self.separated.add(line.values["username"])

    def _roles(self, line: Line) -> frozenset[Role]:
        typed = _several(line.values["roles"])
        unknown = [w for w in typed if w not in layout.ROLES]
        if unknown:
            line.fault(
                "roles",
                _(
                    "“%(typed)s”不是可以填写的内容，请填：%(words)s。",
                    typed="、".join(unknown),
                    words="、".join(layout.ROLES),
                ),
            )
            return frozenset()
        if typed and not self.may_give_roles:
            line.fault("roles", _("只有系统管理员可以授予角色，请留空。"))
            return frozenset()
        try:
            return check_roles(layout.ROLES[w] for w in typed)
        except Invalid as error:
            line.fault("roles", error.message)
            return frozenset()

    def _department(self, line: Line) -> None:
        line.ref(
            "department",
            self.departments,
            self.known.departments,
            _("没有这个科室编码。"),
            _("这个科室已经撤销。"),
        )

    def post(self, line: Line) -> None:
        """R-1, AB-1: a post, its two holders, and the departments that its leader is in charge of."""
        line.checked("code", check_code)
        line.new("code", self.posts, self.known.posts, _("系统里已有这个岗位编码。"))
        self._department(line)
        kind = line.values["kind"] = line.word("kind", layout.POST_KINDS, PostKind.STAFF)
        if kind is PostKind.PRINCIPAL:
            if self.principal is not None:
                line.fault("kind", _("与第 %(row)s 行重复：主要负责人岗位只能有一个。", row=self.principal))
            elif self.known.has_principal:
                line.fault("kind", _("系统里已有主要负责人岗位。"))
            self.principal = self.principal or line.row.number
        for key in ("a", "b"):
            self.holder(line, key)
        if line.given("a") and line.given("b") and line.values["a"] == line.values["b"]:
            line.fault("b", _("A 岗和 B 岗不能是同一人。"))
        for key, gap in (("a", _("没有 A 岗责任人。")), ("b", _("没有 B 岗责任人。"))):
            if not line.values[key]:
                line.remark(key, gap)
        line.values["from_on"] = line.day("from_on") or self.today
        if "from_on" not in line.bad and line.values["from_on"] < self.today:
            line.fault("from_on", _("不能早于导入当天。"))
        line.values["charge"] = self.charge(line, kind)
        line.phone()

    def holder(self, line: Line, key: str) -> None:
        """AB-1: the username of a holder."""
        line.values[key] = line.values[key].lower()
        line.ref(
            key,
            self.usernames,
            self.known.usernames,
            _("没有这个用户名。"),
            _("已停用的人员和管理员、审计员不能担任岗位责任人。"),
        )
        if line.values[key] in self.separated:
            line.fault(key, _("已停用的人员和管理员、审计员不能担任岗位责任人。"))

    def charge(self, line: Line, kind: PostKind) -> list[str]:
        """R-2: the departments that a leader is in charge of."""
        codes = [normal(c) for c in _several(line.values["charge"])]
        if codes and kind not in (PostKind.LEADER, PostKind.PRINCIPAL):
            line.fault("charge", _("只有领导岗位可以分管科室。"))
            return []
        for code in codes:
            if code not in self.departments and not self.known.departments.get(code):
                line.fault("charge", _("没有科室编码“%(code)s”。", code=code))
            elif code in self.charged:
                line.fault("charge", _("科室“%(code)s”与第 %(row)s 行重复分管。", code=code, row=self.charged[code]))
            elif code in self.known.charged:
                line.fault("charge", _("科室“%(code)s”已有分管领导，请在岗位页面调整。", code=code))
            else:
                self.charged[code] = line.row.number
        return codes

    def item(self, line: Line) -> None:
        """C-1, C-2: a service item with its first version."""
        line.checked("code", check_code)
        line.new("code", self.items, self.known.items, _("系统里已有这个事项编码。"))
        line.ref("post", self.posts, self.known.posts, _("没有这个岗位编码。"), _("这个岗位已经撤销。"))
        self.content(line)

    def content(self, line: Line) -> None:
        """C-1, C-2: what an item publishes, cell by cell."""
        line.values["kind"] = line.word("kind", layout.ITEM_KINDS, CaseKind.PROMISED)
        for key in ("promised_limit", "statutory_limit"):
            line.values[key] = limit_code(line.values[key]) if line.given(key) else ""
        if line.given("promised_limit") and "statutory_limit" not in line.bad:
            self._limits(line)
        self._fee(line)
        self._breach(line)
        for key in ("licence", "restarts", "next_day_after_hours", "common", "tacit_consent"):
            line.values[key] = line.flag(key)
        line.values["licence"] = line.values["licence"] or bool(line.values["qualification"])
        line.values["related"] = " ".join(normal(c) for c in _several(line.values["related"]))
        self.related.append(line)
        line.phone()

    def check_related(self) -> None:
        """Related items exist, further down in the file or in the portal, and are others."""
        for line in self.related:
            codes = line.values["related"].split()
            missing = [c for c in codes if c not in self.items and c not in self.known.items]
            if missing:
                line.fault("related", _("没有编码为“%(code)s”的事项。", code="、".join(missing)))
            elif line.values["code"] in codes:
                line.fault("related", _("相关事项不能是本事项。"))

    @staticmethod
    def _fee(line: Line) -> None:
        """C-1: an amount has a unit and a basis; a fee in words has a basis."""
        typed = line.values.pop("fee_amount")
        line.values["fee_fen"] = fen = money_code(typed) if typed else None
        if typed and fen is None:
            line.fault("fee_amount", _("请填写金额，如 10 或 10.50。"))
        line.values["fee_fen"] = fen or None
        if fen and not line.values["fee_unit"]:
            line.fault("fee_unit", _("请写明按什么收，如 件、份、场。"))
        if line.values["fee_unit"] and not typed:
            line.fault("fee_amount", _("请填写收费金额；不收费的，单位也留空。"))
        if (fen or line.values["fee"]) and not line.values["fee_basis"]:
            line.fault("fee_basis", _("收费的须填依据。"))

    @staticmethod
    def _breach(line: Line) -> None:
        """C-8: kinds of consequence and their text go together."""
        typed = _several(line.values["breach_kinds"])
        if unknown := [w for w in typed if w not in layout.BREACH_KINDS]:
            line.fault(
                "breach_kinds",
                _(
                    "“%(typed)s”不是可以填写的内容，请填：%(words)s。",
                    typed="、".join(unknown),
                    words="、".join(layout.BREACH_KINDS),
                ),
            )
        kinds = {layout.BREACH_KINDS[w] for w in typed if w in layout.BREACH_KINDS}
        line.values["breach_kinds"] = ",".join(k for k in BreachKind if k in kinds)
        if typed and not line.values["breach"]:
            line.fault("breach", _("请写明违诺后对服务对象怎么做。"))
        if line.values["breach"] and not typed:
            line.fault("breach_kinds", _("请选择违诺后果的类别。"))

    @staticmethod
    def _limits(line: Line) -> None:
        promised, statutory = line.values["promised_limit"], line.values["statutory_limit"]
        try:
            line.values["promised_limit"], line.values["statutory_limit"] = check_limits(promised, statutory)
        except Invalid as error:
            line.fault(error.field, error.message)
            if error.field == "promised_limit" and statutory and not error.rule:
                try:  # both may be unreadable: tell of both at once
                    check_limits("0d", statutory)
                except Invalid as second:
                    if second.field == "statutory_limit":
                        line.fault(second.field, second.message)

    def material(self, line: Line) -> None:
        """C-1: one line of a new item's checklist."""
        line.values["item"] = normal(line.values["item"])
        if line.given("item") and line.values["item"] not in self.items:
            line.fault(
                "item",
                _("这个事项已经公布，材料请在目录里发布新版本。")
                if line.values["item"] in self.known.items
                else _("“事项”表里没有这个编码。"),
            )
        elif line.given("item") and line.given("name"):
            key = f"{line.values['item']}\n{line.values['name']}"
            if key in self.materials:
                line.fault("name", _("与第 %(row)s 行重复。", row=self.materials[key]))
            self.materials.setdefault(key, line.row.number)
        line.values["copies"] = line.count("copies", 1, 99, 1)
        line.values["required"] = line.flag("required", True)


def _several(typed: str) -> list[str]:
    parts = re.split(f"[{layout.BETWEEN}\\s]+", typed)
    return list(dict.fromkeys(p for p in parts if p))


def check(readings: Mapping[str, Reading], known: Known, may_give_roles: bool, today: date) -> Plan:
    """Examine a workbook that was read. The plan may be carried out when it has no faults."""
    return OfficeCheck(readings, known, may_give_roles, today).run()
