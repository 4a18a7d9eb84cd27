"""The address of a case's page, and the case that an address names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from dashboard.pages.state import State
from warehouse.read import Rows

PATH: Final = "/case"
_NO: Final = "-"  # the number stands in the query where it holds more than plain signs
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~@+=,:-")


def href(source: str, key: str) -> str:
    """The address of a case's page."""
    if set(source) <= _PLAIN and set(key) <= _PLAIN and key != _NO:
        return f"{PATH}/{source}/{key}"
    return f"{PATH}/{quote(source, safe=':')}/{_NO}?no={quote(key, safe='')}"


def of(found: Rows, row: Mapping[str, Any]) -> str | None:
    """The page of the case that a row is, or is a step of; None for a row of no case."""
    number = [row.get(name) for name in found.numbered]
    source = row.get("source")
    if not number or not source or any(part in (None, "") for part in number):
        return None
    return href(str(source), "/".join(map(str, number)))


def asked(state: State) -> tuple[str, str] | None:
    """The source and the number of an address."""
    parts = state.path.split("/")
    if len(parts) != 4 or parts[1] != PATH[1:] or not parts[2] or not parts[3]:
        return None
    return parts[2], state.get("no") if parts[3] == _NO else parts[3]
