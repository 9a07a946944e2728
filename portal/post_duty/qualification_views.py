"""Pages of qualifications and of the departments' representatives (R-3)."""

from __future__ import annotations

from flask import Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, sheets
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.people import queries as people
from portal.people.models import Department
from portal.post_duty import qualifications
from portal.post_duty import vocabulary as words
from portal.post_duty.forms import QualificationForm, RepresentativeForm, RevokeForm
from portal.post_duty.models import Qualification
from portal.post_duty.views import bp

Answer = str | BaseResponse | tuple[str, int]


def _page(form: RevokeForm, refused: int = 0) -> str:
    wanted = request.args.get("state", "")
    rows = qualifications.held(clock.today())
    shown = wanted if wanted in qualifications.STATES else ""
    return render_template(
        "post_duty/qualifications.html",
        rows=[row for row in rows if not shown or row.state == shown],
        wanted=shown,
        counts={state: sum(row.state == state for row in rows) for state in qualifications.STATES},
        labels=words.QUALIFICATION_LABELS,
        departments=people.department_names(),
        form=form,
        refused=refused,
    )


@bp.get("/qualifications")
@access.guard(words.READ)
def qualifications_index() -> Answer:
    """Who holds which qualification until when; what ends next comes first."""
    return _page(RevokeForm(formdata=None))


@bp.get("/qualifications/export.xlsx")
@access.guard(words.READ)
def export_qualifications() -> Response:
    """All qualifications as XLSX."""
    departments = people.department_names()
    headings = [_("姓名"), _("科室"), _("资格种类"), _("证书编号"), _("有效期自"), _("有效期至"), _("状态")]
    rows = (
        [
            row.name,
            departments.get(row.department_id or 0, ""),
            row.kind or _("许可人员（人员档案）"),
            row.number,
            row.valid_from,
            row.valid_until,
            str(words.QUALIFICATION_LABELS[row.state]),
        ]
        for row in qualifications.held(clock.today())
    )
    return sheets.download(sheets.workbook([(_("人员资格"), headings, rows)]), _("人员资格.xlsx"))


@bp.route("/qualifications/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def add_qualification() -> Answer:
    """Record a certificate that the office has seen."""
    form = QualificationForm(valid_from=clock.today())
    if form.sent():
        try:
            qualifications.add_qualification(
                require_actor(),
                form.user_id.data or 0,
                form.kind.data or "",
                form.number.data or "",
                form.valid_from.data or clock.today(),
                form.valid_until.data,
                clock.now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("资格已登记。"))
            return go("post_duty.qualifications_index")
    page = render_template("post_duty/add_qualification.html", form=form, kinds=qualifications.kinds())
    return page, 422 if form.errors else 200


@bp.post("/qualifications/<int:qualification_id>/revoke")
@access.guard(words.MANAGE)
def revoke_qualification(qualification_id: int) -> Answer:
    """End a qualification from today on."""
    found, form = locked(Qualification, id=qualification_id), RevokeForm()
    if form.sent():
        try:
            qualifications.revoke_qualification(require_actor(), found, form.reason.data or "", clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("资格已终止。"))
            return go("post_duty.qualifications_index")
    return _page(form, qualification_id), 422


@bp.get("/representatives")
@access.guard(words.READ)
def representatives() -> Answer:
    """Each department's empowered representative, now and before."""
    today = clock.today()
    found = qualifications.representatives(today)
    open_departments = people.open_departments()
    return render_template(
        "post_duty/representatives.html",
        departments=[
            (db.session.get_one(Department, key), found.get(key), qualifications.representatives_of(key))
            for key, _name in open_departments
        ],
        names=people.user_names(),
        today_=today,
    )


@bp.route("/representatives/<code>", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def name_representative(code: str) -> Answer:
    """Empower somebody to act for a department, one at a time (R-3)."""
    department = locked(Department, code=code)
    if department.closed_on is not None:
        raise NotFound()
    form = RepresentativeForm(department.id, from_on=clock.today())
    if form.sent():
        try:
            qualifications.name_representative(
                require_actor(),
                department,
                form.user_id.data,
                form.from_on.data or clock.today(),
                form.basis.data or "",
                clock.now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("首席代表已保存。"))
            return go("post_duty.representatives")
    page = render_template(
        "post_duty/name_representative.html",
        form=form,
        department=department,
        now_=qualifications.representatives(clock.today()).get(department.id),
        names=people.user_names(),
    )
    return page, 422 if form.errors else 200
