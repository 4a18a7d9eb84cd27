"""A platform's own count of each day, from its view or from one it keeps for that.

`[key.totals]`: day (the column that holds the day or a time of it); view, where it is another one;
count, where that view holds the figure itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    cast,
    column,
    exc,
    func,
    literal_column,
    quoted_name,
    select,
    table,
)

from cases.faults import Fault
from config.platforms import Platform
from etl.errors import Refused
from etl.formats.moment import iso
from etl.transports.answer import wrong_total
from etl.transports.sql_question import are_names, question
from etl.transports.sql_session import bound, session, told
from etl.transports.sql_value import as_text

_NAMES: Final = frozenset({"table", "on", "day", "view", "count"})


def check_totals(platform: Platform) -> None:
    """ConfigError when these settings cannot be used."""
    given = platform.totals
    for name in sorted(set(given) - _NAMES):
        raise wrong_total(platform, name, given[name], ", ".join(sorted(_NAMES)))
    for name, is_needed in (("day", True), ("view", False), ("count", False)):
        value = given.get(name, "")
        if not value and not is_needed:
            continue
        parts = value.split(".") if isinstance(value, str) else []
        if not are_names(parts) or len(parts) > (2 if name == "view" else 1):
            raise wrong_total(platform, name, value, "a name of letters, digits, _ and $")


def totals(platform: Platform, first: date, last: date) -> dict[date, int]:
    """The counts by day, both ends included; EtlError when they cannot be had."""
    asked, given = question(platform), platform.totals
    schema, _, name = (given.get("view") or asked["view"]).rpartition(".")
    view = table(quoted_name(name, True), schema=quoted_name(schema, True) if schema else None)
    day: ColumnElement[Any] = column(quoted_name(given["day"], True))
    number: ColumnElement[Any] = func.count()
    if given.get("count"):
        number = func.sum(column(quoted_name(given["count"], True)))
    on = cast(day, Date) if asked["driver"].startswith("postgresql") else func.date(day)
    wanted = (
        select(on.label("on_day"), number)
        .select_from(view)
        .where(day >= bound(first.isoformat()))
        .where(day < bound((last + timedelta(days=1)).isoformat()))
        .group_by(literal_column("1"))
    )
    try:
        with session(asked.key, asked.options, asked.timeout) as connection:
            rows = connection.execute(wanted).all()
    except exc.SQLAlchemyError as error:
        raise told(asked.key, error) from None
    found: dict[date, int] = {}
    for when, count in rows:
        said = iso(as_text(when) or "")
        if said is None:
            raise Refused(
                asked.key, f"{given['day']} of the view is no day: {when}", fault=Fault.VIEW
            )
        found[date.fromisoformat(said[:10])] = int(count)
    return found
