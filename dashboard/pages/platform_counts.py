"""The counts over all platforms; each opens the list of the platforms it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import html

from cases.health import PlatformState
from dashboard import wording
from dashboard.pages.marks import link
from dashboard.pages.state import State
from dashboard.panels import platform_table, tiles

SHOWS: Final = {"arrived": "今日到数", "quarantined": "有隔离", "drifted": "有漂移"}


def holds(show: str, one: PlatformState, drifts: Mapping[str, int]) -> bool:
    """Whether a platform belongs to the count that was opened; without one, all do."""
    counted = {
        "arrived": one.rows_today,
        "quarantined": one.quarantined,
        "drifted": drifts.get(one.key, 0),
    }
    return bool(counted.get(show, 1)) and (show not in SHOWS or one.state != "off")


def chosen(state: State) -> Any:
    """How to see all again when one kind of lamp, or those behind one count, were chosen."""
    lamp, show = state.get("lamp"), state.get("show")
    word = SHOWS.get(show) or platform_table.WORDS.get(lamp)
    if word is None:
        return None
    return link(f"只看{word} ×", state.but(lamp=None, show=None).href, "chip small on")


def _opened(state: State, number: int, **words: str) -> Any:
    """A count as the door to the platforms behind it; nothing stands behind a zero."""
    shown = wording.count(number)
    href = state.but(**{"lamp": None, "show": None, **words}).href
    return link(shown, href) if number else shown


def view(
    state: State, states: Mapping[str, PlatformState], drifts: Mapping[str, int]
) -> list[tiles.Tile]:
    """How many platforms are in each state, what came today, what was set aside."""
    on = [one for one in states.values() if one.state != "off"]
    count = {
        word: [one for one in states.values() if one.state == word] for word in platform_table.WORDS
    }
    quarantined = [one for one in on if one.quarantined]

    def tile(word: str) -> tiles.Tile:
        names = [one.short for one in count[word]]
        return tiles.Tile(
            name=platform_table.WORDS[word],
            shown=_opened(state, len(names), lamp=word),
            unit=f"个，共 {len(states)} 个" if word == "fresh" else "个",
            extra=[html.Div(_named(names) if word != "fresh" else "", className="tile-note")],
        )

    rows = sum(one.rows_today for one in on)
    return [
        *(tile(word) for word in ("fresh", "late", "stale", "failed")),
        tiles.Tile(
            name="今日到数",
            shown=_opened(state, rows, show="arrived"),
            unit="行",
            extra=[_note("未接入 ", _opened(state, len(count["off"]), lamp="off"), " 个")],
        ),
        tiles.Tile(
            name="隔离",
            shown=_opened(state, sum(one.quarantined for one in on), show="quarantined"),
            unit=f"行，{len(quarantined)} 个平台",
            extra=[_note("结构漂移 ", _opened(state, sum(drifts.values()), show="drifted"), " 处")],
        ),
    ]


def _note(*said: Any) -> Any:
    return html.Div(list(said), className="tile-note")


def _named(names: Sequence[str]) -> str:
    shown = "、".join(names[:3])
    return f"{shown} 等" if len(names) > 3 else shown
