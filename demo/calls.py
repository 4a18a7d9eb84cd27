"""What the people ring about on a day: how many, at which hour, where, about what, in which words.

A day is drawn from seed and date alone, so it is the same whenever it is asked for.
"""

from __future__ import annotations

import math
import random
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from config.site import Community, Site, load_site
from demo import office, people, sky
from demo.dice import poisson
from demo.town import Town

WEEK = (1.13, 1.06, 1.02, 1.0, 0.99, 0.64, 0.56)
HOURS = (2, 1, 1, 1, 1, 2, 5, 12, 34, 62, 58, 38, 22, 30, 50, 52, 44, 34, 24, 26, 24, 16, 9, 4)
PER_WORKDAY = 11.6
CHANNELS = (("电话", 83), ("微信", 8), ("APP", 4), ("网站", 2), ("支付宝", 1), ("110转", 2))
LEVELS = (("市12345", 88), ("区", 4), ("省12345转派", 3), ("人民网留言", 1), ("街道自接", 4))
OPENERS = ("来电人反映：", "市民反映：", "来电人称：", "市民来电：", "来电人表示，")
CLOSERS = (
    "。请相关部门核实处理。",
    "。希望尽快处理并回复。",
    "。请核实并回复。",
    "，来电要求处理。",
    "。望解决。",
)
MARKUP = '<img src=x onerror="document.title=1">'
FORMULA = '=HYPERLINK("http://example.invalid","点这里")'


@dataclass(frozen=True, slots=True)
class Call:
    """One order as it was taken down, before anybody has worked on it."""

    number: str
    received: datetime
    community: str | None
    grid: str | None
    code: str
    ask: str
    title: str
    content: str
    reply: str
    unit: str
    other_unit: str
    urgency: str
    secret: bool
    name: str
    phone: str
    address: str
    channel: str
    level: str
    subject: str
    fate: str  # normal | direct | merge | refuse | void | park


@lru_cache(maxsize=1)
def matters() -> dict[str, dict[str, Any]]:
    """What people ring about, by class code (demo/matters.toml)."""
    text = (Path(__file__).parent / "matters.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1)
def _site() -> Site:
    return load_site()


@lru_cache(maxsize=32)
def calls_on(town: Town, day: date) -> tuple[Call, ...]:
    """All calls of a day in the order of receipt."""
    site = _site()
    rng = random.Random(f"{town.seed} calls {day.isoformat()}")
    moments = [_moment(rng, day) for _ in range(_count(town, day, rng))]
    moments = sorted([*moments, *_in_storm(town, day, rng)])
    serial, found = 0, []
    for moment in moments:
        serial += rng.randrange(1, 60)
        found.append(_call(town, site, day, rng, moment, f"NJ{day:%Y%m%d}{serial:06d}"))
    return tuple(_with_oddities(town, day, found))


def call_before(rng: random.Random, town: Town, at: datetime) -> Call | None:
    """One of the calls of the last two days that was handed on by then; others may refer to it."""
    days = [day for day in (at.date(), at.date() - timedelta(days=1)) if day >= town.first]
    found = [
        call
        for day in days
        for call in calls_on(town, day)
        if call.received < at and call.fate == "normal" and not call.secret and call.community
    ]
    return rng.choice(found) if found else None


def _with_oddities(town: Town, day: date, found: list[Call]) -> list[Call]:
    """Two callers who, before the anchor, put markup and a formula into their words."""
    if found and day == town.anchor - timedelta(days=2):
        call = found[0]
        found[0] = replace(call, title=f"{MARKUP}{call.title}", content=f"{MARKUP}{call.content}")
    if found and day == town.anchor - timedelta(days=3):
        call = found[0]
        found[0] = replace(call, title=f"{FORMULA}{call.title}", content=FORMULA + call.content)
    return found


def _count(town: Town, day: date, rng: random.Random) -> int:
    rain = sky.rain_on(town, day)
    mean = PER_WORKDAY * WEEK[day.weekday()] * (1 + 0.04 * (day.year - town.first.year))
    if office.is_workday(day) and day.weekday() > 4:
        mean = PER_WORKDAY * 0.95
    elif not office.is_workday(day) and day.weekday() < 5:
        mean *= 0.5
    elif office.is_workday(day) and not office.is_workday(day - timedelta(days=1)):
        mean *= 1.06
    mean *= 1 + min(rain, 80) / 200
    if sky.warmest(town, day) >= 34:
        mean *= 1.12
    mean *= 1 + 0.08 * math.sin(2 * math.pi * (day.timetuple().tm_yday - 110) / 365)
    crowd = town.crowd(day)
    return max(2, min(poisson(rng, mean * crowd), round(26 * crowd)))


def _in_storm(town: Town, day: date, rng: random.Random) -> Iterator[datetime]:
    """When more people ring because water stands in their streets, hour by hour as it rains."""
    for begins, storm in town.storms():
        for n, mm in enumerate(storm.rain):
            hour = begins + timedelta(hours=n)
            if hour.date() == day:
                for _ in range(poisson(rng, mm / storm.mm_a_call)):
                    yield hour + timedelta(seconds=rng.randrange(3600))


def _moment(rng: random.Random, day: date) -> datetime:
    hour = rng.choices(range(24), HOURS)[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)))


