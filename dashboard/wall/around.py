"""What else there is beside the alarm in the region: the other alarms, else the other stations.

Up to five alarms are told one by one; beyond, they stand in groups by rank, kind and place.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.panels import other_stations
from dashboard.wall.parts import Room, View, fitting, mark, placed, rows_in, text
from dashboard.wall.water import StationNow

TITLE = other_stations.TITLE
READS = other_stations.READS
LEAST = other_stations.LEAST


@dataclass(frozen=True, slots=True)
class Row:
    """One alarm or one group of them: its rank, what it is, how it stands, how many it is."""

    rank: int
    name: str
    what: str
    in_force: bool = True
    count: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """The other alarms in order; the stations where there is no other alarm."""

    rows: tuple[Row, ...]
    stations: tuple[StationNow, ...]


def view(facts: Facts, room: Room) -> View:
    """One line an alarm or a group; what does not fit is summed up in the last line."""
    if not facts.rows:
        return other_stations.view(other_stations.Facts(facts.stations), room)
    lines = rows_in(room, first=2.75, pitch=1.82, text_height=1.4, last=room.height - 0.3)
    shown, hidden = facts.rows, facts.rows[:0]
    if len(shown) > lines.count:
        cut = max(lines.count - 1, 0)
        shown, hidden = shown[:cut], shown[cut:]
    rows = [
        placed(top, _row(row, room.width - 2.4), "force")
        for top, row in zip(lines.tops, shown, strict=False)
    ]
    if hidden and lines.count:
        rest = f"其余 {sum(row.count for row in hidden)} 项"
        rows.append(placed(lines.tops[len(shown)], [text(rest, "muted")]))
    total = sum(row.count for row in facts.rows)
    return View(title=f"其他告警 {total} 项", body=rows)


def _row(row: Row, wide: float) -> list[object]:
    name, *more = fitting([(row.name, 1.15), (row.what, 1.0)], wide - 2.0)
    return [
        mark(row.rank, limit=not row.in_force, cls="small-mark"),
        text(name, "strong name"),
        *(text(words, "note-end") for words in more),
    ]
