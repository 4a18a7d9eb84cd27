"""One delivery on its way into core, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from warehouse.spooled import Text

# text columns, in memory or on disk, or plain rows
Rows: TypeAlias = Text | Sequence[Mapping[str, str | None]]


@dataclass(frozen=True)
class Reject:
    """A row that parse could not read, with the reason in words."""

    row: int
    reason: str
    payload: Any


@dataclass(frozen=True)
class Batch:
    """One raw delivery, read: rows of text by table; batch_id is the hash of its content."""

    batch_id: str
    key: str
    source: str
    raw_path: str
    recorded_at: datetime
    cursor: str | None
    rows: Mapping[str, Rows]
    rejects: Collection[Reject] = ()
    ordered_at: datetime | None = None  # its place in the order, where not that of recorded_at


@dataclass
class LoadResult:
    """rows_in = loaded + unchanged + all quarantined; days are those that must be rebuilt.

    drifted: so many rows could not be read that the whole batch went to quarantine and the
    cursor stayed; the mapping must be mended, then the batch replayed.
    """

    rows_in: int = 0
    loaded: int = 0
    unchanged: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    days: set[date] = field(default_factory=set)
    drifted: bool = False
    repeated: bool = False
    lacking: list[str] = field(default_factory=list)  # columns it lacks as a whole, by their labels
    # figures of another size than in the weeks before: (fact, column): rows and what they were
    scaled: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
