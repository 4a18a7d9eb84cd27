"""A judge in memory, levels as rivers really had them, and what goes wrong with a probe."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from cases.flood import Around, On, observe
from cases.flood_track import Reading, Track
from cases.schema import local
from config.thresholds import Levels, Station, load_thresholds

MARGIN = 0.05
NEAR = 0.3  # under 警戒
Series = list[tuple[datetime, float]]


def station(warning: float, guarantee: float, record: float, kind: str = "river") -> Station:
    """A gauge with these limits."""
    levels = Levels(date(2000, 1, 1), warning - 1, warning, guarantee, record)
    return Station("1", "站", "河", kind, 119.0, 31.5, "320117005001", "吴淞", (levels,))


@dataclass
class Bench:
    """What becomes of one station's readings, without a store."""

    gauge: Station
    track: Track = field(default_factory=Track)
    on: On | None = None
    raised: list[tuple[datetime, int]] = field(default_factory=list)  # new alarms
    rises: list[datetime] = field(default_factory=list)  # new alarms and rises in rank
    ends: list[datetime] = field(default_factory=list)
    flaws: dict[str, int] = field(default_factory=dict)
    around: Around = field(default_factory=Around)
    thresholds: object = None

    def __post_init__(self):
        self.thresholds = replace(load_thresholds(), near_margin_m=NEAR)

    def take(self, at: datetime, level: float | None, received: datetime | None = None):
        """One reading; carries out its step as the store would."""
        reading = Reading("1", at, level)
        verdict = observe(
            self.track, reading, received or at, self.gauge, self.on, self.thresholds, self.around
        )
        self.track, step = verdict.track, verdict.step
        if verdict.flaw:
            self.flaws[verdict.flaw] = self.flaws.get(verdict.flaw, 0) + 1
            assert step is None, "what is not believed changes nothing"
        if step is None:
            return None
        if step.kind == "start":
            self.on = On(step.rank, "raised" if step.is_raised else "pending")
        elif step.kind == "confirm":
            self.on = On(step.rank, "raised")
        elif step.kind == "rerank":
            assert self.on is not None
            if step.rank < self.on.rank and self.on.state != "pending":
                self.rises.append(at)
            self.on = On(step.rank, self.on.state)
        elif step.kind == "clear":
            assert self.on is not None
            if self.on.state != "pending":
                self.ends.append(at)
            self.on = None
        if step.is_raised or step.kind == "confirm":
            self.raised.append((at, step.rank))
            self.rises.append(at)
        return step


def rivers(folder: Path) -> dict[str, Series]:
    """The half-hourly series of the flood of January 2020, in metres, oldest first."""
    name = next((folder / "3-water-level" / "hubeau-2020-01").glob("*.zip"))
    found: dict[str, Series] = {}
    with zipfile.ZipFile(name) as packed:
        for member in sorted(packed.namelist()):
            if "_30m_" not in member:
                continue
            text = io.TextIOWrapper(packed.open(member), encoding="utf-8")
            points = {
                local(datetime.fromisoformat(row["date_obs"])): float(row["resultat_obs"]) / 1000
                for row in csv.DictReader(text, delimiter=";")
            }
            found[member.split("_site_")[1].split("_")[0]] = sorted(points.items())
    return found


def crossings(series: Series, limit: float) -> list[tuple[datetime, datetime | None]]:
    """True floods, worked out on the whole series at once: stretches at the limit or over it, of
    two readings at least; two with nothing well under the limit between them are one."""
    high = [level >= limit for _, level in series]
    stretches: list[list[int]] = []
    start = None
    for n, is_high in enumerate([*high, False]):
        if is_high and start is None:
            start = n
        elif not is_high and start is not None:
            stretches.append([start, n - 1])
            start = None
    joined: list[list[int]] = []
    for first, last in stretches:
        if joined and not _sank(series, joined[-1][1], first, limit):
            joined[-1][1] = last
        else:
            joined.append([first, last])
    real = [(a, b) for a, b in joined if any(high[n] and high[n + 1] for n in range(a, b))]
    return [(series[a][0], series[b][0] if b + 1 < len(series) else None) for a, b in real]


def _sank(series: Series, after: int, before: int, limit: float) -> bool:
    """Whether the water lay well under the limit for half an hour between two stretches."""
    run: list[int] = []
    for n in range(after + 1, before):
        if series[n][1] < limit - MARGIN:
            run.append(n)
            span = series[run[-1]][0] - series[run[0]][0]
            values = {series[m][1] for m in run}
            if len(run) >= 2 and span >= timedelta(minutes=30) and len(values) > 1:
                return True
        else:
            run = []
    return False


def clear_limit(series: Series) -> float | None:
    """A limit whose crossings are no matter of centimetres; None where there is none."""
    levels = sorted(level for _, level in series)
    low, high = levels[len(levels) // 2], levels[-1]
    for share in (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7):
        limit = round(low + share * (high - low), 3)
        counts = {len(crossings(series, limit + shift / 100)) for shift in (-6, -3, 0, 3, 6)}
        if counts == {len(crossings(series, limit))} and 0 not in counts:
            return limit
    return None


def spoiled(series: Series, seed: int, limit: float) -> list[tuple[datetime, float | None]]:
    """The series with noise, spikes, sentinels, gaps, and hours of a stuck value in calm water."""
    dice = random.Random(seed)
    noisy: list[tuple[datetime, float | None]] = []
    stuck_left, stuck_at = 0, 0.0
    last_bad = -9
    for n, (at, level) in enumerate(series):
        value: float | None = round(level + dice.gauss(0, 0.004), 3)
        is_calm = level < limit - 1.2 or level < limit * 0.6
        if stuck_left:
            stuck_left -= 1
            noisy.append((at, stuck_at))
            continue
        throw = dice.random()
        if throw < 0.03 and n - last_bad > 2:
            last_bad = n
            kind = dice.choice(["spike", "spike", "sentinel", "gap"])
            if kind == "spike":
                value = round(level + dice.choice([-1, 1]) * dice.uniform(3.0, 4.9), 3)
            elif kind == "sentinel":
                value = dice.choice([-99.0, 9999.0, -9999.0, 99.999])
            else:
                value = None
        elif throw < 0.034 and is_calm:
            stuck_left, stuck_at = 16, round(level + dice.choice([0.0, 3.5]), 3)
        noisy.append((at, value))
    return noisy
