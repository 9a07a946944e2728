"""Words of the public pages: the kinds of fact, the ways in which an item is handled."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind

STATUS_BLOCKED = kind(
    "public.status_blocked",
    _l("办件查询输错过多，%(what)s暂停查询至 %(until)s"),
    facts=("what", "until", "wrong"),
    rules=("O-6",),
)
SUBJECT_LABELS = {"number": _l("一个编号"), "address": _l("一个网络地址"), "all": _l("全部来访者")}
timeline.label("what", SUBJECT_LABELS, of="public.status_blocked")

#: How an item is handled, as the catalogue is narrowed by (C-1).
WAY_LABELS = {
    "on_spot": _l("当场办结"),
    "free": _l("不收费"),
    "no_papers": _l("不用带材料"),
}
#: Public pages of other rooms, shown in the menu of these when they exist: endpoint → name.
ELSEWHERE = (
    ("openness.public_index", _l("政务公开")),
    ("appointment.public_choose", _l("预约办理")),
    ("survey.public_index", _l("问卷评议")),
)
