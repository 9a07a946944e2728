"""Words of the training room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.backup_training.models import Outcome
from portal.backup_training.rules import State
from portal.kernel import timeline
from portal.kernel.journal import kind

READ = "backup_training.read"
READ_ALL = "backup_training.read_all"
RECORD = "backup_training.record"
PLAN = "backup_training.plan"
PERMISSIONS = (READ, READ_ALL, RECORD, PLAN)

STATE_LABELS = {
    State.PLANNED: _l("待培训"),
    State.OVERDUE: _l("逾期未培训"),
    State.HELD: _l("待确认"),
    State.DONE: _l("已完成"),
    State.CANCELLED: _l("已取消"),
}
OUTCOME_LABELS = {Outcome.ABLE: _l("能够独立顶岗"), Outcome.NOT_YET: _l("还需继续培训")}

timeline.label("outcome", OUTCOME_LABELS, of="backup_training")

PLANNED = kind(
    "backup_training.planned",
    _l("计划培训：%(post)s，%(trainee)s，“%(topic)s”，%(planned_by)s 前"),
    facts=("post", "trainee", "topic", "trainer", "planned_by"),
    rules=("AB-7",),
    clause="ab_post.2",
)
HELD = kind(
    "backup_training.held",
    _l("登记培训：%(post)s，%(held_on)s，%(minutes)s 分钟，%(attendees)s，%(outcome)s"),
    facts=("post", "held_on", "minutes", "attendees", "outcome"),
    rules=("AB-7",),
    clause="ab_post.2",
)
CONFIRMED = kind(
    "backup_training.confirmed",
    _l("确认培训完成：%(post)s，%(trainee)s"),
    facts=("post", "trainee", "late"),
    rules=("AB-7",),
    clause="ab_post.2",
)
CANCELLED = kind(
    "backup_training.cancelled",
    _l("取消培训计划：%(post)s，%(reason)s"),
    facts=("post", "reason"),
    rules=("AB-7",),
    clause="ab_post.2",
)
