"""The address of a case's page, and the case that an address names."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from dashboard.pages.state import State

PATH: Final = "/case"
_NO: Final = "-"  # the number stands in the query where it holds more than plain signs
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~@+=,:-")


def href(source: str, key: str) -> str:
    """The address of a case's page."""
    if set(source) <= _PLAIN and set(key) <= _PLAIN and key != _NO:
        return f"{PATH}/{source}/{key}"
    return f"{PATH}/{quote(source, safe=':')}/{_NO}?no={quote(key, safe='')}"


def asked(state: State) -> tuple[str, str] | None:
    """The source and the number of an address."""
    parts = state.path.split("/")
    if len(parts) != 4 or parts[1] != PATH[1:] or not parts[2] or not parts[3]:
        return None
    return parts[2], state.get("no") if parts[3] == _NO else parts[3]
