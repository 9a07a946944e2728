"""Pages that change the calendar (T-3): form, preview of every open due date that moves, then one act."""

from __future__ import annotations

import io

from flask import Response, flash, render_template, request, send_file
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.calendar import drafts, foresight, notice_file, official, queries, rules, service
from portal.calendar import vocabulary as words
from portal.calendar.drafts import Draft, What
from portal.calendar.foresight import Row
from portal.calendar.forms import ClearForm, DayForm, HoursForm, YearFileForm, YearForm
from portal.calendar.rules import Doubt, Unusual
from portal.calendar.views import bp, within
from portal.kernel import access, clock, sheets, transaction
from portal.kernel.actor import require_actor
from portal.kernel.errors import Invalid
from portal.kernel.forms import read_day
from portal.kernel.htmx import go
from portal.kernel.i18n import local_date, local_dt
from portal.kernel.paging import PER_PAGE, Page, page_number
from portal.kernel.timeline import names
from portal.policy import catalogue

Answer = str | BaseResponse | tuple[str, int]
#: Empty rows offered after the usual holidays.
SPARE = 2
_TITLES = {
    What.YEAR: _l("录入全年安排"),
    What.WITHDRAW: _l("撤回全年安排"),
    What.DAY: _l("设定一天"),
    What.CLEAR: _l("恢复官方安排"),
    What.HOURS: _l("修改工作时间"),
}


def _to_preview(draft: Draft) -> BaseResponse:
    return go("calendar.preview", token=drafts.keep(require_actor(), draft, clock.now()))


# --- what is to change --------------------------------------------------------------------------------------------


@bp.route("/days/new", methods=["GET", "POST"])
@access.guard(words.ENTER)
def set_day() -> Answer:
    """Set one day to worked or off."""
    form = DayForm()
    if form.sent():
        assert form.day.data is not None
        day, workday, reason = form.day.data, form.workday.data == "work", form.reason.data or ""
        try:
            service.check_day(day, workday, reason)
        except Invalid as error:
            form.refuse(error)
        else:
            return _to_preview(Draft(What.DAY, day=day, workday=workday, reason=reason))
    return render_template("calendar/set_day.html", form=form), 422 if form.errors else 200


@bp.route("/days/<day>/clear", methods=["GET", "POST"])
@access.guard(words.ENTER)
def clear_day(day: str) -> Answer:
    """Bring the official arrangement of a day back."""
    on = read_day(day)
    row = queries.own_day(on) if on else None
    if row is None:
        raise NotFound()
    form = ClearForm()
    if form.sent():
        return _to_preview(Draft(What.CLEAR, day=row.day, reason=form.reason.data or ""))
    page = render_template("calendar/clear_day.html", form=form, row=row, day_labels=words.DAY_LABELS)
    return page, 422 if form.errors else 200


def _open_year(year: int) -> int:
    """A year whose notice the office enters. Raises NotFound."""
    if within(year) in official.CHECKED_YEARS:
        raise NotFound()
    return year


def _filled(year: int) -> YearForm:
    """The form with what was entered, or with the names of the usual holidays."""
    entered = queries.entered_year(year)
    known = [rules.NoticeDay(d.day, d.workday, d.reason) for d in queries.notice_days(year)]
    stretches = rules.stretches(known)
    rows = [{"name": s.name, "first": s.first, "last": s.last} for s in stretches if not s.workday]
    rows = rows or [{"name": name} for name in rules.USUAL_HOLIDAYS]
    form = YearForm(
        notice=entered.notice if entered else "",
        rows=[*rows, *({"name": ""} for _n in range(SPARE))],
        workdays="\n".join(s.first.isoformat() for s in stretches if s.workday),
    )
    form.year = year
    return form


@bp.route("/<int:year>/notice", methods=["GET", "POST"])
@access.guard(words.ENTER)
def enter_year(year: int) -> Answer:
    """Enter the whole notice of a year, which makes it known (T-3)."""
    form = _filled(_open_year(year))
    if form.sent():
        try:
            service.check_year(year, form.days)
        except Invalid as error:
            form.refuse(error)
        else:
            return _to_preview(Draft(What.YEAR, year=year, notice=form.notice.data or "", days=form.days))
    return _year_page(year, form, YearFileForm(formdata=None)), 422 if form.errors else 200


