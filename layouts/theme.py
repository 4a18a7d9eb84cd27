"""Colours of the wall by day and night, of light and of dark pages, as written in theme.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from layouts.errors import LayoutError
from layouts.grid import read_toml

FILE = Path(__file__).parent / "theme.toml"
NIGHT = "night"  # the wall's block of what differs at night
MEDIA = ("wall", NIGHT, "light", "dark")
_COLOUR = re.compile(r"#[0-9A-F]{6}")


@cache
def load_theme(file: Path = FILE) -> Mapping[str, Mapping[str, str]]:
    """Colour tokens by medium and role, such as theme["wall"]["teal"]."""
    raw = read_toml(file)
    for medium in MEDIA:
        if not isinstance(raw.get(medium), dict):
            raise LayoutError(file, medium, raw.get(medium), "a block of colours")
        for role, value in raw[medium].items():
            if not isinstance(value, str) or not _COLOUR.fullmatch(value):
                raise LayoutError(file, f"{medium}.{role}", value, "a colour such as #2FBFB2")
    stray = sorted(set(raw[NIGHT]) - set(raw["wall"]))
    if stray:
        raise LayoutError(file, NIGHT, stray[0], f"roles of the wall: {', '.join(raw['wall'])}")
    made = {medium: dict(raw[medium]) for medium in MEDIA}
    return made | {NIGHT: made["wall"] | made[NIGHT]}
