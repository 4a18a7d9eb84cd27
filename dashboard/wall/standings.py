"""The takeover's picture of one process: made once for a state of the alarms, whoever looks.

It is made anew when an alarm changes, when a snapshot is published, and once a minute for what
grows old. Reading it never waits for the pictures of the scenes.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from cases import alarms, users
from cases.alarm import FLOOD, Alarm
from cases.errors import CaseError
from cases.store import Store
from cases.written import UntilWritten
from config import clock
from dashboard import alarm_words
from dashboard.gate import caller
from dashboard.panels import alarm_curve, alarm_ribbon
from dashboard.source import Data, data
from dashboard.wall import overlay
from dashboard.wall.asking import Asking, Memory
from dashboard.wall.card import Feed
from dashboard.wall.choosing import ENDED_FOR, Chosen, choose
from dashboard.wall.content_water import gravest, stations, warned
from dashboard.wall.others import others
from dashboard.wall.over_line import plain
from dashboard.wall.plan import plan_of
from dashboard.wall.seen import Seen
from dashboard.wall.standing import region, ribbon
from dashboard.wall.terrain import Terrain, load_terrain
from dashboard.wall.water import Limits, by_urgency
from layouts.wall import WallProfile
from warehouse.errors import WarehouseError
from warehouse.read import Generation

log = structlog.get_logger()
STEP_MIN = 5
NO_TERRAIN = Terrain("", ())
POSTS = {"seat": "值班席", "leader": "带班领导", "admin": "系统管理员"}
Stamp = tuple[int, int | None, datetime]
Prop = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What all windows are to show of the alarms; `taken` are the ids that must be drawn."""

    stamp: Stamp
    chosen: Chosen
    facts: Mapping[str, Any]
    feed: Feed
    now: datetime

    @property
    def look(self) -> str:
        """The overlay's class: what of it is seen, in which rank, whether a drill."""
        words = []
        if self.chosen.region:
            words += ["taking", f"rank-{self.chosen.region.rank}"]
        if overlay.RIBBON in self.facts:
            words.append("ribboned")
        if self.chosen.drill:
            words.append("drill")
        return " ".join(words) or overlay.CALM

    @property
    def mark(self) -> str:
        """What a window reports once it has drawn this: the alarm in the region with its rank."""
        taken = self.chosen.region
        return "" if taken is None else f"{taken.id}.{taken.rank}"


class Standings:
    """The present state of the alarms and its drawing for each profile."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._memory = Memory()
        self._version: UntilWritten[int] | None = None
        self._standing: Standing | None = None
        self._made: dict[str, tuple[Stamp, dict[Prop, tuple[str, Any]]]] = {}

    def stamp(self) -> Stamp:
        """Changes when there may be something new to draw; cheap."""
        source = data()
        with caller.asking(caller.SCREEN):
            generation = published(source)
        minute = clock.local().replace(second=0, microsecond=0)
        number = None if generation is None else generation.number
        return self._version_of(source.store), number, minute

    def _version_of(self, store: Store) -> int:
        if self._version is None or self._version.store is not store:
            self._version = UntilWritten(store, alarms.version)
        return self._version.answer()

    def current(self, stamp: Stamp) -> Standing:
        """What stands at a stamp."""
        with self._lock, caller.asking(caller.SCREEN):
            if self._standing is None or self._standing.stamp != stamp:
                self._standing = look(data(), stamp, self._memory)
            return self._standing

    def props(self, profile: WallProfile, standing: Standing) -> dict[Prop, tuple[str, Any]]:
        """Everything a window of this profile shows of the alarms."""
        with self._lock:
            kept = self._made.get(profile.key)
            if kept is None or kept[0] != standing.stamp:
                kept = standing.stamp, dict(_props(profile, standing))
                self._made[profile.key] = kept
            return kept[1]


standings = Standings()


def published(source: Data) -> Generation | None:
    """What has been published; an alarm does not wait for a snapshot that can be read."""
    try:
        return source.reader.current()
    except WarehouseError:
        return None  # said by the panels of the scene


def _props(profile: WallProfile, standing: Standing) -> dict[Prop, tuple[str, Any]]:
    made: dict[Prop, Any] = dict(
        overlay.changes(profile, standing.facts, standing.feed, standing.now)
    )
    made["takeover", "className"] = standing.look
    made["stage", "className"] = _stage(standing)
    made[overlay.SOUND, "children"] = str(standing.chosen.sound)
    made[overlay.MARK, "children"] = standing.mark
    return {prop: plain(value) for prop, value in made.items()}


def _stage(standing: Standing) -> str:
    words = ["taken"] if standing.chosen.region else []
    words += ["ribboned"] if overlay.RIBBON in standing.facts else []
    return " ".join([*words, *(["drill"] if standing.chosen.drill else [])])


def look(source: Data, stamp: Stamp, memory: Memory) -> Standing:
    """Read what stands on the wall now."""
    now = clock.now()
    local = now.replace(tzinfo=None)
    found = alarms.recent(source.store, now, now - ENDED_FOR)
    chosen = choose(found, source.thresholds.alarms, now)
    demo = any(platform.demo for platform in source.platforms.values())
    feed = Feed("fresh", local.replace(second=0, microsecond=0), demo)
    facts: dict[str, Any] = {}
    generation = published(source)
    ask = None if generation is None else Asking(source, local, generation, memory)
    if chosen.region:
        facts = _taking(source, chosen.region, chosen, ask)
    if chosen.ribbon:
        more = chosen.open - (1 if chosen.ribbon.is_on else 0) - (1 if chosen.region else 0)
        name = alarm_words.subject(chosen.ribbon, source.thresholds, source.platforms)
        told = ribbon(chosen.ribbon, name, max(more, 0))
        facts[overlay.RIBBON] = told
    elif chosen.shelved and not chosen.region:
        facts[overlay.RIBBON] = _calm(ask)
    if chosen.shelved:
        facts[overlay.RIBBON] = replace(facts[overlay.RIBBON], shelved=chosen.shelved)
    return Standing(stamp, chosen, facts, feed, local)


def _taking(source: Data, alarm: Alarm, chosen: Chosen, ask: Asking | None) -> dict[str, Any]:
    """What the region says. Whatever cannot be read or worked out beside it, the alarm itself is
    told: no slip in a map, a plan or a curve may leave the calm picture standing.
    """
    now = clock.local()
    try:
        seen = seen_of(source, alarm, ask, now)
        around = others(source.thresholds, source.platforms, chosen)
        return {**region(replace(seen, others=around), chosen), overlay.RIBBON: _beside(ask)}
    except (CaseError, WarehouseError):
        raise  # held for a moment: the watch asks again at once
    except Exception:
        log.exception("takeover_without_details", alarm=alarm.id)
        bare = Seen(
            alarm, (), alarm_words.subject(alarm, source.thresholds, {}), now, NO_TERRAIN, {}
        )
        lacking = alarm_ribbon.Facts(None, "部分内容暂时无法显示", "", "")
        return {**region(bare, chosen), overlay.RIBBON: lacking}


def _beside(ask: Asking | None) -> alarm_ribbon.Facts:
    """The ribbon beside a lone takeover: the gravest weather warning, or that there is no more."""
    try:
        found = () if ask is None else warned(ask).warnings
    except WarehouseError as error:
        log.warning("takeover_without_weather", error=str(error))
        found = ()
    if not found:
        return alarm_ribbon.Facts(None, "无其他告警", "", "")
    first = found[0]
    return alarm_ribbon.Facts(first.rank, f"{first.kind}预警", first.since, "", None)


def _calm(ask: Asking | None) -> alarm_ribbon.Facts:
    """The ribbon of a wall whose alarms are all put aside: what the scene's own would say."""
    try:
        found = None if ask is None else gravest(ask)
    except WarehouseError as error:
        log.warning("ribbon_without_water", error=str(error))
        found = None
    if found is None:
        return alarm_ribbon.Facts(None, "无其他告警", "", "")
    if found.rank is None:
        what, where = found.calm
        return alarm_ribbon.Facts(None, what, where, "")
    return alarm_ribbon.Facts(
        found.rank, found.what, found.where, found.figure, others=found.others
    )


