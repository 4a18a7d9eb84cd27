"""Hazards that inspectors find in the town: 5 to 20 on a working day, most of them put right."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from demo import office, people, sky
from demo.dice import dice, moment, poisson, somewhere, weighted
from demo.lives import Life, Pen
from demo.town import Town

SPAN = 75  # days within which every hazard is done with
# category: code, what is found, kinds of subject it is found at; how often
FOUND = (
    (("01", ("灭火器压力不足", "疏散通道堆放杂物", "应急照明损坏", "安全出口上锁"), "012356"), 34),
    (("02", ("配电箱前堆物", "私拉乱接电线", "电动自行车违规充电", "线路老化裸露"), "0234567"), 22),
    (("03", ("燃气软管老化", "气瓶间通风不良", "未装燃气泄漏报警器"), "35"), 12),
    (("04", ("油漆稀料混放", "危化品台账不全"), "14"), 5),
    (("05", ("叉车未按期检验", "压力容器超期未检"), "14"), 6),
    (("06", ("有限空间无警示标志", "未落实先通风后作业"), "17"), 4),
    (("07", ("临边防护缺失", "脚手架连墙件不足", "塔吊限位失效"), "4"), 8),
    (("08", ("出租房隔断用可燃材料", "楼道飞线充电"), "5"), 6),
    (("09", ("除尘系统积尘",), "1"), 1),
    (("99", ("安全培训记录不全", "应急预案未演练"), "1234"), 2),
)
BRANDS = ("宏达", "金源", "永兴", "华盛", "鑫隆", "瑞丰", "天成", "安泰", "顺通", "恒信")
TRADES = {
    "1": "机械厂", "2": "百货商店", "3": "饭店", "4": "项目部", "5": "租户房", "6": "托管中心",
    "7": "粮食烘干点",
}  # fmt: skip
UNITS = (("应急办", 6.0), ("消防工作站", 3.0), ("市监分局", 1.5), ("建管中心", 1.5))
KINDS = (("1", 52.0), ("2", 24.0), ("3", 8.0), ("4", 12.0), ("5", 4.0))


def hazards_on(town: Town, day: date) -> list[Life]:
    """What was found on one day."""
    rng = dice(town, "hazard", day)
    mean = 12.5 if office.is_workday(day) else 1.6
    if sky.warmest(town, day) >= 34 or day.month in (1, 12):
        mean *= 1.25  # summer heat, winter heating and the checks before the festival
    crowd = town.crowd(day)
    count = min(poisson(rng, mean * crowd), round(26 * crowd))
    found = sorted(moment(rng, day, 8, 18) for _ in range(count))
    return [_hazard(rng, at, f"YH{at:%Y%m%d}{n:04d}") for n, at in enumerate(found, 1)]


def _hazard(rng: random.Random, at: datetime, number: str) -> Life:
    community, grid = somewhere(rng)
    category, words, subjects = weighted(rng, FOUND)
    kind = rng.choice(subjects.replace("0", "") or "1")
    is_major = rng.random() < 0.012
    days = 30 if is_major else weighted(rng, ((0, 2.0), (3, 3.0), (7, 5.0), (15, 3.0)))
    due = at.date() + timedelta(days=days)
    owner = people.person(community.code, rng.randrange(4000))
    checkers = {people.person("checker", rng.randrange(14)).name for _ in range(2)}
    pen = Pen(at, zt="10")
    _mend(rng, pen, due)
    facts = {
        "yhbh": number, "jclx": weighted(rng, KINDS),
        "dwmc": f"{people.stem(community)}{rng.choice(BRANDS)}{TRADES[kind]}", "dwlb": f"0{kind}",
        "yhlb": category, "yhdj": "2" if is_major else "1", "yhms": rng.choice(words),
        "dz": people.place(rng, community, "shop" if kind in "236" else "any"),
        "sqbm": community.code, "wgbm": grid.code, "jcdw": weighted(rng, UNITS),
        "jcr": "、".join(sorted(checkers)), "lxr": owner.name, "lxdh": owner.phone,
        "fxsj": at, "zgqx": due, "gpdb": is_major, "zgsj": None, "fcsj": None, "fchg": None,
    }  # fmt: skip
    return pen.life(**facts)


def _mend(rng: random.Random, pen: Pen, due: date) -> None:
    """It is put right, mostly in time, and rechecked; one in ten not at once."""
    limit = datetime.combine(due, datetime.max.time()).replace(microsecond=0)
    left = (limit - pen.at).total_seconds()
    late = rng.random() < 0.07
    fixed = limit + timedelta(hours=rng.uniform(10, 300)) if late else None
    if late:
        over = datetime.combine(due + timedelta(days=1), datetime.min.time())
        pen.step(over + timedelta(minutes=rng.randrange(5, 50)), zt="40")
    fixed = fixed or pen.at + timedelta(seconds=left * rng.uniform(0.15, 0.95))
    pen.step(fixed, zt="20", zgsj=fixed.replace(microsecond=0))
    if rng.random() < 0.08:
        again = office.at_desk(rng, office.add_workdays(pen.at.date(), 1))
        pen.step(again, zt="10", fcsj=again, fchg=False, zgsj=None)
        second = pen.at + timedelta(days=rng.uniform(1, 5))
        pen.step(second, zt="20", zgsj=second.replace(microsecond=0))
    checked = office.at_desk(rng, office.add_workdays(pen.at.date(), rng.randrange(1, 4)))
    pen.step(checked, zt="30", fcsj=checked, fchg=True)
