"""Air, water, noise and dust of the town by the hour, as its weather makes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from demo import sky
from demo.town import Town

Floats = npt.NDArray[np.float32]
HOURLY_DAYS = 60  # the platform keeps so many days of hours before the anchor, days before that
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OUT = timedelta(minutes=11)  # an hour's values are out so long after its end
FAULTY = 4  # in a thousand hours of a station


class Post(NamedTuple):
    """One station: number, name, kind (1 air, 2 water, 3 noise, 4 dust), community, hours apart."""

    code: str
    name: str
    kind: str
    community: str
    every: int


POSTS = (
    Post("KQ01", "兰台空气站", "1", "320117005004", 1),
    Post("KQ02", "渔浦空气站", "1", "320117005204", 1),
    Post("SZ01", "胭脂河鹭汀断面", "2", "320117005007", 4),
    Post("SZ02", "胭脂河兰台断面", "2", "320117005004", 4),
    Post("SZ03", "梅溪桑榆断面", "2", "320117005201", 4),
    Post("ZS01", "清泉路口", "3", "320117005001", 1),
    Post("ZS02", "兰台广场", "3", "320117005004", 1),
    Post("ZS03", "仙桥小学", "3", "320117005003", 1),
    Post("ZS04", "春和雅苑", "3", "320117005005", 1),
    Post("YC01", "清泉安置房工地", "4", "320117005001", 1),
    Post("YC02", "兰台道路改造工地", "4", "320117005004", 1),
    Post("YC03", "仙桥产业园工地", "4", "320117005003", 1),
    Post("YC04", "丰乐标准厂房工地", "4", "320117005008", 1),
    Post("YC05", "混凝土搅拌站", "4", "320117005008", 1),
)
# item: base, more in winter (share), washed out by rain (share), decimals
NATURE = {
    "a34004": (33.0, 0.75, 0.45, 0), "a34002": (56.0, 0.6, 0.5, 0), "a34001": (105.0, 0.3, 0.6, 0),
    "a21026": (7.0, 0.3, 0.2, 0), "a21004": (24.0, 0.5, 0.2, 0), "a05024": (72.0, -0.6, 0.35, 0),
    "a21005": (0.7, 0.4, 0.1, 1), "LA": (53.0, 0.0, -0.03, 1), "w01001": (7.6, 0.02, 0.01, 2),
    "w01009": (7.4, 0.3, 0.0, 2), "w01018": (15.0, -0.1, -0.12, 1), "w21003": (0.55, 0.2, -0.2, 3),
    "w21011": (0.12, -0.1, -0.2, 3),
}  # fmt: skip
ITEMS = {
    "1": ("a34004", "a34002", "a21026", "a21004", "a05024", "a21005"),
    "2": ("w01001", "w01009", "w01018", "w21003", "w21011"),
    "3": ("LA",),
    "4": ("a34002", "a34001"),
}


class Entry(NamedTuple):
    """One record of a listing: when it came out, of which station, which hour or day ends."""

    updated: datetime
    post: int
    at: datetime
    span: str


def listing(town: Town, now: datetime, since: datetime) -> list[Entry]:
    """What came out from `since` until now, in order."""
    hours_from = max(town.first, town.anchor - HOURLY_DAYS * DAY)
    hours_from = datetime.combine(hours_from, datetime.min.time())
    found = []
    day = datetime.combine(max(town.first, since.date() - DAY), datetime.min.time())
    while day < hours_from and day <= now:
        updated = day + DAY + HOUR  # a day's mean is out at one in the night
        if since <= updated <= now:
            found += [Entry(updated, n, day, "D") for n in range(len(POSTS))]
        day += DAY
    at = max(hours_from, since.replace(minute=0, second=0, microsecond=0) - HOUR)
    while at + OUT <= now:
        for n, post in enumerate(POSTS):
            updated = at + OUT + timedelta(seconds=7 * n)
            if at.hour % post.every == 0 and since <= updated <= now:
                found.append(Entry(updated, n, at, "H"))
        at += HOUR
    found.sort()
    return found


class Readings:
    """The records of a town as a listing has them; none is changed once it is out."""

    def __init__(self, town: Town) -> None:
        self._town = town

    def changed(self, now: datetime, since: datetime) -> list[Entry]:
        """What came out from `since` until now, in order."""
        return listing(self._town, now, since)

    def updated(self, entry: Entry) -> datetime:
        """When it came out."""
        return entry.updated

    def before_last(self, _: Entry) -> None:
        """There was nothing before."""


def record(town: Town, entry: Entry) -> dict[str, object]:
    """One record as the interface gives it: every number a text."""
    post = POSTS[entry.post]
    return {
        "zdbh": post.code, "zdmc": post.name, "zdlx": post.kind, "sqbm": post.community,
        "zq": entry.span, "jcsj": entry.at.isoformat(sep=" "),
        "jcz": [_item(town, entry, item) for item in ITEMS[post.kind]],
        "gxsj": entry.updated.isoformat(sep=" "),
    }  # fmt: skip


def _item(town: Town, entry: Entry, item: str) -> dict[str, str | None]:
    hour = entry.at if entry.span == "D" else entry.at - HOUR
    series = _year(town, hour.year, entry.post, item)
    index = sky.hour_of_year(hour)
    decimals = NATURE[item][3]
    if entry.span == "D":
        return {"yz": item, "z": f"{series[index : index + 24].mean():.{decimals}f}", "bz": "N"}
    if (index * 2654435761 + entry.post * 40503) % 1000 < FAULTY:
        return {"yz": item, "z": "0", "bz": "D"}
    return {"yz": item, "z": f"{series[index]:.{decimals}f}", "bz": "N"}


@lru_cache(maxsize=160)
def _year(town: Town, number: int, post: int, item: str) -> Floats:
    """A year of hours of one item at one station."""
    weather = sky.year(town, number)
    hours = len(weather.rain)
    base, winter, washed, _ = NATURE[item]
    season = np.cos(2 * np.pi * (np.arange(hours) / 24 - 15) / 365)
    wet = np.convolve(weather.rain > 0.1, np.ones(6) / 6)[:hours]
    own = np.random.default_rng([town.seed, 23, number, post, int.from_bytes(item.encode(), "big")])
    calm = 1 + 0.35 * np.clip(1.6 - weather.wind, -0.6, 1.0) if item.startswith("a") else 1.0
    values = base * own.uniform(0.88, 1.12) * (1 + winter * season) * (1 - washed * wet) * calm
    clock = np.arange(hours) % 24
    if item == "LA":
        values = values + 7.5 * np.sin(np.pi * np.clip((clock - 5) / 17, 0, 1)) - 3.5
        values += own.normal(0, 1.6, hours)
    elif item == "a05024":
        values = values * (0.55 + 0.9 * np.exp(-(((clock - 15) / 4.2) ** 2)))
    elif item in ("a34002", "a34001") and POSTS[post].kind == "4":
        values = values * np.where((clock >= 7) & (clock < 19), 1.35, 0.8)
    spread = 0.015 if item == "w01001" else 0.16 if item != "LA" else 0.0
    values = values * np.exp(_smooth(own.normal(0, spread, hours)))
    out: Floats = np.maximum(values, 0.001 if item.startswith("w") else 0.1).astype(np.float32)
    return out


def _smooth(noise: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Noise that an hour shares with those before it, as strong as it was."""
    return np.convolve(noise, np.exp(-np.arange(12) / 4.0), mode="full")[: len(noise)]
