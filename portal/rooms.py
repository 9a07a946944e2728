"""The only registry of rooms. A new room adds one line here and one set of permissions in ``roles``."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.ab_post.room import PLATE as AB_POST
from portal.accountability.room import PLATE as ACCOUNTABILITY
from portal.appointment.room import PLATE as APPOINTMENT
from portal.attendance.room import PLATE as ATTENDANCE
from portal.audit.room import PLATE as AUDIT
from portal.award.room import PLATE as AWARD
from portal.backup_training.room import PLATE as BACKUP_TRAINING
from portal.bulletin.room import PLATE as BULLETIN
from portal.calendar.room import PLATE as CALENDAR
from portal.callback.room import PLATE as CALLBACK
from portal.cases.room import PLATE as CASES
from portal.client_opinion.room import PLATE as CLIENT_OPINION
from portal.clue.room import PLATE as CLUE
from portal.complaint.room import PLATE as COMPLAINT
from portal.completion_report.room import PLATE as COMPLETION_REPORT
from portal.denial_filing.room import PLATE as DENIAL_FILING
from portal.desk.room import PLATE as DESK
from portal.duty_report.room import PLATE as DUTY_REPORT
from portal.evaluation.room import PLATE as EVALUATION
from portal.fee.room import PLATE as FEE
from portal.first_ask.room import PLATE as FIRST_ASK
from portal.half_year.room import PLATE as HALF_YEAR
from portal.honour.room import PLATE as HONOUR
from portal.intake.room import PLATE as INTAKE
from portal.joint_case.room import PLATE as JOINT_CASE
from portal.leave.room import PLATE as LEAVE
from portal.message_card.room import PLATE as MESSAGE_CARD
from portal.monthly_result.room import PLATE as MONTHLY_RESULT
from portal.one_time_notice.room import PLATE as ONE_TIME_NOTICE
from portal.openness.room import PLATE as OPENNESS
from portal.people.room import PLATE as PEOPLE
from portal.policy.room import PLATE as POLICY
from portal.post_duty.room import PLATE as POST_DUTY
from portal.post_task.room import PLATE as POST_TASK
from portal.public.room import PLATE as PUBLIC
from portal.register.room import PLATE as REGISTER
from portal.reminder.room import PLATE as REMINDER
from portal.score_evidence.room import PLATE as SCORE_EVIDENCE
from portal.score_table.room import PLATE as SCORE_TABLE
from portal.service_commitment.room import PLATE as SERVICE_COMMITMENT
from portal.supervision.room import PLATE as SUPERVISION
from portal.supervision_card.room import PLATE as SUPERVISION_CARD
from portal.survey.room import PLATE as SURVEY
from portal.timed_completion.room import PLATE as TIMED_COMPLETION
from portal.urging.room import PLATE as URGING
from portal.wall.room import PLATE as WALL
from portal.weak_result.room import PLATE as WEAK_RESULT
from portal.work_plan.room import PLATE as WORK_PLAN
from portal.yearly_grade.room import PLATE as YEARLY_GRADE

ROOMS = (
    DESK,
    FIRST_ASK,
    CASES,
    TIMED_COMPLETION,
    ONE_TIME_NOTICE,
    JOINT_CASE,
    DENIAL_FILING,
    POST_TASK,
    URGING,
    SUPERVISION,
    WORK_PLAN,
    WEAK_RESULT,
    AB_POST,
    LEAVE,
    ATTENDANCE,
    MESSAGE_CARD,
    BACKUP_TRAINING,
    OPENNESS,
    SURVEY,
    APPOINTMENT,
    SERVICE_COMMITMENT,
    FEE,
    POST_DUTY,
    DUTY_REPORT,
    YEARLY_GRADE,
    CLIENT_OPINION,
    CALLBACK,
    COMPLETION_REPORT,
    BULLETIN,
    REGISTER,
    HALF_YEAR,
    EVALUATION,
    ACCOUNTABILITY,
    SCORE_TABLE,
    SCORE_EVIDENCE,
    MONTHLY_RESULT,
    CLUE,
    SUPERVISION_CARD,
    COMPLAINT,
    HONOUR,
    AWARD,
    CALENDAR,
    POLICY,
    PEOPLE,
    REMINDER,
    INTAKE,
    WALL,
    PUBLIC,
    AUDIT,
)

#: The sections of the menu behind its row: a title and the rooms whose entries stand below it.
SECTIONS: tuple[tuple[LazyString, tuple[str, ...]], ...] = (
    (
        _l("办件与服务"),
        (
            "desk",
            "first_ask",
            "cases",
            "timed_completion",
            "one_time_notice",
            "joint_case",
            "denial_filing",
            "post_task",
            "urging",
            "message_card",
            "appointment",
            "supervision_card",
            "fee",
        ),
    ),
    (_l("岗位与考勤"), ("ab_post", "leave", "attendance", "backup_training", "post_duty", "duty_report")),
    (
        _l("评议与监督"),
        (
            "complaint",
            "client_opinion",
            "callback",
            "survey",
            "evaluation",
            "supervision",
            "clue",
            "accountability",
            "completion_report",
            "bulletin",
        ),
    ),
    (
        _l("效能考评"),
        (
            "work_plan",
            "register",
            "score_table",
            "score_evidence",
            "monthly_result",
            "honour",
            "award",
            "yearly_grade",
            "half_year",
            "weak_result",
        ),
    ),
    (_l("公开与制度"), ("service_commitment", "openness", "calendar", "policy")),
    (_l("管理"), ("people", "intake", "wall", "audit")),
)
