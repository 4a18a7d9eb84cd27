"""The layers of the map: what stands where now, counted in full whether it can be drawn or not.

A layer's number is that of its list: drawn points, those without a place and those off the street
add up to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from config.outlines import Frame
from dashboard import wording
from dashboard.pages import water
from dashboard.pages.due import due_state, left_words
from dashboard.pages.reading import Glass
from dashboard.wall.water import StationNow, distance_words

Row = Mapping[str, Any]
HELD: Final = "挂账"  # waits by decision: no deadline presses


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
class Kind:
    """A layer as it is offered: its word in the address, its sign and name, what it reads."""

    key: str
    sign: str
    name: str
    unit: str
    feeds: tuple[str, ...]
    read: Callable[[Glass], Iterable[Thing]]
    standing: str = ""  # what its presses are called: 超期, 离线
    shown: bool = True  # from the start
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as read: all its things, and those that can be drawn."""

    kind: Kind
    things: tuple[Thing, ...]
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


def read(glass: Glass, frame: Frame) -> list[Layer]:
    """All layers within the page's filters."""
    return [Layer(kind, tuple(_filtered(glass, kind.read(glass))), frame) for kind in KINDS]


def _filtered(glass: Glass, things: Iterable[Thing]) -> Iterable[Thing]:
    community, grid = glass.want.filters.get("community"), glass.want.filters.get("grid")
    for thing in things:
        if community and thing.community != community:
            continue
        if grid and thing.grid and thing.grid != grid:
            continue
        yield thing


def case_href(source: str, number: str) -> str:
    """The page of a case."""
    return f"/case/{quote(source, safe=':')}/{quote(number, safe='')}"


def _matters(layer: str) -> Callable[[Glass], Iterable[Thing]]:
    def read_layer(glass: Glass) -> Iterable[Thing]:
        rows = glass.query("map_matters", as_of=glass.moment)
        return (_matter(glass, row) for row in rows if row["layer"] == layer)

    return read_layer


def _plots(glass: Glass) -> Iterable[Thing]:
    return (_matter(glass, row) for row in glass.query("map_plots", as_of=glass.moment))


def _matter(glass: Glass, row: Row) -> Thing:
    held = row["state"] == HELD
    look = "held" if held else due_state(row["due_at"], glass.moment)
    state = str(row["state"] or "在办")
    return Thing(
        number=str(row["number"]),
        name=str(row["matter"] or "未分类"),
        community=str(row["community"] or ""),
        grid=str(row["grid"] or ""),
        state=state if held else left_words(row["due_at"], glass.moment, look, state),
        look=look,
        at=_at(row),
        href=case_href(str(row["source"]), str(row["number"])),
    )


def _cameras(glass: Glass) -> Iterable[Thing]:
    for row in glass.query("map_cameras"):
        yield Thing(
            number=str(row["number"]),
            name=str(row["name"] or row["number"]),
            community=str(row["community"] or ""),
            grid="",
            state=str(row["state"]),
            look="off" if row["state"] == "离线" else "calm",
            at=_at(row),
        )


def _forces(layer: str) -> Callable[[Glass], Iterable[Thing]]:
    def read_layer(glass: Glass) -> Iterable[Thing]:
        rows = glass.query("map_forces")
        return (_force(row) for row in rows if row["layer"] == layer)

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
        href="/flood",
    )


def _gauges(glass: Glass) -> Iterable[Thing]:
    places = {row["station"]: row for row in glass.query("gauge_latest")}
    for station in water.stations(glass):
        row = places[station.code]
        yield Thing(
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
    return None if row["lng"] is None or row["lat"] is None else (row["lng"], row["lat"])


def _inside(frame: Frame, at: tuple[float, float]) -> bool:
    west, south, east, north = frame
    return west <= at[0] <= east and south <= at[1] <= north


KINDS: Final = (
    Kind("grid", "网", "网格在办事件", "件", ("grid_event",), _matters("grid"), "超期"),
    Kind("urban", "城", "城管在办案件", "件", ("urban_case",), _matters("urban"), "超期"),
    Kind("plot", "违", "未了结图斑", "处", ("land_watch",), _plots, "超期"),
    Kind("gauge", "水", "水位站", "站", ("gauge",), _gauges, "超限或停更", apart=True),
    Kind("team", "队", "防汛队伍", "支", ("flood_supplies",), _forces("team"), shown=False),
    Kind("store", "库", "防汛物资点", "处", ("flood_supplies",), _forces("store"), shown=False),
    Kind(
        "camera",
        "视",
        "摄像机",
        "路",
        ("camera_street", "camera_district"),
        _cameras,
        "离线",
        shown=False,
    ),
)
