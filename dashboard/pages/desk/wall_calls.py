"""What the buttons of the wall's desk do; the gate has checked the role before."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from dash import ALL, Dash, Input, Output, no_update

from cases import scenes
from cases.audit import Entry
from cases.errors import CaseError
from cases.store import Store
from config.scenes import load_rotation
from dashboard.gate import caller
from dashboard.pages.desk import wall
from dashboard.pages.pressed import pressed
from dashboard.source import data
from dashboard.wall import showing
from layouts.wall import scene_names

CALLBACKS: Final = {
    "..wall-said.children...wall-now.children...wall-events.children..": wall.ROLES_OF_PAGE
}


def register(app: Dash) -> None:
    """The one callback of the desk."""

    @app.callback(
        Output("wall-said", "children"),
        Output("wall-now", "children"),
        Output("wall-events", "children"),
        Input({"type": "wall-scene", "name": ALL}, "n_clicks"),
        Input("wall-hold", "n_clicks"),
        Input("wall-release", "n_clicks"),
        Input("wall-visitors", "n_clicks"),
        Input("wall-no-visitors", "n_clicks"),
        prevent_initial_call=True,
    )
    async def act(*_given: Any) -> Any:
        button = pressed()
        if button is None:
            return no_update, no_update, no_update
        return await asyncio.to_thread(_done, button)


def _done(button: Any) -> Any:
    store = data().store
    try:
        said = _do(store, button)
        return said, wall.now(store), wall.events(store)
    except CaseError:
        return "没有办成：业务库正忙，请再试。", no_update, no_update


def _do(store: Store, button: Any) -> str:
    lasts = load_rotation().choice
    who = caller.current()
    entry = Entry("", who=who.name, role=who.role, address=who.address)
    if isinstance(button, dict):
        scene = str(button.get("name"))
        if scene not in scene_names():
            return "没有这个场景。"
        scenes.choose(store, scene, lasts, entry)
        return f"已选定“{wall.title(scene)}”。"
    if button == "wall-hold":
        scene = showing.decided().scene
        scenes.hold(store, scene, lasts, entry)
        return f"已暂停在“{wall.title(scene)}”。"
    if button == "wall-release":
        scenes.release(store, entry)
        return "已恢复轮播。"
    on = button == "wall-visitors"
    scenes.receive_visitors(store, lasts, entry, on=on)
    return "已打开参观模式。" if on else "已关闭参观模式。"
