"""The half-yearly publication: what is due, what was published, on paper and as files (AB-5)."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.ab_post import office_service, publications
from portal.ab_post import vocabulary as words
from portal.ab_post.forms import PublicationForm
from portal.ab_post.models import Letter, PairPublication
from portal.ab_post.publications import Change, Held, PairList
from portal.ab_post.views import bp
from portal.kernel import access, clock, documents, sheets
from portal.kernel.actor import require_actor
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.kernel.i18n import local_date
from portal.people import queries as people

__all__ = ["bp"]


@bp.get("/publications")
@access.guard(words.READ)
def publications_list() -> str:
    """What was published, and the list of the half year that is due."""
    year, half = publications.usual(clock.today())
    return render_template(
        "ab_post/publications.html",
        found=publications.published(),
        names=people.user_names(),
        halves=words.HALF_YEAR_LABELS,
        form=PublicationForm(year=year, half=half),
        due=(year, half),
    )


def _half(year: int, half: int) -> tuple[int, int]:
    """A half year of the address. Raises NotFound for none that began."""
    if half not in words.HALF_YEAR_LABELS or not 2000 <= year <= clock.today().year:
        raise NotFound()
    if publications.span(year, half)[0] > clock.today():
        raise NotFound()
    return year, half


@bp.get("/publications/preview")
@access.guard(words.MANAGE)
def preview_publication() -> str | BaseResponse | tuple[str, int]:
    """The list of a half year as it would be published now."""
    if not request.args:
        return go("ab_post.publications_list")
    form = PublicationForm(request.args)
    if not form.validate():
        return (
            render_template(
                "ab_post/publications.html",
                found=publications.published(),
                names=people.user_names(),
                halves=words.HALF_YEAR_LABELS,
                form=form,
                due=None,
            ),
            422,
        )
    year, half = _half(form.year.data, form.half.data)
    return render_template(
        "ab_post/publication.html",
        listed=publications.make(year, half, clock.now()),
        publication=None,
        halves=words.HALF_YEAR_LABELS,
        names=people.user_names(),
    )


@bp.post("/publications")
@access.guard(words.MANAGE)
def publish() -> BaseResponse | tuple[str, int]:
    """Publish the list of a half year; it stays as it is from now on."""
    form = PublicationForm()
    if form.sent():
        try:
            made = office_service.publish(require_actor(), form.year.data, form.half.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已公示。"))
            return go("ab_post.show_publication", year=made.year, half=made.half, edition=made.edition)
    page = render_template(
        "ab_post/publications.html",
        found=publications.published(),
        names=people.user_names(),
        halves=words.HALF_YEAR_LABELS,
        form=form,
        due=None,
    )
    return page, 422


def _publication(year: int, half: int, edition: int) -> tuple[PairPublication, PairList]:
    found = publications.find(year, half, edition) if max(year, half, edition) < 10_000 else None
    if found is None:
        raise NotFound()
    return found, publications.from_text(found.content)


@bp.get("/publications/<int:year>/<int:half>/<int:edition>")
@access.guard(words.READ)
def show_publication(year: int, half: int, edition: int) -> str:
    """A publication as it was made."""
    found, listed = _publication(year, half, edition)
    return render_template(
        "ab_post/publication.html",
        listed=listed,
        publication=found,
        halves=words.HALF_YEAR_LABELS,
        names=people.user_names(),
    )


@bp.get("/publications/<int:year>/<int:half>/<int:edition>/paper")
@access.guard(words.READ)
def publication_paper(year: int, half: int, edition: int) -> str:
    """A publication to print and put up."""
    found, listed = _publication(year, half, edition)
    return render_template(
        "ab_post/publication_paper.html",
        listed=listed,
        publication=found,
        unit=people.unit_name(),
        title=_title(listed),
        day=clock.local(found.published_at).date(),
        held=held_words,
        changed=change_words,
        halves=words.HALF_YEAR_LABELS,
    )


@bp.get("/publications/<int:year>/<int:half>/<int:edition>.docx")
@access.guard(words.READ)
def publication_docx(year: int, half: int, edition: int) -> Response:
    """A publication as DOCX."""
    found, listed = _publication(year, half, edition)
    paper = documents.Paper(_title(listed), people.unit_name())
    paper.line(_period(listed, found))
    for name, lines in listed.departments:
        paper.line(name, bold=True)
        paper.table(
            [_("岗位"), _("A 岗"), _("B 岗"), _("变动与备案")],
            [
                [
                    line.name,
                    held_words(line.of(Letter.A)),
                    held_words(line.of(Letter.B)),
                    "\n".join(change_words(c) for c in line.changes) or _("无"),
                ]
                for line in lines
            ],
            widths=(3.4, 3.6, 3.6, 5.2),
        )
    paper.line(local_date(clock.local(found.published_at).date(), "formal"), right=True)
    return documents.download(paper, f"{_title(listed)}.docx")


@bp.get("/publications/<int:year>/<int:half>/<int:edition>.xlsx")
@access.guard(words.READ)
def publication_xlsx(year: int, half: int, edition: int) -> Response:
    """A publication as XLSX: holders, and changes with the days of decision and filing."""
    _found, listed = _publication(year, half, edition)
    holders: list[list[Any]] = [
        [name, line.code, line.name, h.letter, h.name, h.since, h.until, h.decided, h.filed, _late(h.late)]
        for name, lines in listed.departments
        for line in lines
        for h in line.held
    ]
    changes: list[list[Any]] = [
        [name, line.code, line.name, c.letter, c.old, c.new, c.since, c.decided, c.filed, _late(c.late)]
        for name, lines in listed.departments
        for line in lines
        for c in line.changes
    ]
    place = [_("科室"), _("岗位编号"), _("岗位"), _("A/B")]
    dates = [_("决定日期"), _("备案日期"), _("迟报")]
    content = sheets.workbook(
        [
            (_("责任人"), [*place, _("姓名"), _("起"), _("止"), *dates], holders),
            (_("变动"), [*place, _("原责任人"), _("新责任人"), _("生效日期"), *dates], changes),
        ]
    )
    return sheets.download(content, f"{_title(listed)}.xlsx")


def _late(late: bool) -> str:
    return _("迟报") if late else ""


def _title(listed: PairList) -> str:
    return _("%(year)s 年%(half)s AB 岗公示", year=listed.year, half=words.HALF_YEAR_LABELS[listed.half])


def _period(listed: PairList, found: PairPublication) -> str:
    first, last = listed.days
    return _(
        "公示期间：%(a)s 至 %(b)s，第 %(edition)s 版", a=local_date(first), b=local_date(last), edition=found.edition
    )


def held_words(held: list[Held]) -> str:
    """Who held a place, each with the days."""
    if not held:
        return _("空缺")
    return "\n".join(
        _("%(name)s（%(a)s 至 %(b)s）", name=h.name, a=local_date(h.since), b=local_date(h.until))
        if h.until
        else _("%(name)s（%(a)s 起）", name=h.name, a=local_date(h.since))
        for h in held
    )


def change_words(change: Change) -> str:
    """One change with its days, and whether it was filed late."""
    said = _(
        "%(letter)s 岗：%(old)s → %(new)s，%(on)s 生效，%(decided)s 决定，%(filed)s 备案",
        letter=change.letter,
        old=change.old or _("空缺"),
        new=change.new or _("空缺"),
        on=local_date(change.since),
        decided=local_date(change.decided),
        filed=local_date(change.filed),
    )
    return _("%(change)s（迟报）", change=said) if change.late else said
