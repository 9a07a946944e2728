"""Pages of measures of improvement and of meetings with clients (S-2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.client_opinion.models import OpinionKind
from portal.kernel import access, clock, files, htmx, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.acts import carried_out
from portal.kernel.db import db, locked
from portal.kernel.forms import PortalForm
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.survey import improvements, meetings, queries, tracking
from portal.survey import vocabulary as words
from portal.survey.forms import (
    MEASURE_TABS,
    DoneForm,
    FilesForm,
    MeasureFilterForm,
    MeasureForm,
    MeetingForm,
    RaisedForm,
    ReasonForm,
    ToldForm,
)
from portal.survey.models import ClientMeeting, Improvement, Survey, ToldBy
from portal.survey.rules import MeasureState, Standing
from portal.survey.views import Answer, bp, shown

#: Rows of an export at most.
EXPORTED = 5000


def light_of(measure: Improvement) -> str:
    """The light of a measure today."""
    return str(tracking.light(measure.state, measure.due_on, clock.today()))


# --- measures -------------------------------------------------------------------------------------------------


@bp.get("/surveys/improvements")
@access.guard(words.TAKE)
def improvement_list() -> Answer:
    """Measures with filters and pages: all for who reads surveys, else those of one's own department."""
    actor = require_actor()
    form = MeasureFilterForm(request.args)
    form.validate()
    return htmx.page_or_fragment(
        "survey/improvements.html",
        "survey/_improvements.html",
        form=form,
        wanted=form.wanted(),
        page=paginate(tracking.measures(actor, form.wanted(), clock.today())),
        tabs=MEASURE_TABS,
        light_of=light_of,
        filtered=any(v for k, v in request.args.items() if k not in ("page", "state")),
        **shown(),
    )


@bp.get("/surveys/improvements/export.xlsx")
@access.guard(words.TAKE)
def improvements_xlsx() -> Response:
    """The filtered measures as XLSX (at most EXPORTED rows)."""
    form = MeasureFilterForm(request.args)
    form.validate()
    departments = people.department_names()
    headings = [
        _("编号"), _("来源"), _("发现的问题"), _("改进措施"), _("责任科室"), _("完成日期"), _("状态"), _("完成时间"),
        _("逾期完成"), _("完成情况"), _("反馈日期"), _("反馈方式"), _("反馈内容"),
    ]  # fmt: skip

    def line(m: Improvement) -> list[object]:
        origin = m.survey or m.meeting
        return [
            m.number,
            origin.number if origin else "",
            m.finding,
            m.measure,
            departments.get(m.department_id, ""),
            m.due_on,
            str(words.MEASURE_LABELS[m.state]),
            m.done_at,
            _("是") if m.done_late else "",
            m.result,
            m.told_on,
            str(words.TOLD_LABELS[m.told_by]) if m.told_by else "",
            m.told_note,
        ]

    query = tracking.measures(require_actor(), form.wanted(), clock.today()).limit(EXPORTED)
    return sheets.listed(_("改进措施"), headings, (line(m) for m in db.session.scalars(query)))


def _lay_down(origin: Survey | ClientMeeting, back: str) -> Answer:
    actor, now = require_actor(), clock.now()
    form = MeasureForm(data={"due_on": clock.today() + timedelta(days=30)})
    made: list[Improvement] = []
    if request.method == "POST" and carried_out(
        form, lambda: made.append(improvements.lay_down(actor, origin, form.what(), now)), _("改进措施已确定。")
    ):
        return go("survey.improvement", number=made[0].number)
    page = render_template("survey/lay_down.html", form=form, origin=origin, back=back, **shown())
    return page, 422 if form.errors else 200


