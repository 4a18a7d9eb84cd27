"""What stands behind a panel: the state of its platforms, the time of their data, first loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from cases.health import CATCHING_UP, LoadProgress, PlatformState
from config.platforms import Platform
from dashboard import wording
from dashboard.wall.card import Feed, Load
from warehouse.read import Generation

WORST_FIRST = ("off", "failed", "stale", "late", "fresh")
_PHASES = {"已载入": "已载入，等待汇总", "载入中": "已载入，等待汇总"}


def feed(
    behind: Sequence[str],
    platforms: Mapping[str, Platform],
    states: Mapping[str, PlatformState],
    loading: Mapping[str, LoadProgress],
    generation: Generation | None,
    now: datetime,
    *,
    needs_all: bool = True,
) -> Feed:
    """The state of a panel: of its platforms the worst one, and the oldest time of data.

    A platform of which only a part is loaded is as good as none: half of the rows would be a
    false number. `needs_all` asks this of every platform, otherwise of the first one.
    """
    first = behind[0]
    if first not in states or states[first].state == "off":
        return Feed("off", None, False)
    known = [states[key] for key in behind if key in states and states[key].state != "off"]
    demo = any(platforms[key].demo for key in behind if key in platforms)
    delivered = delivered_at(generation)
    for one in known if needs_all else known[:1]:
        is_given_up = one.key != first and one.state == "failed"  # the others go on without it
        if not is_given_up and not is_whole(one, loading.get(one.key), delivered):
            words = progress(loading.get(one.key), one)
            loads = tuple(load(each, states[key]) for key, each in loading.items())
            return Feed("loading", None, demo, progress=words, loads=loads)
    times = [delivered[one.key] for one in known if one.key in delivered]
    worst = min((one.state for one in known), key=WORST_FIRST.index)
    if generation is not None and generation.trouble and worst in {"fresh", "late"}:
        worst = "stale"  # the platforms deliver, and what is shown stands still all the same
    oldest = min(times)
    silent = worst in {"stale", "failed"}
    minute = now.replace(second=0, microsecond=0)
    age = max(minute - oldest, timedelta(0)) if silent else None
    told = newest_at(generation)
    of = min((told[one.key] for one in known if one.key in told), default=None)
    return Feed(worst, oldest, demo, age, of=of)


def is_whole(
    state: PlatformState, load: LoadProgress | None, delivered: Mapping[str, datetime]
) -> bool:
    """Whether all that a platform had is loaded and published."""
    catching_up = load is not None and load.phase == CATCHING_UP
    return state.key in delivered and not catching_up


def delivered_at(generation: Generation | None) -> dict[str, datetime]:
    """When each of the site's platforms last delivered what the generation holds."""
    sources = generation.sources if generation else ()
    return {
        one.platform: one.last_success_at
        for one in sources
        if one.own and one.last_success_at is not None
    }


def newest_at(generation: Generation | None) -> dict[str, datetime]:
    """The newest moment that the rows of each of the site's platforms tell of themselves."""
    sources = generation.sources if generation else ()
    return {one.platform: one.newest_at for one in sources if one.own and one.newest_at is not None}


def progress(load: LoadProgress | None, state: PlatformState) -> str:
    """How far the first load is, in words and figures."""
    if load is None:
        return f"{state.short} 尚未收到数据"
    if not load.total or load.done >= load.total:
        return f"首次载入\n{state.short} {_PHASES.get(load.phase, load.phase)}"
    return f"{share(load)}\n{state.short} {load.done} / {load.total} 条"


def load(load: LoadProgress, state: PlatformState) -> Load:
    """One platform's first load as a bar."""
    if load.total and load.done < load.total:
        return Load(state.short, f"{load.done} / {load.total} 条", load.done / load.total)
    done = state.last_success is not None or bool(load.total)
    return Load(state.short, _PHASES.get(load.phase, load.phase), 1.0 if done else 0.0)


def share(load: LoadProgress) -> str:
    """首次载入 21 %."""
    if not load.total:
        return "首次载入"
    return f"首次载入 {wording.percent(load.done, load.total, 0)} %"
