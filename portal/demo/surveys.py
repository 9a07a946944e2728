"""Surveys, samples, measures and meetings with clients in the sample office (S-2): every state has its rows."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from portal.client_opinion.models import OpinionKind
from portal.demo.stage import Stage, Story
from portal.demo.worktime import on
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.survey import codes, improvements, meetings, queries, questions, sampling, service
from portal.survey.improvements import Laid
from portal.survey.models import ClientMeeting, Improvement, Survey, ToldBy
from portal.survey.questions import Asked
from portal.survey.rules import Audience, QuestionKind
from portal.survey.service import Shape

_SCALE, _PLACE = QuestionKind.SCALE, QuestionKind.DEPARTMENT
_ASKED = (
    Asked(_PLACE, "您在哪个科室办事"),
    Asked(_SCALE, "工作人员的服务态度"),
    Asked(_SCALE, "办事的效率", help="从递交材料到拿到结果"),
    Asked(QuestionKind.SINGLE, "您从哪里知道需要哪些材料", options=("办事指南", "电话咨询", "现场询问", "熟人")),
    Asked(QuestionKind.MULTIPLE, "您希望先改进哪些方面", required=False, options=("等候时间", "材料清单", "网上办理")),
    Asked(QuestionKind.TEXT, "您还想告诉我们什么", required=False),
)  # fmt: skip
_STAFF_ASKED = (
    Asked(_SCALE, "科室之间的配合"),
    Asked(_SCALE, "平台使用是否方便"),
    Asked(QuestionKind.TEXT, "您希望平台先改哪一处", required=False),
)
_SAID = (
    "材料清单讲得很清楚。",
    "上午排队久，能不能多开一个窗口。",
    "希望中午也能取件。",
    "电话有时打不通。",
    "窗口同志耐心，谢谢。",
)
_OFFICE = ["wuxia", "caiyun"]


def begin(stage: Stage) -> None:
    """Plan the surveys, the meeting and the measures."""
    stage.tell(quarterly(stage))
    stage.tell(drawn(stage))
    stage.tell(staff(stage))
    stage.tell(few(stage))
    stage.tell(unpublished(stage))
    stage.tell(meeting(stage))


def _begun(
    stage: Stage, title: str, introduction: str, audience: Audience, days: tuple[int, int], at: datetime
) -> Survey:
    """A draft that opens and closes on working days counted back from the end, negative ones lie ahead."""
    opens, closes = on(stage.work.day(days[0]), "09:00"), on(stage.work.day(days[1]), "18:00")
    wanted = (stage.made.departments["ZW"], stage.made.departments["BG"]) if audience is Audience.STAFF else ()
    shape = Shape(title, introduction, audience, opens, closes, wanted)
    made = service.write(_office(stage, at), shape, at)
    for asked in _STAFF_ASKED if audience is Audience.STAFF else _ASKED:
        questions.ask(_office(stage, at), made, asked, at)
    return made


def _office(stage: Stage, at: datetime) -> Actor:
    return stage.one_of(_OFFICE, at)


def _again(survey_id: int) -> Survey:
    return db.session.get_one(Survey, survey_id)


def _paper(survey: Survey, random: Random) -> dict[int, tuple[str, ...]]:
    """What somebody answers: mostly satisfied, hardly ever writing."""
    found: dict[int, tuple[str, ...]] = {}
    for question in queries.questions_of(survey):
        values = [o.value for o in question.choices()]
        match question.kind:
            case QuestionKind.SCALE:
                found[question.id] = (random.choices(values, (46, 30, 15, 6, 3))[0],)
            case QuestionKind.DEPARTMENT:
                weights = (50, 16, 14, 11, 2, 7, *([0] * len(values)))[: len(values)]
                found[question.id] = (random.choices(values, weights)[0],)
            case QuestionKind.SINGLE:
                found[question.id] = (random.choice(values),)
            case QuestionKind.MULTIPLE:
                found[question.id] = tuple(random.sample(values, random.randint(1, 2)))
            case QuestionKind.TEXT if random.random() < 0.3:
                found[question.id] = (random.choice(_SAID),)
    return found


def _answers(
    stage: Stage, survey_id: int, back: int, counts: tuple[int, ...], seed: int
) -> Generator[datetime, datetime, None]:
    """Some answer on each of some working days by the open link."""
    random = Random(seed)  # noqa: S311 - a sample, not a secret
    for n, count in enumerate(counts):
        at = yield stage.work.at(back - n, "15:40")
        survey = _again(survey_id)
        for each in range(count):
            codes.answer(survey, _paper(survey, random), at, address=f"sample {n} {each}")


def quarterly(stage: Stage) -> Story:
    """A survey by open link: answered, closed, published; a measure told, one done, one overdue, one withdrawn."""
    at = yield stage.work.at(39, "09:30")
    made = _begun(
        stage, "窗口服务满意度问卷", "您好！请用两分钟评一评我们的窗口服务，结果会公布。", Audience.LINK, (38, 29), at
    )
    at = yield at + timedelta(minutes=50)
    service.publish(_office(stage, at), _again(made.id), at)
    yield from _answers(stage, made.id, 38, (9, 14, 11, 7, 8, 12, 6, 5), 7)
    at = yield stage.work.at(26, "10:10")
    survey, office = _again(made.id), _office(stage, at)
    service.publish_results(office, survey, "感谢作答的服务对象。等候时间是大家最关心的，改进措施见下。", at)
    where = stage.made.departments
    plan = (
        ("上午等候时间长。", "上午高峰增设一个窗口，公布每小时取号情况。", "ZW", -16, "高峰时段已增设三号窗口。"),
        ("电话有时无人接听。", "设置热线轮值表，未接来电当日回拨。", "BG", -3, "轮值表已执行两周，未接来电全部回拨。"),
        ("网上材料清单不易找到。", "重排办事指南首页，材料清单置顶。", "XH", -4, ""),
        ("指引标识不清。", "更换一楼指引牌。", "KG", -2, "撤销"),
    )
    numbers = []
    for finding, measure, code, days, _result in plan:
        due = stage.work.day(-days)
        numbers.append(improvements.lay_down(office, survey, Laid(finding, measure, where[code], None, due), at).number)
    at = yield stage.work.at(20, "11:00")
    improvements.withdraw(_office(stage, at), _measure(numbers[3]), "与楼宇改造合并进行。", at)
    for back, n in ((18, 0), (5, 1)):
        at = yield stage.work.at(back, "16:20")
        improvements.done(_office(stage, at), _measure(numbers[n]), plan[n][4], at)
    at = yield stage.work.at(4, "09:50")
    told_on = clock.local(at).date()
    improvements.told(_office(stage, at), _measure(numbers[0]), ToldBy.NOTICE, told_on, "公众页面和窗口公告。", at)


def _measure(number: str) -> Improvement:
    return db.session.scalars(select(Improvement).where(Improvement.number == number)).one()


def drawn(stage: Stage) -> Story:
    """A survey of drawn clients by code, corrected before the first answer; it still runs."""
    at = yield stage.work.at(12, "09:20")
    made = _begun(stage, "科普服务对象问卷", "请抽中的单位作答，一码一次。", Audience.CODES, (12, -20), at)
    service.publish(_office(stage, at), _again(made.id), at)
    at = yield at + timedelta(minutes=40)
    again = service.correct(_office(stage, at), _again(made.id), at)
    service.publish(_office(stage, at), again, at)
    listed = [f"示例{place}{kind}" for place in ("东河", "南湖", "西山", "北滩") for kind in _CLIENTS]
    sampling.enlist(_office(stage, at), again, "\n".join(listed), at)
    at = yield at + timedelta(minutes=30)
    survey = _again(again.id)
    sampling.draw(_office(stage, at), survey, sampling.least(survey) + 2, at)
    issued = codes.issue(_office(stage, at), survey, survey.drawn or 0, False, at)
    random = Random(11)  # noqa: S311 - a sample, not a secret
    for n, code in enumerate(issued[:9]):
        at = yield stage.work.at(9 - n // 2, "10:30" if n % 2 else "16:30")
        survey = _again(survey.id)
        codes.answer(survey, _paper(survey, random), at, code=code, address=f"sample {n}")


_CLIENTS = ("小学", "中学", "社区", "企业科协", "图书室", "农技站")


def staff(stage: Stage) -> Story:
    """A survey of two departments' staff that runs."""
    at = yield stage.work.at(3, "15:00")
    made = _begun(stage, "科室协作和平台使用问卷", "匿名作答，请说真话。", Audience.STAFF, (3, -8), at)
    service.publish(_office(stage, at), _again(made.id), at)


