"""宜黄 persons: 20/20/30/30 by virtue, ability, diligence and results, with bonuses and lost months."""

from decimal import Decimal

from portal.pure.scoring import Bar, Subject, Table
from portal.score_table.presets.writing import absent_day, bars, between, category, each, item, once

TABLE = Table(
    "yihuang-persons",
    "宜黄窗口人员考评表",
    Subject.PERSON,
    (
        category(
            "1",
            "德",
            "20",
            each("1.1", "无故缺席学习、会议", "-5", "fact:register_absent", group="1-1"),
            once("1.2", "服务对象投诉，经查实", "-5", "fact:confirmed_complaint", group="1-2"),
            items=(item("1-1", "参加学习和会议", "10"), item("1-2", "服务态度", "10")),
        ),
        category(
            "2",
            "能",
            "20",
            between("2.1", "责任心、处理问题和应对突发情况的能力不足，群众不满意（酌情）", "-5", "0", group="2-1"),
            between("2.2", "没有严格遵守中心的规章制度（酌情）", "-15", "0", group="2-2"),
            each("2.3", "工作出现差错", "-5", "clue:result_error"),
            items=(item("2-1", "责任心和处事能力", "5"), item("2-2", "遵守制度", "15")),
        ),
        category(
            "3",
            "勤",
            "30",
            each("3.1", "玩游戏、干私活、串岗", "-2", "fact:off_post"),
            absent_day("3.2.1", "旷工（每天，半天折半）", "-5"),
            each("3.2.2", "缺勤", "-1"),
            each("3.3", "迟到、早退", "-0.5", "fact:late_early"),
            each("3.4", "不佩证上岗", "-0.5"),
        ),
        category(
            "4",
            "绩",
            "30",
            each("4.1", "履职不认真，服务对象不满意", "-5", group="4-1"),
            each("4.2", "没有按时按质完成工作任务", "-5", "fact:task_overdue", group="4-2"),
            each("4.3", "办件被投诉、群众反映强烈，经查实", "-5", group="4-3"),
            items=(
                item("4-1", "履行职责", "10"),
                item("4-2", "完成任务", "10"),
                item("4-3", "办件质量", "10"),
            ),
        ),
        category(
            "5",
            "其他",
            None,
            bars("5.1.1", "投诉经查实：取消当月评选资格", Bar.MONTH, "fact:confirmed_complaint"),
            bars(
                "5.1.2",
                "全年有 3 次投诉经查实：取消全年评选资格",
                Bar.YEAR,
                "fact:confirmed_complaint",
                yearly=True,
                times=Decimal(3),
            ),
            each("5.2.1", "县级新闻单位采用稿件（每篇）", "2", "fact:media_county", group="media"),
            each("5.2.2", "市级以上新闻单位采用稿件（每篇）", "4", "fact:media_city", group="media"),
            each("5.3", "合理化建议被采用（每条）", "5", "fact:suggestion"),
            each("5.4", "收到群众表扬（来信、来电、留言），经查实（每件）", "2", "fact:praise"),
            items=(item("media", "投稿采用", cap="10"),),
        ),
    ),
    None,
    "宜黄县行政服务中心窗口工作人员先进个人评选办法",
    "小项以其分值为限；来源只写明得分、没有写明扣分标准的小项，在分值以内酌情扣分。",
)
