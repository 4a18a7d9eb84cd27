"""The four shapes of the ranks: Ⅰ octagon, Ⅱ diamond, Ⅲ triangle, Ⅳ circle, in a box of 100.

The files assets/wall/rank-*.svg are written from here (`python -m dashboard.wall.rank_shape`), the
map draws the same paths. Filled with its numeral = in force now; outlined = a limit not reached.
"""

from __future__ import annotations

import math
from pathlib import Path

from dashboard.theme import colour

FOLDER = Path(__file__).parent.parent / "assets" / "wall"
RANKS = (1, 2, 3, 4)
_STROKE = {1: 9.0, 2: 7.0, 3: 6.4, 4: 7.6}
_HEIGHT = {1: 42.0, 2: 32.0, 3: 30.0, 4: 38.0}
_MIDDLE = {1: 50.0, 2: 50.0, 3: 66.0, 4: 50.0}
_GAP = 12.8


def outline(rank: int, inset: float = 0.0) -> str:
    """The shape's path; `inset` makes it smaller all around."""
    if rank == 1:
        radius = 48 - inset
        corners = [math.radians(22.5 + 45 * k) for k in range(8)]
        points = [(50 + radius * math.cos(a), 50 + radius * math.sin(a)) for a in corners]
    elif rank == 2:
        radius = 49 - inset * 1.35
        points = [(50, 50 - radius), (50 + radius, 50), (50, 50 + radius), (50 - radius, 50)]
    elif rank == 3:
        low, side = 92 - inset, inset * 1.7
        points = [(50, 5 + inset * 1.9), (98 - side, low), (2 + side, low)]
    else:
        radius = 47 - inset
        return (
            f"M{50 - radius:.1f} 50a{radius:.1f} {radius:.1f} 0 1 1 {2 * radius:.1f} 0"
            f"a{radius:.1f} {radius:.1f} 0 1 1 {-2 * radius:.1f} 0Z"
        )
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def numeral(rank: int) -> str:
    """The Roman numeral's strokes."""
    top, low = _MIDDLE[rank] - _HEIGHT[rank] / 2, _MIDDLE[rank] + _HEIGHT[rank] / 2
    if rank == 4:
        return f"M30 {top:.1f}V{low:.1f}M41.5 {top:.1f}L54.5 {low:.1f}L67.5 {top:.1f}"
    places = [50 + (k - (rank - 1) / 2) * _GAP for k in range(rank)]
    return "".join(f"M{x:.1f} {top:.1f}V{low:.1f}" for x in places)


def numeral_stroke(rank: int) -> float:
    """How thick the numeral's strokes are."""
    return _STROKE[rank]


def svg(rank: int, *, limit: bool = False, bar: bool = False) -> str:
    """The mark as an SVG file; `bar` = on the rank's own colour, dark with a coloured numeral."""
    hue, ink = colour(f"rank-{rank}"), colour("rank-ink")
    if bar:
        hue, ink = ink, hue
    if limit:
        drawn = _path(outline(rank, 5), "none", hue, 10)
    else:
        drawn = _path(outline(rank), hue, hue, 4)
        drawn += _path(numeral(rank), "none", ink, _STROKE[rank])
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{drawn}</svg>\n'


def _path(shape: str, fill: str, stroke: str, width: float) -> str:
    return (
        f'<path d="{shape}" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{width:g}" stroke-linejoin="round"/>'
    )


def file_name(rank: int, *, limit: bool = False, bar: bool = False) -> str:
    """The asset's name."""
    if bar:
        return f"rank-{rank}-bar.svg"
    return f"rank-{rank}-limit.svg" if limit else f"rank-{rank}.svg"


if __name__ == "__main__":
    for one in RANKS:
        for is_limit in (False, True):
            name = FOLDER / file_name(one, limit=is_limit)
            name.write_text(svg(one, limit=is_limit), encoding="utf-8")
        on_bar = FOLDER / file_name(one, bar=True)
        on_bar.write_text(svg(one, bar=True), encoding="utf-8")