@bp.post("/<int:year>/notice/file")
@access.guard(words.ENTER)
def enter_file(year: int) -> Answer:
    """Enter the notice of a year from a file; errors are told by line."""
    form = YearFileForm()
    form.year = _open_year(year)
    if form.sent():
        try:
            service.check_year(year, form.days)
        except Invalid as error:
            form.refuse(error)
        else:
            return _to_preview(Draft(What.YEAR, year=year, notice=form.notice.data or "", days=form.days))
    return _year_page(year, _filled(year), form), 422


def _year_page(year: int, form: YearForm, file_form: YearFileForm) -> str:
    return render_template(
        "calendar/enter_year.html", form=form, file_form=file_form, year=year, entered=queries.entered_year(year)
    )


@bp.get("/<int:year>/notice/template.<kind>")
@access.guard(words.ENTER)
def template(year: int, kind: str) -> Response:
    """The file to fill in."""
    name = _("%(year)s 年放假安排模板", year=_open_year(year))
    if kind == "xlsx":
        content = sheets.workbook([(_("放假安排"), notice_file.headings(), notice_file.template_rows())])
        return sheets.download(content, f"{name}.xlsx")
    if kind == "csv":
        content = notice_file.template_csv()
        return send_file(io.BytesIO(content), mimetype="text/csv", as_attachment=True, download_name=f"{name}.csv")
    raise NotFound()


@bp.route("/<int:year>/withdraw", methods=["GET", "POST"])
@access.guard(words.ENTER)
def withdraw_year(year: int) -> Answer:
    """Take a year's notice back: the year is provisional again."""
    entered = queries.entered_year(_open_year(year))
    if entered is None:
        raise NotFound()
    form = ClearForm()
    if form.sent():
        return _to_preview(Draft(What.WITHDRAW, year=year, reason=form.reason.data or ""))
    page = render_template("calendar/withdraw_year.html", form=form, entered=entered, year=year)
    return page, 422 if form.errors else 200


@bp.route("/hours", methods=["GET", "POST"])
@access.guard(words.ENTER)
def set_hours() -> Answer:
    """Set the office hours, with which every limit ends (T-3)."""
    definition = catalogue.definition(service.HOURS)
    now_in_force = definition.dump(queries.work_calendar().hours)
    form = HoursForm(hours=now_in_force)
    if form.sent():
        hours = definition.dump(drafts.hours_of(form.hours.data or ""))
        return _to_preview(Draft(What.HOURS, hours=hours, seen=now_in_force, reason=form.reason.data or ""))
    page = render_template("calendar/set_hours.html", form=form, hours=now_in_force, definition=definition)
    return page, 422 if form.errors else 200


# --- what it would do, and the act --------------------------------------------------------------------------------


@bp.get("/changes/<token>")
@access.guard(words.ENTER)
def preview(token: str) -> str:
    """Every open matter whose due date would change, old and new, before anything is written (T-3)."""
    actor, now = require_actor(), clock.now()
    draft = drafts.opened(actor, token, now)
    seen = drafts.preview(draft)
    typed = request.args.get("department", "")
    department = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
    kind = request.args.get("kind", "")[:40]
    rows = seen.narrowed(department, kind)
    return render_template(
        "calendar/preview.html",
        token=token,
        draft=draft,
        What=What,
        seen=seen,
        title=_TITLES[draft.what],
        what=_what(draft),
        page=_page(rows),
        department=department,
        kind=kind,
        back=_back(draft),
        doubts=[_doubt(each) for each in seen.doubts],
        names=names(),
        day_labels=words.DAY_LABELS,
    )


