"""The post sheet 岗位说明书: one content for the print page and DOCX (P-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.kernel import clock
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date
from portal.people import queries as people
from portal.post_duty import qualifications, queries, seams
from portal.post_duty import vocabulary as words
from portal.post_duty.models import Post
from portal.post_duty.queries import PostVersion


@dataclass(frozen=True)
class Sheet:
    """Everything that the post sheet says, in the reader's language."""

    unit: str
    number: str
    facts: list[tuple[str, str]]
    stated: list[tuple[str, str]]
    items: list[tuple[str, str]]
    day: str


def sheet(post: Post, version: PostVersion, now: datetime) -> Sheet:
    """The sheet of a version; holders and items are those of now."""
    holders = seams.holders(post.id, now)
    today = clock.local(now).date()
    names = people.department_names()
    represents = qualifications.representatives(today).get(post.department_id)
    charged = [names[d] for d in sorted(queries.departments_of(post.id)) if d in names]
    facts = [
        (_("岗位名称"), post.name),
        (_("岗位编码"), post.code),
        (_("科室"), post.department.name),
        (_("岗位类别"), str(words.KIND_LABELS[post.kind])),
        (_("A 岗责任人"), (holders.a if holders else "") or _("空缺")),
        (_("B 岗责任人"), (holders.b if holders else "") or _("空缺")),
        (_("首席代表"), people.user_names()[represents.user_id] if represents else ""),
        (_("分管科室"), _("、").join(charged)),
        (_("办公地点"), post.place),
        (_("电话"), post.phone),
    ]
    return Sheet(
        unit=people.unit_name(),
        number=_("编码：%(code)s　第 %(n)s 版", code=post.code, n=version.number),
        facts=[(name, value) for name, value in facts if value],
        stated=[(str(label), version.texts[name] or _("（未编写）")) for name, label in words.STATED.items()],
        items=[(thing.title, thing.detail) for thing in seams.items(post.id)],
        day=local_date(clock.local(version.from_at).date(), "formal"),
    )


def docx(post: Post, version: PostVersion, now: datetime) -> Paper:
    """The post sheet as a DOCX document."""
    said = sheet(post, version, now)
    paper = Paper(_("岗位说明书"), said.unit)
    if people.is_sample():
        paper.line(_("样例"), right=True)
    paper.line(said.number, right=True)
    paper.fields([*said.facts, *said.stated])
    if said.items:
        paper.line(_("可以办理的服务事项"), bold=True)
        paper.table((_("事项"), _("承诺")), said.items, widths=(10.8, 5))
    paper.line(_("本版自 %(day)s 起执行。", day=said.day))
    paper.line(_("责任人（签名）：　　　　　　　科室负责人（签名）："))
    return paper
