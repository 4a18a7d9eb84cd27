"""When the demo town was founded, what it was like since, and what follows from it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from config import clock
from demo.scenario import SCENARIOS, USUAL, Scenario, Storm

SEED = 48600
FILE: Final = Path("demo") / "town.json"
HISTORY = 2  # whole years before the one of the founding
DAY = timedelta(days=1)


class Episode(NamedTuple):
    """From when on the town is like this."""

    begins: datetime
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Town:
    """One town: its anchor (the day of its first start), its seed and what it was like since decide
    everything else."""

    anchor: date
    seed: int = SEED
    episodes: tuple[Episode, ...] = ()
    years: int = HISTORY

    @property
    def first(self) -> date:
        """The first day of the history: 1 January of the year before last."""
        return date(self.anchor.year - self.years, 1, 1)

    @property
    def calibrated_from(self) -> int:
        """The year of the last January to September that was over on the anchor."""
        return self.anchor.year if self.anchor.month >= 10 else self.anchor.year - 1

    def episode(self, at: datetime) -> Episode:
        """What the town is like at a moment."""
        for each in reversed(self.episodes):
            if each.begins <= at:
                return each
        return Episode(datetime.combine(self.first, time()), USUAL)

    def on(self, day: date) -> Scenario:
        """What a whole day is like: a scenario that begins within it changes none of its matters,
        since some of them are told already."""
        return self.episode(datetime.combine(day, time())).scenario

    def crowd(self, day: date) -> float:
        """How many matters there are on a day, where one is usual."""
        return self.on(day).people

    def storms(self) -> list[tuple[datetime, Storm]]:
        """Every storm with the moment at which it begins: on an episode's first whole day."""
        return [
            (datetime.combine(first_whole(each.begins), storm.at), storm)
            for each in self.episodes
            if (storm := each.scenario.storm) is not None
        ]


def first_whole(begins: datetime) -> date:
    """The first day that an episode has to itself."""
    return begins.date() if begins.time() == time() else begins.date() + DAY


def settle(
    var: Path, anchor: date | None = None, scenario: str = USUAL.name, years: int | None = None
) -> Town:
    """The town of this state folder; founded now (or on `anchor`) when there is none yet.

    A scenario that differs from the last one begins now, with a new town on its first day.
    """
    path, known = var / FILE, _known(var)
    if known is not None and anchor in (None, known.anchor) and years in (None, known.years):
        return _turned(path, known, scenario)
    founded = anchor or clock.today()
    town = Town(founded, years=HISTORY if years is None else years)
    for progress in (path.with_name("stations.json"), *path.parent.glob("*/progress.json")):
        progress.unlink(missing_ok=True)  # what an earlier town delivered
    return _turned(path, town, scenario, datetime.combine(founded, time()))


def episodes(var: Path) -> tuple[Episode, ...]:
    """What the town of this state folder was like so far."""
    known = _known(var)
    return () if known is None else known.episodes


def _turned(path: Path, town: Town, name: str, begins: datetime | None = None) -> Town:
    """The town as it is from now on; noted, so that its past stays as it was."""
    now = begins or clock.local().replace(microsecond=0)
    kept = tuple(each for each in town.episodes if each.begins <= now)
    last = kept[-1].scenario if kept else USUAL
    if last.name != name:
        kept += (Episode(now, SCENARIOS[name]),)
    town = Town(town.anchor, town.seed, kept, town.years)
    told = [{"begins": each.begins.isoformat(), "scenario": each.scenario.name} for each in kept]
    keep(
        path,
        {
            "anchor": town.anchor.isoformat(), "seed": town.seed, "years": town.years,
            "episodes": told,
        },
    )  # fmt: skip
    return town


def _known(var: Path) -> Town | None:
    try:
        known: dict[str, Any] = json.loads((var / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    told = (
        Episode(datetime.fromisoformat(each["begins"]), SCENARIOS[each["scenario"]])
        for each in known.get("episodes", ())
    )
    anchor = date.fromisoformat(known["anchor"])
    return Town(anchor, known["seed"], tuple(told), known.get("years", HISTORY))


def keep(path: Path, facts: object) -> None:
    """Write a small JSON file so that it is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    part.replace(path)
