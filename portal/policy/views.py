"""Pages of the policy room: the nine systems, the table of rules, the values and their history."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, timeline
from portal.kernel.actor import require_actor
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.policy import catalogue, elsewhere, nine_systems, queries, rule_table, service
from portal.policy import vocabulary as words
from portal.policy.catalogue import Definition
from portal.policy.display import stored_words, value_words
from portal.policy.forms import value_form
from portal.policy.models import PolicyValue
from portal.pure.text import clean, nfkc

bp = Blueprint("policy", __name__, url_prefix="/policy")


@dataclass(frozen=True)
class Figure:
    """A value as the pages show it: in force, beside the default that the texts print."""

    definition: Definition
    in_force: str
    default: str
    version: PolicyValue | None
    unreadable: str

    @property
    def differs(self) -> bool:
        """Whether the office has departed from the default."""
        return self.in_force != self.default


def _figures(keys: list[str]) -> list[Figure]:
    values, versions = queries.values(), queries.newest_versions()
    broken = {each.key: each.stored for each in queries.unreadable()}
    definitions = [catalogue.definition(key) for key in keys]
    return [
        Figure(d, value_words(d, values[d.key]), value_words(d, d.default), versions.get(d.key), broken.get(d.key, ""))
        for d in definitions
    ]


@bp.get("/")
@access.guard(words.READ)
def index() -> str:
    """The nine systems at a glance."""
    return render_template("policy/index.html", systems=nine_systems.systems())


@bp.get("/systems/<slug>")
@access.guard(words.READ)
def system(slug: str) -> str:
    """One system clause by clause, with the figures in force beside the printed defaults (POL-3)."""
    try:
        found = nine_systems.system(slug.replace("-", "_"))
    except KeyError:
        raise NotFound() from None
    if "_" in slug:
        raise NotFound()
    keys = [key for clause in found.clauses for key in clause.values]
    figures = {figure.definition.key: figure for figure in _figures(keys)}
    return render_template(
        "policy/system.html", system=found, systems=nine_systems.systems(), figures=figures, rule=rule_table.rule
    )


@bp.get("/clauses/<clause_id>")
@access.guard(words.READ)
def clause(clause_id: str) -> BaseResponse:
    """The clause that a form names, on the page of its system (POL-3)."""
    try:
        found = nine_systems.clause(clause_id)
    except KeyError:
        raise NotFound() from None
    return redirect(url_for("policy.system", slug=found.system.replace("_", "-"), _anchor=found.id))


@bp.get("/rules")
@access.guard(words.READ)
def rules() -> str:
    """The table of rules, with a search over numbers, titles and texts."""
    asked = clean(request.args.get("q", ""))[:60]
    parts = nfkc(asked).casefold().split()
    chapters = [
        (chapter, [rule for rule in chapter.rules if _matches(rule, parts)]) for chapter in rule_table.chapters()
    ]
    chapters = [(chapter, found) for chapter, found in chapters if found]
    return render_template("policy/rules.html", asked=asked, chapters=chapters, cited=_cited())


def _matches(rule: rule_table.Rule, parts: list[str]) -> bool:
    text = nfkc(" ".join((rule.id, *(f"{w.zh} {w.en}" for w in (rule.titles, rule.texts))))).casefold()
    return all(part in text for part in parts)


def _cited() -> dict[str, list[nine_systems.Clause]]:
    """The clauses that rest on each rule."""
    found: dict[str, list[nine_systems.Clause]] = {}
    for each in nine_systems.systems():
        for clause_ in each.clauses:
            for rule_id in clause_.rules:
                found.setdefault(rule_id, []).append(clause_)
    return found


@bp.get("/values")
@access.guard(words.READ)
def values() -> str:
    """All policy values by group."""
    keys = [d.key for d in catalogue.definitions()]
    groups: dict[str, list[Figure]] = {name: [] for name in catalogue.GROUPS}
    for figure in _figures(keys):
        groups[figure.definition.group].append(figure)
    shown = [(catalogue.GROUPS[name], figures) for name, figures in groups.items() if figures]
    return render_template("policy/values.html", groups=shown)


@bp.get("/values/<key>")
@access.guard(words.READ)
def history(key: str) -> str:
    """One value with all its versions (POL-1)."""
    return render_template(
        "policy/history.html",
        figure=_figures([_definition(key).key])[0],
        versions=[(row, stored_words(key, row.value)) for row in queries.history(key)],
        names=timeline.names(),
    )


@bp.route("/values/<key>/set", methods=["GET", "POST"])
@access.guard(words.SET)
def set_value(key: str) -> str | BaseResponse | tuple[str, int]:
    """Set a value, with a reason (POL-1)."""
    definition = _definition(key)
    other = elsewhere.endpoint(key)
    if other is not None:
        return redirect(url_for(other))
    form = value_form(definition, definition.dump(queries.value(key)))
    if form.sent():
        try:
            service.set_value(
                require_actor(), key, form.value.data or "", form.reason.data, clock.now(), form.seen.data or None
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("“%(label)s”已修改，此前的办理不受影响。", label=definition.label))
            return go("policy.history", key=key)
    page = render_template("policy/set_value.html", form=form, figure=_figures([key])[0])
    return page, 422 if form.errors else 200


def _definition(key: str) -> Definition:
    try:
        return catalogue.definition(key)
    except KeyError:
        raise NotFound() from None
