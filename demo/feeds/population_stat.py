"""人口统计: one CSV in GB18030 a week with figures of every community; the first has all weeks."""

from __future__ import annotations

import csv
import io
import math
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from config.site import Community, load_site
from demo import drops
from demo.stage import Stage
from demo.town import Town

HEADER = ("TJRQ", "SQDM", "SQMC", "LBDM", "LBMC", "SL", "DW")
FEW = 5
# category, name, unit, share of the people in a 社区 and in a 村
SHARES = (
    ("01", "常住人口", "人", 1.0, 1.0),
    ("02", "户籍人口", "人", 0.81, 0.97),
    ("03", "流动人口", "人", 0.235, 0.038),
    ("04", "60岁及以上", "人", 0.221, 0.334),
    ("05", "80岁及以上", "人", 0.036, 0.058),
    ("06", "持证残疾人", "人", 0.021, 0.033),
    ("07", "低保对象", "人", 0.0042, 0.0113),
    ("08", "出租房屋", "套", 0.046, 0.009),
    ("09", "社区矫正对象", "人", 0.0009, 0.0006),
)
SWING = {"03": 0.06, "08": 0.03}  # over a year; workers come after the new year, tenants with them


async def work(stage: Stage) -> None:
    """A file every Monday at 6:30."""

    def make(now: datetime, last: datetime | None) -> tuple[str, bytes]:
        encoding = stage.dirt(now).encoding("gb18030")
        return f"RKTJ_{now:%Y%m%d%H%M}.csv", table(stage.town, now, last, encoding)

    await drops.drop_for_ever(stage, drops.weekly(0, 6, 30), make)


def table(town: Town, now: datetime, last: datetime | None, encoding: str = "gb18030") -> bytes:
    """The figures of the Mondays since the last file (at least the latest), and their sum."""
    newest = now.date() - timedelta(days=now.weekday())
    first = newest
    if last is None:
        first = town.first + timedelta(days=-town.first.weekday() % 7)
    elif last.date() < newest:
        first = last.date() - timedelta(days=last.weekday())
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    total, day = 0, min(first, newest)
    while day <= newest:
        for line in figures(town, day):
            writer.writerow(line)
            total += line[5] if isinstance(line[5], int) else 0
        day += timedelta(days=7)
    writer.writerow(("合计", "", "", "", "", total, ""))
    return out.getvalue().encode(encoding)


def figures(town: Town, day: date) -> Iterator[tuple[str, str, str, str, str, int | str, str]]:
    """All figures of one Monday; few people are not told."""
    for community in load_site().communities:
        for code, name, unit, in_town, in_village in SHARES:
            share = in_village if community.kind == "村" else in_town
            count = _count(town, day, community, code, share)
            shown = count if count >= FEW or count == 0 or unit != "人" else f"<{FEW}"
            yield day.isoformat(), community.code, community.name, code, name, shown, unit


def _count(town: Town, day: date, community: Community, code: str, share: float) -> int:
    if code == "01":
        return community.population  # the census figure, the same until the next one
    place = random.Random(f"{town.seed} population {community.code} {code}")
    level = share * community.population * place.uniform(0.86, 1.14)
    years = (day - town.first).days / 365.25
    ageing = 1 + 0.022 * years if code in ("04", "05") else 1 + 0.004 * years
    season = 1 + SWING.get(code, 0.004) * math.sin(2 * math.pi * (years - 0.3))
    week = random.Random(f"{town.seed} population {community.code} {code} {day}")
    return max(0, round(level * ageing * season + week.gauss(0, 0.4)))
