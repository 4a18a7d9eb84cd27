"""A station's response plan as the wall shows it: places at risk, forces, posts to reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cases.alarm import FLOOD, Alarm
from config.flood_plans import FloodPlan, RiskPlace, load_flood_plans
from dashboard import alarm_words, wording
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


def plan_of(alarm: Alarm) -> Plan:
    """The plan of an alarm's station with who of it has answered; an empty one where the site has
    written none, but for the posts that must take notice anyway.
    """
    found = load_flood_plans().get(alarm.subject) if alarm.kind == FLOOD else None
    return Plan(forces=_posts(alarm)) if found is None else _shown(found, alarm)


def _shown(found: FloodPlan, alarm: Alarm) -> Plan:
    sent = {one.name: one.at for one in alarm.teams if one.at is not None}
    teams = [
        Row(team.name, f"已出动 {_clock(sent[team.name])}", team.task)
        if team.name in sent
        else Row(team.name, team.task, team.at)
        for team in sorted(found.teams, key=lambda each: each.name not in sent)
    ]
    supplies = [Row(one.item, f"{one.quantity} {one.unit}") for one in found.supplies]
    posts = _posts(alarm)
    missing = [row for row in posts if row.wanted]
    answered = [row for row in posts if not row.wanted]
    first = next((t for t in found.teams if t.name in sent), next(iter(found.teams), None))
    return Plan(
        places=tuple(Place(one.name, _stake(one), one.note) for one in found.places),
        points=tuple((one.lng, one.lat) for one in found.places),
        total=f"{found.households} 户 {found.people} 人",
        forces=(*missing, *teams, *answered, *supplies),
        team=(first.lng, first.lat) if first else None,
        team_name=first.name if first else "",
    )


def _posts(alarm: Alarm) -> tuple[Row, ...]:
    """The posts that must take notice: when each did, or that it has not."""
    return tuple(
        Row(post.name, "须知悉", wanted="未确认")
        if post.at is None
        else Row(post.name, "已知悉", _clock(post.at))
        for post in alarm.posts
    )


def _clock(at: datetime | None) -> str:
    return "" if at is None else wording.clock(alarm_words.local(at))


def _stake(place: RiskPlace) -> str:
    if place.households:
        return f"{place.households} 户 {place.people} 人"
    return f"{place.people} 人" if place.people else ""
