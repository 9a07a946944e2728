"""Writing in a draft, part by part: each act names what its writer saw, so that two at once never undo each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _

from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.errors import Conflict, Invalid
from portal.pure.scoring import Category, Rule, Table
from portal.score_table import checks, editing, service
from portal.score_table import vocabulary as words
from portal.score_table.models import Version
from portal.score_table.words import category_words, group_words, rule_words, source_words

Edit = Callable[[Table], Table]


def rule_text(rule: Rule | None) -> str:
    """A rule in one line for the journal."""
    return "" if rule is None else _("；").join([rule.text, rule_words(rule), source_words(rule)])


def category_text(category: Category | None) -> str:
    """A category in one line for the journal."""
    if category is None:
        return ""
    items = [f"{g.name} {group_words(g)}".strip() for g in category.groups]
    return _("；").join([category.name, category_words(category), *items])


def heading_text(table: Table) -> str:
    """What holds of the whole, in one line for the journal."""
    cap = "" if table.total_cap is None else _("总分上限 %(n)s 分", n=f"{table.total_cap:f}")
    return _("；").join(each for each in (cap, table.source, table.note) if each)


def _keep(actor: Actor, version: Version, table: Table, what: str, old: str, new: str, now: datetime) -> Version:
    wrong = checks.fault(table)
    if wrong is not None:
        raise Invalid(wrong[0], wrong[1], "E-2")
    content = service.dump(table)
    if content == version.content:
        return version
    version.content = content
    version.writers = json.dumps(sorted(version.written_by() | ({actor.id} if actor.id else set())))
    journal.record(
        words.CHANGED, version, actor, now,
        name=version.score_table.name, version=version.version, what=what, old=old, new=new,
    )  # fmt: skip
    return version


def _same(part: object, seen: str) -> None:
    if editing.stamp(part) != seen:
        raise Conflict(
            _("另一人刚修改过这一部分。您填写的内容还在，请与现在的内容核对；再次保存即以您的为准。"), "POL-1"
        )


def save_rule(actor: Actor, version_id: int, code: str, where: str, wanted: Rule, seen: str, now: datetime) -> Version:
    """Put a rule in its category; ``code`` empty makes a new one. Raises NotAllowed, Conflict, Invalid."""
    version = service.draft_of(actor, version_id)
    table = version.table
    found = editing.rule(table, code) if code else None
    if code:
        _same(found[1] if found else None, seen)
    if editing.category(table, where) is None:
        raise Invalid("place", _("这个类别已被删除，请另选。"))
    made = editing.put_rule(table, where, wanted)
    what = _("修改一条") if found else _("增加一条")
    return _keep(actor, version, made, what, rule_text(found[1] if found else None), rule_text(wanted), now)


def bare(category: Category | None) -> Category | None:
    """A category without its rules: what `save_category` sets."""
    return None if category is None else replace(category, rules=())


def save_category(
    actor: Actor, version_id: int, code: str, edit: Callable[[Category | None], Category], seen: str, now: datetime
) -> Version:
    """Change a category, or add one at the end (``code`` empty). Raises NotAllowed, Conflict, Invalid."""
    version = service.draft_of(actor, version_id)
    found = editing.category(version.table, code) if code else None
    if code:
        _same(bare(found), seen)
    wanted = edit(found)
    made = editing.put_category(version.table, wanted)
    what = _("修改类别") if found else _("增加类别")
    return _keep(actor, version, made, what, category_text(found), category_text(wanted), now)


def save_heading(actor: Actor, version_id: int, edit: Edit, seen: str, now: datetime) -> Version:
    """Set what holds of the whole table. Raises NotAllowed, Conflict, Invalid."""
    version = service.draft_of(actor, version_id)
    table = version.table
    _same(heading(table), seen)
    made = edit(table)
    return _keep(actor, version, made, _("总分上限和来源"), heading_text(table), heading_text(made), now)


def heading(table: Table) -> tuple[object, ...]:
    """What `save_heading` sets."""
    return table.total_cap, table.source, table.note


def arrange(actor: Actor, version_id: int, act: str, code: str, seen: str, now: datetime) -> Version:
    """Move or take away a rule or category: ``act`` is rule_up, rule_down, rule_drop or the same of a category.

    Raises NotAllowed; Conflict when the draft is no longer as it was seen, or for a category that still has rules.
    """
    version = service.draft_of(actor, version_id)
    table = version.table
    part, _underscore, verb = act.partition("_")
    found_rule, found_category = editing.rule(table, code), editing.category(table, code)
    name = found_category.name if found_category else ""
    if part == "rule":
        name = found_rule[1].text if found_rule else ""
    if editing.stamp(table) != seen or not name:
        raise Conflict(_("另一人刚修改过这张表，请看过现在的内容再操作。"), "POL-1")
    old = ""
    if verb == "drop":
        if part == "rule":
            made, old = editing.drop_rule(table, code), rule_text(found_rule[1] if found_rule else None)
        elif found_category is not None and found_category.rules:
            raise Conflict(_("类别里还有考核内容，请先移走或删除。"), "E-2")
        else:
            made, old = editing.drop_category(table, code), category_text(found_category)
        what = _("删除“%(name)s”", name=name)
    else:
        step = -1 if verb == "up" else 1
        made = editing.move_rule(table, code, step) if part == "rule" else editing.move_category(table, code, step)
        what = _("移动“%(name)s”", name=name)
    if not made.categories:
        raise Conflict(_("评分表至少要有一个类别。"), "E-2")
    return _keep(actor, version, made, what, old, "", now)
