"""The wall's desk: what it shows and why, choose a scene, stop the round, receive visitors."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from dash import html

from cases import scenes
from cases.scenes import OnWall
from cases.schema import local
from cases.store import Store
from config import clock
from config.scenes import WORDS, Rotation, load_rotation
from dashboard import wording
from dashboard.gate.rules import ADMIN, LEADER, SEAT
from dashboard.pages import frame, shell
from dashboard.pages.admin.parts import head_of
from dashboard.pages.marks import columns
from dashboard.pages.reading import Glass
from dashboard.pages.state import State
from dashboard.wall import showing
from layouts.wall import load_scene, scene_names

PATH = "/desk/wall"
TITLE = "大屏控制"
SHORT = "大屏"
FEEDS = ()
FILTERS = ()
METRICS = ()
AREAS = ("now", "choose", "events")
ROLES_OF_PAGE = frozenset({SEAT, LEADER, ADMIN})
STILL = True  # buttons are not drawn anew under the hand of who presses them
ACTS: Final = {
    scenes.CHOOSE: "选定场景",
    scenes.HOLD: "暂停轮播",
    scenes.RELEASE: "恢复轮播",
    scenes.VISITORS: "参观模式",
}


def options(_data: Any) -> dict[str, dict[str, str]]:
    """This page has no filters."""
    return {}


def crumbs(_state: State, _want: Any) -> list[tuple[str, str | None]]:
    """Nothing to go down to."""
    return []


def standing(data: Any, state: State, _glass: Glass | None) -> tuple[Any, Any]:
    """What is on now, what can be done, what was done."""
    store = data.store
    panels = [
        frame.panel("正在显示", html.Div(now(store), id="wall-now"), area="now"),
        frame.panel("控制", _buttons(), area="choose", basis=_lapses(load_rotation())),
        frame.panel("最近操作", html.Div(events(store), id="wall-events"), area="events"),
    ]
    return head_of(TITLE, state), shell.grid("desk_wall", panels, AREAS)


def now(_store: Store) -> Any:
    """The decision at this moment in words, and the round of the present state."""
    on = showing.decided()
    at = clock.local()
    told = [
        ("场景", title(on.scene) + ("（参观模式）" if on.visitors else "")),
        ("方式", _why(on, at)),
        ("状态", WORDS[on.state]),
    ]
    if on.visitors_until is not None:
        told.append(("参观至", wording.moment(local(on.visitors_until), at.date())))
    stops = load_rotation().rounds[on.state].stops
    order = " → ".join(f"{title(scene)} {stay} 秒" for scene, stay in stops)
    return [
        columns([[name, html.B(words)] for name, words in told], heads=["", f"{at:%H:%M:%S} 查看"]),
        html.P(f"{WORDS[on.state]}轮播：{order}", className="note"),
    ]


def _why(on: OnWall, at: datetime) -> str:
    if on.why == scenes.ROTATE:
        alone = len(load_rotation().rounds[on.state].stops) == 1
        return "轮播，只有这一个场景" if alone else f"轮播，{on.stays_s} 秒后换下一场景"
    word = "暂停在此" if on.why == scenes.HOLD else "选定"
    until = wording.moment(local(on.until), at.date()) if on.until else wording.NONE
    return f"{on.by} {word}，至 {until}"


def _lapses(rotation: Rotation) -> str:
    hours = rotation.choice.total_seconds() / 3600
    return (
        f"选定、暂停和参观模式 {wording.decimal(hours, 1)} 小时后自动失效；告警接管优先于任何场景"
    )


def _buttons() -> Any:
    choices = [
        html.Button(
            title(name), id={"type": "wall-scene", "name": name}, type="button", className="button"
        )
        for name in scene_names()
    ]
    doing = [
        ("wall-hold", "暂停在当前场景"),
        ("wall-release", "恢复轮播"),
        ("wall-visitors", "打开参观模式"),
        ("wall-no-visitors", "关闭参观模式"),
    ]
    return html.Div(
        [
            html.P("选定场景", className="note"),
            html.Div(choices, className="make-row"),
            html.P("轮播与参观", className="note"),
            html.Div(
                [
                    html.Button(words, id=name, type="button", className="button")
                    for name, words in doing
                ],
                className="make-row",
            ),
            html.P("参观模式下，案件明细、人员力量和离线点位换成汇总数字。", className="note"),
            html.Div(id="wall-said", className="said", role="status"),
        ]
    )


def events(store: Store) -> Any:
    """Who did what, the newest first."""
    found = scenes.recent(store)
    if not found:
        return html.P("还没有人操作过，大屏按轮播显示。", className="nothing")
    rows = [
        [
            f"{local(one.at):%m-%d %H:%M}",
            one.by,
            _act(one),
            title(one.scene) if one.scene and one.act in {scenes.CHOOSE, scenes.HOLD} else "",
            _until(one),
        ]
        for one in found
    ]
    return columns(rows, heads=["时间", "操作人", "操作", "场景", "至"])


def _act(one: scenes.Choice) -> str:
    if one.act == scenes.VISITORS:
        return "打开参观模式" if one.visitors_until else "关闭参观模式"
    return ACTS[one.act]


def _until(one: scenes.Choice) -> str:
    until = one.visitors_until if one.act == scenes.VISITORS else one.scene_until
    return f"{local(until):%H:%M}" if until is not None and one.act != scenes.RELEASE else ""


def title(scene: str) -> str:
    """A scene's title; its name where it has no layout any more."""
    return load_scene(scene).title if scene in scene_names() else scene
