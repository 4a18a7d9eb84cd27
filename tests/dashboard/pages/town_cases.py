"""The cases of the small town in memory: those of the reference pictures, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any

from config.site import load_site
from warehouse.read import MetricQuery

NOW = datetime(2026, 9, 30, 9, 44)
AS_OF = datetime(2026, 9, 30, 9, 31)
GENERATION = 48217
MONTHS = {
    "centre": [(8, 8), (6, 6), (8, 8), (9, 9), (9, 9), (10, 10), (9, 11), (5, 14), (1, 15)],
    "unit": [
        (13, 13),
        (10, 10),
        (15, 15),
        (17, 17),
        (16, 16),
        (18, 18),
        (17, 17),
        (19, 19),
        (14, 18),
    ],
}
PLACES = {
    "centre": "9/12 8/11 7/10 5/8 6/8 5/7 5/7 4/6 5/6 4/5 3/5 4/5",
    "unit": "20/20 17/18 16/16 11/12 12/12 11/11 11/11 9/10 9/9 8/8 8/8 7/8",
}
TYPES = {
    "centre": {"02": "11/14", "07": "9/13", "03": "10/16", "01": "7/8", "06": "7/9", "13": "8/11",
               "04": "4/6", "10": "5/9", "99": "4/4"},
    "unit": {"02": "34/34", "07": "17/18", "03": "15/15", "01": "22/22", "06": "18/19",
             "13": "12/12", "04": "9/9", "10": "3/3", "99": "9/11"},
}  # fmt: skip
LINKS = {
    "centre": {"警调": "15/18", "诉调": "9/14", "访调": "12/21", "专调": "9/12", "": "20/25"},
    "unit": {"警调": "45/46", "诉调": "18/19", "访调": "16/17", "专调": "15/15", "": "45/46"},
}
UNITS = {
    "派出所": "34/35", "司法所": "31/31", "信访办": "17/18", "洪蓝法庭": "16/17", "妇联": "8/8",
    "社保中心": "7/7", "民政办": "4/4", "建管中心": "6/7", "物业办": "9/9", "农服中心": "4/4",
    "拆迁办": "2/2", "教管会": "1/1",
}  # fmt: skip
FLOWS = {"centre": (6, 93, 71, 3, 25), "unit": (3, 145, 142, 2, 4)}
BEFORE = {"centre": (62, 96), "unit": (121, 131)}


def _counts(text: str) -> tuple[int, int]:
    num, den = text.split("/")
    return int(num), int(den)


def _spread(pairs: dict[str, tuple[int, int]], *, closed: bool) -> list[str]:
    """One key a case, each as often as the closed (or open) cases of that key."""
    return list(
        chain.from_iterable(
            [key] * (num if closed else den - num) for key, (num, den) in pairs.items()
        )
    )


@cache
def mediation_cases() -> list[dict[str, Any]]:
    """90 and 143 cases whose months, places, types, linkages and units give the pictures' sums."""
    site = load_site()
    codes = [community.code for community in site.communities]
    cases: list[dict[str, Any]] = []
    for line, months in MONTHS.items():
        kinds = {
            "community": dict(zip(codes, map(_counts, PLACES[line].split()), strict=True)),
            "class_path": {key: _counts(text) for key, text in TYPES[line].items()},
            "link_kind": {key: _counts(text) for key, text in LINKS[line].items()},
            "unit": {key: _counts(text) for key, text in UNITS.items()}
            if line == "unit"
            else {"矛调中心": (65, 90)},
        }
        for closed in (True, False):
            days = [
                date(2026, month, 2 + index % 26)
                for month, (num, den) in enumerate(months, start=1)
                for index in range(num if closed else den - num)
            ]
            drawn = {name: _spread(pairs, closed=closed) for name, pairs in kinds.items()}
            for name in ("class_path", "link_kind", "unit"):
                drawn[name] = _mixed(drawn[name], name)
            for index, day in enumerate(days):
                cases.append(
                    _case(line, day, closed, {name: keys[index] for name, keys in drawn.items()})
                )
    _due_days([case for case in cases if not case["num"]])
    for number, case in enumerate(sorted(cases, key=lambda c: c["accepted_at"]), start=1):
        case["key"] = case["case_no"] = f"MT-{number:04d}"
    return cases


