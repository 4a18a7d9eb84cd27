"""Flights over the town once a month, the spots found by comparing them, and their long lives."""

from __future__ import annotations

import math
import random
from datetime import date, datetime, timedelta

from demo import office, people, sky
from demo.dice import dice, moment, poisson, somewhere, spot_in, weighted
from demo.lives import Life, Pen
from demo.outline import KM_PER_DEGREE
from demo.town import Town

SPAN = 430  # a forced demolition waits for the terms of review and lawsuit
FLIGHT_KM2 = 38.0  # the built-up parts; the whole street has 109 km²
ORIGINS = (("2", 6.0), ("3", 3.0), ("4", 0.6))
CHANGES = (("01", 14.0), ("02", 12.0), ("03", 34.0), ("04", 14.0), ("05", 10.0), ("06", 16.0))
VERDICTS = (
    ("0", 9.0), ("1", 11.0), ("2", 38.0), ("3", 14.0), ("4", 6.0), ("5", 10.0), ("6", 12.0),
)  # fmt: skip
STRUCTURES = {"01": "砖混", "02": "砖混", "03": "彩钢", "04": "混凝土", "05": "无", "06": "简易"}


def flight_day(town: Town, month: date) -> date:
    """The day of a month's flight: the first dry one from the third on."""
    day = month.replace(day=3)
    while sky.rain_on(town, day) > 0.2 and day.day < 12:
        day += timedelta(days=1)
    return day


def plots_on(town: Town, day: date) -> list[Life]:
    """What began on one day: the month's flight, spots found by comparing, spots reported."""
    rng = dice(town, "plot", day)
    flown = flight_day(town, day)
    lives = []
    if day == flown:
        lives.append(_flight(town, rng, day))
    reported = range(poisson(rng, 0.3 * town.crowd(day)))
    found = [(moment(rng, day, 8, 18), weighted(rng, ORIGINS)) for _ in reported]
    if day == flown + timedelta(days=2):
        count = _spots(town, flown)
        found += [(moment(rng, day, 9, 17), "1") for _ in range(count)]
    numbered = enumerate(sorted(found), 1)
    return lives + [_clue(rng, town, at, origin, n) for n, (at, origin) in numbered]


def _spots(town: Town, flown: date) -> int:
    return 6 + poisson(dice(town, "spots", flown), 14.0)


def _number(flown: date) -> str:
    return f"HC{flown:%Y%m}"


def _before(flown: date) -> str:
    return _number(flown.replace(day=1) - timedelta(days=1))


def _flight(town: Town, rng: random.Random, day: date) -> Life:
    at = moment(rng, day, 9, 11)
    pen = Pen(at, hczt="1", tbs=None)
    pen.step(datetime.combine(day + timedelta(days=2), datetime.min.time()) + timedelta(hours=17),
             hczt="2", tbs=_spots(town, day))  # fmt: skip
    return pen.life(
        lx="HC", hcbh=_number(day), fxsj=at, fgmj=round(FLIGHT_KM2 * rng.uniform(0.96, 1.03), 2),
        zps=rng.randrange(5200, 6100), fbl=5.0, dbhc=_before(day),
    )  # fmt: skip


def _clue(rng: random.Random, town: Town, at: datetime, origin: str, n: int) -> Life:
    community, grid = somewhere(rng)
    change, verdict = weighted(rng, CHANGES), weighted(rng, VERDICTS)
    flown = flight_day(town, at.date())
    by_drone = origin == "1"
    area = round(min(rng.lognormvariate(4.1, 0.75), 900.0), 1)
    lng, lat = spot_in(rng, grid.code)
    number = f"TB{at:%Y%m%d}{n:03d}"
    owner = people.person(community.code, rng.randrange(2400))
    pen = Pen(at, tbzt="10")
    is_unlawful = _story(rng, pen, area, verdict)
    return pen.life(
        lx="TB", tbbh=number, fxly=origin,
        hqhc=_number(flown) if by_drone else None, qqhc=_before(flown) if by_drone else None,
        tbfw=_rectangle(rng, lng, lat, area), zxjd=lng, zxwd=lat, mj=area,
        gd=round(rng.uniform(2.6, 9.5), 1) if change in ("01", "02", "03", "06") else None,
        bhlx=change, zxd=round(rng.uniform(0.55, 0.97), 2) if by_drone else None,
        qqyx=f"{_before(flown)}/{number}_q.jpg" if by_drone else None,
        hqyx=f"{_number(flown)}/{number}_h.jpg" if by_drone else None,
        sqbm=community.code, wgbm=grid.code, wz=people.place(rng, community, "any"),
        dsr=owner.name if is_unlawful else None, dsrdh=owner.phone if is_unlawful else None,
        xkzh=f"建字第{at.year}{rng.randrange(1000, 9999)}号" if verdict in "13" else None,
        jg=STRUCTURES[change], cs=rng.randrange(1, 4) if change in ("01", "02") else None,
        faxsj=at, cbdw="城管中队",
    )  # fmt: skip


