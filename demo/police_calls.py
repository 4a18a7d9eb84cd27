"""Calls to 110 that the police hand on: when people ring, about what, who deals with it."""

from __future__ import annotations

import hashlib
import random
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from demo import office, people
from demo.dice import dice, poisson, somewhere, weighted
from demo.lives import AT, Life, Pen
from demo.town import Town

SPAN = 16  # days: 3 workdays to answer, a few are late, a long holiday lies between
HOURS = (5, 3, 2, 1, 1, 1, 2, 4, 6, 7, 8, 8, 7, 6, 7, 7, 8, 9, 10, 11, 12, 11, 9, 7)
STATION = "洪蓝派出所"


class Kind(NamedTuple):
    """A kind of call: code, finer word, share, whether a dispute, who gets it, words, where."""

    code: str
    word: str
    share: float
    dispute: bool
    to: str
    text: str
    place: str


KINDS = (
    Kind("01", "邻里纠纷", 16, True, "矛调中心", "与邻居因琐事争吵", "estate"),
    Kind("01", "家庭矛盾", 9, True, "妇联", "家庭成员争吵", "any"),
    Kind("01", "经济纠纷", 8, True, "司法所", "因欠款发生争执", "shop"),
    Kind("02", "生活噪声", 13, False, "网格办", "楼上夜间有噪声", "estate"),
    Kind("02", "商业噪声", 5, False, "城管中队", "店铺音响声音大", "shop"),
    Kind("03", "开锁求助", 8, False, "物业办", "忘带钥匙无法进门", "estate"),
    Kind("03", "老人求助", 6, False, "民政办", "独居老人需要帮助", "any"),
    Kind("04", "走失", 2, False, "网格办", "家中老人外出未归", "any"),
    Kind("05", "消费争议", 9, True, "市监分局", "对商品质量有异议", "shop"),
    Kind("06", "停车纠纷", 9, True, "物业办", "车辆被堵无法驶出", "estate"),
    Kind("07", "工资争议", 3, True, "社保中心", "工资未按约定支付", "site"),
    Kind("08", "油烟异味", 3, False, "环保办", "有异味影响居住", "shop"),
    Kind("09", "设施损坏", 4, False, "交管办", "路口护栏被撞坏", "road"),
    Kind("99", "其他", 5, False, "热线办", "其他非警务事项", "any"),
)


def calls_on(town: Town, day: date) -> list[Life]:
    """The calls of a day; evenings and weekends are busier."""
    rng = dice(town, "police_110", day)
    mean = (10.5 if day.weekday() >= 4 else 8.2) * town.crowd(day)
    moments = sorted(_moment(rng, day) for _ in range(poisson(rng, mean)))
    return [_life(rng, at, f"JQ{day:%Y%m%d}{n:03d}") for n, at in enumerate(moments, 1)]


def _moment(rng: random.Random, day: date) -> datetime:
    hour = rng.choices(range(24), HOURS)[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)))


def _life(rng: random.Random, at: datetime, number: str) -> Life:
    kind = weighted(rng, [(kind, kind.share) for kind in KINDS])
    community, _ = somewhere(rng)
    who = people.caller(rng, community)
    pen = Pen(at + timedelta(seconds=rng.randrange(40, 300)), "gxsj", jqzt="1")
    _go_on(rng, pen, kind)
    place = people.place(rng, community, kind.place)
    return pen.life(
        jqbh=number,
        jqlb=kind.code,
        jqxl=kind.word,
        sfjf=kind.dispute,
        bjsj=at,
        bjr=who.name[0] + "*" * (len(who.name) - 1),
        bjdh=f"{who.phone[:3]}****{who.phone[-4:]}",
        bjrbs=hashlib.sha256(f"police {who.phone}".encode()).hexdigest()[:16],
        sfdd=place,
        sqbm=community.code,
        jqnr=f"{place}，{kind.text}。",
        cjdw=STATION,
    )


def _go_on(rng: random.Random, pen: Pen, kind: Kind) -> None:
    pen.step(pen.at + timedelta(seconds=rng.randrange(300, 1900)), jqzt="2", dcsj=AT)
    there = pen.at + timedelta(minutes=rng.randrange(8, 55))
    if rng.random() < (0.42 if kind.dispute else 0.55):
        pen.step(there, jqzt="5", xcczwb=True, wjsj=AT)
        return
    due = office.end_of(office.add_workdays(there.date(), 3))
    passed = pen.step(there, jqzt="3", xcczwb=False, fldw=kind.to, flsj=AT, fksx=due)
    days = rng.choice((4, 5)) if rng.random() < 0.05 else rng.choice((0, 1, 1, 2, 2, 3))
    answer = max(office.later(rng, passed, days, days), passed + timedelta(minutes=50))
    pen.step(answer, jqzt="4", fksj=AT, fknr=f"{kind.to}已联系当事人并处理")
    pen.step(pen.at + timedelta(minutes=rng.randrange(10, 300)), jqzt="5", wjsj=AT)
