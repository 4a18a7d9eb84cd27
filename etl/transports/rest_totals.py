"""A platform's own count of each day, asked at a second address with the same rights.

`[key.totals]`: url, records (where the list of days lies), day_field, count_field, from_param and
to_param (both days inclusive).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from cases.faults import Fault
from config.platforms import Platform
from etl.errors import Refused
from etl.formats.cell import text
from etl.formats.moment import iso
from etl.transports.answer import wrong_total

_REQUIRED: Final = ("url", "records", "day_field", "count_field")
_OPTIONAL: Final[Mapping[str, str]] = {"from_param": "from", "to_param": "to"}
NAMES: Final = frozenset({"table", "on", *_REQUIRED, *_OPTIONAL})


def check_totals(platform: Platform) -> None:
    """ConfigError when these settings cannot be used."""
    given = platform.totals
    for name in sorted(set(given) - NAMES):
        raise wrong_total(platform, name, given[name], ", ".join(sorted(NAMES)))
    for name in (*_REQUIRED, *_OPTIONAL):
        value = given.get(name, _OPTIONAL.get(name))
        if not isinstance(value, str) or not value:
            raise wrong_total(platform, name, value, "a text")
    ours, theirs = urlsplit(given["url"]), urlsplit(platform.options["url"])
    if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc):
        # the token must not go to another machine
        there = f"an address at {theirs.scheme}://{theirs.netloc}"
        raise wrong_total(platform, "url", given["url"], there)


def asked(platform: Platform, first: date, last: date) -> Platform:
    """The platform as it is asked for its totals: same rights and envelope, no paging, no since."""
    given = {**_OPTIONAL, **platform.totals}
    span = {given["from_param"]: first.isoformat(), given["to_param"]: last.isoformat()}
    kept = {
        name: value
        for name, value in platform.options.items()
        if not name.startswith(("since", "page", "size", "first", "cursor", "overlap", "next"))
        and name not in ("total", "more")
    }
    return replace(
        platform,
        options={**kept, "url": given["url"], "records": given["records"], "params": span},
    )


def counted(platform: Platform, records: list[Any]) -> dict[date, int]:
    """The counts by day; a day that is not told is none, a record that is no count is refused."""
    day, count = platform.totals["day_field"], platform.totals["count_field"]
    found: dict[date, int] = {}
    for record in records:
        said = record if isinstance(record, dict) else {}
        on, number = iso(text(said.get(day)) or ""), text(said.get(count)) or ""
        if on is None or not number.isdecimal():
            raise Refused(
                platform.key,
                f"a total has no {day} or {count}: {str(record)[:100]}",
                fault=Fault.ANSWER,
            )
        when = date.fromisoformat(on[:10])
        found[when] = found.get(when, 0) + int(number)
    return found
