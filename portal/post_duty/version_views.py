"""Versions of a post beside each other, and the post sheet on paper (P-1)."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.kernel import access, clock, documents
from portal.post_duty import comparing, paper, queries
from portal.post_duty import vocabulary as words
from portal.post_duty.models import Post
from portal.post_duty.queries import PostVersion
from portal.post_duty.views import bp


def _post(code: str) -> tuple[Post, list[PostVersion]]:
    post = queries.by_code(code)
    if post is None:
        raise NotFound()
    return post, queries.versions(post)


def _number(name: str) -> int | None:
    typed = request.args.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None


def _version(versions: list[PostVersion], name: str, otherwise: PostVersion) -> PostVersion:
    wanted = _number(name)
    return next((v for v in versions if v.number == wanted), otherwise)


@bp.get("/<code>/compare")
@access.guard(words.READ)
def compare(code: str) -> str:
    """Any two versions side by side, changed lines marked; without a choice the two latest ones."""
    post, versions = _post(code)
    new = _version(versions, "b", versions[0])
    old = _version(versions, "a", versions[min(1, len(versions) - 1)])
    if old.number > new.number:
        old, new = new, old
    parts = [(label, comparing.side_by_side(old.texts[name], new.texts[name])) for name, label in words.STATED.items()]
    return render_template(
        "post_duty/compare.html",
        post=post,
        versions=versions,
        old=old,
        new=new,
        parts=parts,
        changed=any(pair.mark is not comparing.Mark.SAME for _label, pairs in parts for pair in pairs),
    )


def _shown(code: str) -> tuple[Post, PostVersion]:
    """The post and the version asked for, the present one without. Raises NotFound for a number that is none."""
    post, versions = _post(code)
    if "version" not in request.args:
        return post, versions[0]
    wanted = _number("version")
    found = next((v for v in versions if v.number == wanted), None)
    if found is None:
        raise NotFound()
    return post, found


@bp.get("/<code>/sheet")
@access.guard(words.READ)
def print_sheet(code: str) -> str:
    """The post sheet to print."""
    post, version = _shown(code)
    return render_template(
        "post_duty/sheet.html", post=post, version=version, p=paper.sheet(post, version, clock.now())
    )


@bp.get("/<code>/sheet.docx")
@access.guard(words.READ)
def sheet_docx(code: str) -> Response:
    """The post sheet as DOCX."""
    post, version = _shown(code)
    name = _("岗位说明书")
    return documents.download(paper.docx(post, version, clock.now()), f"{name}-{post.code}-{version.number}.docx")
