"""What the buttons of the accounts and trail pages do; the gate has checked the role before."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from dash import ALL, Dash, Input, Output, State, no_update

from cases.store import Store
from dashboard import accounts as doing
from dashboard.gate.rules import ADMINS
from dashboard.pages.admin import account_calls, accounts, screens, trail
from dashboard.pages.admin.said import Said, done, once, text, texts
from dashboard.pages.admin.trail_words import names_of
from dashboard.pages.pressed import pressed
from dashboard.source import data

CALLBACKS: Final = {
    "..user-said.children...user-list.children..": ADMINS,
    **account_calls.CALLBACKS,
    "..token-said.children...token-list.children..": ADMINS,
    "..screen-said.children...screen-list.children..": ADMINS,
    "..audit-said.children...audit-list.children..": trail.ROLES_OF_PAGE,
}


def register(app: Dash) -> None:
    """Every callback of these pages."""
    _people(app)
    account_calls.register(app)
    _tokens(app)
    _screens(app)
    _trail(app)


def _people(app: Dash) -> None:
    @app.callback(
        Output("user-said", "children"),
        Output("user-list", "children"),
        Input("user-add", "n_clicks"),
        State("user-name", "value"),
        State("user-role", "value"),
        State("user-units", "value"),
        State("user-villages", "value"),
        prevent_initial_call=True,
    )
    async def add(clicks: int | None, name: Any, role: Any, units: Any, villages: Any) -> Any:
        if not clicks:
            return no_update, no_update

        def do(store: Store) -> Said:
            user, password = doing.add(store, text(name), text(role), texts(units), texts(villages))
            return once(f"已新增 {user.name}，一次性密码：", password)

        return await asyncio.to_thread(done, do, accounts.people)


def _tokens(app: Dash) -> None:
    @app.callback(
        Output("token-said", "children"),
        Output("token-list", "children"),
        Input("token-add", "n_clicks"),
        Input({"type": "end-token", "name": ALL}, "n_clicks"),
        State("token-name", "value"),
        State("token-role", "value"),
        State("token-units", "value"),
        State("token-villages", "value"),
        prevent_initial_call=True,
    )
    async def act(_add: Any, _end: Any, name: Any, role: Any, units: Any, villages: Any) -> Any:
        button = pressed()
        if button is None:
            return no_update, no_update

        def do(store: Store) -> Said:
            if isinstance(button, dict):
                doing.end_token(store, str(button.get("name")))
                return "已作废。"
            token = doing.new_token(
                store, text(role), text(name) or None, texts(units), texts(villages)
            )
            return once("令牌：", token)

        return await asyncio.to_thread(done, do, accounts.token_rows)


def _screens(app: Dash) -> None:
    @app.callback(
        Output("screen-said", "children"),
        Output("screen-list", "children"),
        Input("screen-pair", "n_clicks"),
        Input({"type": "end-screen", "name": ALL}, "n_clicks"),
        State("screen-code", "value"),
        State("screen-name", "value"),
        State("screen-profile", "value"),
        State("screen-output", "value"),
        State("screen-scenes", "value"),
        State("screen-addresses", "value"),
        prevent_initial_call=True,
    )
    async def act(*given: Any) -> Any:
        code, name, profile, output, scenes, addresses = given[-6:]
        button = pressed()
        if button is None:
            return no_update, no_update

        def do(store: Store) -> Said:
            if isinstance(button, dict):
                doing.end_screen(store, str(button.get("name")))
                return "已停用，该屏几秒内退出。"
            shown = text(output)
            made = doing.pair_screen(
                store,
                text(code),
                text(name),
                text(profile),
                int(shown) if shown.isdigit() else None,
                texts(scenes),
                text(addresses).replace(",", " ").replace("，", " ").split(),
            )
            return f"已配对：{made.name}。"

        return await asyncio.to_thread(done, do, screens.listed)


def _trail(app: Dash) -> None:
    @app.callback(
        Output("audit-said", "children"),
        Output("audit-list", "children"),
        Input("audit-find", "n_clicks"),
        Input("audit-verify", "n_clicks"),
        State("audit-event", "value"),
        State("audit-who", "value"),
        State("audit-from", "value"),
        State("audit-to", "value"),
        prevent_initial_call=True,
    )
    async def act(_find: Any, _verify: Any, event: Any, who: Any, first: Any, last: Any) -> Any:
        button = pressed()
        if button is None:
            return no_update, no_update
        store, names = data().store, names_of(data())
        if button == "audit-verify":
            return await asyncio.to_thread(trail.verified, store), no_update
        return "", await asyncio.to_thread(trail.entries, store, names, event, who, first, last)
