"""The street's service hall: what is asked for at its windows, how long it takes, its ratings."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from demo import office, people
from demo.dice import dice, poisson, somewhere, weighted
from demo.lives import AT, Life, Pen
from demo.town import Town

SPAN = 45  # days: 15 workdays and a few late, then the rating and what follows from a bad one


class Item(NamedTuple):
    """A matter of the hall: code, name, theme, window, share; 0 workdays is done at once."""

    code: str
    name: str
    theme: str
    window: str
    share: float
    workdays: int


ITEMS = (
    Item("0114001", "城乡居民基本医疗保险参保登记", "医疗保障", "03", 15, 0),
    Item("0114007", "医疗费用手工报销", "医疗保障", "03", 7, 15),
    Item("0114012", "异地就医备案", "医疗保障", "03", 8, 0),
    Item("0115003", "城乡居民养老保险参保登记", "社会保险", "02", 9, 0),
    Item("0115009", "养老保险待遇申领", "社会保险", "02", 5, 10),
    Item("0115021", "失业登记", "就业创业", "02", 4, 0),
    Item("0115030", "灵活就业补贴申领", "就业创业", "02", 3, 10),
    Item("0111004", "高龄津贴申请", "民政救助", "04", 5, 10),
    Item("0111008", "残疾人两项补贴申请", "民政救助", "04", 3, 15),
    Item("0111015", "临时救助申请", "民政救助", "04", 1, 5),
    Item("0131002", "个体工商户设立登记", "市场准入", "05", 4, 1),
    Item("0131006", "食品经营备案", "市场准入", "05", 3, 3),
    Item("0109001", "居住证办理", "户籍证件", "01", 8, 10),
    Item("0109005", "流动人口登记", "户籍证件", "01", 6, 0),
    Item("0120003", "生育登记", "卫生健康", "06", 4, 0),
    Item("0120008", "独生子女父母奖励申领", "卫生健康", "06", 2, 10),
    Item("0117002", "农村村民宅基地审批", "住房建设", "07", 1, 15),
    Item("0117009", "公租房申请", "住房建设", "07", 2, 15),
    Item("0118001", "退役军人登记", "退役军人", "08", 1, 0),
    Item("0199001", "公益性证明和咨询", "综合服务", "01", 9, 0),
)  # fmt: skip
FIRMS = ("市场准入",)
CHANNELS = (("1", 63), ("2", 17), ("4", 14), ("3", 6))
RATINGS = (("5", 880), ("4", 95), ("3", 14), ("2", 7), ("1", 4))
HOURS = (9, 9, 9, 10, 10, 10, 11, 11, 14, 14, 15, 15, 16, 16, 17)
SATURDAY, SUNDAY = 5, 6


def draw(town: Town, day: date) -> list[Life]:
    """The matters accepted on a day; the hall is open on Saturday mornings too."""
    rng = dice(town, "gov_service", day)
    mean = 62.0 if office.is_workday(day) else 16.0 if day.weekday() == SATURDAY else 3.0
    moments = sorted(_moment(rng, day) for _ in range(poisson(rng, mean * town.crowd(day))))
    return [_life(rng, at, f"BJ{day:%Y%m%d}{n:04d}") for n, at in enumerate(moments, 1)]


def _moment(rng: random.Random, day: date) -> datetime:
    return datetime.combine(day, time(rng.choice(HOURS), rng.randrange(60), rng.randrange(60)))


def _life(rng: random.Random, at: datetime, number: str) -> Life:
    item = weighted(rng, [(item, item.share) for item in ITEMS])
    community, _ = somewhere(rng)
    who = people.caller(rng, community)
    channel = weighted(rng, CHANNELS) if at.weekday() != SUNDAY else rng.choice("24")
    pen = Pen(at, "gxsj", bjzt="1", slsj=AT)
    _go_on(rng, pen, item)
    due = office.add_workdays(at.date(), item.workdays)
    return pen.life(
        bjbh=number,
        sxbm=item.code,
        sxmc=item.name,
        bjlx="2" if item.workdays else "1",
        sxzt=item.theme,
        ckh=item.window,
        sqqd=channel,
        sqrlx="2" if item.theme in FIRMS and rng.random() < 0.4 else "1",
        sqr=who.name,
        zjhm=people.id_no(rng),
        lxdh=who.phone,
        sqbm=community.code,
        ddsc=min(95, int(rng.lognormvariate(1.9, 0.7))) if channel == "1" else None,
        cnsx=item.workdays,
        bjqx=office.end_of(due) if item.workdays else datetime.combine(due, time(23, 59, 59)),
    )


def _go_on(rng: random.Random, pen: Pen, item: Item) -> None:
    if item.workdays:
        if rng.random() < 0.06:
            pen.step(pen.at + timedelta(minutes=rng.randrange(20, 400)), bjzt="2")
        pen.step(pen.at + timedelta(minutes=rng.randrange(30, 500)), bjzt="3")
        late = rng.random() < 0.006
        share = rng.uniform(1.05, 1.3) if late else rng.uniform(0.12, 0.85)
        done = office.add_minutes(pen.at, item.workdays * 420 * share)
    else:
        done = pen.at + timedelta(minutes=rng.randrange(4, 35), seconds=rng.randrange(60))
    result = weighted(rng, (("1", 975), ("2", 15), ("3", 10)))
    closed = pen.step(done, bjzt="4", bjsj=AT, bljg=result)
    if rng.random() < 0.62:
        rating = weighted(rng, RATINGS)
        note = "等候时间较长" if rating < "3" else None
        at = closed + timedelta(minutes=rng.choice((1, 2, 3, 8, 60, 600)))
        pen.step(at, bjzt="5", hcp=rating, pjsj=AT, pjnr=note)
        if rating < "3":
            pen.step(office.later(rng, pen.at, 1, 5), bjzt="6", zgsj=AT)
