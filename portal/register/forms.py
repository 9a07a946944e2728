"""Forms of the registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, MultipleFileField, RadioField, SelectField

from portal.kernel.errors import Invalid
from portal.kernel.forms import (
    DateField,
    MomentField,
    Needed,
    NumberField,
    PortalForm,
    Unchosen,
    clean_line,
    code,
    line,
    optional_id,
    options,
    paragraph,
)
from portal.people import queries as people
from portal.people.filters import DepartmentFilter
from portal.pure.text import is_storable
from portal.register import kinds, rules
from portal.register import vocabulary as words
from portal.register.kinds import Asked, Settings
from portal.register.models import (
    CheckResult,
    EntryState,
    FieldType,
    HazardState,
    Keeper,
    Presence,
    RegisterEntry,
    RegisterKind,
    Rhythm,
    Scope,
)
from portal.register.queries import HazardsWanted, Wanted
from portal.register.service import Content

#: A meeting or check never lasts longer.
MOST_MINUTES = 24 * 60


def _field(asked: Mapping[str, Any]) -> Any:
    label = words.shown(asked["label"])
    match asked["type"]:
        case FieldType.PARAGRAPH:
            return paragraph(label, limit=4000)
        case FieldType.NUMBER:
            return NumberField(label, -1_000_000, 1_000_000)
        case FieldType.DATE:
            return DateField(label)
        case _:
            return line(label, limit=200)


class EntryForm(PortalForm):
    """An entry; what its kind does not ask is taken away, its own fields are added (``entry_form``)."""

    department_id = SelectField(_l("科室"), [Needed(_l("请选择科室。"))], coerce=optional_id)
    title = line(_l("标题"), _l("请填写标题。"))
    held_at = MomentField(_l("时间"), _l("请填写时间。"))
    minutes = NumberField(_l("时长（分钟）"), 1, MOST_MINUTES)
    place = line(_l("地点"))
    chair_id = SelectField(_l("主持人"), coerce=optional_id, validators=[Unchosen()])
    agenda = paragraph(_l("议题"), limit=8000)
    content = paragraph(_l("内容"), limit=20000)
    handed_to_id = SelectField(_l("接班人"), coerce=optional_id, validators=[Unchosen()])
    handover = paragraph(_l("交班事项"))
    version = HiddenField()
    agenda_month = HiddenField()
    reason = line(_l("更正原因"), limit=400)
    #: What the kind asks of its own; set by ``entry_form``.
    asked: Sequence[Mapping[str, Any]] = ()

    def what(self) -> Content:
        """What was entered, as the service takes it."""

        def of(name: str, empty: Any = "") -> Any:
            found = self._fields.get(name)
            return empty if found is None or found.data is None else found.data

        own = {name[4:]: f.data for name, f in self._fields.items() if name.startswith("own_")}
        return Content(
            title=of("title"),
            held_at=of("held_at", None),
            minutes=of("minutes", None),
            place=of("place"),
            chair_id=of("chair_id", None),
            agenda=of("agenda"),
            content=of("content"),
            answers={
                k: v.isoformat() if isinstance(v, date) else str(v) for k, v in own.items() if v not in (None, "")
            },
            handed_to_id=of("handed_to_id", None),
            handover=of("handover"),
        )

    def own(self) -> list[tuple[Any, bool]]:
        """The fields of the kind's own, and whether each may stay empty."""
        return [(self._fields[f"own_{each['key']}"], not each["needed"]) for each in self.asked]

    def fill(self, entry: RegisterEntry) -> None:
        """Show what stands in an entry."""
        for name in (
            "title",
            "held_at",
            "minutes",
            "place",
            "chair_id",
            "agenda",
            "content",
            "handed_to_id",
            "handover",
        ):
            if name in self._fields:
                self._fields[name].data = getattr(entry, name)
        self.version.data = str(entry.version)
        for each in entry.asked():
            found = entry.answer(each["key"])
            shown: Any = found
            if found and each["type"] == FieldType.DATE:
                shown = date.fromisoformat(found)
            elif found and each["type"] == FieldType.NUMBER:
                shown = int(found)
            self._fields[f"own_{each['key']}"].data = shown or None

    def read_version(self) -> int:
        """The version that the page showed; nonsense is one that never was."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def entry_form(
    kind: RegisterKind, asked: list[dict[str, Any]], departments: list[int] | None = None, correcting: bool = False
) -> EntryForm:
    """The form of an entry of a kind; ``departments`` are those to choose from (None: none is chosen)."""
    own = {f"own_{each['key']}": _field(each) for each in asked}
    form: EntryForm = type("OwnEntryForm", (EntryForm,), own)()
    form.asked = asked
    wanted = {
        "department_id": departments is not None,
        "minutes": kind.hours,
        "agenda": kind.agenda,
        "agenda_month": kind.agenda,
        "handed_to_id": kind.handover,
        "handover": kind.handover,
        "reason": correcting,
    }
    for name, stays in wanted.items():
        if not stays:
            del form[name]
    staff = people.people_in_service()
    form.chair_id.choices = options(("", _("未填")), *staff)
    if kind.handover:
        form.handed_to_id.choices = options(("", _("请选择")), *staff)
    if departments is not None:
        names = people.department_names()
        form.department_id.choices = options(("", _("请选择")), *((d, names[d]) for d in departments))
    return form


class KindForm(PortalForm):
    """The settings of a kind. Its own fields are rows ``f<n>_label``, ``f<n>_type``, ``f<n>_needed``."""

    name = line(_l("名称"), _l("请填写台账的名称。"), limit=60)
    purpose = paragraph(_l("说明"), limit=400)
    scope = RadioField(
        _l("范围"), [Needed(_l("请选择范围。"))], choices=options(*((str(k), v) for k, v in words.SCOPE_LABELS.items()))
    )
    keeper = RadioField(
        _l("由谁记录"),
        [Needed(_l("请选择由谁记录。"))],
        choices=options(*((str(k), v) for k, v in words.KEEPER_LABELS.items())),
    )
    rhythm = RadioField(
        _l("多久一次"),
        [Needed(_l("请选择多久一次。"))],
        choices=options(*((str(k), v) for k, v in words.RHYTHM_LABELS.items())),
    )
    due_day = NumberField(_l("每月几日以前"), 1, 31)
    attendance = BooleanField(words.FEATURE_LABELS["attendance"])
    heads_only = BooleanField(words.FEATURE_LABELS["heads_only"])
    agenda = BooleanField(words.FEATURE_LABELS["agenda"])
    passing_on = BooleanField(words.FEATURE_LABELS["passing_on"])
    hazards = BooleanField(words.FEATURE_LABELS["hazards"])
    handover = BooleanField(words.FEATURE_LABELS["handover"])
    hours = BooleanField(words.FEATURE_LABELS["hours"])
    minutes_least = NumberField(_l("每次不少于几分钟"), 1, MOST_MINUTES)
    notes = BooleanField(words.FEATURE_LABELS["notes"])
    notes_least = NumberField(_l("每人全年笔记不少于几字"), 1, 1_000_000)

    def rows(self, kind: RegisterKind | None = None) -> list[dict[str, Any]]:
        """The rows of own fields as typed, else as the kind has them; empty ones follow."""
        if request.method == "POST":
            return [
                {
                    "key": request.form.get(f"f{n}_key", "")[:20],
                    "label": clean_line(request.form.get(f"f{n}_label", "")),
                    "type": request.form.get(f"f{n}_type", ""),
                    "needed": bool(request.form.get(f"f{n}_needed")),
                }
                for n in range(rules.MOST_FIELDS)
            ]
        found = kind.own_fields() if kind is not None else []
        blank = {"key": "", "label": "", "type": str(FieldType.LINE), "needed": False}
        return [*found, *([blank] * (rules.MOST_FIELDS - len(found)))]

    def settings(self, kind: RegisterKind | None = None) -> Settings:
        """What was entered. Raises Invalid for a row that cannot be a field."""
        known = {each["key"] for each in kind.own_fields()} if kind is not None else set()
        fields = []
        for row in self.rows():
            if not row["label"]:
                continue
            if len(row["label"]) > 40 or not is_storable(row["label"]):
                raise Invalid("fields", _("栏目的名称最多 40 个字。"))
            if row["type"] not in {str(t) for t in FieldType}:
                raise Invalid("fields", _("请选择栏目“%(label)s”的类型。", label=row["label"]))
            key = row["key"] if row["key"] in known else ""
            fields.append(Asked(row["label"], FieldType(row["type"]), row["needed"], key))
        return Settings(
            name=self.name.data or "",
            purpose=self.purpose.data or "",
            scope=Scope(self.scope.data),
            keeper=Keeper(self.keeper.data),
            rhythm=Rhythm(self.rhythm.data),
            due_day=self.due_day.data,
            fields=tuple(fields),
            attendance=self.attendance.data,
            heads_only=self.heads_only.data,
            agenda=self.agenda.data,
            passing_on=self.passing_on.data,
            hazards=self.hazards.data,
            handover=self.handover.data,
            hours=self.hours.data,
            minutes_least=self.minutes_least.data,
            notes=self.notes.data,
            notes_least=self.notes_least.data,
        )

    def fill(self, kind: RegisterKind) -> None:
        """Show the settings of a kind."""
        for name, value in kinds.kept(kind).items():
            if name in self._fields:
                self._fields[name].data = value


class FilterForm(DepartmentFilter):
    """Filters of the list, in the address."""

    q = code(_l("编号、标题或内容"), limit=60)
    kind = SelectField(_l("台账"), coerce=optional_id, validators=[Unchosen()])
    state = SelectField(
        _l("状态"),
        choices=options(("", _l("全部")), *((str(k), v) for k, v in words.STATE_LABELS.items())),
        validators=[Unchosen()],
    )
    first = DateField(_l("从"))
    last = DateField(_l("到"))
    person = SelectField(_l("人员"), coerce=optional_id, validators=[Unchosen()])
    presence = SelectField(
        _l("出席"),
        choices=options(("", _l("全部")), *((str(k), v) for k, v in words.PRESENCE_LABELS.items())),
        validators=[Unchosen()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options(("", _("全部台账")), *kinds.names().items())
        self.person.choices = options(("", _("全部人员")), *people.people_in_service())

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good(state=EntryState, presence=Presence))


class HazardFilter(DepartmentFilter):
    """Filters of the list of hazards."""

    state = SelectField(
        _l("状态"),
        choices=options(
            ("", _l("全部")), ("overdue", _l("逾期未整改")), *((str(k), v) for k, v in words.HAZARD_LABELS.items())
        ),
        validators=[Unchosen()],
    )

    def wanted(self) -> HazardsWanted:
        """The filters that are good."""
        return HazardsWanted(**self.good(state=lambda word: HazardState(word) if word in set(HazardState) else word))


class ActForm(PortalForm):
    """What the verbs on an entry's or a hazard's page may carry."""

    text = paragraph(_l("说明"), limit=1000)
    reason = line(_l("原因"), limit=400)
    due_on = DateField(_l("新的整改期限"))
    passed_on = DateField(_l("传达日期"))
    heard = NumberField(_l("听取传达的人数"), 0, 10_000)
    note = line(_l("备注"), limit=400)
    files = MultipleFileField(_l("附件"))


class HazardForm(PortalForm):
    """A hazard that was found."""

    seen = paragraph(_l("隐患"), _l("请写明隐患。"), limit=1000)
    demand = paragraph(_l("整改要求"), _l("请写明整改要求。"), limit=1000)
    hazard_place = line(_l("部位"))
    hazard_department = SelectField(_l("整改科室"), [Needed(_l("请选择整改科室。"))], coerce=optional_id)
    hazard_due = DateField(_l("整改期限"), _l("请填写整改期限。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hazard_department.choices = options(("", _("请选择")), *people.open_departments())


class CheckForm(PortalForm):
    """The result of a half-yearly check."""

    result = RadioField(
        _l("检查结果"),
        choices=options(*((str(k), v) for k, v in words.RESULT_LABELS.items())),
        validators=[Needed(_l("请选择检查结果。"))],
    )
    comment = paragraph(_l("检查意见"), limit=1000)

    def chosen(self) -> CheckResult:
        """The result as the service takes it."""
        return CheckResult(self.result.data)
