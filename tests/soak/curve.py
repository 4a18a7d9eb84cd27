"""The curve of a soak as a picture: heap, nodes and listeners over the ticks of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_WIDTH, _HEIGHT, _LEFT, _TOP, _GAP = 900, 150, 110, 40, 40
_LINES = (
    ("heap", "heap after a collection, MB"),
    ("nodes", "DOM nodes"),
    ("listeners", "listeners"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What one moment of the soak measured; the heap in MB."""

    ticks: int
    heap: float
    nodes: int
    listeners: int


def draw(samples: Sequence[Sample], file: Path) -> None:
    """Three curves from zero, one below the other, each with its last value."""
    if len(samples) < 2:
        return
    most = max(one.ticks for one in samples)
    parts = []
    for number, (name, words) in enumerate(_LINES):
        values = [float(getattr(one, name)) for one in samples]
        top = _TOP + number * (_HEIGHT + _GAP)
        highest = 1.2 * max(values)
        points = " ".join(
            f"{_LEFT + _WIDTH * one.ticks / most:.1f},{top + _HEIGHT * (1 - value / highest):.1f}"
            for one, value in zip(samples, values, strict=True)
        )
        base = top + _HEIGHT
        parts.append(
            f'<text x="{_LEFT}" y="{top - 8}">{words}: {values[-1]:.0f} at the end</text>'
            f'<path d="M{_LEFT} {base}h{_WIDTH}M{_LEFT} {top}v{_HEIGHT}" stroke="#8FA6AE"/>'
            f'<polyline points="{points}" fill="none" stroke="#0E7C72" stroke-width="2"/>'
            f'<text x="{_LEFT - 8}" y="{base}" text-anchor="end">0</text>'
            f'<text x="{_LEFT - 8}" y="{top + 12}" text-anchor="end">{highest:.0f}</text>'
        )
    height = _TOP + len(_LINES) * (_HEIGHT + _GAP)
    file.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 30}"'
        f' height="{height + 20}" font-family="sans-serif" font-size="14" fill="#12262B">'
        f'<rect width="100%" height="100%" fill="#FFFFFF"/>{"".join(parts)}'
        f'<text x="{_LEFT}" y="{height + 8}">ticks of half a minute: 0 to {most}</text></svg>\n',
        encoding="utf-8",
    )
