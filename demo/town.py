"""When the demo town was founded, and what follows from it: the first day of its history."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config import clock

SEED = 48600


@dataclass(frozen=True, slots=True)
class Town:
    """One town: its anchor (the day of its first start) and its seed decide everything else."""

    anchor: date
    seed: int = SEED

    @property
    def first(self) -> date:
        """The first day of the history: 1 January of the year before last."""
        return date(self.anchor.year - 2, 1, 1)

    @property
    def calibrated_from(self) -> int:
        """The year of the last January to September that was over on the anchor."""
        return self.anchor.year if self.anchor.month >= 10 else self.anchor.year - 1


def settle(var: Path, anchor: date | None = None) -> Town:
    """The town of this state folder; founded now (or on `anchor`) when there is none yet."""
    path = var / "demo" / "town.json"
    if path.exists():
        known = json.loads(path.read_text(encoding="utf-8"))
        if anchor is None or anchor.isoformat() == known["anchor"]:
            return Town(date.fromisoformat(known["anchor"]), known["seed"])
    town = Town(anchor or clock.today())
    own = [path.with_name(name) for name in ("stations.json", "mediation.json")]
    for progress in (*own, *path.parent.glob("*/progress.json")):  # what an earlier town delivered
        progress.unlink(missing_ok=True)
    keep(path, {"anchor": town.anchor.isoformat(), "seed": town.seed})
    return town


def keep(path: Path, facts: object) -> None:
    """Write a small JSON file so that it is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    part.replace(path)
