"""绩效考核 of persons: work goals 50 %, competence 25 %, clients 15 %, and at most 10 points for honours."""

from decimal import Decimal

from portal.pure.scoring import Subject, Table
from portal.score_table.presets.writing import category, item, mark, once

_LEVELS = (("单位", "0.5"), ("区级", "1"), ("市级", "1.5"), ("省部级", "2"), ("国家级", "2.5"))

TABLE = Table(
    "jixiao-persons",
    "个人绩效考核表（50/25/15/+10）",
    Subject.PERSON,
    (
        category("1", "工作目标", None, mark("1.1", "年度目标任务的完成得分（百分制）"), weight="50", cap="100"),
        category(
            "2",
            "综合素质",
            None,
            mark("2.1", "民主评议得分：好 90、良好 80、一般 60、差 50，领导、科室负责人、其他人员按 50/30/20 加权"),
            weight="25",
            cap="100",
        ),
        category(
            "3",
            "服务对象满意度",
            None,
            mark("3.1", "问卷得分：满意 90、比较满意 80、基本满意 60、不满意 50；不对外的人员取同类人员平均分"),
            weight="15",
            cap="100",
        ),
        category(
            "4",
            "奖励加分",
            None,
            *(
                once(f"4.{number}", f"受到综合性奖励：{level}", points, group="4-1")
                for number, (level, points) in enumerate(_LEVELS, start=1)
            ),
            items=(item("4-1", "奖励（同级一次，多级取最高）", strongest=True),),
            cap="10",
        ),
    ),
    Decimal(100),
    "机关绩效考核制度",
    "年末计分一次；前三类各以百分制得分按比重计入，合计 90 分，奖励加分最高 10 分。",
)
