"""The street's whistles, year by year, calibrated to the public figure.

January to September of every year from `Town.calibrated_from` on: 11 whistles, all of them closed
in that period and resolved. Nothing of October to December reaches into the next year, so the
figure stands on any later day.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from demo import office, people
from demo.dice import somewhere, weighted
from demo.lives import AT, Cell, Life, Pen
from demo.town import Town

CALIBRATED = 11
EARLIER = {1: 8, 2: 5}
SPAN = 40  # days
HARD_SHARE = 0.3


class Matter(NamedTuple):
    """What a whistle is blown for, and whom it calls; the first department leads."""

    kind: str
    title: str
    reason: str
    departments: tuple[str, ...]
    task: str


MATTERS = (
    Matter("市容环境", "夜市占道和油烟整治", "街道无处罚权，需多部门联合执法",
           ("城管", "市监", "生态环境"), "联合检查并逐户整改"),
    Matter("交通安全", "货车穿村和路口隐患", "道路限行标志由区级部门设置",
           ("交警", "交通", "城管"), "增设限高和标志，联合查处"),
    Matter("安全生产", "小化工作坊停产整治", "涉及危化品，需专业部门认定",
           ("应急", "生态环境", "消防", "市监"), "查封设备并清运原料"),
    Matter("违法建设", "河道边违建拆除", "权属不清，需规资和水务认定",
           ("规资", "水务", "城管"), "认定权属后限期拆除"),
    Matter("物业管理", "老旧小区停水和二次供水", "管网产权不明",
           ("住建", "供水"), "更换水泵并明确产权"),
    Matter("劳动保障", "工地欠薪处置", "施工单位注册地在外区",
           ("人社", "住建", "公安"), "核算工资并督促发放"),
    Matter("燃气安全", "餐饮集中区燃气改造", "涉及燃气管线改造审批",
           ("住建", "燃气", "消防"), "完成管道改造并验收"),
    Matter("生态环境", "圩区养殖污水直排", "需环境执法取证",
           ("生态环境", "农业农村", "水务"), "取证立案并落实治污设施"),
    Matter("公共安全", "沿河防护缺失", "护栏由区水务统一建设",
           ("水务", "交通"), "安装护栏和警示牌"),
)  # fmt: skip
SOURCES = (("12345", "NJ"), ("网格", "SJ"), ("大联动", "LD"), ("城管", "CG"))
LEADERS = ("街道分管副主任", "街道党工委委员", "街道人武部长", "街道政法委员")


def draw(town: Town, day: date) -> Sequence[Life]:
    """The whistles drafted on a day."""
    return _by_day(town, day.year).get(day, ())


@lru_cache(maxsize=8)
def _by_day(town: Town, year: int) -> dict[date, tuple[Life, ...]]:
    found: dict[date, tuple[Life, ...]] = {}
    for life in whistles_of_year(town, year):
        day = life.steps[0].at.date()
        found[day] = (*found.get(day, ()), life)
    return found


def whistles_of_year(town: Town, year: int) -> list[Life]:
    """All whistles of a year, numbered in the order in which they were drafted."""
    calibrated = year >= town.calibrated_from
    rng = random.Random(f"{town.seed} whistle {year} {calibrated}")
    count = CALIBRATED if calibrated else EARLIER[town.calibrated_from - year]
    days = [(day, True) for day in _workdays(rng, date(year, 1, 8), date(year, 9, 1), count)]
    later = rng.choice((2, 3, 3, 4))
    days += [(day, False) for day in _workdays(rng, date(year, 10, 9), date(year, 11, 20), later)]
    matters = [rng.choice(MATTERS) for _ in days]
    return [
        _life(
            random.Random(f"{town.seed} whistle {year} {n}"), day, f"CS{year}{n:03d}", matter, good
        )
        for n, ((day, good), matter) in enumerate(zip(days, matters, strict=True), 1)
    ]


def _workdays(rng: random.Random, first: date, last: date, count: int) -> list[date]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return sorted(rng.sample([day for day in days if office.is_workday(day)], count))


def _life(rng: random.Random, day: date, number: str, matter: Matter, good: bool) -> Life:
    hard = rng.random() < HARD_SHARE
    community, _ = somewhere(rng)
    source, head = rng.choice(SOURCES)
    pen = Pen(datetime.combine(day, office.WINDOWS[0][0]), "gxsj", sdzt="1", nssj=AT)
    pen.step(_soon(rng, pen, 8, 40), sdzt="2")
    pen.step(_soon(rng, pen, 5, 60), spsj=AT)
    _blow(rng, pen, matter, 5 if hard else 3)
    if not good and rng.random() < 0.12:
        pen.step(_soon(rng, pen, 30, 90), sdzt="11", bjfs="2", xssj=AT)
    else:
        _answer(rng, pen, matter, 5 if hard else 3)
        _settle(rng, pen, matter, good)
    place = people.place(rng, community, "any")
    return pen.life(
        sdbh=number,
        sb="2" if hard else "1",
        bt=f"{community.name}{matter.title}",
        csy=f"{place}：{matter.reason}。",
        lypt=source,
        lydh=f"{head}{day:%Y%m%d}{rng.randrange(400, 999):04d}",
        sxlb=matter.kind,
        sqbm=community.code,
        bddd=place,
        csrzw="街道党工委书记" if hard else rng.choice(LEADERS),
        sprzw="街道党工委书记、办事处主任" if hard else "街道党工委副书记",
        bmsl=len(matter.departments),
    )


def _blow(rng: random.Random, pen: Pen, matter: Matter, days: int) -> None:
    at = _soon(rng, pen, 3, 15)
    due = office.end_of(office.add_workdays(at.date(), days))
    sets: dict[str, Cell] = {"sdzt": "3", "cssj": AT, "bdsx": due}
    for n, department in enumerate(matter.departments):
        sets |= {
            f"{n}.bmmc": department, f"{n}.sfqt": n == 0, f"{n}.bmzt": "0", f"{n}.bdsx": due,
            f"{n}.qssx": at + timedelta(hours=1), f"{n}.lxsx": at + timedelta(hours=24),
            f"{n}.gxsj": AT,
        }  # fmt: skip
    pen.step(at, **sets)


def _answer(rng: random.Random, pen: Pen, matter: Matter, days: int) -> None:
    """Each department signs, rings up and comes; a few are late with one of them."""
    blown = pen.at
    steps: list[tuple[datetime, dict[str, Cell]]] = []
    for n, department in enumerate(matter.departments):
        minutes = rng.randrange(4, 58) if rng.random() < 0.92 else rng.randrange(62, 170)
        signed = blown + timedelta(minutes=minutes)
        hours = rng.uniform(0.5, 22) if rng.random() < 0.94 else rng.uniform(25, 40)
        contacted = max(signed + timedelta(minutes=9), blown + timedelta(hours=hours))
        took = rng.randint(1, days) if rng.random() < 0.95 else days + 1
        arrived = max(office.later(rng, blown, took, took), contacted + timedelta(minutes=30))
        who = people.person(f"部门{department}", rng.randrange(4))
        steps += [
            (signed, {f"{n}.qssj": AT, f"{n}.bmzt": "1", f"{n}.gxsj": AT}),
            (contacted, {f"{n}.lxsj": AT, f"{n}.bmzt": "2", f"{n}.gxsj": AT}),
            (arrived, {f"{n}.bdsj": AT, f"{n}.bmzt": "3", f"{n}.gxsj": AT,
                       f"{n}.bdr": who.name, f"{n}.lxdh": who.phone}),
        ]  # fmt: skip
    steps.sort(key=lambda step: step[0])
    _last(steps, "qssj")["sdzt"] = "4"
    _last(steps, "bdsj")["sdzt"] = "5"
    for at, sets in steps:
        pen.step(at, **sets)


def _last(steps: list[tuple[datetime, dict[str, Cell]]], field: str) -> dict[str, Cell]:
    """What the last step that sets a field of a department sets."""
    return [sets for _, sets in steps if any(name.endswith(f".{field}") for name in sets)][-1]


def _settle(rng: random.Random, pen: Pen, matter: Matter, good: bool) -> None:
    """They meet, share the work, do it; the street gives each its marks and closes."""
    met = max(office.later(rng, pen.at, 0, 1), pen.at + timedelta(minutes=40))
    due = office.end_of(office.add_workdays(met.date(), 6))
    numbers = range(len(matter.departments))
    tasks: dict[str, Cell] = {}
    for n in numbers:
        tasks |= {f"{n}.rw": matter.task if n == 0 else f"配合{matter.task}", f"{n}.rwsx": due,
                  f"{n}.gxsj": AT}  # fmt: skip
    pen.step(met, sdzt="6", hssj=AT, **tasks)
    pen.step(pen.at + timedelta(hours=1), sdzt="7")
    done = sorted((office.later(rng, met, 1, 6), n) for n in numbers)
    for at, n in done:
        pen.step(at, **{f"{n}.wcsj": AT, f"{n}.bmzt": "4", f"{n}.gxsj": AT})
    pen.step(pen.at + timedelta(minutes=45), sdzt="8")
    marks: dict[str, Cell] = {}
    for n in numbers:
        marks |= {f"{n}.xysd": _mark(rng), f"{n}.phd": _mark(rng), f"{n}.jjcx": _mark(rng),
                  f"{n}.gxsj": AT}  # fmt: skip
    values = [value for value in marks.values() if isinstance(value, int)]
    resolved = good or rng.random() < 0.85
    pen.step(
        office.later(rng, pen.at, 1, 2), sdzt="9", bjfs="1", xssj=AT, sfjj=resolved,
        zhpf=round(sum(values) / len(values), 1), **marks,
    )  # fmt: skip
    pen.step(office.later(rng, pen.at, 1, 2), sdzt="10")


def _mark(rng: random.Random) -> int:
    return weighted(rng, ((100, 40), (95, 30), (90, 18), (80, 9), (70, 3)))


def _soon(rng: random.Random, pen: Pen, low: int, high: int) -> datetime:
    return pen.at + timedelta(minutes=rng.randrange(low, high), seconds=rng.randrange(60))
