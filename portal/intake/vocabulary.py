"""Words of the intake room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.journal import kind

IMPORT = "intake.import"
PERMISSIONS = (IMPORT,)

IMPORTED = kind(
    "intake.imported",
    _l("导入：科室 %(departments)s、人员 %(people)s、岗位 %(posts)s、事项 %(items)s、材料 %(materials)s"),
    facts=("departments", "people", "posts", "items", "materials", "sha256"),
    rules=("R-1", "J-1"),
)
PASSWORDS_HANDED_OUT = kind(
    "intake.passwords_handed_out", _l("生成初始密码 %(count)s 个"), facts=("count",), rules=("R-1", "R-2")
)
POSTS_IMPORTED = kind(
    "intake.posts_imported",
    _l("导入岗位：新增 %(added)s、修改 %(changed)s、未变 %(unchanged)s"),
    facts=("added", "changed", "unchanged", "sha256"),
    rules=("P-1", "R-1", "J-1"),
)
ITEMS_IMPORTED = kind(
    "intake.items_imported",
    _l("导入事项：新增 %(added)s、修改 %(changed)s、未变 %(unchanged)s，其中提交审核 %(reviewed)s"),
    facts=("added", "changed", "unchanged", "reviewed", "sha256"),
    rules=("C-1", "C-3", "J-1"),
)
