"""The wire formats, read by the product's own readers, and the interfaces' manners."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import httpx
import pytest

from config import clock
from config.environment import environment
from config.platforms import load_platforms
from demo import drops, mediation_sheet
from demo.listing import Listings
from demo.serve import application
from demo.stage import Stage
from demo.town import Town
from etl.platforms import gauge, hotline_12345, mediation, weather

TOKEN = "test-token"
HOTLINE = "/hotline_12345/order/list"
AUTH = {"Authorization": f"Bearer {TOKEN}"}


class Reader:
    """Somebody who calls the interfaces."""

    def __init__(self, app):
        self.app = app

    def get(self, path, params=None, headers=None):
        async def ask():
            door = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=door, base_url="http://town") as client:
                return await client.get(path, params=params, headers=headers)

        return asyncio.run(ask())


def stage(town, key):
    return Stage(town, environment(), load_platforms()[key])


@pytest.fixture(scope="module")
def client(town):
    young = Town(town.anchor, years=0)  # eleven months of orders are enough here
    stages = [stage(young, key) for key in ("hotline_12345", "weather")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOTLINE_12345_TOKEN", TOKEN)
        return Reader(application(stages))


@pytest.fixture
def frozen(now):
    with clock.frozen(now):
        yield now


def orders(client, **params):
    asked = {"updatedSince": "2026-11-17T00:00:00"} | params
    return client.get(HOTLINE, params=asked, headers=AUTH).json()


def test_without_the_right_token_nothing_is_told(client, frozen):
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}):
        answer = client.get(HOTLINE, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["code"] == "0001"


@pytest.mark.parametrize(
    "params",
    [{"pageNumber": "0"}, {"pageSize": "x"}, {"pageSize": "5000"}, {"updatedSince": "gestern"}],
)
def test_a_wrong_call_is_answered_in_the_envelope(client, frozen, params):
    answer = orders(client, **params)
    assert answer["code"] == "0001"
    assert next(iter(params)) in answer["message"]


def test_the_pages_of_a_listing_hold_every_order_once_in_order(client, frozen):
    total, seen, page = None, [], 1
    while total is None or len(seen) < total:
        result = orders(client, pageNumber=page, pageSize=40)["result"]["pageData"]
        total = result["total"]
        seen += [(r["gxsj"], r["gdbh"]) for r in result["records"]]
        page += 1
    assert seen == sorted(seen)
    assert len(set(seen)) == total > 100


def test_a_listing_that_was_begun_is_not_disturbed_by_what_happens_meanwhile(client, now):
    with clock.frozen(now):
        first = orders(client, pageNumber=1, pageSize=50)["result"]["pageData"]
    with clock.frozen(now + timedelta(hours=4)):
        second = orders(client, pageNumber=2, pageSize=50)["result"]["pageData"]
        again = orders(client, pageNumber=1, pageSize=50)["result"]["pageData"]
    assert second["total"] == first["total"]
    assert second["records"][0]["gxsj"] >= first["records"][-1]["gxsj"]
    assert again["records"] != first["records"]


def test_updated_since_gives_only_what_changed(client, frozen):
    since = "2026-11-23T09:00:00"
    records = orders(client, updatedSince=since, pageSize=500)["result"]["pageData"]["records"]
    assert records
    assert all(r["gxsj"] >= since for r in records)


def test_every_value_of_an_order_is_text_or_nothing(client, frozen):
    for record in orders(client, pageSize=500)["result"]["pageData"]["records"]:
        for name, value in record.items():
            if name == "lz":
                assert all(v is None or isinstance(v, str) for step in value for v in step.values())
            else:
                assert value is None or isinstance(value, str), name


def test_the_products_reader_takes_every_order_and_step(client, frozen):
    params = {"pageSize": 500, "updatedSince": "2026-11-17T00:00:00"}
    payload = client.get(HOTLINE, params=params, headers=AUTH).content
    rows = list(hotline_12345.parse(payload))
    assert not [row for table, row in rows if table == "!"]
    taken = [row for table, row in rows if table == "hotline_order"]
    assert len(taken) == len(orders(client, pageSize=500)["result"]["pageData"]["records"])
    known = {name for row in taken for name, value in row.items() if value}
    assert {"received_at", "due_at", "unit_main", "closed_at", "satisfaction"} <= known


def test_the_products_reader_takes_the_weather(client, frozen):
    params = {"since": "2026-11-20T00:00:00", "limit": 1000}
    answer = client.get("/weather/observe", params=params)
    assert answer.json()["status"] == 200
    rows = list(weather.parse(answer.content))
    assert not [row for table, row in rows if table == "!"]
    assert len(rows) == answer.json()["data"]["total"] > 80


def test_weather_pages_by_offset_and_names_a_wrong_parameter(client, frozen):
    def page(offset):
        params = {"since": "2026-11-22T00:00:00", "offset": offset, "limit": 10}
        return client.get("/weather/observe", params=params).json()["data"]["list"]

    assert page(0)[9]["updateTime"] <= page(10)[0]["updateTime"]
    wrong = client.get("/weather/observe", params={"limit": "-1"}).json()
    assert wrong["status"] == 400
    assert "limit" in wrong["msg"]


def test_a_platform_that_is_no_demo_one_is_not_served(town):
    app = Reader(application([stage(town, "weather")]))
    assert app.get(HOTLINE, headers=AUTH).status_code == 404


def test_the_first_file_holds_the_whole_history_and_later_ones_what_changed(var, town, now):
    def read(path):
        rows = list(mediation.parse(path.read_bytes()))
        assert not [row for table, row in rows if table == "!"]
        return {row["case_no"]: row for _, row in rows}

    here, half_hour = stage(town, "mediation"), drops.spaced(mediation_sheet.EVERY)

    def drop(at):
        make = partial(mediation_sheet.file, town)
        return drops.drop(here, at, half_hour, make)

    held = read(drop(now))
    assert len(held) > 700
    assert {row["line"] for row in held.values()} == {"centre", "unit"}
    assert drop(now + timedelta(minutes=10)) is None
    moment, end = now, now + timedelta(days=6)
    while moment < end:
        moment += timedelta(hours=7)
        later = read(drop(moment))
        assert 0 < len(later) < 60
        held |= later
    from demo import mediation as cases

    for case in cases.cases_until(town, moment.date()):
        updated = case.updated_at(moment)
        if updated is not None:
            assert held[case.number]["updated_at"] == updated.isoformat()
            assert held[case.number]["state"] == case.row(moment)["状态"]
    assert not [p for p in (var / "inbox" / "mediation").iterdir() if p.suffix != ".xlsx"]


def test_the_products_reader_takes_the_gauge_dump(tmp_path, town):
    from config.thresholds import load_thresholds
    from demo import gauge_dump

    stations = load_thresholds().stations
    first, until = datetime(2025, 12, 31), datetime(2026, 1, 2)
    path = gauge_dump.drop(town, stations, tmp_path, first, until)
    rows = [row for table, row in gauge.parse(path.read_bytes()) if table == "gauge_reading"]
    assert len(rows) == 12 * 48
    assert {row["interval_h"] for row in rows} == {"1.00"}
    assert max(row["observed_at"] for row in rows) == "2026-01-02T00:00:00"


def test_the_hotline_counts_its_orders_by_day_as_it_lists_them(client, frozen):
    span = {"ksrq": "2026-11-10", "jsrq": frozen.date().isoformat()}
    assert client.get("/hotline_12345/order/stat", params=span).status_code == 401
    answer = client.get("/hotline_12345/order/stat", params=span, headers=AUTH).json()
    counted = {each["rq"]: int(each["sl"]) for each in answer["result"]["list"]}
    listed = orders(client, updatedSince="2026-11-01T00:00:00", pageSize=1000)
    days = [record["slsj"][:10] for record in listed["result"]["pageData"]["records"]]
    assert listed["result"]["pageData"]["total"] <= 1000
    assert counted == {day: days.count(day) for day in sorted(set(days)) if day >= "2026-11-10"}
    bad = {"ksrq": "gestern"}
    assert (
        client.get("/hotline_12345/order/stat", params=bad, headers=AUTH).json()["code"] == "0001"
    )


def test_who_goes_on_from_the_last_time_seen_gets_the_rest_of_the_same_listing(now):
    made = []

    def make(moment, since):
        made.append(since)
        return [
            now + timedelta(minutes=n) for n in range(100) if now + timedelta(minutes=n) >= since
        ]

    listings = Listings(make, lambda row: row)
    with clock.frozen(now):
        moment, rows = listings.get(now, True)
        later = listings.get(now + timedelta(minutes=40), True)
    assert later == (moment, rows[40:])
    assert made == [now]
    with clock.frozen(now + timedelta(minutes=1)):
        assert listings.get(now + timedelta(minutes=60), True)[1] == rows[60:]
    assert made == [now, now + timedelta(minutes=60)]