@bp.route("/surveys/<number>/improvements/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def lay_down(number: str) -> Answer:
    """A measure after a closed survey."""
    survey = queries.by_number(require_actor(), number)
    if queries.standing(survey, clock.now()) is not Standing.CLOSED:
        raise NotFound()
    return _lay_down(survey, "survey.results")


@bp.route("/surveys/meetings/<number>/improvements/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def lay_down_after_meeting(number: str) -> Answer:
    """A measure after a meeting with clients."""
    return _lay_down(tracking.meeting_by_number(number), "survey.meeting")


def _measure_page(number: str, **forms: PortalForm) -> str:
    actor = require_actor()
    measure = tracking.measure_by_number(actor, number)
    manages, state = actor.can(words.MANAGE), measure.state
    return render_template(
        "survey/improvement.html",
        measure=measure,
        origin=measure.survey or measure.meeting,
        light=light_of(measure),
        post=posts.post_name(measure.post_id) if measure.post_id else "",
        can={
            "done": state is MeasureState.OPEN and tracking.may_report(actor, measure),
            "withdraw": manages and state is MeasureState.OPEN,
            "tell": manages and state is MeasureState.DONE,
        },
        forms_={
            "done": DoneForm(formdata=None),
            "told": ToldForm(formdata=None, data={"told_on": clock.today(), "told_by": str(ToldBy.NOTICE)}),
            "reason": ReasonForm(formdata=None),
        }
        | forms,
        history=timeline.lines(reversed(journal.of_object("survey_measure", measure.id))),
        reads=actor.can(words.READ),
        **shown(),
    )


@bp.get("/surveys/improvements/<number>")
@access.guard(words.TAKE)
def improvement(number: str) -> str:
    """A measure: what was found, what is done, how the clients were told."""
    return _measure_page(number)


def _on_measure(
    number: str, verb: Callable[[Actor, Improvement], object], done: str, form: PortalForm, name: str
) -> Answer:
    actor = require_actor()
    tracking.measure_by_number(actor, number)
    measure = locked(Improvement, number=number)
    if carried_out(form, lambda: verb(actor, measure), done):
        return go("survey.improvement", number=number)
    return _measure_page(number, **{name: form}), 422


@bp.post("/surveys/improvements/<number>/done")
@access.guard(words.TAKE)
def improvement_done(number: str) -> Answer:
    """Report a measure done."""
    form, now = DoneForm(), clock.now()
    return _on_measure(
        number, lambda a, m: improvements.done(a, m, form.result.data or "", now), _("已报告完成。"), form, "done"
    )


@bp.post("/surveys/improvements/<number>/return")
@access.guard(words.MANAGE)
def improvement_back(number: str) -> Answer:
    """What was reported is not enough."""
    form, now = ReasonForm(), clock.now()
    return _on_measure(
        number, lambda a, m: improvements.send_back(a, m, form.reason.data or "", now), _("已退回。"), form, "reason"
    )


@bp.post("/surveys/improvements/<number>/told")
@access.guard(words.MANAGE)
def improvement_told(number: str) -> Answer:
    """Record how the clients were told."""
    form, now = ToldForm(), clock.now()

    def tell(actor: Actor, measure: Improvement) -> None:
        if form.told_on.data is not None:
            improvements.told(actor, measure, ToldBy(form.told_by.data), form.told_on.data, form.note.data or "", now)

    return _on_measure(number, tell, _("已记录反馈。"), form, "told")


@bp.post("/surveys/improvements/<number>/withdraw")
@access.guard(words.MANAGE)
def improvement_withdraw(number: str) -> Answer:
    """Take back a measure that was laid down in error."""
    form, now = ReasonForm(), clock.now()
    return _on_measure(
        number, lambda a, m: improvements.withdraw(a, m, form.reason.data or "", now), _("已撤销。"), form, "reason"
    )


# --- meetings -------------------------------------------------------------------------------------------------


@bp.get("/surveys/meetings")
@access.guard(words.READ)
def meeting_list() -> Answer:
    """Meetings with clients, and the half-years that have none (S-2)."""
    return htmx.page_or_fragment(
        "survey/meetings.html",
        "survey/_meetings.html",
        page=paginate(tracking.meetings()),
        missing=tracking.without_meeting(clock.today()),
        **shown(),
    )


@bp.route("/surveys/meetings/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def record_meeting() -> Answer:
    """Record a meeting with clients."""
    actor, now, form = require_actor(), clock.now(), MeetingForm()
    made: list[ClientMeeting] = []

    def record() -> None:
        if form.held_on.data is not None and form.participants.data is not None:
            made.append(
                meetings.record(
                    actor,
                    held_on=form.held_on.data,
                    place=form.place.data or "",
                    topic=form.topic.data or "",
                    participants=form.participants.data,
                    summary=form.summary.data or "",
                    now=now,
                    uploads=form.files.data or (),
                )
            )

    if request.method == "POST" and carried_out(form, record, _("座谈会已记录。")):
        return go("survey.meeting", number=made[0].number)
    return render_template("survey/record_meeting.html", form=form, **shown()), 422 if form.errors else 200


def _meeting_page(number: str, **forms: PortalForm) -> str:
    meeting = tracking.meeting_by_number(number)
    return render_template(
        "survey/meeting.html",
        meeting=meeting,
        raised=tracking.raised_at(meeting),
        measures=tracking.measures_of(meeting_id=meeting.id),
        attachments=files.of(meetings.OWNER, meeting.id),
        light_of=light_of,
        manages=require_actor().can(words.MANAGE),
        forms_={"raised": RaisedForm(formdata=None, data={"kind": "opinion"}), "files": FilesForm(formdata=None)}
        | forms,
        history=timeline.lines(reversed(journal.of_object("client_meeting", meeting.id))),
        **shown(),
    )


@bp.get("/surveys/meetings/<number>")
@access.guard(words.READ)
def meeting(number: str) -> str:
    """A meeting: its minutes, what was raised, what is done about it."""
    return _meeting_page(number)


@bp.get("/surveys/meetings/<number>/files/<int:file_id>")
@access.guard(words.READ)
def meeting_file(number: str, file_id: int) -> Response:
    """A file of a meeting's minutes."""
    found = tracking.meeting_by_number(number)
    return files.send(files.one_of(file_id, (meetings.OWNER, found.id)))


@bp.post("/surveys/meetings/<number>/files")
@access.guard(words.MANAGE)
def file_meeting(number: str) -> Answer:
    """Add files to a meeting's minutes."""
    actor, now, form = require_actor(), clock.now(), FilesForm()
    found = locked(ClientMeeting, number=number)
    if carried_out(form, lambda: meetings.file(actor, found, form.files.data or (), now), _("附件已保存。")):
        return go("survey.meeting", number=number)
    return _meeting_page(number, files=form), 422


@bp.post("/surveys/meetings/<number>/raised")
@access.guard(words.MANAGE)
def raise_opinion(number: str) -> Answer:
    """Hand on what a client raised, to be answered like any signed opinion (S-4)."""
    actor, now, form = require_actor(), clock.now(), RaisedForm()
    found = locked(ClientMeeting, number=number)

    def hand_on() -> None:
        meetings.raised(
            actor,
            found,
            OpinionKind(form.kind.data),
            form.text.data or "",
            form.department.data,
            now,
            contact_name=form.contact_name.data or "",
            contact_phone=form.contact_phone.data or "",
        )

    if carried_out(form, hand_on, _("已转为服务对象意见办理。")):
        return go("survey.meeting", number=number)
    return _meeting_page(number, raised=form), 422
