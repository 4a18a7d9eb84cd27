"""The connected platforms: state by shape and word, silent ones first with age and limit."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.wall.parts import Room, View, lamp, placed, rows_in, text

TITLE = "平台接入"
READS = ("platform_fresh", "freshness")
WORDS = {"fresh": "正常", "late": "迟到", "stale": "停更", "failed": "失败", "off": "未接入"}
ORDER = ("failed", "stale", "late", "off", "fresh")


@dataclass(frozen=True, slots=True)
class PlatformLamp:
    """One platform: state, when it last delivered, age and limit in words, rows today."""

    name: str
    state: str
    last: str
    age: str
    limit: str
    rows_today: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Facts:
    """The lamps, and how many platforms are connected."""

    lamps: tuple[PlatformLamp, ...]


def view(facts: Facts, room: Room) -> View:
    """How many are in time, then a row each; what does not fit is counted."""
    fresh = sum(1 for one in facts.lamps if one.state == "fresh")
    total = sum(1 for one in facts.lamps if one.state != "off")
    ordered = sorted(facts.lamps, key=lambda one: ORDER.index(one.state))
    pitch = 2.56 if room.height > 12.5 else 2.3
    lines = rows_in(room, first=2.75, pitch=pitch, text_height=2.25, last=room.height - 0.3)
    rows = [
        placed(top, _row(one), "platform") for top, one in zip(lines.tops, ordered, strict=False)
    ]
    if not facts.lamps:
        rows = [placed(3.0, [text("尚未接入平台", "muted")])]
    return View(basis=f"{fresh} / {total} 正常", body=rows)


def _row(one: PlatformLamp) -> list[html.Span | html.Div]:
    silent = one.state not in {"fresh", "off"}
    words = f"{WORDS[one.state]} {one.age}" if silent else WORDS[one.state]
    second = f"限 {one.limit}" if silent else f"今日 {one.rows_today} 条"
    if one.quarantined:
        second += f" · 隔离 {one.quarantined}"
    return [
        lamp(one.state),
        html.Div(
            [
                html.Div([text(one.name, "name"), text(words, "state")], className="line"),
                html.Div(
                    [text(second, "muted"), text(f"末次 {one.last}", "muted")], className="line"
                ),
            ],
            className="names",
        ),
    ]
