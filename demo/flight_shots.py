"""What the drone saw of each spot, before and after: small JPEGs in one ZIP a flight."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Final

from PIL import Image, ImageDraw

from demo.plots import flight_day, plots_on
from demo.town import Town

SIZE: Final = (240, 180)
FLIGHTS: Final = 3  # so many a new inbox is given
_WAIT: Final = timedelta(days=2)  # until a flight has been compared


def last_sent(town: Town, now: datetime) -> datetime:
    """When the pictures of the newest flight were packed: the evening it was compared."""
    month = now.date().replace(day=1)
    at = _sent(town, month)
    return at if at <= now else _sent(town, _month_before(month))


def packed(town: Town, now: datetime, last: datetime | None) -> tuple[str, bytes]:
    """Name and bytes of the ZIP: the newest flight, of a town that has sent none the last ones."""
    month = last_sent(town, now).date().replace(day=1)
    months = [month]
    while last is None and len(months) < FLIGHTS:
        months.append(_month_before(months[-1]))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for each in months:
            for life in plots_on(town, flight_day(town, each) + _WAIT):
                for field, is_after in (("qqyx", False), ("hqyx", True)):
                    name = life.facts.get(field)
                    if name:
                        archive.writestr(str(name), draw(str(life.facts["tbbh"]), is_after))
    return f"控违影像{month:%Y%m}.zip", out.getvalue()


def draw(number: str, is_after: bool) -> bytes:
    """The same spot gives the same ground; only afterwards there stands something new on it."""
    rng = random.Random(number)
    view = Image.new("RGB", SIZE, (104, 116, 84))
    pen = ImageDraw.Draw(view)
    for _ in range(9):
        x, y = rng.randrange(SIZE[0] - 40), rng.randrange(SIZE[1] - 30)
        shade = rng.randrange(90, 170)
        pen.rectangle([x, y, x + rng.randrange(14, 40), y + rng.randrange(10, 30)],
                      (shade, shade - 8, shade - 20))  # fmt: skip
    x, y = SIZE[0] // 2 - rng.randrange(18, 36), SIZE[1] // 2 - rng.randrange(12, 24)
    box = [x, y, SIZE[0] - x, SIZE[1] - y]
    pen.rectangle(box, (62, 104, 168) if is_after else (126, 122, 92))
    if is_after:
        pen.rectangle([box[0] - 4, box[1] - 4, box[2] + 4, box[3] + 4], outline=(220, 40, 30))
    pen.text((6, SIZE[1] - 16), number, (255, 255, 255))
    out = io.BytesIO()
    view.save(out, "JPEG", quality=60)
    return out.getvalue()


def _sent(town: Town, month: date) -> datetime:
    return datetime.combine(flight_day(town, month) + _WAIT, time(18))


def _month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
