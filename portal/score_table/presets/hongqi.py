"""红旗窗口, the daily part of 65 points (10/27/10/18). The source breaks off in its last category."""

from decimal import Decimal

from portal.pure.scoring import Subject, Table
from portal.score_table.presets.writing import a_day, category, each, item, once

TABLE = Table(
    "hongqi-windows",
    "红旗窗口评分表（日常考核 65 分）",
    Subject.DEPARTMENT,
    (
        category(
            "1",
            "单位重视",
            "10",
            each("1.1", "大厅负责人或分管领导没有参加会议、例会", "-2", group="1-1"),
            each("1.2", "没有在大厅统一收费、亮证收费、使用统一票据（每件次）", "-2", group="1-2"),
            items=(item("1-1", "参加会议", "6"), item("1-2", "一个窗口收费", "4")),
        ),
        category(
            "2",
            "大厅形象",
            "27",
            each("2.1.1", "每月两次以上的学习或集体活动没有按要求组织", "-0.5", group="2-1"),
            each("2.1.2", "学习笔记（每年 1 万字）和心得没有按要求完成（每人次）", "-0.5", group="2-2"),
            each("2.2", "没有使用普通话、文明用语（每人次）", "-0.5", group="2-3"),
            once("2.3.1", "没有制定大厅规章制度", "-3", group="2-4"),
            each("2.3.2", "违纪违规", "-2", "clue:attendance", group="2-5"),
            each("2.4", "利用职务便利索拿卡吃要（每人次）", "-4", group="2-6"),
            each("2.5", "没有佩带上岗牌，着装不整齐", "-1", group="2-7"),
            once("2.6", "没有办事指南，或者指南与实际不符", "-1", group="2-8"),
            items=(
                item("2-1", "学习和集体活动", "3"),
                item("2-2", "学习笔记", "2"),
                item("2-3", "文明用语", "1"),
                item("2-4", "规章制度", "3"),
                item("2-5", "遵守纪律", "12"),
                item("2-6", "清正廉洁", "4"),
                item("2-7", "佩牌着装", "1"),
                item("2-8", "办事指南", "1"),
            ),
        ),
        category(
            "3",
            "服务态度",
            "10",
            each("3.1", "被服务对象投诉或与其争吵（每人次）", "-5", "fact:confirmed_complaint", group="3-1"),
            each(
                "3.2",
                "首问责任不落实，或者解答咨询不准确、不耐心（每人次）",
                "-2",
                "clue:disputed_passing",
                "clue:repeated_passing",
                group="3-2",
            ),
            items=(item("3-1", "热情服务", "5"), item("3-2", "首问负责", "5")),
        ),
        category(
            "4",
            "工作绩效",
            "18",
            a_day("4.1", "没有按承诺时限出件，或者故意拖延（每超一天）", "-2", "fact:days_overdue", group="4-1"),
            each("4.2", "其余 12 分的标准（来源残缺，没有写明）", None, group="4-2"),
            items=(item("4-1", "按期办结", "6"), item("4-2", "来源没有写明的部分", "12")),
        ),
    ),
    Decimal(65),
    "服务大厅“红旗窗口”评定标准",
    "只有日常考核部分（65 分）；民主测评和服务对象评议部分，来源没有写明。",
)
