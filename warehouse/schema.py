"""What a platform module declares about its facts: columns, the natural key, what is newer, rules.

A declaration is all the warehouse knows of a platform: it makes the core tables, casts the text
that parse delivers, and refuses rows that cannot be right.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "text": "VARCHAR",
        "integer": "BIGINT",
        "double": "DOUBLE",
        "boolean": "BOOLEAN",
        "timestamp": "TIMESTAMP",
        "date": "DATE",
    }
)
PERSONAL_KINDS: Final = ("name", "names", "phone", "address", "id_no", "point")
AXES: Final = ("lng", "lat", "outline")
LOAD_COLUMNS: Final = ("_version", "_hash", "_batch", "_recorded_at")


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column: its type, how users read it, and what may be shown of it."""

    type: str
    label: str
    unit: str = ""
    personal: str | None = None
    scrub: bool = False
    wall: bool = False
    hash_of: str | None = None
    optional: bool = False  # a whole delivery may lack it, even if none did before
    axis: str = ""  # which part of a place it holds; brought to WGS-84 as it lands

    def __post_init__(self) -> None:
        """Refuse a type or a personal kind that the loader does not know."""
        if self.type not in TYPES:
            allowed = ", ".join(TYPES)
            raise ValueError(f"column {self.label}: type {self.type} is not one of {allowed}")
        if self.personal is not None and self.personal not in PERSONAL_KINDS:
            allowed = ", ".join(PERSONAL_KINDS)
            raise ValueError(f"column {self.label}: personal {self.personal} is not in {allowed}")
        if self.axis and self.axis not in AXES:
            allowed = ", ".join(AXES)
            raise ValueError(f"column {self.label}: axis {self.axis} is not one of {allowed}")
        if self.personal is not None and self.wall:
            raise ValueError(f"column {self.label}: a personal column is never shown on the wall")

    @property
    def sql_type(self) -> str:
        """The DuckDB type of this column in core."""
        return TYPES[self.type]


class Table(NamedTuple):
    """One fact: what makes a row the same, what makes it newer, its columns, its rules.

    A rule is a reason in Chinese and a portable SQL predicate, true for a row that cannot be
    right; it may use $recorded_at, the time of the delivery.

    Rows of a partial fact complete each other: each column keeps the value of the newest delivery
    that had one (a gauge sends the level of a minute in one frame and its rain in another).
    """

    key: tuple[str, ...]
    version: str | None
    columns: Mapping[str, Column]
    rules: Mapping[str, str] = MappingProxyType({})
    partial: bool = False
    label: str = ""  # what people call it
