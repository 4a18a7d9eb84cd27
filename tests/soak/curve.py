"""The page of a soak, docs/soak.md, and its picture: heap, nodes and listeners over the ticks."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.soak.growth import DAY, NAMES, Sample, ends

_WIDTH, _HEIGHT, _LEFT, _TOP, _GAP = 900, 150, 110, 40, 40
_LINES = {
    "heap": "heap after a collection, MB",
    "nodes": "DOM nodes",
    "listeners": "listeners",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a soak saw: the day, how long it took at which pace, changed scenes, reloads, loops."""

    samples: Sequence[Sample]
    seconds: float
    speed: float
    turns: Sequence[Sample]
    reloads: int
    loops: float


def write(report: Report, folder: Path) -> None:
    """soak.md and soak.svg in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "soak.svg").write_text(curves(report.samples), encoding="utf-8")
    (folder / "soak.md").write_text(page(report), encoding="utf-8")


def page(report: Report) -> str:
    """The page in words: when, on what, how many, what grew."""
    ticks = report.samples[-1].ticks
    share = "the ticks of a day" if ticks >= DAY else f"of the {DAY} ticks of a day"
    beats = report.turns[-1].ticks if report.turns else 0
    return (
        "# A day of the wall\n\n"
        f"Written by `make soak` on {date.today():%Y-%m-%d}. {ticks} data ticks, {share}, in "
        f"{report.seconds / 60:.0f} minutes: the demo town at {report.speed:g} times its pace, "
        "each tick sent when the last was drawn, one window of the overview at 1280 × 720 that "
        f"was never loaded anew. Machine: {_machine()}; Chromium headless, drawing by software.\n\n"
        "![Heap, nodes and listeners over the ticks](soak.svg)\n\n"
        "| | after warm-up | at the end | grown |\n|---|---|---|---|\n"
        f"{_table(report.samples)}"
        "\nEvery tick was acknowledged drawn and none before it was; at the end the window showed "
        "what one just opened shows.\n\n"
        f"Then {beats} scenes changed in one window, each by a second frame:\n\n"
        "| | after warm-up | at the end | grown |\n|---|---|---|---|\n"
        f"{_table(report.turns)}"
        f"\nThen {report.reloads} reloads beside a second window: {report.loops:.0f} loops were "
        "left for the 2 windows.\n\nMore than a tenth grown, a tick acknowledged undrawn or a loop "
        "too many ends `make soak` with 1; `python -m tests.soak --ticks 60 --leak` shows that it "
        "does.\n"
    )


def _table(samples: Sequence[Sample]) -> str:
    rows = []
    for name in NAMES:
        found = ends(samples, name)
        if found is not None:
            first, last = found
            grown = f"{(last / first - 1) * 100:+.1f} %"
            rows.append(f"| {_LINES[name]} | {first:.1f} | {last:.1f} | {grown} |\n")
    return "".join(rows)


def _machine() -> str:
    return f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}"


def curves(samples: Sequence[Sample]) -> str:
    """Three curves from zero, one below the other, each with its last value."""
    most = max(one.ticks for one in samples)
    parts = []
    for number, (name, words) in enumerate(_LINES.items()):
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
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 30}"'
        f' height="{height + 20}" font-family="sans-serif" font-size="14" fill="#12262B">'
        f'<rect width="100%" height="100%" fill="#FFFFFF"/>{"".join(parts)}'
        f'<text x="{_LEFT}" y="{height + 8}">ticks of half a minute: 0 to {most}</text></svg>\n'
    )
