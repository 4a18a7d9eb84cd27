"""Two real exports, imported by their mappings: core gives the source's own truth, and the metrics
equal a table worked out beside them with pandas, each difference explained."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from cases.store import migrate, open_store
from config import clock
from config.environment import ROOT, environment
from config.platforms import load_platforms
from etl import commands
from etl.place import Place
from tests.etl.second_opinion import pd
from warehouse.read import MetricQuery, Reader

NOON = datetime(2026, 11, 23, 12, 0, 0)
MAPPINGS = ROOT / "config" / "mappings"
MESSAGES = "1-hotline-cn/附件4_留言与答复.xlsx"
ORDERS = "2-workorders-311/baltimore311_2014-2017_6000rows.csv"


def real(name: str) -> Path:
    folder = environment().test_data
    if not (folder / name).exists():
        pytest.skip(f"real data folder {folder} is absent")
    return folder / name


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """Both sets in one installation: gives the place, what was said and a reader."""
    files = {"chinese_messages": real(MESSAGES), "baltimore_311": real(ORDERS)}
    home = tmp_path_factory.mktemp("real")
    with pytest.MonkeyPatch.context() as patch, clock.frozen(NOON):
        patch.setenv("HONGLAN_VAR", str(home / "var"))
        patch.delenv("HONGLAN_CASES_URL", raising=False)
        store = open_store()
        migrate(store)
        with Place(home / "var", load_platforms(), store) as at:
            said = {}
            for name, file in files.items():
                mapping = MAPPINGS / f"{name}.toml"
                answer = commands.import_file(at, "hotline_12345", file, mapping, None)
                assert answer.code == 0, answer.err
                said[name] = answer.out
            yield at, said, Reader(at.var)


def ask(reader: Reader, metric: str, first: date, last: date, source: str, **more):
    with clock.frozen(NOON):
        return reader.metric(metric, MetricQuery(first, last, source=source, **more))


def test_messages_with_answers_give_the_truth_of_the_source(imported, core):
    at, said, _ = imported
    counts = "1679 rows in, 1679 loaded, 0 unchanged, 0 in quarantine"
    assert counts in said["chinese_messages"]
    days = pd.Series(
        value
        for (value,) in core(
            at,
            "SELECT date_diff('second', received_at, closed_at) / 86400.0"
            " FROM core.hotline_order WHERE source = 'chinese_messages'",
        )
    )
    assert len(days) == 1679
    assert round(days.median(), 3) == 10.992
    assert round(days.quantile(0.9), 3) == 39.260
    assert ((days > 15).sum(), (days > 60).sum()) == (618, 89)
    assert (round(days.min(), 3), round(days.max(), 3), round(days.mean(), 3)) == (
        0.039, 893.675, 19.387,
    )  # fmt: skip
    no_clock = core(
        at, "SELECT closed_at::VARCHAR FROM core.hotline_order WHERE order_no = '27610'"
    )
    assert no_clock == [("2018-04-24 00:00:00",)]
    asked = core(
        at,
        "SELECT year(received_at), count(*) FROM core.hotline_order"
        " WHERE source = 'chinese_messages' GROUP BY 1 ORDER BY 1",
    )
    assert dict(asked) == {
        2011: 5, 2012: 28, 2013: 72, 2014: 55, 2015: 79, 2016: 122, 2017: 290, 2018: 501,
        2019: 524, 2020: 3,
    }  # fmt: skip


def test_the_metrics_of_the_messages_equal_a_table_made_beside_them(imported):
    _, _, reader = imported
    table = pd.read_excel(real(MESSAGES), dtype=str, engine="calamine")
    table["asked"] = pd.to_datetime(table["留言时间"], format="mixed")
    table["answered"] = pd.to_datetime(table["答复时间"], format="mixed")
    table["days"] = (table["answered"] - table["asked"]).dt.total_seconds() / 86400
    source = "chinese_messages"
    for year in range(2011, 2021):
        span = (date(year, 1, 1), date(year, 12, 31))
        closed = table[table["answered"].dt.year == year]
        received = ask(reader, "hotline_received", *span, source)
        assert received.value == (table["asked"].dt.year == year).sum()
        assert ask(reader, "hotline_closed", *span, source).value == len(closed)
        days = ask(reader, "hotline_handling_days", *span, source)
        assert days.denominator == len(closed)
        assert days.value == pytest.approx(closed["days"].median())
        end = pd.Timestamp(year, 12, 31, 23, 59, 59)
        waiting = ((table["asked"] <= end) & (table["answered"] > end)).sum()
        assert ask(reader, "hotline_open", *span, source).value == waiting
    whole = (date(2011, 1, 1), date(2026, 11, 23))
    assert ask(reader, "hotline_handling_days", *whole, source).value == pytest.approx(
        10.992, abs=5e-4
    )
    # the export has no due time, so nothing can be on time or overdue: no rate instead of 0 %
    on_time = ask(reader, "hotline_on_time_rate", *whole, source)
    assert (on_time.value, on_time.denominator) == (None, 0)
    assert ask(reader, "hotline_overdue", *whole, source).value == 0


@pytest.fixture
def city() -> pd.DataFrame:
    """The work orders as pandas reads them, with what the source says of itself."""
    table = pd.read_csv(real(ORDERS), dtype=str)
    shape = "%m/%d/%Y %I:%M:%S %p"
    for ours, theirs in (("opened", "CreatedDate"), ("due", "DueDate"), ("closed", "CloseDate")):
        table[ours] = pd.to_datetime(table[theirs], format=shape)
    table["twice"] = table["SRStatus"].str.contains("Duplicate")
    table["hours"] = (table["closed"] - table["opened"]).dt.total_seconds() / 3600
    return table


def test_city_work_orders_give_the_truth_of_the_source(imported, core):
    at, said, _ = imported
    counts = "6000 rows in, 6000 loaded, 0 unchanged, 0 in quarantine"
    assert counts in said["baltimore_311"]
    (found,) = core(
        at,
        "SELECT count(*), count(closed_at), count(*) - count(closed_at),"
        " count(*) FILTER (closed_at > due_at), count(*) FILTER (closed_at <= due_at),"
        " median(date_diff('second', received_at, closed_at)) / 3600.0,"
        " quantile_cont(date_diff('second', received_at, closed_at), 0.9) / 3600.0"
        " FROM core.hotline_order WHERE source = 'baltimore_311'",
    )
    assert found[:5] == (6000, 5943, 57, 1006, 4788)
    assert (round(found[5], 3), round(found[6], 2)) == (44.171, 664.89)
    masked = core(at, "SELECT count(*) FROM core.hotline_order WHERE addr SIMILAR TO '.*[0-9].*'")
    assert masked == [(0,)]


def test_the_metrics_of_the_work_orders_equal_a_table_made_beside_them(imported, city):
    _, _, reader = imported
    source, whole = "baltimore_311", (date(2014, 1, 1), date(2026, 11, 23))
    once = city[~city["twice"]]
    assert ask(reader, "hotline_received", *whole, source).value == len(city) == 6000

    # closed and its median leave out the merged duplicates (并单), which the source counts
    closed = ask(reader, "hotline_closed", *whole, source)
    assert closed.excluded == {"并单": 135}
    assert closed.value + closed.excluded["并单"] == 5943
    days = ask(reader, "hotline_handling_days", *whole, source)
    assert days.denominator == once["closed"].notna().sum() == 5808
    assert days.value == pytest.approx(once["hours"].median() / 24)
    assert city["hours"].median() == pytest.approx(44.171, abs=5e-4)

    # open: 57 at the source, of which 3 are duplicates of an order that is counted
    assert ask(reader, "hotline_open", *whole, source).value == 57 - 3
    late_open = once[once["closed"].isna() & once["due"].notna()]
    assert ask(reader, "hotline_overdue", *whole, source).value == len(late_open) == 35

    # on time: the source has 4,788 in time and 1,006 late among the closed; we leave out the
    # duplicates and keep what is open and overdue in the denominator
    on_time = ask(reader, "hotline_on_time_rate", *whole, source)
    twice = city[city["twice"] & city["due"].notna()]
    in_time_twice = (twice["closed"] <= twice["due"]).sum()
    assert on_time.numerator == 4788 - in_time_twice
    assert on_time.denominator == 4788 + 1006 + len(late_open) - twice["closed"].notna().sum()
    assert on_time.excluded == {"并单": len(twice)}
    assert on_time.value == on_time.numerator / on_time.denominator


@pytest.mark.parametrize("year", [2014, 2015, 2016, 2017])
def test_years_units_and_places_of_the_work_orders_agree_too(imported, city, year):
    _, _, reader = imported
    source, span = "baltimore_311", (date(year, 1, 1), date(year, 12, 31))
    of_year = city[city["opened"].dt.year == year]
    for by, column in (("unit", "Agency"), ("community", "Neighborhood"), ("class", "SRType")):
        answer = ask(reader, "hotline_received", *span, source, by=by)
        found = {point.key: point.value for point in answer.series if point.value}
        names = of_year[column]
        if by == "class":  # a slash would be a step down the class tree
            names = names.str.replace("/", "\uff0f")
        wanted = names.value_counts(dropna=False)
        assert sum(found.values()) == answer.value == len(of_year)
        named = {key: n for key, n in wanted.items() if isinstance(key, str)}
        assert {key: found.get(key) for key in named} == named
    due = city[(city["due"].dt.year == year) & ~city["twice"]]
    on_time = ask(reader, "hotline_on_time_rate", *span, source)
    assert on_time.denominator == len(due)
    assert on_time.numerator == (due["closed"] <= due["due"]).sum()


def test_an_imported_set_never_mixes_with_the_sites_own_figures(imported):
    _, _, reader = imported
    with clock.frozen(NOON):
        own = reader.metric("hotline_received", MetricQuery(date(2014, 1, 1), date(2017, 12, 31)))
    assert own.value in (0, None)
