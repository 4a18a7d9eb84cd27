"""What every card of the wall shows now: facts from one generation, states from the case store.

Pure given the source, the moment and the generation; computed once for all windows of a process
(dashboard/wall/picture.py). A panel whose question fails says so; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from cases import health
from cases.health import LoadProgress, PlatformState
from config.platforms import Platform
from dashboard import wording
from dashboard.panels import link_clock, masthead, platform_lamps, posts, ribbon, warnings
from dashboard.panels import scene as scene_panel
from dashboard.source import Data
from dashboard.wall import content_hotline as hotline
from dashboard.wall import content_matters as matters
from dashboard.wall import content_water as water
from dashboard.wall.asking import Asking, Memory
from dashboard.wall.card import Feed, Load
from dashboard.wall.frame import scene
from warehouse.errors import WarehouseError
from warehouse.read import Generation

log = structlog.get_logger()

HOTLINE, MEDIATION, GAUGE, WEATHER = "hotline_12345", "mediation", "gauge", "weather"
LARGEST = "district_map"  # where the first load of all platforms is shown
_PHASES = {"已载入": "已载入，等待汇总", "载入中": "已载入，等待汇总"}
WORST_FIRST = ("off", "failed", "stale", "late", "fresh")

# which platforms stand behind a panel; the first one decides whether there is anything to show
BEHIND: Mapping[str, tuple[str, ...]] = {
    "received_today": (HOTLINE,),
    "on_time_rate": (HOTLINE,),
    "overdue": (HOTLINE,),
    "hotline_trend": (HOTLINE,),
    "revisit_rates": (HOTLINE,),
    "top_classes": (HOTLINE,),
    "mediation_lines": (MEDIATION,),
    "district_map": (HOTLINE,),
    "open_matters": (HOTLINE, MEDIATION),
    "nearest_level": (GAUGE,),
    "level_curve": (GAUGE,),
    "other_stations": (GAUGE,),
    "rain": (WEATHER,),
    "scene": (WEATHER,),
    "warnings": (WEATHER, GAUGE),
    "ribbon": (GAUGE, WEATHER),
}
ASKED: Mapping[str, Callable[[Asking], Any]] = {
    "received_today": hotline.received,
    "on_time_rate": hotline.on_time,
    "overdue": hotline.over_time,
    "hotline_trend": hotline.trend,
    "revisit_rates": hotline.rates,
    "top_classes": hotline.classes,
    "mediation_lines": matters.mediation,
    "district_map": matters.district,
    "open_matters": matters.matters,
    "nearest_level": water.nearest,
    "level_curve": water.curve,
    "other_stations": water.others,
    "rain": water.wet,
    "scene": lambda ask: water.day(ask, scene().title),
    "warnings": water.warned,
    "ribbon": water.gravest,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One panel: its facts (None = nothing can be shown) and what stands behind it."""

    facts: Any
    feed: Feed


def overview(
    data: Data, now: datetime, generation: Generation | None, memory: Memory | None = None
) -> dict[str, Shown]:
    """Every panel of the scene at one moment."""
    platforms = data.platforms
    states = {one.key: one for one in health.states(data.store, platforms, now)}
    loading = {one.key: one for one in health.first_load(data.store, platforms) or ()}
    ask = None if generation is None else Asking(data, now, generation, memory)
    shown = _standing(data, states, loading, now)
    for panel, behind in BEHIND.items():
        feed = _feed(behind, platforms, states, loading, generation, now)
        if ask is None or feed.state in {"off", "loading"}:
            every = feed if panel == LARGEST else replace(feed, loads=())
            shown[panel] = Shown(_without(panel, now), every)
            continue
        try:
            shown[panel] = Shown(ASKED[panel](ask), feed)
        except WarehouseError as error:
            log.error("panel_failed", panel=panel, error=str(error))
            failed = Feed("failed", feed.as_of, feed.demo, feed.age)
            shown[panel] = Shown(_without(panel, now), failed)
    return shown


