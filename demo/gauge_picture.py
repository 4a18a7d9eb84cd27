"""What the camera at a gauge sees: a staff with marks, water up to the level, the time."""

from __future__ import annotations

import io
import random
from datetime import datetime

from PIL import Image, ImageDraw

SIZE = (480, 320)
_STAFF = (222, 258)
_TOP, _BOTTOM = 30, 300
_SPAN_M = 4.0  # what the staff shows


def draw(code: str, level: float, moment: datetime) -> bytes:
    """A JPEG of some 10 KB; the same station, level and moment give the same picture."""
    rng = random.Random(f"{code} {moment:%Y%m%d%H%M}")
    is_night = not 6 <= moment.hour < 18
    light = 0.35 if is_night else 1.0
    view = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(view)
    for y in range(SIZE[1]):
        bank = tuple(int(part * light) + rng.randrange(6) for part in (118, 124, 96))
        pen.line([(0, y), (SIZE[0], y)], bank)
    left, right = _STAFF
    pen.rectangle([left, _TOP, right, _BOTTOM], (236, 236, 230))
    low = int(level) - 2  # the staff is read around the level of the day
    step = (_BOTTOM - _TOP) / (_SPAN_M * 10)
    for tenth in range(int(_SPAN_M * 10) + 1):
        mark = _BOTTOM - tenth * step
        wide = right - 4 if tenth % 10 == 0 else left + 14
        pen.line([(left + 2, mark), (wide, mark)], (20, 40, 140), 2)
        if tenth % 10 == 0:
            pen.text((right + 6, mark - 6), f"{low + tenth // 10} m", (245, 245, 245))
    surface = _BOTTOM - (level - low) * 10 * step
    for y in range(max(0, int(surface)), SIZE[1]):
        ripple = rng.randrange(14)
        water = tuple(int(part * light) + ripple for part in (62, 88, 92))
        pen.line([(0, y), (SIZE[0], y)], water)
    pen.text((8, 8), f"{moment:%Y-%m-%d %H:%M}", (255, 255, 255))
    pen.text((8, SIZE[1] - 18), code, (255, 255, 255))
    out = io.BytesIO()
    view.save(out, "JPEG", quality=60)
    return out.getvalue()
