"""The workbook: its sheets and columns, and the fixed words that its cells may hold.

Titles, headings and fixed words are the file's format: the same in every language, so that a file made yesterday is
read today. Explanations are text for people and are translated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.kernel import sheets
from portal.kernel.actor import Role
from portal.post_duty.models import PostKind
from portal.service_commitment.models import BreachKind, CaseKind

#: A row whose first cell begins so is an example: it is left out.
SAMPLE = "示例"
#: What stands between several codes or words in one cell.
BETWEEN = "、,，;；"

YES, NO = "是", "否"
AFFILIATED = {"科室": False, "直属单位": True}
ROLES = {
    "办公室": Role.OFFICE,
    "督查组成员": Role.SUPERVISION,
    "审计员": Role.AUDITOR,
    "安全管理员": Role.SECURITY_ADMIN,
    "系统管理员": Role.SYSTEM_ADMIN,
}
POST_KINDS = {
    "工作岗位": PostKind.STAFF,
    "科室负责人": PostKind.HEAD,
    "分管领导": PostKind.LEADER,
    "主要负责人": PostKind.PRINCIPAL,
}
ITEM_KINDS = {
    "承诺件": CaseKind.PROMISED,
    "即办件": CaseKind.ON_SPOT,
    "联办件": CaseKind.JOINT,
    "上报件": CaseKind.FORWARDED,
}
BREACH_KINDS = {
    "书面致歉": BreachKind.APOLOGY,
    "经济补偿": BreachKind.COMPENSATION,
    "转有权机关处理": BreachKind.REFERENCE,
}

DEPARTMENTS, PEOPLE, POSTS, ITEMS, MATERIALS = "科室", "人员", "岗位", "事项", "材料"
EXPLANATIONS = "填写说明"


@dataclass(frozen=True)
class Column:
    """One column: ``limit`` is the longest text in characters, ``sample`` stands in the example row.

    ``later`` marks a column that files of earlier templates lack: it may be absent.
    """

    key: str
    heading: str
    limit: int
    explanation: Any
    sample: str = ""
    needed: bool = False
    paragraph: bool = False
    later: bool = False


_FLAG = _l("填“是”或“否”，空白为“否”。")

SHEETS: dict[str, Sequence[Column]] = {
    DEPARTMENTS: (
        Column("code", "编码", 20, _l("字母、数字、横线或点；其他表用它指明科室。"), "示例-YW", True),
        Column("name", "名称", 60, _l("不能与其他科室重名。"), "综合业务科", True),
        Column("affiliated", "类别", 10, _l("填“科室”或“直属单位”，空白为“科室”。"), "科室"),
        Column("functions", "职能", 2000, _l("对外公布。"), "受理和办理各项业务", paragraph=True),
        Column("place", "办公地点", 120, _l("选填。"), "一楼大厅"),
        Column("phone", "电话", 40, _l("选填。"), "0543-3161234"),
        Column("sort", "排序", 4, _l("0 至 9999 的整数，数字小的排在前面。"), "10"),
    ),
    PEOPLE: (
        Column(
            "username",
            "用户名",
            40,
            _l("登录用：小写字母、数字、点、横线，以字母开头，2 至 40 位。"),
            "示例-wangmin",
            True,
        ),
        Column("name", "姓名", 60, _l("真实姓名。"), "王敏", True),
        Column("department", "科室编码", 20, _l("本文件或系统里已有的科室编码；不属于科室的留空。"), "示例-YW"),
        Column("staff_number", "工号", 20, _l("选填，如工作证号。"), "0012"),
        Column("title", "职务", 60, _l("选填。"), "科员"),
        Column("phone", "电话", 40, _l("选填。"), "0543-3161235"),
        Column("qualified_until", "许可资格有效期至", 10, _l("有许可岗位资格的填日期，如 2027-12-31。"), "2027-12-31"),
        Column(
            "roles",
            "授予角色",
            60,
            _l(
                "普通人员留空。可填：办公室、督查组成员、审计员、安全管理员、系统管理员；后三者互斥且不能兼任。只有系统管理员可以导入角色。"
            ),
        ),
    ),
    POSTS: (
        Column("code", "编码", 20, _l("字母、数字、横线或点；事项用它指明负责岗位。"), "示例-YW-1", True),
        Column("name", "名称", 60, _l("岗位名称。"), "业务受理岗", True),
        Column("department", "科室编码", 20, _l("本文件或系统里已有的科室编码。"), "示例-YW", True),
        Column(
            "kind", "类型", 10, _l("填“工作岗位”“科室负责人”“分管领导”或“主要负责人”，空白为“工作岗位”。"), "工作岗位"
        ),
        Column("a", "A岗用户名", 40, _l("本文件或系统里已有的用户名。"), "示例-wangmin"),
        Column("b", "B岗用户名", 40, _l("不能与 A 岗是同一人。"), "示例-liqiang"),
        Column("from_on", "任职日期", 10, _l("责任人自哪天起任职，不早于导入当天；空白为导入当天。")),
        Column("charge", "分管科室编码", 200, _l("只有分管领导和主要负责人岗位可填；多个编码用顿号隔开。")),
        Column("place", "地点", 120, _l("选填。"), "3 号窗口"),
        Column("phone", "电话", 40, _l("选填。"), "0543-3161236"),
        Column("duties", "职责", 2000, _l("选填。"), "受理、告知、转办", paragraph=True),
        Column("powers", "权限", 2000, _l("选填。"), "受理申请", paragraph=True),
        Column("standard", "标准", 2000, _l("选填。"), "当日受理", paragraph=True),
        Column("liability", "责任", 2000, _l("选填。"), "超期承担责任", paragraph=True),
    ),
    ITEMS: (
        Column("code", "编码", 20, _l("字母、数字、横线或点；材料表用它指明事项。"), "示例-SX-001", True),
        Column("name", "名称", 120, _l("对外公布的事项名称。"), "科普教育基地认定", True),
        Column("post", "岗位编码", 20, _l("负责办理的岗位：本文件或系统里已有的编码。"), "示例-YW-1", True),
        Column("kind", "类型", 10, _l("填“承诺件”“即办件”“联办件”或“上报件”，空白为“承诺件”。"), "承诺件"),
        Column(
            "promised_limit",
            "承诺时限",
            20,
            _l("如 5 个工作日、4 小时、15 天、3 个月、当场办结；也可写 5wd、4wh、15d、3m、0d。"),
            "5 个工作日",
            True,
        ),
        Column(
            "statutory_limit",
            "法定时限",
            20,
            _l("写法相同；法律没有规定的留空。承诺时限必须短于法定时限。"),
            "20 个工作日",
        ),
        Column("aliases", "别名", 200, _l("查找时可用的简称、俗称，用空格隔开。"), "科普基地 基地认定"),
        Column("topic", "主题", 40, _l("选填，目录按它分组。"), "科学普及"),
        Column("basis", "依据", 2000, _l("法律、法规或规定的条款。"), "管理办法第八条", paragraph=True),
        Column("conditions", "条件", 2000, _l("选填。"), "具有独立法人资格", paragraph=True),
        Column("procedure", "程序", 2000, _l("选填。"), "受理、审核、批复", paragraph=True),
        Column("service_standard", "服务标准", 2000, _l("选填。"), "一次告知全部材料", paragraph=True),
        Column("fee", "收费", 120, _l("收费的说明，如减免条件；不收费的留空。")),
        Column("fee_basis", "收费依据", 200, _l("收费的须填。")),
        Column("place", "办理地点", 120, _l("空白用岗位的地点。"), "3 号窗口"),
        Column("phone", "咨询电话", 40, _l("选填。"), "0543-3161236"),
        Column("outcome", "结果文书", 120, _l("选填。"), "认定文件"),
        Column("licence", "行政许可", 2, _FLAG, NO),
        Column("restarts", "补正后重新计时", 2, _FLAG, NO),
        Column("next_day_after_hours", "下班后次日收件", 2, _FLAG, NO),
        Column("common", "常用事项", 2, _FLAG, YES),
        Column("fee_amount", "收费金额（元）", 12, _l("如 10 或 10.50；不收费的留空。"), later=True),
        Column("fee_unit", "收费单位", 20, _l("有金额的须填，如 件、份、场。"), later=True),
        Column(
            "breach_kinds",
            "违诺后果类别",
            60,
            _l("可填：书面致歉、经济补偿、转有权机关处理；多个用顿号隔开。"),
            "书面致歉",
            later=True,
        ),
        Column(
            "breach",
            "违诺后果",
            2000,
            _l("没有兑现承诺时对服务对象怎么做；填了类别的须填。"),
            "三个工作日内书面致歉",
            paragraph=True,
            later=True,
        ),
        Column("complaint", "投诉方式", 200, _l("空白用本单位公布的投诉方式。"), later=True),
        Column("related", "相关事项编码", 200, _l("多个编码用顿号隔开。"), later=True),
        Column("qualification", "须具备的资格种类", 60, _l("填了的，决定人须有这种有效资格。"), later=True),
        Column("tacit_consent", "默认同意", 2, _FLAG, NO, later=True),
        Column(
            "parts",
            "分办科室",
            1500,
            _l("只有联办件填：每行一个，写岗位编码，时限，提供什么；只出具意见的末尾加“，会签”。"),
            paragraph=True,
            later=True,
        ),
    ),
    MATERIALS: (
        Column(
            "item",
            "事项编码",
            20,
            _l("本文件“事项”表里的编码。"),
            "示例-SX-001",
            True,
        ),
        Column("name", "材料名称", 200, _l("按提交顺序一行一份。"), "认定申请书", True),
        Column("form", "形式", 40, _l("如原件、复印件、电子件。"), "原件"),
        Column("copies", "份数", 2, _l("1 至 99，空白为 1。"), "2"),
        Column("required", "必备", 2, _l("填“是”或“否”，空白为“是”。"), YES),
        Column("note", "说明", 200, _l("选填。"), "加盖公章"),
    ),
}


#: Keys of each sheet whose column may be absent.
LATER = {title: frozenset(c.key for c in columns if c.later) for title, columns in SHEETS.items()}


def template() -> bytes:
    """The workbook to fill in: explanations first, then every sheet with one example row."""
    explained = [
        (title, c.heading, YES if c.needed else NO, str(c.limit), str(c.explanation))
        for title, columns in SHEETS.items()
        for c in columns
    ]
    notes = [
        str(_l("一次填写全部内容，按“科室、人员、岗位、事项、材料”的顺序；没有内容的表留空，但不要删除。")),
        str(_l("首列以“示例”开头的行只供参考，导入时略过，可以不删。")),
        str(_l("只新增，不修改：系统里已有的编码、用户名会报错。任何一处有错，整个文件都不写入。")),
        str(_l("不要使用公式、合并单元格；不要改动表名和首行标题。")),
        str(_l("初始密码由系统生成，导入后统一下载，首次登录必须修改。")),
    ]
    book: list[tuple[str, Sequence[str], list[Sequence[Any]]]] = [
        (
            EXPLANATIONS,
            ("表", "列", "必填", "最多字数", "说明"),
            [*((EXPLANATIONS, "", "", "", note) for note in notes), *explained],
        )
    ]
    book += [(title, [c.heading for c in columns], [[c.sample for c in columns]]) for title, columns in SHEETS.items()]
    return sheets.workbook(book)


def item_template() -> bytes:
    """The workbook of the catalogue to fill in: explanations, then both sheets with one example row."""
    titles = (ITEMS, MATERIALS)
    notes = [
        str(_l("编码已有的行成为该事项的新版本，编码没有的行新增事项；没有列入的事项不变。")),
        str(_l("一行写明整个版本：空白单元格即为空，材料表里的行即为全部材料；样表按材料名称保留。")),
        str(_l("首列以“示例”开头的行只供参考，导入时略过，可以不删。")),
        str(_l("不要使用公式、合并单元格；不要改动表名和首行标题。")),
    ]
    explained = [
        (title, c.heading, YES if c.needed else NO, str(c.limit), str(c.explanation))
        for title in titles
        for c in SHEETS[title]
    ]
    book: list[tuple[str, Sequence[str], list[Sequence[Any]]]] = [
        (
            EXPLANATIONS,
            ("表", "列", "必填", "最多字数", "说明"),
            [*((EXPLANATIONS, "", "", "", note) for note in notes), *explained],
        )
    ]
    book += [(t, [c.heading for c in SHEETS[t]], [[c.sample for c in SHEETS[t]]]) for t in titles]
    return sheets.workbook(book)