def few(stage: Stage) -> Story:
    """A survey that was closed early with too few answers: nothing of it is shown."""
    at = yield stage.work.at(30, "10:40")
    made = _begun(stage, "延时服务需求问卷", "您希望我们在哪些时间多开放？", Audience.LINK, (30, 16), at)
    service.publish(_office(stage, at), _again(made.id), at)
    yield from _answers(stage, made.id, 29, (2, 1), 3)
    at = yield stage.work.at(25, "09:15")
    service.close(_office(stage, at), _again(made.id), "与窗口服务满意度问卷合并。", at)


def unpublished(stage: Stage) -> Story:
    """A draft that is still written, one that was dropped, one that begins next week."""
    at = yield stage.work.at(6, "11:10")
    gone = _begun(stage, "会员服务问卷（试拟）", "", Audience.LINK, (-3, -8), at)
    at = yield at + timedelta(minutes=5)
    service.drop(_office(stage, at), _again(gone.id), at)
    at = yield stage.work.at(2, "14:40")
    ahead = _begun(stage, "年末服务回头看问卷", "请您说说这一年我们改了没有。", Audience.LINK, (-4, -18), at)
    service.publish(_office(stage, at), _again(ahead.id), at)
    at = yield stage.work.at(1, "16:10")
    service.copy(_office(stage, at), _again(ahead.id), at)


def meeting(stage: Stage) -> Story:
    """The half-year's meeting with clients: what was raised goes on as opinions, one thing becomes a measure."""
    at = yield stage.work.at(16, "16:50")
    office = _office(stage, at)
    held = meetings.record(
        office,
        held_on=clock.local(at).date(),
        place="二楼会议室",
        topic="下半年服务对象座谈会",
        participants=16,
        summary="十二家单位和四位个人参加。通报了问卷结果，逐条听取意见，当场答复五条，其余转科室办理。",
        now=at,
    )
    where = stage.made.departments
    meetings.raised(office, held, OpinionKind.SUGGESTION, "希望开通周六上午的取件窗口。", where["ZW"], at)
    meetings.raised(office, held, OpinionKind.OPINION, "培训通知发得太晚，单位来不及安排人。", where["KP"], at)
    at = yield at + timedelta(minutes=15)
    kept = db.session.get_one(ClientMeeting, held.id)
    due = stage.work.day(-3)
    what = Laid("培训通知偏晚。", "培训通知至少提前十个工作日发出。", where["KP"], None, due)
    improvements.lay_down(_office(stage, at), kept, what, at)
