"""A day of the grids: who is on duty, what they report, and what becomes of it."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from config.site import Community, Grid, load_site
from demo import office, people, survey
from demo.dice import dice, spot_in, weighted
from demo.grid_matters import MATTERS, Matter
from demo.lives import AT, Life, Pen, Row
from demo.town import Town

SPAN = 24  # days: the longest limit is 10 workdays, and some are late
CHANNELS = (("01", 905), ("02", 55), ("04", 18), ("03", 12), ("05", 4), ("06", 4), ("07", 2))
BY_PEOPLE = ("03", "04")
DAYS = {"1": 3, "2": 5, "3": 7, "4": 10}  # workdays to deal with it, by grade
HOURS = (7, 8, 8, 9, 9, 9, 10, 10, 10, 11, 13, 14, 14, 15, 15, 15, 16, 16, 17, 19)
_TABLE = [matter for matter in MATTERS]
_SHARES = list(accumulate(matter.share for matter in MATTERS))


class Staff(NamedTuple):
    """Who looks after a grid: a number, full time or beside other work."""

    number: str
    kind: str
    grid: Grid
    community: Community


@lru_cache(maxsize=1)
def staff() -> tuple[Staff, ...]:
    """One for each grid."""
    site = load_site()
    home = {community.code: community for community in site.communities}
    return tuple(
        Staff(f"WG{grid.code[-6:]}", "2" if n % 4 == 3 else "1", grid, home[grid.community])
        for n, grid in enumerate(site.grids)
    )


@lru_cache(maxsize=128)
def _spots(grid: str) -> tuple[tuple[float, float], ...]:
    """Places of a grid where things happen; corners that are known for it come up again."""
    rng = random.Random(f"spots {grid}")
    return tuple(spot_in(rng, grid) for _ in range(60))


def draw(town: Town, day: date) -> list[Life]:
    """The events of a day in the order of report, then its duty days."""
    rng = dice(town, "grid_event", day)
    works, crowd = office.is_workday(day), town.crowd(day)
    events: list[tuple[datetime, Staff]] = []
    duties: list[Life] = []
    for one in staff():
        expected = works or rng.random() < 0.38
        there = expected and rng.random() < 0.965
        count = round(rng.choice((1, 2, 2, 3, 3, 4)) * crowd) if there else 0
        duties.append(_duty(rng, day, one, expected, there, count))
        events += [(_moment(rng, day), one) for _ in range(count)]
    events.sort(key=lambda pair: (pair[0], pair[1].number))
    return [
        *(_event(rng, at, one, f"SJ{day:%Y%m%d}{n:04d}") for n, (at, one) in enumerate(events, 1)),
        *duties,
    ]


def _moment(rng: random.Random, day: date) -> datetime:
    return datetime.combine(day, time(rng.choice(HOURS), rng.randrange(60), rng.randrange(60)))


def _duty(
    rng: random.Random, day: date, one: Staff, expected: bool, there: bool, count: int
) -> Life:
    start = datetime.combine(day, time(8, rng.randrange(5, 50), rng.randrange(60)))
    facts: Row = {
        "lx": "zg", "rq": day, "wgybh": one.number, "wgylb": one.kind,
        "sqbm": one.community.code, "wgbm": one.grid.code, "sfyzg": expected,
    }  # fmt: skip
    if not there:
        pen = Pen(start.replace(minute=55), "gxsj", zxsc=0, xclc=0, zfhs=0, sbsl=0)
        return pen.life(**facts)
    pen = Pen(start, "gxsj", zxsc=0, scsx=AT, zjsx=AT, xclc=0, zfhs=0, sbsl=0)
    minutes = rng.randrange(255, 520) if one.kind == "1" else rng.randrange(120, 330)
    km, visits = round(rng.uniform(1.6, 9.4), 2), rng.randrange(0, 9)
    noon = datetime.combine(day, time(12, rng.randrange(30)))
    pen.step(
        noon, zxsc=minutes * 2 // 5, zjsx=AT, xclc=round(km * 0.4, 2), zfhs=visits // 2,
        sbsl=count // 2,
    )  # fmt: skip
    evening = datetime.combine(day, time(20, rng.randrange(60)))
    pen.step(evening, zxsc=minutes, zjsx=AT, xclc=km, zfhs=visits, sbsl=count)
    return pen.life(**facts)


def _event(rng: random.Random, at: datetime, one: Staff, number: str) -> Life:
    matter: Matter = rng.choices(_TABLE, cum_weights=_SHARES)[0]
    channel = weighted(rng, CHANNELS)
    grade = rng.choices("1234", (900, 85, 14, 1))[0]
    pen = Pen(at, "gxsj", sjzt="0", sbsj=AT, czqzp=rng.choice((1, 1, 2, 3)))
    if channel in BY_PEOPLE and rng.random() < 0.3:
        _void(rng, pen)
    elif rng.randrange(100) < matter.alone and grade < "3":
        _alone(rng, pen)
    else:
        _passed_on(rng, pen, matter, grade)
    lng, lat = survey.told("grid_event", rng.choice(_spots(one.grid.code)))
    place = people.place(rng, one.community, matter.place)
    said = channel in BY_PEOPLE
    return pen.life(
        lx="sj",
        sjbh=number,
        sjly=channel,
        sjfl=matter.code,
        sjflmc=matter.name,
        sjdj=grade,
        sjrs=rng.choice((0, 0, 0, 1, 2, 5)),
        wgybh=None if said else one.number,
        sbrdh=people.caller(rng, one.community).phone if said else None,
        sqbm=one.community.code,
        wgbm=one.grid.code,
        fsdd=place,
        jd=f"{lng:.6f}",
        wd=f"{lat:.6f}",
        sjms=f"{place}，{rng.choice(matter.texts)}。",
        czsx=datetime.combine(office.add_workdays(at.date(), DAYS[grade]), office.CLOSING),
    )


def _void(rng: random.Random, pen: Pen) -> None:
    at = pen.at + timedelta(minutes=rng.randrange(10, 180))
    pen.step(at, sjzt="9", slsj=AT, sfyx=False, sfzcz=False, czcj="1")


def _alone(rng: random.Random, pen: Pen) -> None:
    """Settled on the spot: the grid reports and closes at once."""
    at = pen.at + timedelta(minutes=rng.randrange(3, 90), seconds=rng.randrange(60))
    pen.step(
        at, sjzt="5", slsj=AT, czsj=AT, jasj=AT, czcj="1", sfzcz=True, sfyx=True,
        czhzp=rng.choice((1, 1, 2)),
    )  # fmt: skip


def _passed_on(rng: random.Random, pen: Pen, matter: Matter, grade: str) -> None:
    """Signed by the centre, sent to a unit, signed there, dealt with, looked at, closed."""
    level = rng.choices("234", (55, 38, 7) if grade < "3" else (5, 55, 40))[0]
    unit = "村社" if level == "2" else matter.unit
    wait = timedelta(seconds=rng.randrange(20, 1500))
    pen.step(pen.at + wait, sjzt="1", slsj=AT, sfyx=True, sfzcz=False, czcj=level)
    sent = pen.step(
        pen.at + timedelta(seconds=rng.randrange(12, 900)), sjzt="2", pqsj=AT, czdw=unit
    )
    slow = rng.random() < 0.12
    pen.step(
        sent + timedelta(minutes=rng.randrange(35, 300) if slow else rng.randrange(1, 29)), qssj=AT
    )
    minutes = DAYS[grade] * 420 * (rng.uniform(1.02, 1.7) if rng.random() < 0.06 else rng.random())
    handled = pen.step(
        office.add_minutes(pen.at, 20 + minutes), sjzt="3", czsj=AT, czhzp=rng.choice((1, 2, 2, 3))
    )
    pen.step(handled + timedelta(hours=rng.uniform(0.4, 22)), sjzt="4", hcsj=AT)
    moods = (("1", 80), ("2", 16), ("3", 4))
    mood = weighted(rng, moods) if rng.random() < 0.5 else None
    pen.step(pen.at + timedelta(minutes=rng.randrange(5, 400)), sjzt="5", jasj=AT, myd=mood)
