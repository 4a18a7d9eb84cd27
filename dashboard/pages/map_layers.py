"""The layers of the map: what stands where now, counted in full whether it can be drawn or not.

Matters are the rows of a metric, so that a layer's number is the metric's; of the others it is that
of their list. Drawn points, those without a place and those off the street add up to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from config.outlines import Frame
from dashboard import wording
from dashboard.pages import case, water
from dashboard.pages.deadlines import Deadline, deadline
from dashboard.pages.due import left, nearness
from dashboard.pages.reading import Glass
from dashboard.wall.water import StationNow, distance_words

Row = Mapping[str, Any]
MOST: Final = 5_000  # matters of one layer that are read, the first due first
CAMERAS: Final = ("camera_street", "camera_district")
FLOOD: Final = ("flood_supplies",)


@dataclass(frozen=True, slots=True)
class Thing:
    """One row of a layer: its number and name, where it is, how it stands, where it leads."""

    number: str
    name: str
    community: str
    grid: str
    state: str
    look: str
    at: tuple[float, float] | None
    href: str = ""
    mark: str = ""  # what is written instead of the layer's sign


@dataclass(frozen=True, slots=True)
class Things:
    """The first things of a layer, and how many there are."""

    rows: list[Thing]
    total: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A layer as it is offered: its word in the address, its sign and name, what it reads."""

    key: str
    sign: str
    name: str
    unit: str
    feeds: tuple[str, ...]
    read: Callable[[Glass], Things]
    metric: str = ""  # whose figure its number is
    standing: str = ""  # what its presses are called: 超期, 离线
    shown: bool = True  # from the start
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as read: how many things it has, the first of them, and those that can be drawn."""

    kind: Kind
    things: tuple[Thing, ...]
    total: int
    frame: Frame

    @property
    def drawn(self) -> list[Thing]:
        """What lies in the frame of the street."""
        return [thing for thing in self.things if thing.at and _inside(self.frame, thing.at)]

    @property
    def unplaced(self) -> int:
        """How many came without a place."""
        return sum(thing.at is None for thing in self.things)

    @property
    def outside(self) -> int:
        """How many lie off the street."""
        return len(self.things) - self.unplaced - len(self.drawn)

    @property
    def pressing(self) -> int:
        """How many press: overdue, offline, over a limit."""
        return sum(thing.look in PRESSING or thing.look.startswith("rank") for thing in self.things)


PRESSING: Final = ("over", "off")


def read(glass: Glass, kind: Kind, frame: Frame) -> Layer:
    """A layer within the page's filters."""
    found = kind.read(glass)
    return Layer(kind, tuple(found.rows), found.total, frame)


def _stock(metric: str) -> Callable[[Glass], Things]:
    """The open matters of a metric: its rows, so that the layer's number is the metric's."""

    def read_layer(glass: Glass) -> Things:
        span, due = glass.want.span, deadline(metric)
        found = glass.rows(metric, span.first, span.last, limit=MOST, sort=due.column)
        return Things([_matter(glass, row, due) for row in found.rows], found.total)

    return read_layer


def _matter(glass: Glass, row: Row, due: Deadline) -> Thing:
    end, held = due.of(row), row.get("state") in due.held
    look = "held" if held else nearness(glass, end)
    state = str(row.get("state") or "在办")
    return Thing(
        number=str(row["key"]),
        name=str(row.get("class_name") or row.get("change_type") or "未分类"),
        community=str(row.get("community") or ""),
        grid=str(row.get("grid") or ""),
        state=state if held else left(glass, end, look, state),
        look=look,
        at=_at(row),
        href=case.href(str(row["source"]), str(row["key"])),
    )


def _listed(glass: Glass, things: Iterable[Thing]) -> Things:
    """What a list of the street gives within the page's place."""
    community = glass.want.filters.get("community")
    kept = [thing for thing in things if not community or thing.community == community]
    return Things(kept, len(kept))


