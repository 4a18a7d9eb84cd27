"""The takeover's picture of one process: made once for a state of the alarms, whoever looks.

It is made anew when an alarm changes, when a snapshot is published, and once a minute for what
grows old. Reading it never waits for the pictures of the scenes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

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
from dashboard.wall.alone import FAILED, Failed, alone
from dashboard.wall.asking import Asking, Memory
from dashboard.wall.card import Feed
from dashboard.wall.choosing import ENDED_FOR, Chosen, choose
from dashboard.wall.content_water import gravest, stations, warned
from dashboard.wall.feeds import delivered_at
from dashboard.wall.others import others
from dashboard.wall.over_line import plain
from dashboard.wall.plan import Plan, plan_of
from dashboard.wall.seen import Seen
from dashboard.wall.standing import region, ribbon
from dashboard.wall.terrain import load_terrain
from dashboard.wall.water import Limits, by_urgency
from layouts.wall import WallProfile
from warehouse.errors import WarehouseError
from warehouse.read import Generation

STEP_MIN = 5
GAUGE = "gauge"
POSTS = {"seat": "值班席", "leader": "带班领导", "admin": "系统管理员"}
Stamp = tuple[int, int | None, datetime]
Prop = tuple[str, str]
T = TypeVar("T")


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
    first: dict[Prop, Any] = {
        (overlay.SOUND, "children"): str(standing.chosen.sound),
        ("takeover", "className"): standing.look,
        ("stage", "className"): _stage(standing),
    }
    made = {prop: plain(value) for prop, value in first.items()}
    made |= overlay.changes(profile, standing.facts, standing.feed, standing.now)
    made[overlay.MARK, "children"] = plain(standing.mark)
    return made


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
        seen = seen_of(source, chosen.region, chosen, ask, local)
        facts = region(seen, chosen)
        feed = alone("times", lambda: _times(seen, generation, feed), feed)
        facts[overlay.RIBBON] = alone("weather", lambda: _beside(ask), FAILED)
    if chosen.ribbon:
        facts[overlay.RIBBON] = alone("ribbon", lambda: _ribbon(source, chosen), FAILED)
    elif chosen.shelved and not chosen.region:
        facts[overlay.RIBBON] = alone("calm", lambda: _calm(ask), FAILED)
    if chosen.shelved and isinstance(told := facts[overlay.RIBBON], alarm_ribbon.Facts):
        facts[overlay.RIBBON] = replace(told, shelved=chosen.shelved)
    return Standing(stamp, chosen, facts, feed, local)


def _times(seen: Seen, generation: Generation | None, feed: Feed) -> Feed:
    """When the newest reading was taken and when it came, as panels that draw readings tell it."""
    if not seen.readings:
        return feed
    came = [alarm_words.local(one.at) for one in seen.events if one.value is not None]
    delivered = delivered_at(generation).get(GAUGE)
    landed = max([*came, *([delivered] if delivered else [])])
    return replace(feed, as_of=landed, of=seen.readings[-1][0])


def _ribbon(source: Data, chosen: Chosen) -> alarm_ribbon.Facts | None:
    if chosen.ribbon is None:
        return None
    more = chosen.open - (1 if chosen.ribbon.is_on else 0) - (1 if chosen.region else 0)
    name = alarm_words.subject(chosen.ribbon, source.thresholds, source.platforms)
    return ribbon(chosen.ribbon, name, max(more, 0))


def _beside(ask: Asking | None) -> alarm_ribbon.Facts:
    """The ribbon beside a lone takeover: the gravest weather warning, or that there is no more."""
    found = () if ask is None else warned(ask).warnings
    if not found:
        return alarm_ribbon.Facts(None, "无其他告警", "", "")
    first = found[0]
    return alarm_ribbon.Facts(first.rank, f"{first.kind}预警", first.since, "", None)


def _calm(ask: Asking | None) -> alarm_ribbon.Facts:
    """The ribbon of a wall whose alarms are all put aside: what the scene's own would say."""
    found = None if ask is None else gravest(ask)
    if found is None:
        return alarm_ribbon.Facts(None, "无其他告警", "", "")
    if found.rank is None:
        what, where = found.calm
        return alarm_ribbon.Facts(None, what, where, "")
    return alarm_ribbon.Facts(
        found.rank, found.what, found.where, found.figure, others=found.others
    )


def seen_of(source: Data, alarm: Alarm, chosen: Chosen, ask: Asking | None, now: datetime) -> Seen:
    """Everything that is read about an alarm in the region, as far as it can be read."""
    unread: set[str] = set()

    def read(part: str, make: Callable[[], T], instead: T) -> T:
        found = alone(part, make, FAILED)
        if isinstance(found, Failed):
            unread.add(part)
            return instead
        return found

    site, code = source.thresholds, alarm.subject
    station = site.station(code) if alarm.kind == FLOOD else None
    river = station.river if station else ""
    return Seen(
        alarm=alarm,
        events=read("events", lambda: tuple(alarms.events(source.store, alarm.id)), ()),
        name=read("name", lambda: alarm_words.subject(alarm, site, source.platforms), code),
        now=now,
        terrain=read("terrain", lambda: load_terrain(source.site), None),
        posts=read("posts", lambda: _posts(source, alarm), {}),
        datum=station.datum if station else "",
        limits=read("limits", lambda: _limits(source, alarm, now), Limits()),
        series=read("series", lambda: _series(ask, code, now), ()) if station else (),
        around=read("around", lambda: _around(ask, alarm, river), ()),
        at=(station.lng, station.lat) if station else None,
        plan=read("plan", lambda: plan_of(alarm), Plan()),
        others=read("others", lambda: others(site, source.platforms, chosen), ()),
        silent_after=_silent_after(source),
        unread=frozenset(unread),
    )


def _limits(source: Data, alarm: Alarm, now: datetime) -> Limits:
    levels = source.thresholds.levels_at(alarm.subject, now.date())
    if alarm.kind != FLOOD or levels is None:
        return Limits()
    return Limits(levels.patrol, levels.warning, levels.guarantee, levels.record)


def _series(ask: Asking | None, station: str, now: datetime) -> tuple[tuple[datetime, float], ...]:
    if ask is None:
        return ()  # the alarm's own readings remain
    until = now.replace(second=0, microsecond=0)
    params = {
        "station": station,
        "since": until - alarm_curve.PAST,
        "until": until,
        "step_min": STEP_MIN,
    }
    rows = ask.rows("gauge_series", params)
    return tuple((row["observed_at"], row["level_m"]) for row in rows if row["level_m"] is not None)


def _around(ask: Asking | None, alarm: Alarm, river: str) -> tuple[Any, ...]:
    """The other stations: those of the same water first, each by urgency."""
    if ask is None:
        return ()
    every = by_urgency(stations(ask))
    rivers = {one.code: one.river for one in ask.thresholds.stations}
    rest = [one for one in every if one.code != alarm.subject]
    same = [one for one in rest if river and rivers.get(one.code) == river]
    return (*same, *(one for one in rest if one not in same))


def _silent_after(source: Data) -> timedelta:
    gauge = source.platforms.get(GAUGE)
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
