"""A station's response plan as the wall shows it: places at risk, forces, posts to reach."""

from __future__ import annotations

from dataclasses import dataclass

from config.flood_plans import FloodPlan, RiskPlace, load_flood_plans
from dashboard.panels.alarm_forces import Row
from dashboard.panels.alarm_places import Place
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
    posts: tuple[str, ...] = ()  # who has to take notice


def plan_of(station: str, *, waits: bool) -> Plan:
    """The plan of a station; an empty one where the site has written none.

    `waits`: nobody has acknowledged yet, and the first post says so.
    """
    found = load_flood_plans().get(station)
    return Plan() if found is None else _shown(found, waits)


def _shown(found: FloodPlan, waits: bool) -> Plan:
    teams = [Row(team.name, team.task, team.at) for team in found.teams]
    supplies = [Row(one.item, f"{one.quantity} {one.unit}") for one in found.supplies]
    posts = [
        Row(post, "须知悉", wanted="未确认" if waits and number == 0 else "")
        for number, post in enumerate(found.posts)
    ]
    first = found.teams[0] if found.teams else None
    return Plan(
        places=tuple(Place(one.name, _stake(one), one.note) for one in found.places),
        points=tuple((one.lng, one.lat) for one in found.places),
        total=f"{found.households} 户 {found.people} 人",
        forces=(*posts[:1], *teams, *supplies, *posts[1:]),
        team=(first.lng, first.lat) if first else None,
        team_name=first.name if first else "",
        posts=found.posts,
    )


def _stake(place: RiskPlace) -> str:
    if place.households:
        return f"{place.households} 户 {place.people} 人"
    return f"{place.people} 人" if place.people else ""
