"""The verbs of everyday handling: steps, closing with a result, corrections, the archive file (T-11, J-4, R-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from portal.cases import papers, rules, seams, service
from portal.cases import vocabulary as words
from portal.cases.models import Case, CaseArchive
from portal.cases.paper_models import PaperKind
from portal.kernel import clock, files, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from portal.post_duty.models import Post
from portal.service_commitment import queries as catalogue
from portal.service_commitment.queries import Entry


def note_step(actor: Actor, case: Case, note: str, now: datetime, uploads: Sequence[FileStorage] = ()) -> None:
    """Write down a step of the handling, with files if any."""
    service.handle(actor, case, now)
    stored = files.store(uploads, "case", case.id, actor.id, now, policy.value("attachments.max_megabytes"))
    if not note and not stored:
        raise Invalid("note", _("请填写办理记录或选择文件。"))
    text = "；".join([*([note] if note else []), *(f.name for f in stored)])
    journal.record(words.STEP_NOTED, case, actor, now, post_id=case.post_id, note=text)


def complete(actor: Actor, case: Case, result: str, document: str, statement: str, now: datetime) -> None:
    """Close a case with its result (T-11).

    Raises Invalid when it is overdue without a statement (T-8), NotAllowed when a licensing officer's qualification
    is needed and the actor has no valid one (R-3).
    """
    service.handle(actor, case, now)
    if not catalogue.may_decide(case.promise_version, actor.id, clock.local(now).date()):
        raise NotAllowed(unqualified(case, actor), "R-3")
    if why := seams.bar(case):
        raise Conflict(why, "T-9")
    case_state = rules.MOVES.after(case.state, "complete")
    service.explain(actor, case, statement, now)
    case.result, case.outcome_document = result, document
    late = service.close(case, case_state, now)
    journal.record(
        words.COMPLETED,
        case,
        actor,
        now,
        post_id=case.post_id,
        document=document,
        late=late,
        due=case.due_at,
        result=result,
    )


def unqualified(case: Case, actor: Actor) -> str:
    """Why somebody cannot complete a case that needs a qualification (R-3); B acting for A needs an own one."""
    kind = case.promise_version.qualification if case.promise_version else ""
    if kind:
        return _("这个事项须由持有效“%(kind)s”资格的人员办结，%(name)s目前没有。", kind=kind, name=actor.name)
    return _("这个事项须由持有效资格的许可人员办结，%(name)s目前没有。", name=actor.name)


def correct(actor: Actor, case: Case, now: datetime) -> Case:
    """Open a linked case that corrects or revives a closed one (T-11, N-7). Raises Conflict while it is open."""
    if case.closed_at is None:
        raise Conflict(_("办件尚未结案，可以直接办理。"))
    service.require_handler(actor, case)
    item = catalogue.by_id(case.item_id)
    linked = service.open_case(
        actor,
        now,
        matter=case.matter,
        client=service.Client(case.client_unit, case.client_name, case.client_phone),
        item=item,
        post_id=case.post_id,
        received=_same_papers(case, item),
        origin=case,
    )
    return linked


def _same_papers(case: Case, item: Entry | None) -> list[int]:
    """Lines of the checklist of today whose papers are still here; the checklist may have changed since (C-3)."""
    version = catalogue.promise(item.version_id) if item else None
    here = {m.name for m in case.materials if m.received_at and not m.returned_at}
    return [m.position for m in version.materials if m.name in here] if version else []


def change_client(actor: Actor, case: Case, client: service.Client, now: datetime) -> None:
    """Mend a slip in the client's name or phone of an open case; the journal keeps what stood before."""
    service.handle(actor, case, now)
    before = {"unit": case.client_unit, "name": case.client_name, "phone": case.client_phone}
    if service.Client(**before) == client:
        raise Invalid("client_name", _("没有改动。"))
    case.client_unit, case.client_name, case.client_phone = client.unit, client.name, client.phone
    journal.record(
        words.CLIENT_CHANGED,
        case,
        actor,
        now,
        post_id=case.post_id,
        client_unit=client.unit,
        client_name=client.name,
        client_phone=client.phone,
        before=before,
    )


def move(actor: Actor, case: Case, post_id: int | None, reason: str, now: datetime) -> None:
    """Give an open case to another post of the same department; between departments it is a passing-on (F-4)."""
    service.handle(actor, case, now)
    post = db.session.get(Post, post_id) if post_id else None
    if post is None or post.department_id != case.department_id or post.closed_on is not None:
        raise Invalid("post", _("请选择本科室的岗位。"))
    if post.id == case.post_id:
        raise Invalid("post", _("办件已在这个岗位。"))
    if not reason:
        raise Invalid("text", _("请写明调整理由。"))
    old = case.post.name
    case.post = post
    journal.record(words.MOVED, case, actor, now, post_id=post.id, old=old, new=post.name, reason=reason)


def tell(actor: Actor, case: Case, how: str, on: date | None, now: datetime) -> None:
    """Record that the client was told of the deemed agreement (T-7). Raises Conflict when there is nothing to tell."""
    service.require_handler(actor, case)
    paper = papers.of_kind(case.id, PaperKind.DEEMED_AGREED)
    if paper is None:
        raise Conflict(_("这件办件没有视为同意通知书。"), "T-7")
    papers.tell(actor, paper, how, on, now)


def file_archive(actor: Actor, case: Case, pages: int | None, note: str, now: datetime) -> None:
    """File the archive of a closed case (J-4). Raises Conflict when it was filed before."""
    service.require_handler(actor, case)
    archive = db.session.get(CaseArchive, case.id)
    if archive is None or archive.filed_at is not None:
        raise Conflict(_("这件办件的档案已经归档，或尚未结案。"))
    archive.filed_at, archive.filed_by_id, archive.pages, archive.note = now, actor.id, pages, note
    journal.record(words.ARCHIVED, case, actor, now, post_id=case.post_id, pages=pages, note=note)
