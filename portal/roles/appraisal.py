"""What each role carries in the rooms of the ninth system, the efficiency appraisal 效能考评制 (R-2, E-1 to E-8)."""

from __future__ import annotations

from portal.award import vocabulary as award
from portal.half_year import vocabulary as half_year
from portal.honour import vocabulary as honour
from portal.monthly_result import vocabulary as monthly_result
from portal.register import vocabulary as register
from portal.score_evidence import vocabulary as score_evidence
from portal.score_table import vocabulary as score_table
from portal.weak_result import vocabulary as weak_result
from portal.work_plan import vocabulary as work_plan
from portal.yearly_grade import vocabulary as yearly_grade

#: Everybody who works with matters reads how they are scored, and what was published.
READ = {
    award.READ,
    half_year.READ,
    honour.READ,
    monthly_result.READ,
    register.READ,
    score_evidence.READ,
    score_table.READ,
    work_plan.READ,
    yearly_grade.READ,
}
STAFF = {
    honour.RECORD,
    register.WRITE,
}
HEAD = {
    score_evidence.PROPOSE,
    weak_result.READ,
    work_plan.WRITE,
}
LEADER = {
    award.READ_RESULTS,
    award.REVIEW,
    half_year.APPROVE,
    honour.RECORD,
    register.KEEP_UNIT,
    register.WRITE,
    score_evidence.APPROVE,
    score_evidence.PROPOSE,
    score_evidence.READ_ALL,
    score_evidence.RULE,
    weak_result.READ,
    work_plan.DISCUSS,
}
PRINCIPAL = {
    award.DECIDE,
    honour.CONFIRM,
    monthly_result.FOLLOW,
    monthly_result.SIGN,
    register.READ_ALL,
    score_table.APPROVE,
    score_table.SIMULATE,
    weak_result.READ_ALL,
    work_plan.APPROVE,
    work_plan.READ_ALL,
    yearly_grade.DECIDE,
}
OFFICE = {
    award.MANAGE,
    award.READ_RESULTS,
    half_year.MANAGE,
    honour.CONFIRM,
    honour.READ_ALL,
    honour.RECORD,
    honour.RECORD_ANY,
    monthly_result.FOLLOW,
    monthly_result.MANAGE,
    register.CHECK,
    register.KEEP_UNIT,
    register.MANAGE,
    register.READ_ALL,
    register.WRITE,
    score_evidence.APPROVE,
    score_evidence.COMPUTE,
    score_evidence.PROPOSE,
    score_evidence.READ_ALL,
    score_evidence.RULE,
    score_table.APPROVE,
    score_table.MANAGE,
    score_table.SIMULATE,
    weak_result.ORDER,
    weak_result.READ,
    weak_result.READ_ALL,
    work_plan.APPROVE,
    work_plan.DISCUSS,
    work_plan.MANAGE,
    work_plan.READ_ALL,
    work_plan.WRITE,
    yearly_grade.MANAGE,
}
SUPERVISION = {
    award.READ_RESULTS,
    award.REVIEW,
    honour.CONFIRM,
    honour.READ_ALL,
    honour.RECORD,
    honour.RECORD_ANY,
    monthly_result.FOLLOW,
    monthly_result.REVIEW,
    register.CHECK,
    register.KEEP_UNIT,
    register.READ_ALL,
    register.WRITE,
    score_evidence.APPROVE,
    score_evidence.PROPOSE,
    score_evidence.READ_ALL,
    score_evidence.RULE,
    score_table.APPROVE,
    score_table.SIMULATE,
    weak_result.ORDER,
    weak_result.READ,
    weak_result.READ_ALL,
    work_plan.READ_ALL,
    yearly_grade.REVIEW,
}
