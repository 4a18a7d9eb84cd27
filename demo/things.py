"""Devices in the town's streets and houses: hourly heartbeats, and what they notice."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from demo import people, sky, survey
from demo.dice import dice, moment, poisson, somewhere, spot_in, weighted
from demo.lives import Life, Pen
from demo.plane import Point
from demo.town import Town

SPAN = 5
Record = dict[str, Any]
HOUR = timedelta(hours=1)
# kind: how many, battery V (0: mains), value and unit when all is well
FLEET = {
    "jg": (64, 3.6, 0.0, "°"), "yg": (48, 3.0, 0.0, "%"), "dq": (24, 0.0, 32.0, "℃"),
    "ld": (40, 0.0, 221.0, "V"), "js": (14, 3.6, 0.0, "cm"),
}  # fmt: skip
# kind: what it may notice: code, level, weight, value from to, unit
Notice = tuple[str, str, float, tuple[float, float], str]
NOTICES: dict[str, tuple[Notice, ...]] = {
    "jg": (("101", "3", 5.0, (18, 60), "°"), ("102", "2", 4.0, (35, 95), "cm")),
    "yg": (("201", "3", 5.0, (8, 40), "%"), ("202", "2", 2.0, (1, 1), "")),
    "dq": (("301", "3", 3.0, (320, 700), "mA"), ("302", "3", 3.0, (72, 98), "℃"),
           ("303", "2", 4.0, (103, 130), "%")),
    "ld": (("402", "2", 6.0, (0, 0), "V"), ("401", "3", 1.0, (30, 80), "mA")),
    "js": (("501", "3", 8.0, (16, 48), "cm"),),
}  # fmt: skip
BATTERY: Notice = ("901", "1", 1.0, (2.2, 2.6), "V")


@dataclass(frozen=True, slots=True)
class Thing:
    """One device: its number, kind, community, place, whom to ring."""

    number: str
    kind: str
    community: str
    place: Point
    where: str
    contact: people.Person


@lru_cache(maxsize=1)
def things() -> tuple[Thing, ...]:
    """All devices, always the same ones."""
    rng = random.Random("things")
    found = []
    for kind, (count, *_) in FLEET.items():
        for n in range(count):
            community, _ = somewhere(rng)
            where = people.place(rng, community, "shop" if kind in ("yg", "dq") else "road")
            owner = people.person(community.code, rng.randrange(2000))
            found.append(
                Thing(f"{kind.upper()}320117{n + 1:04d}", kind, community.code,
                      spot_in(rng, community.code), where, owner)
            )  # fmt: skip
    return tuple(found)


def beats(town: Town, after: datetime, now: datetime) -> list[Record]:
    """The heartbeats after one moment until another: each device at its own minute of the hour."""
    found = []
    hour = after.replace(minute=0, second=0, microsecond=0)
    while hour <= now:
        for n, thing in enumerate(things()):
            at = hour + timedelta(seconds=n * 3600 // len(things()))
            if after < at <= now and not _is_silent(town.seed, n, at):
                found.append(beat(town, thing, at))
        hour += HOUR
    return found


def beat(town: Town, thing: Thing, at: datetime) -> Record:
    """One heartbeat."""
    _, battery, value, unit = FLEET[thing.kind]
    rng = random.Random(f"{thing.number} {at:%Y%m%d%H}")
    age = (at.date() - town.first).days % 900 / 900
    if thing.kind == "js":
        hour = at.replace(minute=0, second=0, microsecond=0)
        value = max(0.0, sky.rain_until(town, hour, 2) - 9) * 0.8
    elif value:
        value += rng.uniform(-4, 4)
    told = survey.told("iot_device", thing.place)
    return {
        "lx": "hb", "sbbh": thing.number, "sblx": thing.kind, "sqbm": thing.community,
        "jd": told[0], "wd": told[1], "sj": at.isoformat(sep=" "),
        "dy": f"{battery * (1 - 0.16 * age) if battery else 220 + rng.uniform(-3, 3):.2f}",
        "xh": str(-70 - rng.randrange(38)), "z": f"{value:.1f}", "dw": unit,
    }  # fmt: skip


def events_on(town: Town, day: date) -> list[Life]:
    """What devices noticed on one day; rain brings water, summer brings heat."""
    rng = dice(town, "thing", day)
    rain = sky.rain_on(town, day)
    hot = sky.warmest(town, day) >= 34
    lives = []
    for kind, mean in (("jg", 0.7 + rain / 30), ("yg", 1.0), ("dq", 0.5 + 0.8 * hot), ("ld", 0.5)):
        lives += _noticed(rng, kind, day, poisson(rng, mean))
    if rain > 18:
        lives += _noticed(rng, "js", day, poisson(rng, min(rain / 14, 8.0)))
    return sorted(lives, key=lambda life: life.steps[0].at)


def _noticed(rng: random.Random, kind: str, day: date, count: int) -> list[Life]:
    devices = [thing for thing in things() if thing.kind == kind]
    table = [(each, each[2]) for each in NOTICES[kind]]
    if FLEET[kind][1]:
        table.append((BATTERY, 1.0))
    found = []
    for thing in rng.sample(devices, min(count, len(devices))):
        code, level, _, (least, most), unit = weighted(rng, table)
        at = moment(rng, day)
        pen = Pen(at, zt="0")
        pen.step(at + timedelta(minutes=rng.uniform(1, 25)), zt="1")
        pen.steps[-1].sets["qrsj"] = pen.at
        lasts = rng.uniform(300, 4000) if code == "901" else rng.lognormvariate(4.0, 0.8)
        pen.step(pen.at + timedelta(minutes=min(lasts, 5000)), zt="2")
        pen.steps[-1].sets["hfsj"] = pen.at
        found.append(
            pen.life(
                sjbh=f"SJ{at:%Y%m%d%H%M%S}{thing.number[-4:]}", sbbh=thing.number, sblx=kind,
                sjlx=code, dj=level, sqbm=thing.community, wz=thing.where, lxr=thing.contact.name,
                lxdh=thing.contact.phone, fssj=at, z=round(rng.uniform(least, most), 1), dw=unit,
            )
        )  # fmt: skip
    return found


def table(rows: Iterable[Record], head: tuple[str, ...]) -> bytes:
    """Rows as a CSV with these columns."""
    text = io.StringIO()
    lines = csv.DictWriter(text, head, extrasaction="ignore")
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _is_silent(seed: int, number: int, at: datetime) -> bool:
    """A device without power or network is silent for a whole day, about one in forty."""
    return random.Random(f"{seed} silent {number} {at.date()}").random() < 0.025
