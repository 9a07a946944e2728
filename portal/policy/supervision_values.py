"""Policy values of supervision cards (O-5)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import BooleanKind, TextKind
from portal.policy.source import Source
from portal.policy.words import load

DEFINITIONS = (
    Definition(
        "supervision_card.every_acceptance",
        BooleanKind(),
        False,
        _l("每件受理都出具办事监督卡"),
        _l("选“是”的，从改动之时起受理而没有出具监督卡的办件，列入经办人的待办。"),
        Source.OWN,
        ("O-5",),
    ),
    Definition(
        "supervision_card.mind",
        TextKind(400),
        load("defaults")["mind"],
        _l("监督卡注意事项"),
        _l("出具监督卡时“注意事项”一栏的常用文字，每张卡还可以改。"),
        Source.OWN,
        ("O-5",),
    ),
)
