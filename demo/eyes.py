"""The town's cameras: 64 of the street, 504 of the district's sharing platform, and when they see.

Each camera has its outages, drawn by the day: most last minutes, a few days. Every state follows
from camera and moment alone, so nothing has to be remembered.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from config.site import load_site
from demo.dice import moment, poisson, spot_in
from demo.people import stem
from demo.plane import Point
from demo.town import Town

LOOK_BACK = 5  # days: no outage is longer
SEARCH = 45  # days within which the last change is looked for
DAY = timedelta(days=1)
WITHIN_S = 180  # a platform says offline after three missed keep-alives
# set: recorders, cameras, outages a camera and day
SETS = {"street": (8, 64, 0.36), "district": (18, 504, 0.29)}
MAKERS = (("Hikvision", "DS-2CD3T46WD"), ("Dahua", "DH-IPC-HFW5443"), ("Uniview", "IPC2A4L"))
# industry of the number, owner, how many, where such cameras stand
Owner = tuple[str, str, int, tuple[str, ...]]
STREET: tuple[Owner, ...] = (
    ("01", "街道综治中心", 64, ("村口", "东路口", "西路口", "桥头", "广场", "集贸市场")),
)
DISTRICT: tuple[Owner, ...] = (
    ("00", "公安分局", 300, ("主干道", "路口", "卡口", "广场", "商业街")),
    ("04", "交警大队", 132, ("信号灯路口", "国道卡口", "桥面", "下穿通道")),
    ("15", "区水务局", 72, ("闸口", "泵站", "圩堤", "河口", "水库坝顶")),
)


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera: its number, name, whose it is, where it hangs."""

    number: str
    name: str
    owner: str
    community: str
    place: Point
    maker: tuple[str, str]
    ptz: str
    parent: str
    outages: float


@lru_cache(maxsize=2)
def cameras(group: str) -> tuple[Camera, ...]:
    """All cameras of a set, always the same ones."""
    recorders, count, outages = SETS[group]
    rng = random.Random(f"cameras {group}")
    communities = load_site().communities
    owners = STREET if group == "street" else DISTRICT
    kinds = [kind for kind in owners for _ in range(kind[2])]
    found = []
    for n in range(count):
        community = communities[n % len(communities)]
        industry, owner, _, spots = kinds[n]
        spot = spots[n // len(communities) % len(spots)]
        low = 0 if group == "street" else 1000
        found.append(
            Camera(
                number=f"32011700{industry}132{low + n + 1:07d}",
                name=f"{stem(community)}{spot}{n // (len(communities) * len(spots)) + 1:02d}",
                owner=owner,
                community=community.code,
                place=spot_in(rng, community.code),
                maker=rng.choice(MAKERS),
                ptz=rng.choices(("1", "2", "3"), (25, 10, 65))[0],
                parent=recorder(group, n * recorders // count),
                outages=outages * rng.lognormvariate(-0.25, 0.7),
            )
        )
    return tuple(found)


def recorder(group: str, n: int) -> str:
    """The number of a set's n-th recorder."""
    return f"3201170000118{(0 if group == 'street' else 100) + n + 1:07d}"


def state(town: Town, camera: Camera, now: datetime) -> tuple[bool, datetime]:
    """Whether a camera sees now, and since when it has been so."""
    day = now.date()
    for back in (LOOK_BACK, SEARCH):
        turns = changes(town, camera, day - back * DAY, day)
        seen = bisect_right(turns, now, key=lambda turn: turn[0])
        if seen:
            return turns[seen - 1][1], turns[seen - 1][0]
    return True, datetime.combine(town.first, datetime.min.time())


def changes(town: Town, camera: Camera, first: date, last: date) -> list[tuple[datetime, bool]]:
    """When a camera went off (False) and came back (True) in outages that began on these days."""
    turns: list[tuple[datetime, bool]] = []
    day = first - LOOK_BACK * DAY
    ends = datetime.min
    while day <= last:
        for begins, lasts in _outages(town.seed, camera.number, camera.outages, day):
            if begins > ends:
                turns.append((begins, False))
                turns.append((begins + lasts, True))
            elif begins + lasts > ends:
                turns[-1] = (begins + lasts, True)
            ends = max(ends, begins + lasts)
        day += DAY
    start = datetime.combine(first, datetime.min.time())
    return [turn for turn in turns if turn[0] >= start]


@lru_cache(maxsize=16_000)
def _outages(
    seed: int, number: str, mean: float, day: date
) -> tuple[tuple[datetime, timedelta], ...]:
    rng = random.Random(f"{seed} outage {number} {day}")
    found = []
    for _ in range(poisson(rng, mean)):
        begins = moment(rng, day)
        if rng.random() < 0.012:
            lasts = timedelta(hours=rng.uniform(14, 100))
        else:
            lasts = timedelta(minutes=min(rng.lognormvariate(3.1, 1.0), 700.0) + WITHIN_S / 60)
        found.append((begins, timedelta(seconds=int(lasts.total_seconds()))))
    return tuple(sorted(found))


def past(
    town: Town, group: str, now: datetime, days: int
) -> Iterator[tuple[Camera, bool, datetime]]:
    """Every state of every camera that is over, from so many days before now.

    The present one too where whoever asks for it is not told, since it began before `SEARCH`.
    """
    for camera in cameras(group):
        turns = changes(town, camera, now.date() - days * DAY, now.date())
        turns = [turn for turn in turns if turn[0] <= now]
        if turns and state(town, camera, now)[1] >= turns[-1][0]:
            turns.pop()
        for at, sees in turns:
            yield camera, sees, at
