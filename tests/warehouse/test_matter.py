"""One case with its history: what every delivery changed of it, the newest one too."""

from datetime import date, datetime, timedelta

from warehouse.read import MetricQuery

NOW = datetime(2026, 11, 23, 12, 0)


def told(town, order, *deliveries):
    """What the deliveries of one order, in the order they came, are told to have changed."""
    for number, words in enumerate(deliveries):
        town.load("hotline_order", [order(1, **words)], at=NOW + timedelta(hours=number))
    town.publish(NOW + timedelta(hours=len(deliveries)))
    found = town.reader.case("hotline_12345", "NJ000001")
    return [(change.at, dict(change.values)) for change in found.changes]


def at(hour, **words):
    """An order as its platform had it at an hour."""
    return {"updated_at": f"2026-11-20 {hour:02}:00:00", **words}


def test_the_newest_delivery_is_among_the_changes(town, order):
    changes = told(
        town,
        order,
        at(8),
        at(9, state="待回访"),
        at(10, state="待回访", unit_main="网格办"),
    )
    assert changes == [
        (NOW + timedelta(hours=1), {"state": ("办理中", "待回访")}),
        (NOW + timedelta(hours=2), {"unit_main": ("城管中队", "网格办")}),
    ]


def test_a_case_that_changed_once_shows_it_and_one_that_never_did_shows_nothing(town, order):
    assert told(town, order, at(8)) == []
    assert told(town, order, at(8), at(9, state="办结"))[0][1] == {"state": ("办理中", "办结")}


def test_a_row_tells_the_number_of_its_case_and_one_that_is_no_case_tells_none(street):
    at = {"updated_at": "2026-11-22 08:00:00"}
    drafted = {"kind": "工作推进哨", "state": "处置中", "drafted_at": "2026-11-02 08:00:00"}
    blown = {"whistle_no": "W1", "blown_at": "2026-11-02 09:00:00"}
    street.load("whistle", [{**at, **drafted, **blown}])
    asked = {"department": "城管", "report_due_at": "2026-11-05 17:30:00"}
    street.load("whistle_department", [{**at, **blown, **asked}])
    store = {"store_code": "C1", "item_code": "P2", "quota": "10", "qty": "10"}
    street.load("flood_supply", [{**at, **store}])
    duty = {"on_day": "2026-11-02", "staff_no": "S1", "expected": "true", "online_minutes": "60"}
    street.load("grid_duty", [{**at, **duty}])
    street.publish(NOW)

    def numbers(metric):
        found = street.reader.rows(metric, MetricQuery(date(2026, 11, 1), date(2026, 11, 30)))
        (row,) = found.rows
        key = "/".join(row[name] for name in found.numbered)
        return key, key and street.reader.case(row["source"], key).fact

    assert numbers("whistle_blown") == ("W1", "whistle")
    assert numbers("whistle_on_time_rate") == ("W1", "whistle")
    assert numbers("supplies_ready") == ("C1/P2", "flood_supply")
    assert numbers("grid_on_duty_rate") == ("", "")


def test_a_version_that_comes_late_stands_where_its_platform_had_it(town, order):
    changes = told(
        town,
        order,
        at(8, state="待签收"),
        at(10, state="待回访"),
        at(9, state="办理中"),
    )
    assert [values["state"] for _, values in changes] == [
        ("待签收", "办理中"),
        ("办理中", "待回访"),
    ]