def _story(rng: random.Random, pen: Pen, area: float, verdict: str) -> bool:
    """From dispatch to the end; whether it was unlawful."""
    sent = pen.step(pen.at + timedelta(minutes=rng.randrange(20, 600)), tbzt="20")
    due = sent + timedelta(hours=48)
    pen.steps[-1].sets.update(pdsj=sent, hcsx=due)
    late = rng.random() < 0.06
    hours = rng.uniform(50, 96) if late else rng.uniform(3, 46)
    checker = people.person("checker", rng.randrange(14)).name
    checked = pen.step(sent + timedelta(hours=hours), hcr=checker, rdjg=verdict)
    pen.steps[-1].sets["hcsj"] = checked
    if verdict in "01":
        pen.steps[-1].sets["tbzt"] = "30"
        pen.step(checked + timedelta(hours=rng.uniform(1, 30)), tbzt="70")
        pen.steps[-1].sets["xhsj"] = pen.at
        return False
    pen.steps[-1].sets["sfxz"] = verdict != "6"
    stopped = pen.step(checked + timedelta(minutes=rng.randrange(10, 200)), tbzt="40")
    pen.steps[-1].sets["zltzsj"] = stopped
    if rng.random() < 0.72:
        _torn_down(rng, pen, area, rng.randrange(2, 20), "1" if rng.random() < 0.8 else "2")
    else:
        _by_law(rng, pen, area)
    return True


def _by_law(rng: random.Random, pen: Pen, area: float) -> None:
    """Filing, decision, reminder; torn down by force when review and lawsuit are out of time."""
    for field, least, most in (("lasj", 2, 7), ("jdsj", 25, 60), ("cgsj", 15, 30)):
        day = office.add_workdays(pen.at.date() + timedelta(days=rng.randrange(least, most)), 1)
        pen.step(office.at_desk(rng, day), tbzt="50")
        pen.steps[-1].sets[field] = pen.at
    kind, wait = ("1", rng.randrange(5, 60)) if rng.random() < 0.5 else ("3", 185)
    _torn_down(rng, pen, area, wait, kind)


def _torn_down(rng: random.Random, pen: Pen, area: float, wait: int, kind: str) -> None:
    """Never on a holiday and never at night; struck off after the recheck, seldom built again."""
    day = office.add_workdays(pen.at.date() + timedelta(days=wait), 1)
    pen.step(office.at_desk(rng, day), tbzt="60", ccmj=area, ccfs=kind)
    pen.steps[-1].sets["ccsj"] = pen.at
    day = office.add_workdays(pen.at.date(), rng.randrange(1, 6))
    pen.step(office.at_desk(rng, day), tbzt="70")
    pen.steps[-1].sets["xhsj"] = pen.at
    again = rng.random() < 0.015
    day = office.add_workdays(pen.at.date() + timedelta(days=rng.randrange(20, 45)), 1)
    pen.step(office.at_desk(rng, day), sffj=again, **({"tbzt": "80"} if again else {}))
    pen.steps[-1].sets["fcsj"] = pen.at


def _rectangle(rng: random.Random, lng: float, lat: float, area: float) -> str:
    """The outline in WKT: a rectangle of this area, turned like the houses around it."""
    long = math.sqrt(area * rng.uniform(1.1, 2.6))
    turn = rng.uniform(-0.5, 0.5)
    corners = []
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)):
        east, north = x * long / 2, y * area / long / 2
        dx = (east * math.cos(turn) - north * math.sin(turn)) / 1000 / KM_PER_DEGREE[0]
        dy = (east * math.sin(turn) + north * math.cos(turn)) / 1000 / KM_PER_DEGREE[1]
        corners.append(f"{lng + dx:.7f} {lat + dy:.7f}")
    return f"POLYGON (({', '.join(corners)}))"
