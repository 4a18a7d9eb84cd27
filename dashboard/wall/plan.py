"""A station's response plan as the wall shows it: places at risk, forces, posts to reach."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.panels.alarm_forces import Row
from dashboard.panels.alarm_places import Place
from dashboard.source import Data
from dashboard.wall.terrain import Point


@dataclass(frozen=True, slots=True)
class Plan:
    """What stands in the plan; places and their points go by the same number."""

    places: tuple[Place, ...] = ()
    points: tuple[Point, ...] = ()
    total: str = ""
    forces: tuple[Row, ...] = ()
    team: Point | None = None
    team_name: str = ""
    posts: tuple[str, ...] = ()  # who has to acknowledge


def plan_of(source: Data, station: str) -> Plan:
    """The plan of a station; an empty one where the site has written none."""
    return Plan()
