"""The words of a report: its head, headings and sentences, with places for the figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from layouts.errors import LayoutError
from layouts.grid import read_toml

FOLDER = Path(__file__).parent / "reports"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class ReportLayout:
    """One report's words by section and name, such as say("hotline.top", count="28")."""

    name: str
    file: Path
    words: Mapping[str, str]
    closing: tuple[str, ...]

    def say(self, key: str, **figures: str) -> str:
        """The sentence with its figures; LayoutError for a place nothing is known for."""
        if key not in self.words:
            raise LayoutError(self.file, key, None, "a text")

        def fill(place: re.Match[str]) -> str:
            if place[1] not in figures:
                allowed = ", ".join(f"{{{name}}}" for name in sorted(figures)) or "no place at all"
                raise LayoutError(self.file, key, place[0], allowed)
            return figures[place[1]]

        return _PLACE.sub(fill, self.words[key])


@cache
def load_report(name: str, folder: Path = FOLDER) -> ReportLayout:
    """The words of one kind of report; LayoutError names what is wrong in its file."""
    file = folder / f"{name}.toml"
    words: dict[str, str] = {}
    closing: tuple[str, ...] = ()
    for section, block in read_toml(file).items():
        if not isinstance(block, dict):
            raise LayoutError(file, section, block, "a block of texts")
        for key, value in block.items():
            if key == "closing" and isinstance(value, list):
                closing = tuple(str(line) for line in value)
            elif isinstance(value, str):
                words[f"{section}.{key}"] = value
            else:
                raise LayoutError(file, f"{section}.{key}", value, "a text")
    return ReportLayout(name, file, words, closing)


def report_kinds(folder: Path = FOLDER) -> tuple[str, ...]:
    """The kinds of report that have a layout file."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))