def _call(
    town: Town, site: Site, day: date, rng: random.Random, moment: datetime, number: str
) -> Call:
    code = rng.choices(tuple(matters()), cum_weights=_weights(town, day))[0]
    matter = matters()[code]
    community = _community(town, site, day, rng, matter["where"])
    somebody = people.caller(rng, community)
    place = people.place(rng, community, matter["where"])
    words = {
        "place": place,
        "spot": people.spot(rng),
        "days": str(rng.randrange(2, 16)),
    }
    turn = rng.randrange(len(matter["body"]))
    title = matter["title"][turn % len(matter["title"])].format(**words)
    content = rng.choice(OPENERS) + matter["body"][turn].format(**words)
    if rng.random() < 0.05:
        content += f"，可联系{somebody.name}，电话{somebody.phone}"
    content += rng.choice(CLOSERS)
    unit = rng.choices(matter["units"], (6, 2, 1)[: len(matter["units"])])[0]
    ask = rng.choices(matter["asks"], (6, 3, 1)[: len(matter["asks"])])[0]
    urgent = rng.random() < matter.get("urgent", 0.0)
    unplaced = rng.random() < 0.015
    return Call(
        number=number,
        received=moment,
        community=None if unplaced else community.code,
        grid=None if unplaced or rng.random() < 0.03 else rng.choice(_grids(community.code)),
        code=code,
        ask=ask,
        title=title,
        content=content,
        reply=matter["reply"],
        unit=unit,
        other_unit=rng.choice(matter["units"]),
        urgency="03" if urgent and rng.random() < 0.15 else "02" if urgent else "01",
        secret=rng.random() < (0.12 if ask == "举报" else 0.015),
        name=somebody.name,
        phone=somebody.phone,
        address=people.address(rng, community),
        channel=_drawn(rng, CHANNELS),
        level=_drawn(rng, LEVELS),
        subject="企业" if rng.random() < 0.04 else "个人",
        fate=_fate(rng, ask),
    )


def _drawn(rng: random.Random, table: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([word for word, _ in table], [share for _, share in table])[0]


def _fate(rng: random.Random, ask: str) -> str:
    if ask == "咨询" and rng.random() < 0.45:
        return "direct"
    luck = rng.random()
    for limit, fate in ((0.04, "merge"), (0.05, "refuse"), (0.054, "void"), (0.058, "park")):
        if luck < limit:
            return fate
    return "normal"


@lru_cache(maxsize=64)
def _grids(community: str) -> tuple[str, ...]:
    return tuple(g.code for g in _site().grids if g.community == community)


def _running(shares: Iterable[float]) -> tuple[float, ...]:
    return tuple(accumulate(shares))


@lru_cache(maxsize=64)
def _weights(town: Town, day: date) -> tuple[float, ...]:
    rain = sky.rain_on(town, day) + 0.6 * sky.rain_on(town, day - timedelta(days=1))
    return _running(
        matter["share"] * _season(matter.get("when", ""), day, rain) * _mood(town, code, day)
        for code, matter in matters().items()
    )


def _season(when: str, day: date, rain: float) -> float:
    """How much more (or less) of a matter its season and the rain bring."""
    month, date_of_year = day.month, (day.month, day.day)
    if when == "flood":
        return 0.25 + min(rain, 80) / 9
    if when == "rain":
        return 0.7 + min(rain, 60) / 20
    harvest = (5, 25) <= date_of_year <= (6, 15) or (10, 15) <= date_of_year <= (11, 15)
    peaks = {
        "summer": (1.75 if 5 <= month <= 9 else 0.7),
        "winter": (1.6 if month in (11, 12, 1, 2) else 0.75),
        "harvest": 6.0 if harvest else 0.12,
        "yearend": (2.6 if month in (12, 1) or date_of_year <= (2, 10) else 0.7),
        "school": (1.9 if month in (6, 7, 8, 9) else 0.7),
    }  # fmt: skip
    return peaks.get(when, 1.0)


@lru_cache(maxsize=8192)
def _mood_of_month(seed: int, code: str, year: int, month: int) -> float:
    return math.exp(random.Random(f"{seed} mood {code} {year}-{month}").gauss(0, 0.28))


def _mood(town: Town, code: str, day: date) -> float:
    """What the town happens to talk about in this month."""
    return _mood_of_month(town.seed, code, day.year, day.month)


def _community(town: Town, site: Site, day: date, rng: random.Random, where: str) -> Community:
    shares = _community_shares(town, day.year, day.month, where)
    return rng.choices(site.communities, cum_weights=shares)[0]


@lru_cache(maxsize=64)
def _community_shares(town: Town, year: int, month: int, where: str) -> tuple[float, ...]:
    shares = []
    for c in _site().communities:
        fits = 1.0
        if where == "village":
            fits = 2.4 if c.kind == "村" else 0.25
        elif where in ("estate", "shop"):
            fits = 0.35 if c.kind == "村" else 1.0
        shares.append(c.population * fits * _mood_of_month(town.seed, c.code, year, month) ** 0.6)
    return _running(shares)
