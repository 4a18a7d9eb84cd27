"""What every card of the wall shows now: facts from one generation, states from the case store.

Pure given the source, the moment and the generation; asked once for all windows and scenes of a
process (dashboard/wall/picture.py). A panel whose question fails says so; the others go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from cases import health
from cases.health import LoadProgress, PlatformState
from dashboard import wording
from dashboard.panels import link_clock, masthead, platform_lamps, posts, ribbon, warnings
from dashboard.panels import scene as scene_panel
from dashboard.source import Data
from dashboard.wall import feeds
from dashboard.wall.asking import Asking, Memory
from dashboard.wall.card import Feed
from dashboard.wall.catalogue import panel
from dashboard.wall.panel import Panel
from warehouse.read import Generation

log = structlog.get_logger()

LARGEST = "district_map"  # where the first load of all platforms is shown


@dataclass(frozen=True, slots=True)
class Shown:
    """One panel: its facts (None = nothing can be shown) and what stands behind it."""

    facts: Any
    feed: Feed


class Moment:
    """The wall at one moment: each panel is asked when a scene needs it, and once.

    `last` are the panels that could be drawn earlier: one whose question fails keeps its figures
    with their time, marked, as long as it has any.
    """

    is_readable = True  # False: figures were published, and none of them can be read now

    def __init__(
        self,
        data: Data,
        now: datetime,
        generation: Generation | None,
        memory: Memory | None = None,
        last: dict[str, Shown] | None = None,
    ) -> None:
        self.data, self.now, self.generation = data, now, generation
        self._platforms = data.platforms
        self._states = {one.key: one for one in health.states(data.store, self._platforms, now)}
        loads = health.first_load(data.store, self._platforms) or ()
        self._loading = {one.key: one for one in loads}
        self._ask = None if generation is None else Asking(data, now, generation, memory)
        self._last = {} if last is None else last
        demo = any(platform.demo for platform in self._platforms.values())
        self._live = Feed("fresh", now.replace(second=0, microsecond=0), demo)
        self._shown = self._standing()

    def shown(self, name: str) -> Shown:
        """What a panel shows."""
        found = self._shown.get(name)
        if found is None:
            found = self._shown[name] = self._answered(name)
        return found

    def all(self, names: Iterable[str]) -> dict[str, Shown]:
        """What several panels show."""
        return {name: self.shown(name) for name in names}

    def _answered(self, name: str) -> Shown:
        one = panel(name)
        feed = self._feed(one)
        if self._ask is None or one.ask is None or feed.state in {"off", "loading"}:
            every = feed if name == LARGEST else replace(feed, loads=())
            return Shown(_without(name, self.now), every)
        try:
            found = Shown(one.ask(self._ask), feed)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one panel, the rest goes on
            log.error("panel_failed", panel=name, error=str(error), kind=type(error).__name__)
            return self._failed(name, feed)
        self._last[name] = found
        return found

    def _feed(self, one: Panel) -> Feed:
        if not one.behind:  # the site's own facts: always as fresh as the clock
            return self._live
        if not self.is_readable:
            return Feed("failed", None, self._live.demo)
        return feeds.feed(
            one.behind,
            self._platforms,
            self._states,
            self._loading,
            self.generation,
            self.now,
            needs_all=not one.is_bare,
        )

    def _failed(self, name: str, feed: Feed) -> Shown:
        """The last figures a panel had, greyed; without any the words that stand in for them."""
        last = self._last.get(name)
        facts = _without(name, self.now) if last is None else last.facts
        as_of = feed.as_of if last is None else last.feed.as_of
        return Shown(facts, Feed("failed", as_of, feed.demo, feed.age))

    def _standing(self) -> dict[str, Shown]:
        """The panels that need no figures: name, posts, link, lamps."""
        live, demo = self._live, self._live.demo
        fresh = sum(1 for one in self._states.values() if one.state == "fresh")
        on = sum(1 for one in self._states.values() if one.state != "off")
        lamps = _lamps(self._states, self._loading, self.now)
        site = self.data.site
        return {
            "masthead": Shown(masthead.Facts(site.name, demo), live),
            "posts": Shown(posts.Facts(site.duty_leader, site.seats, site.switchboard), live),
            "link_clock": Shown(link_clock.Facts(fresh, on), live),
            "platform_lamps": Shown(platform_lamps.Facts(lamps), live),
        }


def _without(name: str, now: datetime) -> Any:
    """What header panels show without figures; cards show their state instead."""
    if name == "scene":
        return scene_panel.Facts("", now.date(), None, None, None)
    if name == "warnings":
        return warnings.Facts((), 0, 0, known=False)
    if name == "ribbon":
        return ribbon.Facts(None, "", calm=("水情数据未到", "气象数据未到"))
    return None


def _lamps(
    states: Mapping[str, PlatformState], loading: Mapping[str, LoadProgress], now: datetime
) -> tuple[platform_lamps.PlatformLamp, ...]:
    return tuple(_lamp(one, loading.get(one.key), now) for one in states.values())


def _lamp(
    one: PlatformState, load: LoadProgress | None, now: datetime
) -> platform_lamps.PlatformLamp:
    return platform_lamps.PlatformLamp(
        name=one.short,
        state=one.state,
        last="—" if one.last_success is None else wording.moment(one.last_success, now.date()),
        age="" if one.age_s is None else wording.age(one.age_s),
        limit=wording.age(one.limit_s),
        owner=one.owner,
        rows_today=one.rows_today,
        quarantined=one.quarantined,
        loading=feeds.share(load) if load is not None and one.last_success is None else "",
    )
