"""The matrix: which permissions each role carries (R-2). The only place that joins roles and permissions."""

from __future__ import annotations

from portal.ab_post import vocabulary as ab_post
from portal.accountability import vocabulary as accountability
from portal.appointment import vocabulary as appointment
from portal.attendance import vocabulary as attendance
from portal.audit import vocabulary as audit
from portal.backup_training import vocabulary as backup_training
from portal.bulletin import vocabulary as bulletin
from portal.calendar import vocabulary as calendar
from portal.callback import vocabulary as callback
from portal.cases import vocabulary as cases
from portal.client_opinion import vocabulary as client_opinion
from portal.clue import vocabulary as clue
from portal.complaint import vocabulary as complaint
from portal.completion_report import vocabulary as completion_report
from portal.denial_filing import vocabulary as denial_filing
from portal.desk import vocabulary as desk
from portal.duty_report import vocabulary as duty_report
from portal.evaluation import vocabulary as evaluation
from portal.fee import vocabulary as fee
from portal.first_ask import vocabulary as first_ask
from portal.intake import vocabulary as intake
from portal.kernel.actor import Role
from portal.leave import vocabulary as leave
from portal.message_card import vocabulary as message_card
from portal.one_time_notice import vocabulary as one_time_notice
from portal.openness import vocabulary as openness
from portal.people import vocabulary as people
from portal.policy import vocabulary as policy
from portal.post_duty import vocabulary as post_duty
from portal.post_task import vocabulary as post_task
from portal.reminder import vocabulary as reminder
from portal.roles import appraisal
from portal.service_commitment import vocabulary as service_commitment
from portal.supervision import vocabulary as supervision
from portal.supervision_card import vocabulary as supervision_card
from portal.survey import vocabulary as survey
from portal.timed_completion import vocabulary as timed_completion
from portal.urging import vocabulary as urging
from portal.wall import vocabulary as wall

#: Everybody who works with matters may read how the office works.
_READ = appraisal.READ | {
    bulletin.READ,
    survey.TAKE,
    supervision.READ,
    accountability.READ,
    leave.ASK,
    attendance.READ,
    desk.HOME,
    policy.READ,
    calendar.READ,
    ab_post.READ,
    post_duty.READ,
    post_task.READ,
    openness.READ,
    service_commitment.READ,
}

