"""Smoke over the town's fields and hills: alarms of its watch towers, and what became of them."""

from __future__ import annotations

import base64
import io
import math
import random
from datetime import date, datetime, timedelta

from PIL import Image, ImageDraw, ImageFilter

from demo import people, sky
from demo.dice import dice, moment, poisson, spot_in, weighted
from demo.lives import Life, Pen
from demo.outline import KM_PER_DEGREE
from demo.plane import Point
from demo.town import Town

SPAN = 4
# tower: number, name, place (schematic)
TOWERS = (
    ("LWT01", "松涧山瞭望塔", (118.9672, 31.5795)),
    ("LWT02", "桑榆瞭望点", (119.0301, 31.5812)),
    ("LWT03", "渔浦圩瞭望点", (118.9521, 31.5322)),
    ("LWT04", "鹭汀铁塔", (119.0020, 31.5115)),
)
FIELDS_OF = ("320117005201", "320117005202", "320117005203", "320117005204", "320117005006")
# month: alarms on a dry day (wheat straw in June, rice straw in November, graves in April)
SEASON = {4: 1.4, 5: 1.6, 6: 4.5, 10: 3.2, 11: 3.6, 12: 1.0, 1: 0.8, 2: 0.9, 3: 0.9}
SIZE = (256, 144)


def alarms_on(town: Town, day: date) -> list[Life]:
    """The alarms of one day; rain keeps them away."""
    rng = dice(town, "smoke", day)
    wet = sky.rain_on(town, day) + 0.5 * sky.rain_on(town, day - timedelta(days=1))
    count = poisson(rng, SEASON.get(day.month, 0.35) * math.exp(-wet / 4))
    times = sorted(moment(rng, day, 6, 21) for _ in range(min(count, 12)))
    return [_alarm(rng, at, f"GK{at:%Y%m%d}{n:03d}") for n, at in enumerate(times, 1)]


def _alarm(rng: random.Random, at: datetime, number: str) -> Life:
    community = rng.choice(FIELDS_OF)
    lng, lat = spot_in(rng, community)
    code, name, bearing, distance = _seen_from((lng, lat))
    kind = weighted(rng, (("1", 74.0), ("2", 16.0), ("3", 10.0)))
    is_false = rng.random() < 0.34
    pen = Pen(at, zt="0")
    checked = at + timedelta(minutes=rng.uniform(3, 28))
    if is_false:
        pen.step(checked, zt="3", czsm=rng.choice(("炊烟", "晨雾", "扬尘", "车灯反光")))
        pen.steps[-1].sets["hssj"] = pen.at
    else:
        pen.step(checked, zt="1", czdw=rng.choice(("农服中心", "环保办", "网格办")))
        pen.steps[-1].sets["hssj"] = pen.at
        done = pen.at + timedelta(minutes=rng.uniform(12, 110))
        burnt = round(min(rng.lognormvariate(3.6, 1.0), 4000.0))
        who = people.person("warden", rng.randrange(20)).name
        pen.step(done, zt="2", ghmj=burnt, czr=who, czsm="已现场扑灭并劝导")
        pen.steps[-1].sets["czsj"] = pen.at
    return pen.life(
        bjbh=number, bjlx=kind, bjdj=weighted(rng, (("1", 80.0), ("2", 17.0), ("3", 3.0))),
        lwtbh=code, lwtmc=name, bjsj=at, jd=lng, wd=lat, fwj=bearing, jl=distance,
        zxd=round(rng.uniform(0.5, 0.8) if is_false else rng.uniform(0.68, 0.98), 2),
        sqbm=community,
    )  # fmt: skip


def _seen_from(spot: Point) -> tuple[str, str, float, float]:
    """The nearest tower, with bearing and distance to the spot."""
    found = []
    for code, name, place in TOWERS:
        east = (spot[0] - place[0]) * KM_PER_DEGREE[0] * 1000
        north = (spot[1] - place[1]) * KM_PER_DEGREE[1] * 1000
        bearing = math.degrees(math.atan2(east, north)) % 360
        found.append((math.hypot(east, north), code, name, bearing))
    distance, code, name, bearing = min(found)
    return code, name, round(bearing, 1), round(distance)


def picture(life: Life) -> str:
    """What the tower saw, drawn small, as a JPEG in base64."""
    rng = random.Random(f"picture {life.facts['bjbh']}")
    view = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(view)
    horizon = 62
    for y in range(SIZE[1]):
        share = y / SIZE[1]
        sky_tone = (150 + int(60 * share), 175 + int(40 * share), 200)
        field = (96 + rng.randrange(8), 104 + rng.randrange(8), 58)
        pen.line([(0, y), (SIZE[0], y)], sky_tone if y < horizon else field)
    x = rng.randrange(60, 196)
    for puff in range(26):
        y = horizon + 20 - 3 * puff
        reach = 3 + puff * 0.7
        grey = 170 + rng.randrange(40)
        x += rng.randrange(-2, 5)
        pen.ellipse([x - reach, y - reach, x + reach, y + reach], (grey, grey, grey))
    if life.facts["bjlx"] == "2":
        pen.ellipse([x - 70, horizon + 14, x - 60, horizon + 24], (250, 120, 30))
    view = view.filter(ImageFilter.GaussianBlur(1.2))
    ImageDraw.Draw(view).text(
        (4, 4), f"{life.facts['lwtbh']} {life.facts['bjsj']}", (255, 255, 255)
    )
    buffer = io.BytesIO()
    view.save(buffer, "JPEG", quality=60)
    return base64.b64encode(buffer.getvalue()).decode()