def _mixed(keys: list[str], name: str) -> list[str]:
    step = {"class_path": 7, "link_kind": 11, "unit": 13}[name]
    return [key for _, key in sorted(enumerate(keys), key=lambda one: (one[0] * step) % 97)]


def _case(line: str, day: date, closed: bool, keys: dict[str, str]) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, 9, 10)
    return {
        "source": "demo:mediation",
        "line": line,
        "on_day": day,
        "num": 1 if closed else 0,
        "den": 1,
        "excluded_reason": None,
        "accepted_at": at,
        "closed_at": at + timedelta(days=9) if closed else None,
        "due_at": at + timedelta(days=30),
        "state": "完结" if closed else "调解中",
        "parties": "赵*、钱**",
        "grid": None,
        "value": None,
        **keys,
    }


def _due_days(open_cases: list[dict[str, Any]]) -> None:
    """Three of the centre overdue, five and one due within two workdays, the rest later."""
    plan = {
        "centre": [(-12, "")] + [(-7, ""), (-3, "")] + [(0.5, "")] * 5 + [(20, "")] * 17,
        "unit": [(0.5, "")] + [(22, "")] * 3,
    }
    for line, dues in plan.items():
        cases = [case for case in open_cases if case["line"] == line]
        for case, (days, _) in zip(cases, dues, strict=True):
            case["due_at"] = NOW + timedelta(days=days)


@cache
def hotline_orders() -> list[dict[str, Any]]:
    """About nine orders a day over 21 months, closed in some days, a few overdue; made once for all
    towns, so nobody changes a row."""
    site = load_site()
    leaves = [c.code for c in site.hotline_classes if len(c.code) == 6]
    units = [unit.name for unit in site.units if unit.kind == "handling"]
    orders: list[dict[str, Any]] = []
    day, number = date(2025, 1, 1), 0
    while day <= NOW.date():
        for index in range(6 + (day.toordinal() * 7) % 6 + (3 if day.weekday() == 0 else 0)):
            number += 1
            at = datetime(day.year, day.month, day.day, 8 + (index * 5 + day.day) % 11, 13)
            if at > NOW:
                continue
            orders.append(_order(number, at, site, leaves, units))
        day += timedelta(days=1)
    return orders


def _order(
    number: int, at: datetime, site: Any, leaves: list[str], units: list[str]
) -> dict[str, Any]:
    takes = 1 + (number * 13) % 6 + (9 if number % 29 == 0 else 0)
    closed = at + timedelta(days=takes)
    code = leaves[(number * number) % len(leaves)]
    return {
        "key": f"NJ{at:%Y%m%d}{number:06d}",
        "source": "demo:hotline_12345",
        "received_at": at,
        "closed_at": closed if closed <= NOW else None,
        "due_at": at + timedelta(days=7),
        "on_hour": at.hour,
        "community": site.communities[(number * 5) % 12].code,
        "grid": None,
        "unit": units[(number * 3) % len(units)],
        "class_path": f"{code[:2]}/{code[:4]}/{code}",
        "title": "<img src=x onerror=alert(1)> 路灯不亮" if number % 50 == 0 else "路灯不亮",
        "state": "已办结" if closed <= NOW else "办理中",
        "line": None,
        "satisfied": number % 11 != 0,
        "excluded_reason": "并单" if number % 41 == 0 else None,
    }


@cache
def orders_on(column: str) -> list[dict[str, Any]]:
    """The orders that have this moment, each counted once on its day."""
    return [
        {**row, "on_day": row[column].date(), "num": 1, "den": 1, "value": None}
        for row in hotline_orders()
        if row[column] is not None
    ]


@cache
def orders_judged() -> list[dict[str, Any]]:
    """The closed orders, by whether somebody was satisfied."""
    return [{**row, "num": int(row["satisfied"])} for row in orders_on("closed_at")]


@cache
def orders_taken() -> list[dict[str, Any]]:
    """The closed orders, by how many days they took."""
    day = timedelta(days=1)
    return [
        {**row, "value": (row["closed_at"] - row["received_at"]) / day}
        for row in orders_on("closed_at")
    ]


def within(query: MetricQuery, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of the days asked for."""
    return (row for row in rows if query.first <= row["on_day"] <= query.last)
