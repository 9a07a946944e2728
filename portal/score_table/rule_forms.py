"""The form of one rule: an office worker fills amounts without signs and chooses whether they are taken or given."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.kernel.forms import FigureField, Needed, Unchosen, line, options
from portal.policy.clue_values import KINDS
from portal.pure.scoring import Band, Bar, Category, Kind, Rule, Side, Table
from portal.score_table import vocabulary as words
from portal.score_table import words as phrases
from portal.score_table.forms import BLANK_ROWS, MOST_ROWS, StampForm, points_field

MINUS, PLUS, BOTH = "minus", "plus", "both"
_KINDS = tuple((str(each), label) for each, label in words.KIND_LABELS.items())
_SIDES = tuple((str(each), label) for each, label in words.SIDE_LABELS.items())
_EFFECTS = ((MINUS, _l("扣分")), (PLUS, _l("加分")))


def _signed(amount: Decimal | None, effect: str) -> Decimal | None:
    return -amount if amount and effect == MINUS else amount


def _checkboxes(label: Any, choices: Sequence[tuple[str, Any]]) -> SelectMultipleField:
    return SelectMultipleField(
        label, choices=options(*choices), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class BandForm(Form):
    """One band: from a figure on, so many points."""

    start = FigureField(_l("起点"), 0, 1_000_000)
    effect = SelectField(_l("扣或加"), choices=options(*_EFFECTS))
    points = points_field(_l("分值"))


class RuleForm(StampForm):
    """One rule of a table; which fields count hangs on how it counts."""

    place = SelectField(_l("所在类别"))
    text = line(_l("考核内容"), _l("请写明考核什么。"), limit=500)
    kind = RadioField(
        _l("计分方式"),
        [Needed(_l("请选择计分方式。"))],
        choices=options(*_KINDS),
    )
    effect = RadioField(_l("扣分还是加分"), [Unchosen()], choices=options(*_EFFECTS, (BOTH, _l("可扣可加"))))
    points = points_field(_l("分值"))
    per = FigureField(_l("每多少计一次"), Decimal("0.0001"), 10_000, decimals=4)
    whole = BooleanField(_l("不足一个单位的不计"))
    mark = FigureField(_l("起算的百分比"), 0, 1000, decimals=4)
    side = RadioField(_l("哪一边计分"), [Unchosen()], choices=options(*_SIDES))
    low = points_field(_l("幅度从"))
    high = points_field(_l("幅度到"))
    bands = FieldList(FormField(BandForm), label=_l("各档"), max_entries=MOST_ROWS)
    cap = points_field(_l("合计最多"))
    hand = BooleanField(_l("手工登记，经另一人批准"))
    facts = _checkboxes(_l("每月数据"), [(k, f.label) for k, f in words.FACTS.items()])
    clues = _checkboxes(_l("问责线索"), [(k, label) for k, (label, _rules) in KINDS.items()])
    yearly = BooleanField(_l("只计入年度，不计入当月"))
    disqualifies = SelectField(
        _l("此外还取消"), choices=options(*((str(k), v) for k, v in words.BAR_LABELS.items())), default=""
    )
    times = FigureField(_l("满几次起"), 1, 1000, decimals=0)

    def __init__(self, table: Table, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = []
        for category in table.categories:
            choices.append((category.code, category.name))
            choices += [
                (f"{category.code}/{g.code}", _("%(category)s：%(item)s", category=category.name, item=g.name))
                for g in category.groups
            ]
        self.place.choices = options(*choices)

    @property
    def counts(self) -> Kind:
        """How the rule counts, as chosen."""
        return Kind(self.kind.data) if self.kind.data in {str(k) for k in Kind} else Kind.OCCURRENCE

    def fill(self, where: Category, rule: Rule | None) -> None:
        """Show a rule, or an empty one in a category."""
        rule = rule or Rule("", "", Kind.OCCURRENCE)
        self.place.data = f"{where.code}/{rule.group}" if rule.group else where.code
        self.text.data, self.kind.data, self.side.data = rule.text, str(rule.kind), str(rule.side)
        low, high = rule.low, rule.high
        known = rule.points if rule.points is not None else high if high is not None and high > 0 else low
        self.effect.data = PLUS if known is not None and known > 0 else MINUS
        if low is not None and high is not None:
            if low < 0 < high:
                self.effect.data = BOTH
            self.low.data, self.high.data = (-high, -low) if high <= 0 else (abs(low), high)
        self.points.data = None if rule.points is None else abs(rule.points)
        self.per.data, self.whole.data = rule.per, rule.whole
        self.mark.data, self.cap.data = rule.mark, rule.cap
        self.hand.data = phrases.HAND in rule.source
        self.facts.data = [s.removeprefix(phrases.FACT) for s in rule.source if s.startswith(phrases.FACT)]
        self.clues.data = [s.removeprefix(phrases.CLUE) for s in rule.source if s.startswith(phrases.CLUE)]
        self.yearly.data, self.disqualifies.data = rule.yearly, str(rule.disqualifies)
        self.times.data = rule.times
        for band in rule.bands:
            self.bands.append_entry(_row(band))
        self.rows()

    def rows(self) -> None:
        """Offer blank rows for bands."""
        for _n in range(BLANK_ROWS):
            if len(self.bands) < MOST_ROWS:
                self.bands.append_entry({"effect": MINUS})

    def drop(self, at: int) -> None:
        """Take a row of the bands away."""
        if 0 <= at < len(self.bands.entries):
            del self.bands.entries[at]  # the names of the others stay: what was typed there is kept, good or not

    @property
    def unused(self) -> tuple[str, ...]:
        """The fields that say nothing in this way of counting; what was typed there goes along unseen."""
        return tuple(name for name, kinds in _USED.items() if self.counts not in kinds)

    def validate(self, extra_validators: Any = None) -> bool:
        """What fields must say together; those that say nothing cannot be wrong."""
        super().validate(extra_validators)
        for name in self.unused:
            self[name].errors = []
        if "bands" in self.unused:
            for field in (f for entry in self.bands for f in entry.form):
                field.errors = []
        for field, wrong in self._faults():
            if not field.errors:
                field.errors = [wrong]
                if field in {f for entry in self.bands for f in entry.form}:
                    self.bands.errors = [entry.errors for entry in self.bands]
        return not self.errors

    def _faults(self) -> list[tuple[Any, str]]:
        found: list[tuple[Any, str]] = []
        kind = self.counts
        if not (self.hand.data or self.facts.data or self.clues.data):
            found.append((self.hand, _("请至少选择一个得分来源。")))
        elif self.hand.data + len(self.facts.data or ()) + len(self.clues.data or ()) > 6:
            found.append((self.hand, _("得分来源最多选 6 个。")))
        if kind is Kind.DISQUALIFY and not self.disqualifies.data:
            found.append((self.disqualifies, _("只作否决的，请选择取消什么。")))
        if kind is not Kind.RANGE and self.effect.data == BOTH:
            found.append((self.effect, _("“可扣可加”只用于在幅度内酌情。")))
        if self.points.data is not None and not self.points.data and kind not in (Kind.RANGE, Kind.BAND):
            found.append((self.points, _("分值不能是 0；分值未定的留空。")))
        if self.cap.data is not None and not self.cap.data:
            found.append((self.cap, _("应大于 0；不设上限的留空。")))
        low, high = self.low.data, self.high.data
        if kind is Kind.RANGE:
            if (low is None) != (high is None):
                found.append((self.high if high is None else self.low, _("幅度的两端请都填写，未定的都留空。")))
            elif low is not None and high is not None and self.effect.data != BOTH and low >= high:
                found.append((self.high, _("应大于前一格。")))
            elif self.effect.data == BOTH and low is not None and not (low and high):
                found.append((self.high, _("可扣可加的，两格都应大于 0。")))
        return found + (self._band_faults() if kind is Kind.BAND else [])

    def _filled(self) -> list[Any]:
        return [e.form for e in self.bands if e.form.start.raw_data != [""] or e.form.points.raw_data != [""]]

    def _band_faults(self) -> list[tuple[Any, str]]:
        found: list[tuple[Any, str]] = []
        last: Decimal | None = None
        for n, row in enumerate(self._filled()):
            start = row.start.data
            if n == 0 and start is not None:
                found.append((row.start, _("第一档的起点请留空，表示从最低起。")))
            elif n and start is None:
                found.append((row.start, _("请填写这一档的起点。")))
            elif start is not None and last is not None and start <= last:
                found.append((row.start, _("应大于上一档的起点。")))
            last = start
        return found

    def chosen(self, code: str) -> tuple[str, Rule]:
        """The category and the rule as filled in; a figure left empty is unset."""
        kind, effect = self.counts, self.effect.data or MINUS
        where, _slash, group = (self.place.data or "").partition("/")
        low, high = self.low.data, self.high.data
        if kind is not Kind.RANGE or low is None or high is None:
            low = high = None
        elif effect == MINUS:
            low, high = -high, -low
        elif effect == BOTH:
            low = -low
        per = self.per.data if self.per.data is not None and kind in _STEPPED else Decimal(1)
        bar = Bar(self.disqualifies.data or "")
        return where, Rule(
            code=code,
            text=self.text.data or "",
            kind=kind,
            points=_signed(self.points.data, effect) if kind in _POINTED else None,
            low=low,
            high=high,
            bands=tuple(
                Band(r.start.data, _signed(r.points.data, r.effect.data)) for r in self._filled()
            ) if kind is Kind.BAND else (),
            mark=self.mark.data if kind is Kind.PER_POINT else None,
            side=Side(self.side.data) if kind is Kind.PER_POINT and self.side.data else Side.BELOW,
            per=per,
            whole=bool(self.whole.data) if kind in _STEPPED else True,
            cap=self.cap.data if kind is not Kind.DISQUALIFY else None,
            group=group,
            source=(
                *((phrases.HAND,) if self.hand.data else ()),
                *(phrases.FACT + each for each in self.facts.data or ()),
                *(phrases.CLUE + each for each in self.clues.data or ()),
            ),
            yearly=bool(self.yearly.data),
            disqualifies=bar,
            times=self.times.data if self.times.data is not None and bar is not Bar.NONE else Decimal(1),
        )  # fmt: skip


#: Kinds that count so much for every so many.
_STEPPED = (Kind.OCCURRENCE, Kind.PER_DAY, Kind.PER_POINT)
_POINTED = (*_STEPPED, Kind.FIXED)
#: In which ways of counting a field says something; the others say something in all.
_USED = {
    "effect": (*_POINTED, Kind.RANGE),
    "points": _POINTED,
    "per": _STEPPED,
    "whole": _STEPPED,
    "mark": (Kind.PER_POINT,),
    "side": (Kind.PER_POINT,),
    "low": (Kind.RANGE,),
    "high": (Kind.RANGE,),
    "bands": (Kind.BAND,),
    "cap": (*_POINTED, Kind.RANGE, Kind.BAND),
}


def _row(band: Band) -> dict[str, Any]:
    points = band.points
    return {
        "start": band.start,
        "effect": PLUS if points is not None and points > 0 else MINUS,
        "points": None if points is None else abs(points),
    }
