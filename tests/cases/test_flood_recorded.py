"""Levels as rivers had them, with everything that goes wrong with a probe: one alarm a flood.

The truth is worked out on the whole clean series at once, not reading by reading.
"""

import csv
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cases.recorded import Bench, clear_limit, crossings, rivers, spoiled, station

DATA = Path(os.environ.get("HONGLAN_TEST_DATA", "../shared/data"))
IS_LONG = bool(os.environ.get("HONGLAN_LONG"))
SEEDS = range(10 if IS_LONG else 1)
pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(not (DATA / "3-water-level").is_dir(), reason=f"no real data in {DATA}"),
]


@pytest.fixture(scope="module")
def floods():
    """Each river's series with a limit whose crossings are beyond doubt."""
    found = {}
    for name, series in rivers(DATA).items():
        limit = clear_limit(series)
        if limit is not None:
            found[name] = (series, limit)
    assert len(found) >= 20, "most of the 45 series have a clear flood"
    return found if IS_LONG else dict(list(found.items())[::5])


def judged(series, limit):
    """A bench whose lowest limit is this one, after all of the series."""
    top = max(level for _, level in series if level is not None and level < 90)
    bench = Bench(station(limit + 0.3, max(limit + 0.31, top + 5), top + 6))
    for at, level in series:
        bench.take(at, level)
    return bench


def test_a_clean_series_gives_one_alarm_for_each_true_flood_and_ends_each(floods):
    for name, (series, limit) in floods.items():
        truth, bench = crossings(series, limit), judged(series, limit)
        assert len(bench.raised) == len(truth), name
        for (raised, _), (first, _) in zip(bench.raised, truth, strict=True):
            assert timedelta(0) <= raised - first <= timedelta(hours=2), name
        over = sum(end is not None for _, end in truth)
        assert len(bench.raised) - 1 <= len(bench.ends) <= len(bench.raised), name
        assert over >= len(bench.ends)


@pytest.mark.parametrize("seed", SEEDS)
def test_noise_spikes_sentinels_gaps_and_stuck_values_add_no_alarm_and_take_none(floods, seed):
    wrong, flaws = {}, set()
    for name, (series, limit) in floods.items():
        bench = judged(spoiled(series, seed, limit), limit)
        flaws |= set(bench.flaws)
        if len(bench.raised) != len(crossings(series, limit)):
            wrong[name] = (len(bench.raised), len(crossings(series, limit)))
    assert wrong == {}
    assert {"无效值", "突变待证实"} <= flaws


def test_calm_months_with_the_authorities_own_limits_stay_silent():
    folder = DATA / "3-water-level" / "uk-calder-15min-2025"
    for name, high, record in (("Mytholmroyd", 2.650, 5.646), ("Todmorden", 1.200, 2.531)):
        (file,) = folder.glob(f"{name}*level*.csv")
        with file.open(encoding="utf-8") as lines:
            series = [
                (datetime.fromisoformat(row["dateTime"]), float(row["value"]))
                for row in csv.DictReader(lines)
            ]
        bench = Bench(station(high, (high + record) / 2, record))
        for at, level in series:
            bench.take(at, level)
        assert bench.raised == [], name
        assert bench.on is None, name


def test_a_river_in_feet_without_a_flood_stays_silent_and_one_reading_in_metres_raises_nothing():
    (file,) = (DATA / "3-water-level" / "usgs-04119000-15min").glob("*.tsv")
    with file.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))[:1500]
    bench = Bench(station(6.5, 7.0, 8.0))
    for n, row in enumerate(rows):
        level = float(row["GH_Inst"])
        bench.take(
            datetime.fromisoformat(row["dateTime"]), level * 3.2808 if n % 97 == 5 else level
        )
    assert bench.raised == []
