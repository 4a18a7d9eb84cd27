"""Real files through their mappings: what they hold is loaded or in quarantine, nothing is lost."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from config.environment import ROOT, environment
from etl import commands, mapping, registry
from etl.formats import sheet
from etl.formats.cell import records
from etl.plan import Plan
from tests.etl.second_opinion import pd

MAPPINGS = ROOT / "config" / "mappings"
TABLES = registry.tables(registry.known())


def real(name: str) -> Path:
    folder = environment().test_data
    if not (folder / name).exists():
        pytest.skip(f"real data folder {folder} is absent")
    return folder / name


@pytest.fixture
def take(place, blocks, configure):
    """Imports files by a mapping into one installation of its own."""
    at = None

    def imported(name: str, *files: Path):
        nonlocal at
        at = at or place()
        file = MAPPINGS / f"{name}.toml"
        key = plan(name).key
        said = []
        for each in files:
            answer = commands.import_file(at, key, each, file, None)
            assert answer.code == 0, answer.err
            said.append(answer.out)
        return at, said

    return imported


def plan(name: str) -> Plan:
    file = MAPPINGS / f"{name}.toml"
    return mapping.read(file, file.read_bytes(), TABLES)


def parsed(name: str, payload: bytes) -> list[tuple[str, dict]]:
    by = plan(name)
    return list(mapping.parse(by, TABLES[by.key][by.table], payload))


def test_flooded_places_that_drained_before_they_flooded_are_set_aside(take, core):
    files = sorted(real("3b-flood-incidents-zh").glob("rain_*.csv"))
    assert len(files) == 13
    at, said = take("taiwan_flood", *files)
    assert len(said) == 13
    where = "WHERE source = 'taiwan_flood'"
    ((loaded, closed, first, last),) = core(
        at,
        "SELECT count(*), count(closed_at), min(reported_at)::VARCHAR, max(reported_at)::VARCHAR"
        f" FROM core.grid_event {where}",
    )
    batches = core(at, f"SELECT sum(rows_in), sum(loaded), sum(unchanged) FROM core.batch {where}")
    rejected = core(
        at,
        "SELECT r.reason, sum(r.n) FROM core.batch_reject r JOIN core.batch b"
        f" ON r.batch_id = b.batch_id {where.replace('source', 'b.source')} GROUP BY 1",
    )
    assert dict(rejected) == {"结案早于上报": 146}
    assert batches[0][0] == 3598
    assert batches[0][0] == batches[0][1] + batches[0][2] + 146
    told = pd.concat(pd.read_csv(file, dtype=str, na_values=["--"]) for file in files)
    reversed_ = told["退水時間"] < told["發生時間"]
    assert reversed_.sum() == 146
    assert told["序號"].nunique() == 3564  # 34 places stand in the files of two events
    right = told[~reversed_].drop_duplicates("序號")
    assert (loaded, closed) == (len(right), right["退水時間"].notna().sum())
    assert batches[0][2] + batches[0][1] - loaded == len(told) - 146 - len(right)
    assert (first[:7], last[:7]) == ("2016-05", "2017-08")


@pytest.mark.parametrize(
    ("name", "rows", "closed", "median_h"),
    [
        ("nyc311_2022-05-01_924rows.csv", 924, 480, 0.540),
        ("nyc311_animals_2025_4934rows.csv", 4934, 4668, 4.55),
    ],
)
def test_requests_of_a_city_give_the_truth_of_the_source(take, core, name, rows, closed, median_h):
    at, (said,) = take("nyc_311", real(f"2-workorders-311/{name}"))
    assert f"{rows} rows in, {rows} loaded, 0 unchanged, 0 in quarantine" in said
    ((found, done, hours),) = core(
        at,
        "SELECT count(*), count(closed_at),"
        " median(date_diff('second', received_at, closed_at)) / 3600.0"
        " FROM core.hotline_order WHERE source = 'nyc_311'",
    )
    assert (found, done) == (rows, closed)
    assert hours == pytest.approx(median_h, abs=5e-3)


def test_the_burst_of_one_night_keeps_its_boroughs(take, core):
    at, _ = take("nyc_311", real("2-workorders-311/nyc311_2022-05-01_924rows.csv"))
    found = core(
        at,
        "SELECT community_code, count(*) FROM core.hotline_order"
        " WHERE source = 'nyc_311' GROUP BY 1",
    )
    assert dict(found) == {
        "BROOKLYN": 269, "MANHATTAN": 240, "QUEENS": 237, "BRONX": 158, "STATEN ISLAND": 20,
    }  # fmt: skip


def test_the_newest_levels_of_a_country_are_loaded_or_set_aside_by_their_unit(take, core):
    file = real("3-water-level/uk-ea-2017-03-03/level_data.json")
    at, (said,) = take("uk_latest_levels", file)
    items = json.loads(file.read_text("utf-8"))["items"]
    units = Counter(each["unitName"] for each in items if "latestReading" in each)
    assert sum(units.values()) == 2461
    odd = units["---"] + units["mm"]
    assert f"2461 rows in, {2461 - odd} loaded, 0 unchanged, {odd} in quarantine" in said
    ((newest, deepest),) = core(
        at,
        "SELECT max(observed_at)::VARCHAR, min(level_m) FROM core.gauge_reading"
        " WHERE source = 'uk_latest_levels'",
    )
    assert newest == "2017-03-03 22:30:00"  # 14:30 UTC
    assert deepest == pytest.approx(-32.767)


def test_stations_above_their_usual_range_are_as_many_as_the_source_has():
    levels = real("3-water-level/uk-ea-2017-03-03/level_data.json")
    stations = real("3-water-level/uk-ea-2017-03-03/station_data.json")
    measures = {
        each["notation"]: each["station"] for each in json.loads(levels.read_text("utf-8"))["items"]
    }
    readings: dict[str, list[float]] = {}
    for table, row in parsed("uk_latest_levels", levels.read_bytes()):
        if table == "gauge_reading" and row["level_m"]:
            readings.setdefault(measures[row["station"]], []).append(float(row["level_m"]))
    usual = {}
    for station in records("gauge", stations.read_bytes(), "items"):
        scale, reference = station.get("stageScale"), station["@id"]
        if isinstance(scale, dict):
            try:
                low, high = float(scale["typicalRangeLow"]), float(scale["typicalRangeHigh"])
            except (KeyError, TypeError, ValueError):
                continue
            if low < high:
                usual[reference] = high
    above = {key for key, high in usual.items() if max(readings.get(key, [high])) > high}
    assert len(above) == 66


@pytest.mark.parametrize(
    ("mapped", "name", "rows", "low", "high"),
    [
        ("uk_15min_levels", "Mytholmroyd-level", 2746, 1.365, 1.551),
        ("uk_15min_levels", "Todmorden-Callis-Bridge-level", 2743, -0.032, 0.150),
        ("uk_15min_rain", "Bacup-rainfall", 2748, 0, 1.8),
        ("uk_15min_rain", "Gorpley-rainfall", 2748, 0, 3.0),
    ],
)
def test_series_of_stations_keep_every_reading_and_its_sign(mapped, name, rows, low, high):
    file = real(f"3-water-level/uk-calder-15min-2025/{name}-15min-Qualified.csv")
    found = parsed(mapped, file.read_bytes())
    assert len(found) == rows
    column = "level_m" if "level" in name else "rain_mm"
    values = [float(row[column]) for _, row in found]
    assert (min(values), max(values)) == (low, high)
    if name.startswith("Todmorden"):
        assert sum(value < 0 for value in values) == 2680
    if name.startswith("Gorpley"):
        assert sum(values) == pytest.approx(91.4)


def test_feet_become_metres_and_a_station_keeps_its_leading_zero():
    file = real("3-water-level/usgs-04119000-15min/gage_height_2017.tsv")
    found = [row for _, row in parsed("usgs_gage_height", file.read_bytes())]
    assert len(found) == 11_549
    assert {row["station"] for row in found} == {"04119000"}
    levels = [float(row["level_m"]) for row in found]
    assert (min(levels), max(levels)) == (
        pytest.approx(2.95 * 0.3048),
        pytest.approx(5.99 * 0.3048),
    )
    assert found[0]["observed_at"] == "2017-06-21T13:00:00"  # 05:00 UTC


def test_a_zip_of_many_rivers_is_read_member_by_member():
    (file,) = real("3-water-level/hubeau-2020-01").glob("*.zip")
    found = [row for table, row in parsed("hubeau_levels", file.read_bytes()) if table != "!"]
    assert len(found) == 63_278
    assert len({row["station"] for row in found}) == 46  # one site changes its station
    spike = min(float(row["level_m"]) for row in found if row["station"].startswith("Y1422020"))
    assert spike < -4


def test_a_list_of_cameras_without_header_in_big5_loses_none():
    file = real("7-device-telemetry/cameras-tw/cctv_points_big5_semicolon.csv")
    columns = ("id", "place", "code", "code_from", "code_to", "lng", "lat", "url")
    shape = sheet.Shape(encoding="big5", delimiter=";", columns=columns)
    found = [line.cells for line in sheet.read("camera_street", file.read_bytes(), columns, shape)]
    assert len(found) == 712
    assert len({row["id"] for row in found}) == 712
    assert sum(row["code"].startswith("0") for row in found) == 541
    assert sum(row["code"] == "-99" for row in found) == 86
    lngs = [float(row["lng"]) for row in found]
    assert (min(lngs), max(lngs)) == (
        pytest.approx(120.293, abs=1e-3),
        pytest.approx(121.988, abs=1e-3),
    )
    told = pd.read_csv(file, sep=";", header=None, dtype=str, encoding="big5", names=list(columns))
    assert [row["place"] for row in found] == told["place"].str.strip().tolist()


def test_a_dictionary_with_cover_sheets_is_read_from_the_sheet_that_has_the_header():
    file = real("2-workorders-311/311_SR_Data_Dictionary_2018.xlsx")
    known = ["Column Name", "Column Description"]
    found = [line.cells for line in sheet.read("hotline_12345", file.read_bytes(), known)]
    named = [row for row in found if row.get("Column Name")]
    assert len(named) >= 41
    assert "Unique Key" in {row["Column Name"] for row in named}
