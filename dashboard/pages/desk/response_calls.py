"""What the buttons of the response's desk do; the gate has checked the role before."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from dash import ALL, Dash, Input, Output, State, no_update

from cases import flood_response
from cases.audit import Entry
from cases.errors import CaseError, NotAllowed
from cases.store import Store
from config import clock
from dashboard.desk.acts import refused
from dashboard.gate import caller
from dashboard.pages.desk import response
from dashboard.pages.flood_level import level_words
from dashboard.pages.pressed import pressed
from dashboard.source import data

CALLBACKS: Final = {
    "..response-said.children...response-now.children...response-events.children"
    "...response-basis.value..": response.ROLES_OF_PAGE
}


def register(app: Dash) -> None:
    """The one callback of the desk."""

    @app.callback(
        Output("response-said", "children"),
        Output("response-now", "children"),
        Output("response-events", "children"),
        Output("response-basis", "value"),
        Input({"type": response.TYPE, "level": ALL}, "n_clicks"),
        Input(response.END, "n_clicks"),
        State("response-basis", "value"),
        prevent_initial_call=True,
    )
    async def act(_levels: Any, _end: Any, basis: Any) -> Any:
        button = pressed()
        if button is None:
            return (no_update,) * 4
        level = button.get("level") if isinstance(button, dict) else flood_response.ENDED
        text = basis if isinstance(basis, str) else ""
        return await asyncio.to_thread(_done, level, text)


def _done(level: Any, basis: str) -> Any:
    store = data().store
    try:
        said = decided(store, level, basis)
    except NotAllowed as error:
        return refused(error), no_update, no_update, no_update
    except CaseError:
        return "没有存上，请再试一次。", no_update, no_update, no_update
    return said, response.now(store), response.events(store), ""


def decided(store: Store, level: Any, basis: str) -> str:
    """Write it down by the name of who pressed."""
    who = caller.current()
    if who.is_program or who.role not in response.ROLES_OF_PAGE:
        raise NotAllowed("应急响应", "只有席位和领导可以记录", "席位、领导")
    entry = Entry("", who=who.name, role=who.role, address=who.address)
    wanted = level if isinstance(level, int) else -1
    flood_response.decide(store, wanted, basis, clock.now(), entry)
    return f"已记录：{level_words(wanted)}。"
