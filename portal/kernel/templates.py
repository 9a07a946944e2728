"""Templates as they are compiled: once per language with their words already in place, and rows drawn once.

A page has hundreds of words and up to a hundred rows that are the same as a moment ago; looking each of them up and
escaping them again was most of what a list cost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from flask import current_app, render_template, request
from flask.templating import Environment
from flask_babel import force_locale
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from portal.kernel import epochs, i18n, icons

#: Pieces of pages that are remembered at most, about 1 KB each.
KEPT = 2000


class _Words(NodeTransformer):
    """Puts constant words and icons into the template itself."""

    CONSTANT: ClassVar[dict[str, Callable[..., Markup]]] = {"_": i18n.template_gettext, "icon": icons.icon}

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """A call with nothing but constants whose result depends on the language alone becomes its result."""
        self.generic_visit(node)
        make = self.CONSTANT.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if make is None or node.dyn_args is not None or node.dyn_kwargs is not None:
            return node
        given = [*node.args, *(pair.value for pair in node.kwargs)]
        if not all(isinstance(each, nodes.Const | nodes.TemplateData) for each in given):
            return node
        values = [each.value if isinstance(each, nodes.Const) else Markup(each.data) for each in given]  # type: ignore[attr-defined]  # noqa: S704
        names = {pair.key: value for pair, value in zip(node.kwargs, values[len(node.args) :], strict=True)}
        return nodes.TemplateData(str(make(*values[: len(node.args)], **names)), lineno=node.lineno)


class Templates(Environment):
    """The application's templates: an environment of its own for each language that is asked for."""

    language = ""

    def get_or_select_template(self, *args: Any, **kwargs: Any) -> Template:
        """The template of the language in force."""
        if self.language:
            return super().get_or_select_template(*args, **kwargs)
        return self.of(i18n.language()).get_or_select_template(*args, **kwargs)

    def of(self, language: str) -> Templates:
        """The environment of one language."""
        made: dict[str, Templates] = self.__dict__.setdefault("_of", {})
        found = made.get(language)
        if found is None:
            found = self.overlay()
            found.language = language
            made[language] = found
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if self.language:
            with force_locale(self.language):
                _Words().visit(tree)
        return tree


def standing(epoch: str, template: str, make: Callable[[], dict[str, Any]], *scene: str, typed: bool = False) -> Markup:
    """A fragment that words and the tables of one epoch decide alone, drawn once until they change.

    ``make`` gives its context; ``scene`` says what else the text depends on, of few values. ``typed``: somebody has
    typed something into it, so that it is drawn for this page alone.
    """

    def draw() -> Markup:
        return Markup(render_template(template, **make()))  # noqa: S704 - a template's own text

    if typed:
        return draw()
    what = "/".join(("standing", template, i18n.language(), request.script_root, *scene))
    return epochs.cached(epoch, what, draw)


def drawn(what: str, macro: Callable[..., Markup], *scene: Any) -> Callable[..., Markup]:
    """``macro`` remembering what it drew: equal arguments under the same ``scene`` give the same text.

    Arguments and scene must be hashable and say everything that the text depends on, apart from the language.
    """
    kept: dict[Any, Markup] = current_app.extensions.setdefault("portal.drawn", {})
    scene = (what, i18n.language(), *scene)

    def draw(*values: Any) -> Markup:
        key = (scene, values)
        found = kept.get(key)
        if found is None:
            if len(kept) >= KEPT:
                kept.clear()
            kept[key] = found = macro(*values)
        return found

    return draw
