"""The thirty service items of the sample office, with limits in every unit (T-1, T-2, C-1, C-2, R-3).

Bases are named as samples: no real law is quoted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from portal.demo.cast import DEPARTMENTS, POSTS, Made
from portal.kernel.actor import SYSTEM, Actor
from portal.service_commitment import service as catalogue
from portal.service_commitment.models import ServiceItem
from portal.service_commitment.service import Content, Material

FREE = ""
#: C-8, of all items that are not done while the client waits.
_BREACH = "超过承诺时限的，三个工作日内书面致歉并说明原因。"
_STANDARD = "一次告知、限时办结、结果送达；办理人亮明姓名和岗位。"


@dataclass(frozen=True)
class Item:
    """An item as it is published. ``papers``: ``name:form:copies``, separated by ``;``, ``?`` marks an optional one."""

    name: str
    post: str
    promised: str
    statutory: str
    aliases: str
    topic: str
    basis: str
    conditions: str
    procedure: str
    outcome: str
    papers: str = ""
    fee: str = FREE
    fee_basis: str = ""
    fen: int | None = None
    unit: str = ""
    breach: str = _BREACH
    pays: bool = False
    related: str = ""
    common: bool = False
    licence: bool = False
    restarts: bool = False
    next_day: bool = False

    def content(self, promised: str = "") -> Content:
        """What is published; ``promised`` in place of the promise that stands in the table."""
        kinds = "apology,compensation" if self.pays else "apology"
        breach = "" if self.promised == "0d" else self.breach
        return Content(
            self.name,
            promised or self.promised,
            self.statutory,
            basis=self.basis,
            conditions=self.conditions,
            procedure=self.procedure.removesuffix("。").replace("；", "\n"),
            fee_fen=self.fen,
            fee_unit=self.unit,
            breach_kinds=kinds if breach else "",
            breach=breach,
            related=self.related,
            service_standard=_STANDARD,
            fee=self.fee,
            fee_basis=self.fee_basis,
            place=POSTS[self.post].place,
            phone=DEPARTMENTS[self.post.partition("-")[0]].phone,
            outcome=self.outcome,
            licence=self.licence,
            restarts=self.restarts,
            next_day_after_hours=self.next_day,
            materials=tuple(_paper(text) for text in self.papers.split(";") if text),
        )


def _paper(text: str) -> Material:
    name, form, copies = (*text.split(":"), "", "")[:3]
    return Material(name.removesuffix("?"), form or "原件", int(copies or 1), required=not name.endswith("?"), note="")


_RULES = "《示例市科协办事规定（示例）》"
_ENQUIRY = "本会限时办结规定"
_LETTER = "申请书:原件:2;法人证书:复印件"

#: Code → item. The limits of T-1: 002 and 003 (enquiries), 001 (acceptance review), 023 (formal reply), 022, 030.
ITEMS = {
    "SX-001": Item(
        "申报材料受理审核", "ZW-1", "1wd", "5wd", "材料审核 受理", "综合", f"{_RULES}第四条",
        "属于本会受理范围，材料在清单之内。", "收件；核对；当日或次日告知是否受理。", "受理审核意见",
        "申请书:原件;经办人身份证明:复印件", common=True,
    ),
    "SX-002": Item(
        "政策与办事咨询", "ZW-2", "0d", "", "咨询 怎么办 问事", "综合", _ENQUIRY,
        "任何单位和个人均可咨询。", "当场解答；不能当场解答的登记后三个工作日内答复。", "口头答复", common=True,
    ),
    "SX-003": Item(
        "咨询事项书面答复", "ZW-2", "3wd", "", "书面答复 书面咨询", "综合", _ENQUIRY,
        "要求书面答复，或者当场不能答复。", "登记；会商有关部门；书面答复。", "书面答复", "咨询函:原件", common=True,
    ),
    "SX-004": Item(
        "办理进度查询", "ZW-2", "0d", "", "进度 查询", "综合", f"{_RULES}第十条",
        "能提供办件编号或者申请人信息。", "核对身份后当场告知。", "口头告知",
    ),
    "SX-005": Item(
        "证书遗失补发", "ZW-1", "4wh", "5wd", "补证 补发 遗失", "综合", f"{_RULES}第十二条",
        "原证书由本会发放，且在有效期内。", "核对底册；补发。", "补发的证书",
        "补发申请:原件;遗失声明:原件;身份证明:复印件", fee="工本费", fee_basis="示例市收费目录（示例）第 3 项",
        fen=1000, unit="份",
    ),
    "SX-006": Item(
        "获奖与参与证明出具", "ZW-1", "4wh", "", "开证明 证明", "综合", f"{_RULES}第十三条",
        "本会有底册可查。", "查底册；出具。", "证明", "申请单:原件;身份证明:复印件", common=True,
    ),
    "SX-007": Item(
        "科学传播人员资格确认", "ZW-3", "15wd", "20wd", "传播师 资格证", "资格",
        "《示例市科学传播人员管理办法（示例）》第六条",
        "从事科学传播两年以上，完成规定培训。", "受理；审核；公示；发证。", "科学传播人员资格证",
        "申请表:原件:2;学历证明:复印件;培训证明:复印件;近期照片::2", licence=True,
    ),
    "SX-008": Item(
        "临时科普展览场地核准", "ZW-3", "7wd", "20wd", "展览 场地 办展", "资格",
        "《示例市科普活动场地管理办法（示例）》第九条",
        "有安全方案和责任人，场地符合消防要求。", "受理；现场查看；核准。", "场地核准书",
        "申请表:原件:2;安全方案:原件;场地使用证明:复印件;责任人身份证明:复印件", licence=True,
    ),
    "SX-009": Item(
        "学会负责人变更备案", "XH-1", "5wd", "10wd", "学会变更 换届 负责人", "学会",
        "《示例市学会组织通则（示例）》第二十条",
        "按章程完成选举程序。", "受理；核对；备案。", "备案通知书",
        "变更申请:原件;会员代表大会纪要:原件;新任负责人简历:原件;无异议证明?", restarts=True, common=True,
    ),
    "SX-010": Item(
        "学会成立前期指导", "XH-1", "10wd", "", "成立学会 筹备", "学会", "《示例市学会组织通则（示例）》第七条",
        "发起单位和个人达到规定数量。", "面谈；出具指导意见。", "指导意见书", "发起人名册:原件;筹备方案:原件",
    ),
    "SX-011": Item(
        "学会年度检查初审", "XH-1", "1m", "3m", "年检 学会年检", "学会", "《示例市学会组织通则（示例）》第三十一条",
        "成立满一年。", "受理；审阅；出具初审意见。", "初审意见", "年度报告:原件:2;财务报告:原件;活动台账:复印件",
    ),
    "SX-012": Item(
        "学术会议备案", "XH-2", "3wd", "7wd", "开会 会议备案", "学术", f"{_RULES}第二十二条",
        "主办单位为所属学会或者联合主办。", "受理；审核；备案。", "备案回执", "会议方案:原件;主讲人名单:原件",
        common=True, related="SX-013",
    ),
    "SX-013": Item(
        "学术会议资助申请", "XH-2", "30d", "", "会议经费 资助", "学术", "《示例市学术活动资助办法（示例）》第五条",
        "已经备案，预算合理。", "受理；评审；公示；拨付。", "资助决定", "资助申请书:原件:2;预算表:原件;备案回执:复印件",
    ),
    "SX-014": Item(
        "学会承接服务项目登记", "XH-1", "7wd", "", "承接项目 购买服务", "学会",
        "《示例市学会组织通则（示例）》第四十条",
        "学会年度检查合格。", "受理；核验；登记。", "项目登记表", "项目合同:复印件;学会登记证书:复印件",
    ),
    "SX-015": Item(
        "科技期刊办刊咨询", "XH-2", "3wd", "", "期刊 办刊", "学术", _ENQUIRY,
        "所属学会主办或者拟主办期刊。", "登记；答复。", "答复意见", "咨询函:原件",
    ),
    "SX-016": Item(
        "科普教育基地认定", "KP-1", "5wd", "20wd", "科普基地 基地认定", "科普",
        "《示例市科普教育基地管理办法（示例）》第八条",
        "有固定场所和专职人员，全年开放不少于规定天数。", "受理；现场查看；审核；认定。", "认定通知书和牌匾",
        "认定申请书:原件:2;法人证书:复印件;场地证明:复印件;开放方案:原件;获奖证明?:复印件", common=True,
        related="SX-017 SX-018",
    ),
    "SX-017": Item(
        "科普教育基地复核", "KP-1", "15wd", "30wd", "基地复核 复审", "科普",
        "《示例市科普教育基地管理办法（示例）》第十五条",
        "认定满三年。", "受理；查看台账；复核。", "复核结论", "复核申请:原件;三年开放台账:复印件",
    ),
    "SX-018": Item(
        "科普讲座进校园预约", "KP-2", "1wd", "", "讲座 专家进校园", "科普", f"{_RULES}第十六条",
        "学校或者社区提出，听众不少于三十人。", "登记；联系讲师；答复时间。", "预约确认", "预约单:原件", common=True,
    ),
    "SX-019": Item(
        "科普大篷车预约", "KP-2", "5wd", "", "大篷车 流动展", "科普", f"{_RULES}第十七条",
        "有停放场地和组织人员。", "登记；排期；答复。", "排期通知", "预约函:原件;场地说明:原件",
    ),
    "SX-020": Item(
        "科普展品借用", "KP-3", "4wh", "", "借展品 借展板", "科普", f"{_RULES}第十八条",
        "单位借用，按期归还。", "登记；核对库存；办理借出。", "借用单", "借用申请:原件;经办人证明:复印件",
        next_day=True,
    ),
    "SX-021": Item(
        "科普项目经费申报", "KP-3", "3m", "", "项目申报 科普经费", "科普", "《示例市科普经费管理办法（示例）》第十一条",
        "属于年度指南范围。", "受理；评审；公示；立项。", "立项通知", "申报书:原件:3;预算表:原件;合作协议?:复印件",
    ),
    "SX-022": Item(
        "科技工作者权益维护", "ZZ-2", "15wd", "", "维权 权益 投诉待遇", "科技工作者",
        "本会限时办结规定（科技工作者权益）",
        "诉求人为本市科技工作者，有明确事实。", "受理；调查；协调；反馈具体结果。", "处理结果告知书",
        "诉求书:原件;有关证据:复印件;身份证明:复印件", common=True,
    ),
    "SX-023": Item(
        "基层科协组织设立批复", "ZZ-1", "3wd", "20wd", "设立科协 企业科协 批复", "基层组织",
        "《示例市基层科协组织工作规定（示例）》第四条",
        "会员不少于规定人数，有筹备机构。", "受理；审核；批复。", "批复", "设立请示:原件:2;会员名册:原件;章程草案:原件",
        common=True, pays=True, breach="超过承诺时限的，三个工作日内书面致歉；因此多跑一次的，补偿交通费 50 元。",
    ),
    "SX-024": Item(
        "科技人才推荐", "ZZ-1", "15d", "30d", "推荐 人才 评优", "科技工作者",
        "《示例市科技人才举荐办法（示例）》第九条",
        "符合当期推荐条件，单位同意。", "受理；审核；公示；推荐。", "推荐函",
        "推荐表:原件:2;单位意见:原件;成果证明:复印件",
    ),
    "SX-025": Item(
        "科技工作者建议答复", "ZZ-2", "10wd", "", "建议 提案 意见", "科技工作者", f"{_RULES}第二十八条",
        "署真实姓名。", "登记；转有关部门研究；答复。", "答复函", "建议书:原件",
    ),
    "SX-026": Item(
        "团体参观预约", "KG-1", "2wh", "", "参观 团队 预约", "科技馆", "《示例市科技馆开放服务规范（示例）》第三条",
        "二十人以上团体，提前三日。", "登记；排期；确认。", "预约确认单", "参观函:原件", common=True, next_day=True,
    ),
    "SX-027": Item(
        "展教活动报名", "KG-2", "0d", "", "活动报名 小小讲解员", "科技馆", "《示例市科技馆开放服务规范（示例）》第八条",
        "在活动公布的年龄范围内。", "登记；当场确认名额。", "报名确认", common=True,
    ),
    "SX-028": Item(
        "场馆临时使用申请", "KG-1", "15d", "", "报告厅 借场地", "科技馆",
        "《示例市科技馆开放服务规范（示例）》第十四条",
        "公益性科技活动，不影响开放。", "受理；审核；签订使用协议。", "使用协议",
        "使用申请:原件;活动方案:原件;安全承诺书:原件", fee="公益活动减免",
        fee_basis="示例市收费目录（示例）第 7 项", fen=30000, unit="场", pays=True,
        breach="超过承诺时限的，书面致歉，并退还已交费用的一成作为补偿。",
    ),
    "SX-029": Item(
        "捐赠展品接收", "KG-1", "20wd", "", "捐赠", "科技馆", "《示例市科技馆展品管理办法（示例）》第六条",
        "权属清楚，适合展示。", "登记；鉴定；签订协议；颁发证书。", "捐赠证书", "捐赠意向书:原件;展品清单:原件",
    ),
    "SX-030": Item(
        "内部文件办理", "BG-1", "2wd", "", "内部请示 文件传批", "内部",
        "本会限时办结规定（内部文件按领导批示的日期办结）",
        "本会部门提交，事由清楚。", "登记；拟办；传批；归档。", "办理单", "请示或者报告:原件",
    ),
}  # fmt: skip

#: The item whose promise was shortened during the two months, and what was promised before (C-3).
SHORTENED, PROMISED_BEFORE = "SX-016", "7wd"


def publish(made: Made, now: datetime) -> dict[str, ServiceItem]:
    """Publish the catalogue as it stood at the founding."""
    found = {
        code: catalogue.add(
            SYSTEM, code, item.name, made.posts[item.post], now,
            aliases=item.aliases, topic=item.topic, common=item.common,
        )
        for code, item in ITEMS.items()
    }  # fmt: skip
    for code, row in found.items():
        item = ITEMS[code]
        catalogue.publish(SYSTEM, row, item.content(PROMISED_BEFORE if code == SHORTENED else ""), now)
    return found


def shorten(actor: Actor, row: ServiceItem, now: datetime) -> None:
    """Publish the shorter promise; cases accepted before keep theirs (C-3)."""
    catalogue.publish(actor, row, replace(ITEMS[SHORTENED].content()), now)