_STAFF = (
    _READ
    | appraisal.STAFF
    | {
        evaluation.HAND_OUT,
        client_opinion.READ,
        client_opinion.HANDLE,
        supervision_card.READ,
        supervision_card.ISSUE,
        fee.RECORD,
        urging.READ,
        timed_completion.READ,
        timed_completion.HANDLE,
        duty_report.READ,
        backup_training.READ,
        backup_training.RECORD,
        message_card.READ,
        message_card.ANSWER,
        post_task.HANDLE,
        openness.WRITE,
        appointment.READ,
        appointment.HANDLE,
        first_ask.FILE,
        first_ask.READ,
        cases.HANDLE,
        cases.READ,
        one_time_notice.ISSUE,
        one_time_notice.READ,
        denial_filing.FILE,
        denial_filing.READ,
        ab_post.REPORT_ABSENCE,
    }
)
_HEAD = (
    _STAFF
    | appraisal.HEAD
    | {
        survey.READ,
        callback.SUMMARY,
        evaluation.READ,
        supervision.LIST,
        complaint.READ,
        fee.APPROVE,
        fee.READ,
        urging.URGE,
        timed_completion.DECIDE,
        completion_report.READ,
        completion_report.RECORD_ERROR,
        completion_report.FILE,
        leave.DECIDE,
        leave.READ,
        openness.APPROVE,
        backup_training.PLAN,
        attendance.READ_DEPARTMENT,
        attendance.APPROVE,
        post_task.ASSIGN,
        cases.CONFIRM,
        message_card.MARK,
        ab_post.NAME_COVER,
        service_commitment.DRAFT,
        service_commitment.READ_DRAFTS,
    }
)
_LEADER = (
    _READ
    | appraisal.LEADER
    | {
        survey.READ,
        callback.SUMMARY,
        evaluation.READ,
        supervision.LIST,
        complaint.READ,
        complaint.DECIDE,
        complaint.SUMMARY,
        client_opinion.READ,
        client_opinion.APPROVE,
        supervision_card.READ,
        fee.APPROVE,
        fee.READ,
        urging.READ,
        urging.URGE,
        urging.SUPERVISE,
        timed_completion.READ,
        timed_completion.DECIDE,
        completion_report.READ,
        completion_report.RECORD_ERROR,
        service_commitment.REVIEW,
        service_commitment.READ_DRAFTS,
        duty_report.READ,
        openness.APPROVE,
        appointment.READ,
        leave.DECIDE,
        leave.READ,
        backup_training.READ,
        backup_training.RECORD,
        backup_training.PLAN,
        attendance.READ_DEPARTMENT,
        attendance.APPROVE,
        message_card.READ,
        message_card.MARK,
        post_task.HANDLE,
        post_task.ASSIGN,
        cases.READ,
        first_ask.READ,
        one_time_notice.READ,
        denial_filing.READ,
        denial_filing.DECIDE,
        denial_filing.REGISTER,
        cases.CONFIRM,
        ab_post.NAME_COVER,
        ab_post.REPORT_ABSENCE,
    }
)
_PRINCIPAL = (
    _LEADER
    | appraisal.PRINCIPAL
    | {
        survey.READ_TEXTS,
        callback.READ,
        evaluation.READ_ALL,
        supervision.READ_ALL,
        accountability.FIGURES,
        complaint.READ_ALL,
        client_opinion.JUDGE,
        completion_report.READ_ALL,
        leave.READ_ALL,
        attendance.READ_ALL,
        attendance.CONCLUDE,
        first_ask.ACKNOWLEDGE,
    }
)
_OFFICE = (
    _READ
    | appraisal.OFFICE
    | {
        bulletin.MANAGE,
        survey.READ,
        survey.READ_TEXTS,
        survey.MANAGE,
        callback.READ,
        callback.CALL,
        callback.SUMMARY,
        evaluation.HAND_OUT,
        evaluation.READ,
        evaluation.READ_ALL,
        evaluation.PAIR,
        supervision.LIST,
        supervision.READ_ALL,
        supervision.INSPECT,
        accountability.REGISTER,
        accountability.FIGURES,
        accountability.EFFECTS,
        complaint.READ,
        complaint.READ_ALL,
        complaint.REGISTER,
        complaint.DECIDE,
        complaint.SUMMARY,
        client_opinion.READ,
        client_opinion.READ_ALL,
        client_opinion.MANAGE,
        client_opinion.JUDGE,
        clue.READ,
        clue.RAISE,
        clue.DECIDE,
        supervision_card.READ,
        supervision_card.READ_ALL,
        fee.READ,
        urging.READ,
        urging.READ_ALL,
        urging.URGE,
        urging.SUPERVISE,
        urging.SUPERVISE_ANY,
        timed_completion.READ,
        completion_report.READ,
        completion_report.READ_ALL,
        completion_report.RECORD_ERROR,
        completion_report.FILE,
        completion_report.MANAGE,
        reminder.ROBOTS,
        duty_report.READ,
        duty_report.READ_RESULTS,
        duty_report.MANAGE,
        leave.FILE,
        leave.READ,
        leave.READ_ALL,
        leave.SET,
        backup_training.READ,
        backup_training.READ_ALL,
        backup_training.RECORD,
        backup_training.PLAN,
        attendance.READ_DEPARTMENT,
        attendance.READ_ALL,
        attendance.MANAGE,
        attendance.INSPECT,
        attendance.CONCLUDE,
        message_card.READ,
        message_card.READ_ALL,
        message_card.MARK,
        post_task.READ_ALL,
        post_task.ASSIGN,
        post_task.ASSIGN_ANY,
        openness.MANAGE,
        appointment.READ,
        appointment.READ_ALL,
        appointment.SET,
        cases.READ,
        cases.READ_ALL,
        first_ask.READ,
        first_ask.READ_ALL,
        first_ask.RULE,
        one_time_notice.READ,
        denial_filing.READ,
        denial_filing.READ_ALL,
        denial_filing.REGISTER,
        policy.SET,
        calendar.ENTER,
        post_duty.MANAGE,
        ab_post.MANAGE,
        ab_post.NAME_COVER,
        service_commitment.PUBLISH,
        service_commitment.DRAFT,
        service_commitment.READ_DRAFTS,
        service_commitment.REVIEW,
        wall.PAIR,
        wall.SHOW,
        people.MANAGE_UNIT,
        intake.IMPORT,
    }
)
_SUPERVISION = (
    _READ
    | appraisal.SUPERVISION
    | {
        survey.READ,
        survey.READ_TEXTS,
        callback.READ,
        callback.CALL,
        callback.SUMMARY,
        evaluation.READ,
        evaluation.READ_ALL,
        supervision.LIST,
        supervision.READ_ALL,
        supervision.INSPECT,
        complaint.READ,
        complaint.READ_ALL,
        complaint.REGISTER,
        complaint.SUMMARY,
        client_opinion.READ,
        client_opinion.READ_ALL,
        client_opinion.JUDGE,
        clue.READ,
        clue.RAISE,
        clue.DECIDE,
        supervision_card.READ,
        supervision_card.READ_ALL,
        fee.READ,
        urging.READ,
        urging.READ_ALL,
        urging.SUPERVISE,
        urging.SUPERVISE_ANY,
        timed_completion.READ,
        completion_report.READ,
        completion_report.READ_ALL,
        completion_report.RECORD_ERROR,
        duty_report.READ,
        appointment.READ,
        appointment.READ_ALL,
        duty_report.READ_RESULTS,
        leave.FILE,
        leave.READ,
        leave.READ_ALL,
        backup_training.READ,
        backup_training.READ_ALL,
        attendance.READ_DEPARTMENT,
        attendance.READ_ALL,
        attendance.INSPECT,
        message_card.READ,
        message_card.READ_ALL,
        post_task.READ_ALL,
        cases.READ,
        cases.READ_ALL,
        first_ask.READ,
        first_ask.READ_ALL,
        one_time_notice.READ,
        denial_filing.READ,
        denial_filing.READ_ALL,
        denial_filing.REGISTER,
        wall.SHOW,
    }
)

MATRIX: dict[Role, frozenset[str]] = {
    Role.STAFF: frozenset(_STAFF),
    Role.HEAD: frozenset(_HEAD),
    Role.LEADER: frozenset(_LEADER),
    Role.PRINCIPAL: frozenset(_PRINCIPAL),
    Role.OFFICE: frozenset(_OFFICE),
    Role.SUPERVISION: frozenset(_SUPERVISION),
    Role.AUDITOR: frozenset({desk.HOME, audit.READ, audit.VERIFY, audit.ERASE}),
    Role.SECURITY_ADMIN: frozenset({desk.HOME, people.READ_SESSIONS}),
    Role.SYSTEM_ADMIN: frozenset(
        {
            desk.HOME,
            people.MANAGE_PEOPLE,
            people.MANAGE_UNIT,
            wall.PAIR,
            evaluation.PAIR,
            intake.IMPORT,
            reminder.ROBOTS,
        }
    ),
}