def _asked(glass: Glass, name: str, feeds: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows of a query whose platforms this site knows."""
    return glass.query(name) if all(feed in glass.platforms for feed in feeds) else []


def _cameras(glass: Glass) -> Things:
    return _listed(glass, map(_camera, _asked(glass, "map_cameras", CAMERAS)))


def _camera(row: Row) -> Thing:
    return Thing(
        number=str(row["number"]),
        name=str(row["name"] or row["number"]),
        community=str(row["community"] or ""),
        grid="",
        state=str(row["state"]),
        look="off" if row["state"] == "离线" else "calm",
        at=_at(row),
        href="/video",
    )


def _forces(layer: str) -> Callable[[Glass], Things]:
    def read_layer(glass: Glass) -> Things:
        rows = _asked(glass, "map_forces", FLOOD)
        return _listed(glass, (_force(row) for row in rows if row["layer"] == layer))

    return read_layer


def _force(row: Row) -> Thing:
    if row["layer"] == "team":
        state, look = f"{row['state']}，{row['members'] or 0} 人", "calm"
        busy = row["state"] in ("出动", "作业")
        look = "soon" if busy else "calm"
    else:
        short = int(row["short"] or 0)
        state = f"{row['items']} 种" + (f"，{short} 种不足额" if short else "，均足额")
        look = "soon" if short else "calm"
    return Thing(
        number=str(row["number"]),
        name=str(row["name"] or row["number"]),
        community=str(row["community"] or ""),
        grid="",
        state=state,
        look=look,
        at=_at(row),
        href=f"/flood?proof=own:{row['layer']}/{quote(str(row['number']), safe='')}",
    )


def _gauges(glass: Glass) -> Things:
    places = {row["station"]: row for row in glass.query("gauge_latest")}
    return _listed(glass, (_gauge(s, places[s.code]) for s in water.stations(glass)))


def _gauge(station: StationNow, row: Row) -> Thing:
    return Thing(
        number=station.code,
        name=station.name,
        community=str(row["community"] or ""),
        grid="",
        state=_level_words(station),
        look=_gauge_look(station),
        at=_at(row),
        href=f"/flood?station={quote(station.code, safe='')}",
        mark=wording.NONE if station.level_m is None else wording.fixed(station.level_m, 2),
    )


def _gauge_look(station: StationNow) -> str:
    if station.silent:
        return "off"
    return "calm" if station.rank is None else f"rank-{station.rank}"


def _level_words(station: StationNow) -> str:
    if station.level_m is None:
        return "没有读数"
    said = f"{wording.fixed(station.level_m, 2)} m，{distance_words(station)}"
    return f"{said}，停更" if station.silent else said


def _at(row: Row) -> tuple[float, float] | None:
    lng, lat = row.get("lng"), row.get("lat")
    return None if lng is None or lat is None else (lng, lat)


def _inside(frame: Frame, at: tuple[float, float]) -> bool:
    west, south, east, north = frame
    return west <= at[0] <= east and south <= at[1] <= north


KINDS: Final = (
    Kind("grid", "网", "网格在办事件", "件", ("grid_event",), _stock("grid_open"),
         "grid_open", "超期"),
    Kind("urban", "城", "城管在办案件", "件", ("urban_case",), _stock("urban_open"),
         "urban_open", "超期"),
    Kind("plot", "违", "未了结图斑", "处", ("land_watch",), _stock("land_open"),
         "land_open", "超期"),
    Kind("gauge", "水", "水位站", "站", ("gauge",), _gauges, "", "超限或停更", apart=True),
    Kind("team", "队", "防汛队伍", "支", FLOOD, _forces("team"), shown=False),
    Kind("store", "库", "防汛物资点", "处", FLOOD, _forces("store"), shown=False),
    Kind("camera", "视", "摄像机", "路", CAMERAS, _cameras, "", "离线", shown=False),
)  # fmt: skip
KEYS: Final = tuple(kind.key for kind in KINDS)
