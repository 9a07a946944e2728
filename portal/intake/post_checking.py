"""All that is wrong with a sheet of posts, and what it would add or change (P-1, R-1, AB-1).

The sheet is that of the export: what was not touched changes nothing. An empty cell leaves what stands there.
Nothing is read or written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.intake import layout
from portal.intake.checking import OfficeCheck
from portal.intake.layout import POSTS
from portal.intake.lines import Known, Line, Plan, without_echoes
from portal.kernel.forms import normal
from portal.kernel.importing import Fault
from portal.kernel.sheets import Reading
from portal.people.administration import check_code
from portal.post_duty.models import PostKind

#: Columns that an update may change, in the order of the sheet.
TEXTS = ("name", "place", "phone", "duties", "powers", "standard", "liability")
HOLDERS = ("a", "b")


@dataclass(frozen=True)
class Current:
    """A post as it stands: the cells of its row; ``charge`` holds the codes of departments in charge."""

    cells: Mapping[str, str]
    charge: frozenset[str]
    kind: PostKind
    closed: bool = False


@dataclass(frozen=True)
class Update:
    """What a row changes on an existing post: cell → (old, new); ``values`` are the row's checked values."""

    code: str
    values: dict[str, Any]
    changes: dict[str, tuple[str, str]]


@dataclass
class PostPlan(Plan):
    """A plan of posts: new ones in ``rows``, changed ones in ``updates``; the others stay as they are."""

    updates: list[Update] = field(default_factory=list)
    unchanged: int = 0


class _PostCheck(OfficeCheck):
    """The examination of one sheet of posts."""

    plan: PostPlan

    def __init__(self, known: Known, current: Mapping[str, Current], today: date) -> None:
        super().__init__({}, known, False, today)
        self.plan, self.current = PostPlan(), current

    def examine(self, reading: Reading) -> PostPlan:
        """Examine row by row."""
        self.plan.faults += [Fault(POSTS, p.row, p.column, p.message) for p in reading.problems]
        for row in reading.rows:
            if row.cells["code"].startswith(layout.SAMPLE):
                self.plan.samples += 1
                continue
            line = Line(self.plan, POSTS, row)
            line.checked("code", check_code)
            if line.values["code"] in self.current:
                self._update(line, self.current[line.values["code"]])
            else:
                self.post(line)
                self.plan.rows[POSTS].append(line.values)
        self.plan.faults = without_echoes(self.plan.faults)
        if not self.plan.faults and not (self.plan.rows[POSTS] or self.plan.updates or self.plan.unchanged):
            self.plan.faults.append(Fault("", 0, "", _("文件里没有可以导入的行。")))
        return self.plan

    def _update(self, line: Line, now: Current) -> None:
        line.new("code", self.posts, (), "")
        if now.closed:
            line.fault("code", _("这个岗位已经撤销。"))
        if line.given("department") and normal(line.values["department"]) != now.cells["department"]:
            line.fault("department", _("已有岗位的科室不能改变。"))
        if line.word("kind", layout.POST_KINDS, now.kind) is not now.kind:
            line.fault("kind", _("已有岗位的类型不能改变。"))
        for key in HOLDERS:
            self.holder(line, key)
        a, b = (line.values[key] or now.cells[key] for key in HOLDERS)
        if a and a == b:
            line.fault("b" if line.values["b"] else "a", _("A 岗和 B 岗不能是同一人。"))
        line.values["from_on"] = line.day("from_on") or self.today
        if "from_on" not in line.bad and line.values["from_on"] < self.today:
            line.fault("from_on", _("不能早于导入当天。"))
        line.values["charge"] = self.charge(line, now.kind)
        line.phone()
        changes = {
            key: (now.cells[key], line.values[key])
            for key in (*TEXTS, *HOLDERS)
            if line.values[key] and line.values[key] != now.cells[key]
        }
        charge = frozenset(line.values["charge"])
        if charge and charge != now.charge:
            changes["charge"] = ("、".join(sorted(now.charge)), "、".join(sorted(charge)))
        if changes:
            self.plan.updates.append(Update(line.values["code"], line.values, changes))
        else:
            self.plan.unchanged += 1


def check(reading: Reading, known: Known, current: Mapping[str, Current], today: date) -> PostPlan:
    """Examine a sheet of posts that was read. The plan may be carried out when it has no faults."""
    return _PostCheck(known, current, today).examine(reading)