def _page(rows: list[Row]) -> Page[Row]:
    pages = max(1, -(-len(rows) // PER_PAGE))
    number = min(page_number(), pages)
    return Page(rows[(number - 1) * PER_PAGE : number * PER_PAGE], number, len(rows), False)


def _what(draft: Draft) -> str:
    """The change in a sentence."""
    match draft.what:
        case What.YEAR:
            off = sum(not d.workday for d in draft.days)
            return _(
                "%(year)s 年：放假 %(off)s 天，调休上班 %(work)s 天（%(notice)s）",
                year=draft.year,
                off=off,
                work=len(draft.days) - off,
                notice=draft.notice,
            )
        case What.WITHDRAW:
            return _("%(year)s 年恢复为暂定：%(reason)s", year=draft.year, reason=draft.reason)
        case What.HOURS:
            return _("工作时间 %(old)s → %(new)s：%(reason)s", old=draft.seen, new=draft.hours, reason=draft.reason)
        case What.CLEAR:
            return _("%(day)s 恢复官方安排：%(reason)s", day=local_date(draft.day), reason=draft.reason)
        case _:
            label = words.DAY_LABELS[draft.workday]
            return _("%(day)s %(what)s：%(reason)s", day=local_date(draft.day), what=label, reason=draft.reason)


def _back(draft: Draft) -> tuple[str, dict[str, object]]:
    """Where the change was typed."""
    match draft.what:
        case What.YEAR:
            return "calendar.enter_year", {"year": draft.year}
        case What.WITHDRAW:
            return "calendar.show", {"year": draft.year}
        case What.HOURS:
            return "calendar.set_hours", {}
        case _:
            return "calendar.show", {"year": draft.day.year if draft.day else None}


def _doubt(each: Unusual) -> str:
    match each.doubt:
        case Doubt.NO_HOLIDAY:
            return _("没有写到“%(name)s”。", name=each.what)
        case Doubt.NO_SHIFTED:
            return _("没有一天调休上班。")
        case Doubt.LONG:
            return _("“%(name)s”连续放假 %(n)s 天，比往年长。", name=each.what, n=each.number)
        case Doubt.FAR:
            return _("调休上班的 %(day)s 离放假的日子很远，请核对月份。", day=each.what)
        case Doubt.BALANCE:
            return _(
                "全年因放假净减少 %(n)s 个工作日，%(year)s 年为 %(usual)s 个。",
                n=each.number,
                year=each.what,
                usual=each.usual,
            )


@bp.post("/changes/<token>")
@access.guard(words.ENTER)
def enter(token: str) -> BaseResponse:
    """Make the change that was previewed, and recompute all open due dates, in one act (T-3)."""
    actor, now = require_actor(), clock.now()
    draft = drafts.opened(actor, token, now)
    try:
        done = drafts.enter(actor, token, request.form.get("fingerprint", ""), now)
    except drafts.Outdated as error:
        transaction.rollback()
        flash(str(error.message), "warning")
        return go("calendar.preview", token=token)
    flash(_("已写入日历，%(n)s 项期限已重新计算，原日期和新日期都在各自的记录里。", n=len(done.rows)))
    year = draft.year or (draft.day.year if draft.day else clock.today().year)
    return go("calendar.show", year=year)


@bp.post("/changes/<token>/cancel")
@access.guard(words.ENTER)
def cancel(token: str) -> BaseResponse:
    """Forget a change that was only previewed."""
    actor = require_actor()
    draft = drafts.opened(actor, token, clock.now())
    drafts.drop(actor, token)
    flash(_("已取消，没有写入任何内容。"))
    endpoint, values = _back(draft)
    return go(endpoint, **values)


@bp.get("/changes/<token>/export.xlsx")
@access.guard(words.ENTER)
def export(token: str) -> Response:
    """The previewed changes as XLSX."""
    seen = drafts.preview(drafts.opened(require_actor(), token, clock.now()))
    headings = [
        _("类别"),
        _("编号"),
        _("名称"),
        _("科室"),
        _("原期限"),
        _("新期限"),
        _("原为暂定"),
        _("仍为暂定"),
        _("其他日期"),
    ]
    departments = foresight.departments()
    lines = [
        [
            str(row.kind.label),
            row.change.number,
            row.change.title,
            departments.get(row.change.department_id or 0, ""),
            row.change.old,
            row.change.new,
            _("是") if row.change.was_provisional else "",
            _("是") if row.change.provisional else "",
            _("；").join(
                _("%(field)s：%(old)s → %(new)s", field=m.what, old=local_dt(m.old), new=local_dt(m.new))
                for m in row.change.others
            ),
        ]
        for row in seen.rows
    ]
    return sheets.download(sheets.workbook([(_("期限变动"), headings, lines)]), f"{_('期限变动')}.xlsx")
