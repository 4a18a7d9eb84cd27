"""A wall's profile: how big it is, how far its readers sit, what signal it gets.

Everything on the wall is measured in canvas units (rem). How many of them the height holds follows
from the smallest glyph that can be read: a Han glyph is 0.92 em high, 1 rem of it seen from the
viewing distance must be at least 25 minutes of arc, N <= 0.92 H / (2 d tan 12.5'), and it must
have the 16 dots in both directions without which a Han glyph cannot be drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from layouts.errors import LayoutError
from layouts.grid import read_toml

PROFILES = Path(__file__).parent / "walls"
FAMILIES = ("4.14:1", "2.35:1", "16:9")  # every scene has a composition for these
FEW = " few"  # marks a second composition of a family, with fewer panels
GLYPH_EM = 0.92
ARC_MINUTES = 25.0  # of body text
KEY_MINUTES = 30.0  # of what is read first
ROOM = 0.976  # a little room below the limit, since glyphs differ
MOST_REM = 60  # a high wall seen from near needs no smaller type than this
FEWEST_REM = 14  # a header and one card
LEAST_DOTS = 16  # of a Han glyph, across and down
SQUARE = 0.005  # pixels this near to square count as square

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Output:
    """One of several signals that draw a wall together: its part of the canvas, in shares."""

    number: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class WallProfile:
    """One physical wall: panels of a size with seams between them, pixels, viewing distance."""

    key: str
    name: str
    panel_mm: Pair
    panels: tuple[int, int]
    seam_mm: Pair
    pixels: tuple[int, int]
    distance_m: float
    outputs: tuple[Output, ...] = ()

    @property
    def picture_mm(self) -> Pair:
        """Width and height of what shines, without the seams."""
        return self.panel_mm[0] * self.panels[0], self.panel_mm[1] * self.panels[1]

    @property
    def wall_mm(self) -> Pair:
        """Width and height on the wall, seams included."""
        wide, high = self.picture_mm
        across, down = self.panels
        return wide + (across - 1) * self.seam_mm[0], high + (down - 1) * self.seam_mm[1]

    @property
    def shape(self) -> float:
        """Width over height of the picture as it is seen."""
        return self.picture_mm[0] / self.picture_mm[1]

    @property
    def family(self) -> str:
        """The family of compositions that every scene has and that comes nearest."""
        return nearest_family(FAMILIES, self.shape)

    @property
    def aspect(self) -> float:
        """Width over height of the signal; of the browser's window, where one draws it all."""
        return self.pixels[0] / self.pixels[1]

    @property
    def stretch(self) -> float:
        """How much wider than high a pixel is on the wall; 1 for square ones."""
        ratio = self.shape / self.aspect
        return 1.0 if abs(ratio - 1) <= SQUARE else ratio

    @property
    def rems(self) -> int:
        """How many rem the canvas is high."""
        arc = math.tan(math.radians(ARC_MINUTES / 2 / 60))
        seen = ROOM * GLYPH_EM * self.picture_mm[1] / 1000 / (2 * self.distance_m * arc)
        across = self.pixels[0] / (self.aspect * self.stretch)  # pixels of one height, sideways
        dots = GLYPH_EM * min(self.pixels[1], across) / LEAST_DOTS
        return max(1, min(MOST_REM, math.floor(seen), math.floor(dots)))

    @property
    def columns(self) -> float:
        """How many rem the canvas is wide."""
        return self.rems * self.aspect * self.stretch

    @property
    def aspect_error(self) -> float:
        """By how much a square of the canvas is not square on the wall."""
        return abs(self.columns / self.rems / self.shape - 1)

    @property
    def glyph_mm(self) -> float:
        """Height of a 1 rem glyph on the wall."""
        return GLYPH_EM * self.picture_mm[1] / self.rems

    @property
    def glyph_arc(self) -> float:
        """Minutes of arc of a 1 rem glyph at the viewing distance."""
        return math.degrees(2 * math.atan(self.glyph_mm / 2000 / self.distance_m)) * 60

    @property
    def glyph_dots(self) -> float:
        """Pixels of a 1 rem glyph in the direction that has fewer of them."""
        return GLYPH_EM * min(self.pixels[1] / self.rems, self.pixels[0] / self.columns)

    @property
    def key_rem(self) -> float:
        """The smallest type, in rem, for what is read first."""
        return KEY_MINUTES / self.glyph_arc

    @property
    def seams(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Where no text may run, in rem: places across, places down.

        These are the edges of physical panels and those of the outputs, which may drift by a
        frame against each other.
        """
        across, down = self.panels
        wide = {self.columns * k / across for k in range(1, across)}
        high = {self.rems * k / down for k in range(1, down)}
        wide |= {self.columns * one.left for one in self.outputs if one.left > 0}
        high |= {self.rems * one.top for one in self.outputs if one.top > 0}
        return _apart(wide), _apart(high)

    @property
    def is_legible(self) -> bool:
        """Whether a header and one card of type that can be read find room on it."""
        enough = self.glyph_arc >= ARC_MINUTES and self.glyph_dots >= LEAST_DOTS
        return enough and self.rems >= FEWEST_REM

    @property
    def is_plain(self) -> bool:
        """Whether one window with square pixels draws the wall, as its shape tells."""
        return not self.outputs and self.stretch == 1.0

    def output(self, number: int | None) -> Output | None:
        """One output by its number; None where the window draws the whole wall."""
        return next((one for one in self.outputs if one.number == number), None)


@cache
def load_profiles(folder: Path = PROFILES) -> Mapping[str, WallProfile]:
    """All wall profiles by key; LayoutError names what is wrong in which file."""
    return {file.stem: _profile(file) for file in sorted(folder.glob("*.toml"))}


def nearest_family(families: Sequence[str], shape: float) -> str:
    """The family, such as 2.35:1, that comes nearest to a width over height."""
    return min(families, key=lambda one: abs(math.log(family_ratio(one) / shape)))


def family_ratio(family: str) -> float:
    """Width over height of a family's name, such as 16:9 or "16:9 few"; ValueError for none."""
    wide, _, high = family.removesuffix(FEW).partition(":")
    ratio = float(wide) / float(high)
    if not 0 < ratio < math.inf:
        raise ValueError(family)
    return ratio


def nearest_profile(
    aspect: float, profiles: Mapping[str, WallProfile] | None = None, height: int = 0
) -> WallProfile:
    """The profile whose window comes nearest to this width over height, then to this height.

    A signal stretched over a wall of another shape cannot be told by its window, nor can one
    output of several: those are named in the address or in the device's record.
    """
    known = load_profiles() if profiles is None else profiles
    plain = [one for one in known.values() if one.is_plain]
    return min(
        plain,
        key=lambda one: (
            round(abs(math.log(one.aspect / aspect)), 2),
            abs(math.log(one.pixels[1] / height)) if height else 0,
        ),
    )


def _profile(file: Path) -> WallProfile:
    raw = read_toml(file)
    if not isinstance(raw.get("name"), str):
        raise LayoutError(file, "name", raw.get("name"), "a text")
    seam = raw.get("seam_mm", [0, 0])
    if not _is_pair(seam) or min(seam) < 0:
        raise LayoutError(file, "seam_mm", seam, "two numbers from 0: across, down")
    if not _is_pair(raw.get("panel_mm")) or min(raw["panel_mm"]) <= 0:
        raise LayoutError(
            file, "panel_mm", raw.get("panel_mm"), "two numbers above 0: width, height"
        )
    for key in ("panels", "pixels"):
        pair = raw.get(key)
        if not _is_pair(pair) or not all(isinstance(v, int) and v > 0 for v in raw[key]):
            raise LayoutError(file, key, pair, "two whole numbers: across, down")
    distance = raw.get("distance_m", 6)
    if not _is_number(distance) or distance <= 0:
        raise LayoutError(file, "distance_m", distance, "a number above 0")
    return WallProfile(
        key=file.stem,
        name=raw["name"],
        panel_mm=(raw["panel_mm"][0], raw["panel_mm"][1]),
        panels=(raw["panels"][0], raw["panels"][1]),
        seam_mm=(seam[0], seam[1]),
        pixels=(raw["pixels"][0], raw["pixels"][1]),
        distance_m=distance,
        outputs=_outputs(file, raw.get("outputs")),
    )


def _outputs(file: Path, given: Any) -> tuple[Output, ...]:
    """The outputs, numbered from 1 in reading order; none where one signal draws it all."""
    if given is None:
        return ()
    tracks = [given.get(key) if isinstance(given, dict) else None for key in ("columns", "rows")]
    for shares in tracks:
        good = isinstance(shares, list) and shares and all(_is_number(s) and s > 0 for s in shares)
        if not good:
            allowed = "{ columns = [..], rows = [..] }, shares above 0"
            raise LayoutError(file, "outputs", given, allowed)
    across, down = (_parts(shares) for shares in tracks)
    spots = [(left, top) for top in down for left in across]
    return tuple(
        Output(number, left[0], top[0], left[1] - left[0], top[1] - top[0])
        for number, (left, top) in enumerate(spots, start=1)
    )


def _parts(shares: Any) -> list[tuple[float, float]]:
    total = sum(shares)
    return list(pairwise(part / total for part in accumulate(shares, initial=0.0)))


def _apart(marks: set[float]) -> tuple[float, ...]:
    """Sorted, each once: the edge of an output mostly lies on that of a panel."""
    found: list[float] = []
    for mark in sorted(marks):
        if not found or mark - found[-1] > 1e-6:
            found.append(mark)
    return tuple(found)


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(_is_number(v) for v in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
