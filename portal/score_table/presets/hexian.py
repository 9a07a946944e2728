"""和县 windows: 25/40/15/10/10, with satisfaction and coverage over the month's closed cases (S-3)."""

from decimal import Decimal

from portal.pure.scoring import Subject, Table
from portal.score_table.presets.writing import a_day, absent_day, bands, below, category, each, once

TABLE = Table(
    "hexian-windows",
    "和县窗口考核表",
    Subject.DEPARTMENT,
    (
        category(
            "1",
            "窗口出勤",
            "25",
            a_day("1.1.1", "事假没有派人顶岗（每人每天）", "-2", "fact:uncovered_private_days"),
            a_day("1.1.2", "病假没有派人顶岗（每人每天）", "-1", "fact:uncovered_sick_days"),
            each("1.2", "擅自脱离岗位", "-2", "fact:off_post"),
            absent_day("1.3", "旷工（每人每天，半天折半）", "-5"),
            each("1.4", "迟到、早退（每人次）", "-1", "fact:late_early"),
        ),
        category(
            "2",
            "窗口办件",
            "40",
            each("2.1", "应当收件而没有收件（每件次）", "-2"),
            each("2.2", "收件后需要补件，没有一次讲清（每件次）", "-2", "clue:second_notice"),
            each("2.3", "退件没有讲清理由（每件次）", "-2"),
            each("2.4", "否定事项没有报备", "-3", "clue:unfiled_denial"),
            a_day("2.5", "超过承诺时限办结（每件每天，另写书面说明）", "-3", "fact:days_overdue"),
            each("2.6", "办理结果出现差错（每件）", "-1", "clue:result_error"),
            each("2.7", "遗失资料（每起）", "-2"),
            each("2.8", "让服务对象在窗口和本单位之间来回跑", "-3"),
            once("2.9.1", "当月办件少于 2 件", "-3"),
            bands("2.9.2", "评议率低于 90%", ((None, "-2"), ("90", "0")), "fact:coverage"),
            each("2.9.3", "评议为“差”", "-1", "fact:bad_evaluation"),
        ),
        category(
            "3",
            "收费管理",
            "15",
            each("3.1", "擅自在窗口收取现金", "-2"),
            each("3.2", "窗口办件、原单位收费", "-3"),
            each("3.3", "收费高于或低于规定标准", "-5", "clue:fee_difference"),
            each("3.4", "违反规定增设项目或者搭车收费", "-5"),
        ),
        category(
            "4",
            "档案管理和卫生保洁",
            "10",
            each("4.1", "应当归档而没有归档（每件次）", "-1"),
            each("4.2", "档案资料摆放无序", "-2"),
            each("4.3", "桌面、台面、设备、地面不整洁（每次每件）", "-1"),
            each("4.4", "下班没有按要求关闭电源、整理物品（每次每件）", "-1"),
        ),
        category(
            "5",
            "民主评议",
            "10",
            bands("5.1", "窗口互评“好”的比例：30% 以下、30% 至 60% 以下", ((None, "-4"), ("30", "-2"), ("60", "0"))),
            below("5.2", "满意率（以当月办件为基数）低于 100%，每少 1 个百分点", "100", "-1", "fact:satisfaction"),
            bands(
                "5.3",
                "评议卡占当月办件的比例：不足 30%、不足 50%",
                ((None, "-4"), ("30", "-2"), ("50", "0")),
                "fact:coverage",
            ),
        ),
    ),
    Decimal(100),
    "和县行政服务中心服务窗口及工作人员考核细则",
    "来源的互评档次之间有空档（30% 与 31%、59% 与 60%），按对被考核者有利的一侧衔接。",
)
