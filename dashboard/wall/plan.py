"""A station's response plan as the wall shows it: places at risk, forces, posts to reach."""

from __future__ import annotations

from dataclasses import dataclass

from config.flood_plans import FloodPlan, RiskPlace, load_flood_plans
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


def plan_of(_source: Data, station: str) -> Plan:
    """The plan of a station; an empty one where the site has written none."""
    found = load_flood_plans().get(station)
    return Plan() if found is None else drawn(found)


def drawn(plan: FloodPlan) -> Plan:
    """A plan in the words and points of the wall."""
    first = plan.teams[0] if plan.teams else None
    return Plan(
        places=tuple(Place(each.name, _stake(each), each.note) for each in plan.places),
        points=tuple((each.lng, each.lat) for each in plan.places),
        total=f"{plan.households} 户 {plan.people} 人" if plan.people else "",
        forces=(
            *(Row(team.name, team.task, team.at) for team in plan.teams),
            *(Row(each.item, f"{each.quantity} {each.unit}", each.store) for each in plan.supplies),
        ),
        team=None if first is None else (first.lng, first.lat),
        team_name="" if first is None else first.name,
        posts=plan.posts,
    )


def _stake(place: RiskPlace) -> str:
    if place.households:
        return f"{place.households} 户 {place.people} 人"
    return f"{place.people} 人" if place.people else "无住户"