def seen_of(source: Data, alarm: Alarm, ask: Asking | None, now: datetime) -> Seen:
    """Everything that is read about an alarm in the region."""
    station = source.thresholds.station(alarm.subject) if alarm.kind == FLOOD else None
    return Seen(
        alarm=alarm,
        events=tuple(alarms.events(source.store, alarm.id)),
        name=alarm_words.subject(alarm, source.thresholds, source.platforms),
        now=now,
        terrain=load_terrain(source.site),
        posts=_posts(source, alarm),
        datum=station.datum if station else "",
        limits=_limits(source, alarm, now),
        series=() if station is None else _series(ask, alarm.subject, now),
        around=_around(ask, alarm, station.river if station else ""),
        at=(station.lng, station.lat) if station else None,
        plan=plan_of(alarm),
        silent_after=_silent_after(source),
    )


def _limits(source: Data, alarm: Alarm, now: datetime) -> Limits:
    levels = source.thresholds.levels_at(alarm.subject, now.date())
    if alarm.kind != FLOOD or levels is None:
        return Limits()
    return Limits(levels.patrol, levels.warning, levels.guarantee, levels.record)


def _series(ask: Asking | None, station: str, now: datetime) -> tuple[tuple[datetime, float], ...]:
    if ask is None:
        return ()
    until = now.replace(second=0, microsecond=0)
    params = {
        "station": station,
        "since": until - alarm_curve.PAST,
        "until": until,
        "step_min": STEP_MIN,
    }
    try:
        rows = ask.rows("gauge_series", params)
    except WarehouseError as error:  # the alarm's own readings remain
        log.warning("takeover_without_curve", station=station, error=str(error))
        return ()
    return tuple((row["observed_at"], row["level_m"]) for row in rows if row["level_m"] is not None)


def _around(ask: Asking | None, alarm: Alarm, river: str) -> tuple[Any, ...]:
    """The other stations: those of the same water first, each by urgency."""
    if ask is None:
        return ()
    try:
        every = by_urgency(stations(ask))
    except WarehouseError as error:
        log.warning("takeover_without_stations", error=str(error))
        return ()
    rivers = {one.code: one.river for one in ask.thresholds.stations}
    rest = [one for one in every if one.code != alarm.subject]
    same = [one for one in rest if river and rivers.get(one.code) == river]
    return (*same, *(one for one in rest if one not in same))


def _silent_after(source: Data) -> timedelta:
    gauge = source.platforms.get("gauge")
    return timedelta(hours=1) if gauge is None else gauge.stale_after


def _posts(source: Data, alarm: Alarm) -> dict[str, str]:
    """The post of whoever acted on an alarm; names stay off the wall."""
    people = {one.by_name for one in alarms.events(source.store, alarm.id) if one.by_name}
    found: dict[str, str] = {}
    for name in people:
        try:
            found[name] = POSTS.get(users.find(source.store, name).role, "值班席")
        except CaseError:
            found[name] = "值班席"
    return found