def _standing(
    data: Data,
    states: Mapping[str, PlatformState],
    loading: Mapping[str, LoadProgress],
    now: datetime,
) -> dict[str, Shown]:
    """The panels that need no figures: name, posts, link, lamps."""
    demo = any(platform.demo for platform in data.platforms.values())
    fresh = sum(1 for one in states.values() if one.state == "fresh")
    on = sum(1 for one in states.values() if one.state != "off")
    live = Feed("fresh", now.replace(second=0, microsecond=0), demo)
    lamps = tuple(_lamp(one, loading.get(one.key), now) for one in states.values())
    site = data.site
    return {
        "masthead": Shown(masthead.Facts(site.name, demo), live),
        "posts": Shown(posts.Facts(site.duty_leader, site.seats, site.switchboard), live),
        "link_clock": Shown(link_clock.Facts(fresh, on), live),
        "platform_lamps": Shown(platform_lamps.Facts(lamps), live),
    }


def _without(panel: str, now: datetime) -> Any:
    """What header panels show without figures; cards show their state instead."""
    if panel == "scene":
        return scene_panel.Facts(scene().title, now.date(), None, None, None)
    if panel == "warnings":
        return warnings.Facts((), 0, 0, known=False)
    if panel == "ribbon":
        return ribbon.Facts(None, "", calm=("水情数据未到", "气象数据未到"))
    return None


def _feed(
    behind: Sequence[str],
    platforms: Mapping[str, Platform],
    states: Mapping[str, PlatformState],
    loading: Mapping[str, LoadProgress],
    generation: Generation | None,
    now: datetime,
) -> Feed:
    """The state of a panel: of its platforms the worst one, and the oldest time of data."""
    known = [states[key] for key in behind if key in states and states[key].state != "off"]
    first = behind[0]
    if first not in states or states[first].state == "off":
        return Feed("off", None, False)
    demo = any(platforms[key].demo for key in behind if key in platforms)
    delivered = _delivered(generation)
    if first not in delivered:
        words = _progress(loading.get(first), states[first])
        loads = tuple(_load(one, states[key]) for key, one in loading.items())
        return Feed("loading", None, demo, progress=words, loads=loads)
    times = [delivered[key] for key in behind if key in delivered]
    worst = min((one.state for one in known), key=WORST_FIRST.index)
    oldest = min(times)
    silent = worst in {"stale", "failed"}
    minute = now.replace(second=0, microsecond=0)
    return Feed(worst, oldest, demo, max(minute - oldest, timedelta(0)) if silent else None)


def _delivered(generation: Generation | None) -> dict[str, datetime]:
    """When each of the site's platforms last delivered what the generation holds."""
    sources = generation.sources if generation else ()
    return {
        one.platform: one.last_success_at
        for one in sources
        if one.own and one.last_success_at is not None
    }


def _progress(load: LoadProgress | None, state: PlatformState) -> str:
    """How far the first load is, in words and figures."""
    if load is None:
        return f"{state.short} 尚未收到数据"
    if not load.total or load.done >= load.total:
        return f"首次载入\n{state.short} {_PHASES.get(load.phase, load.phase)}"
    return f"{_share(load)}\n{state.short} {load.done} / {load.total} 条"


def _load(load: LoadProgress, state: PlatformState) -> Load:
    if load.total and load.done < load.total:
        return Load(state.short, f"{load.done} / {load.total} 条", load.done / load.total)
    done = state.last_success is not None or bool(load.total)
    return Load(state.short, _PHASES.get(load.phase, load.phase), 1.0 if done else 0.0)


def _share(load: LoadProgress) -> str:
    if not load.total:
        return "首次载入"
    return f"首次载入 {wording.percent(load.done, load.total, 0)} %"


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
        loading=_share(load) if load is not None and one.last_success is None else "",
    )
