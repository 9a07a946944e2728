"""宜黄 windows, in the two variants of the county: 15/40/45 and what is added or taken in the year."""

from dataclasses import replace

from portal.pure.scoring import Bar, Rule, Subject, Table
from portal.score_table.presets.writing import absent_day, bars, category, each, item, once

_SUPPORT = (
    once("1.1", "本单位没有明确分管窗口工作的领导", "-2"),
    once("1.2", "没有给窗口配齐必要的工作条件", "-2"),
    once("1.3", "窗口反映的困难和问题没有及时解决", "-2"),
    once("1.4", "进驻事项仍在大厅以外受理、送达或收费", "-2"),
    once("1.5", "人员、设施没有按要求到位，或者未经同意调换窗口人员", "-3"),
)

_PRACTICE = (
    once("2.1", "由不具备执法资格的人员办理许可事项", "-2"),
    once("2.2", "没有首席代表，或者首席代表不在窗口正常履职", "-2"),
    once("2.3", "事项名称、依据、条件、程序、期限、收费和示范文本没有在大厅公示", "-2"),
    each("2.4", "收费高于或低于公布的标准", "-5", "clue:fee_difference"),
    each("2.5", "违法或越权作出许可决定，或者对符合条件的申请不受理", "-5"),
    each(
        "2.6", "首问责任不落实，对来人来电推诿、敷衍", "-2", "clue:disputed_passing", "clue:repeated_passing"
    ),
    each("2.7", "没有一次性告知，或者不予受理、不予办理没有出具写明理由的书面凭证", "-2",
         "clue:second_notice", "clue:late_letter"),
    each("2.8", "没有在法定或承诺期限内办结", "-3", "clue:overdue"),
)  # fmt: skip

_CONDUCT = (
    each("3.1.1", "迟到、早退（每人次）", "-0.5", "fact:late_early"),
    absent_day("3.1.2", "旷工（每人每天，半天折半）", "-5"),
    each("3.2", "串岗、脱岗，或者上班时间玩游戏影响工作", "-2", "fact:off_post"),
    each("3.3", "不佩证上岗或者工作场所脏乱，指出后仍未改正", "-2"),
)

_LATER_CONDUCT = (
    each("3.5", "办件没有登入管理系统", "-2"),
    each("3.6", "档案管理不规范或者资料缺失", "-2"),
    each("3.7", "不配合协调，办事拖拉，没有按时按质完成交办任务", "-2", "fact:task_overdue"),
    each("3.8", "违反计算机管理规定操作，影响工作", "-5"),
    each("3.9", "窗口人员违纪违规被投诉，经核实", "-10", "fact:confirmed_complaint"),
)

_MEDIA = item("media", "新闻媒体采用", cap="10")


def _yearly(*rules: Rule) -> tuple[Rule, ...]:
    return tuple(replace(rule, yearly=True) for rule in rules)


_PRAISE = _yearly(
    each("4.1.1", "经验做法被县级媒体采用（每篇）", "2", "fact:media_county", group="media"),
    each("4.1.2", "经验做法被市级以上媒体采用（每篇）", "4", "fact:media_city", group="media"),
    each("4.2.1", "获得县级荣誉称号", "5", "fact:honour_county"),
    each("4.2.2", "获得市级以上荣誉称号", "10", "fact:honour_city"),
)

FIRST = Table(
    "yihuang-windows-1",
    "宜黄窗口考评表（办法）",
    Subject.DEPARTMENT,
    (
        category("1", "单位重视", "15", *_SUPPORT),
        category(
            "2",
            "服务规范",
            "40",
            *_PRACTICE,
            once("2.9", "没有在每月 5 日前准确报送上月办件和收费统计", "-3", "clue:late_statistics"),
            each("2.10", "办理结果出现差错", "-5", "clue:result_error"),
        ),
        category(
            "3",
            "文明服务",
            "45",
            *_CONDUCT,
            once("3.4", "态度生硬、言语不文明，与服务对象争吵并引起有效投诉", "-6"),
            *_LATER_CONDUCT,
        ),
        category(
            "4",
            "其他（奖扣分，年度计入）",
            None,
            *_PRAISE,
            *_yearly(
                each("4.3", "简化程序、改进审批方式、压缩时限的措施（每项）", "2"),
                each("4.4.1", "被县级媒体批评", "-10", "fact:media_bad_county"),
                bars(
                    "4.4.2",
                    "被市级以上媒体批评：取消评先资格，扣发当月考勤奖金",
                    Bar.AWARD_AND_BONUS,
                    "fact:media_bad_city",
                ),
                each("4.5", "利用职务便利吃拿卡要，经核实", "-10"),
            ),
            items=(_MEDIA,),
        ),
    ),
    None,
    "宜黄县行政服务中心窗口服务考评办法",
    "月度以 100 分为基础，各类扣完为止；奖扣分不进月度，年终加在月平均分上，总分可以超过 100 分。",
)

SECOND = Table(
    "yihuang-windows-2",
    "宜黄窗口考评表（24 个窗口）",
    Subject.DEPARTMENT,
    (
        category("1", "单位重视", "15", *_SUPPORT),
        category("2", "办件规范", "40", *_PRACTICE, each("2.9", "办理结果出现差错", "-5", "clue:result_error")),
        category(
            "3",
            "文明服务",
            "45",
            *_CONDUCT,
            once("3.4", "态度生硬、言语不文明，与服务对象争吵", "-6"),
            *_LATER_CONDUCT,
        ),
        category(
            "4",
            "奖扣分（年度计入）",
            None,
            *_PRAISE,
            *_yearly(
                each("4.3.1", "被县级媒体批评", "-10", "fact:media_bad_county"),
                each(
                    "4.3.2",
                    "被市级以上媒体批评，并取消评先资格",
                    "-20",
                    "fact:media_bad_city",
                    disqualifies=Bar.AWARD,
                ),
                each("4.4", "利用职务便利吃拿卡要，经核实", "-10"),
            ),
            items=(_MEDIA,),
        ),
    ),
    None,
    "宜黄县行政服务中心单位窗口考评",
    "月度以 100 分为基础，各类扣完为止；奖扣分不进月度，年终加在月平均分上。",
)
