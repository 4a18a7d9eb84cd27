"""What the buttons on one account's page do; the gate has checked the role before."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from dash import ALL, Dash, Input, Output, State, no_update

from cases import users
from cases.store import Store
from config.oidc import load_provider
from dashboard import accounts as doing
from dashboard.gate.rules import ADMINS
from dashboard.pages.admin import accounts
from dashboard.pages.admin.parts import chosen_of
from dashboard.pages.admin.said import Said, done, once, text, texts
from dashboard.pages.pressed import pressed
from dashboard.pages.state import parse
from dashboard.source import data

CALLBACKS: Final = {
    "..one-said.children...one-list.children...one-shut.children...one-way.children"
    "...one-standing.children..": ADMINS,
}


def register(app: Dash) -> None:
    """The one callback of an account's page."""

    @app.callback(
        Output("one-said", "children"),
        Output("one-list", "children"),
        Output("one-shut", "children"),
        Output("one-way", "children"),
        Output("one-standing", "children"),
        Input("one-save", "n_clicks"),
        Input("one-shut", "n_clicks"),
        Input("one-password", "n_clicks"),
        Input("one-sessions", "n_clicks"),
        Input("one-factor", "n_clicks"),
        Input("one-way", "n_clicks"),
        Input({"type": "end-session", "id": ALL}, "n_clicks"),
        State("one-role", "value"),
        State("one-units", "value"),
        State("one-villages", "value"),
        State("one-shut", "children"),
        State("one-way", "children"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    async def act(*given: Any) -> Any:
        role, units, villages, shut, way, search = given[-6:]
        button = pressed()
        if button is None:
            return (no_update,) * 5
        right = text(role), texts(units), texts(villages)
        return await asyncio.to_thread(_act, button, search, right, (shut, way))


def _act(
    button: Any, search: Any, right: tuple[str, list[str], list[str]], read: tuple[Any, Any]
) -> Any:
    store = data().store
    state = parse(accounts.PATH, search if isinstance(search, str) else "")
    user = chosen_of(store, state)
    if user is None:
        return "没有这个账号。", *(no_update,) * 4

    def do(store: Store) -> Said:
        return _change(store, user, button, right, read)

    told = done(do, lambda store: accounts.session_rows(store, user.id))
    now = chosen_of(store, state) or user
    return *told, accounts.shut_word(now), accounts.way_word(now), accounts.stands(now)


def _change(
    store: Store,
    user: users.User,
    button: Any,
    right: tuple[str, list[str], list[str]],
    read: tuple[Any, Any],
) -> Said:
    """Do what the pressed button said when it was read, whatever has become of the account."""
    name = user.name
    if isinstance(button, dict):
        doing.end_session(store, str(button.get("id")))
        return "已结束该会话。"
    if button == "one-save":
        doing.give_role(store, name, *right)
        return "已保存，该账号须重新登录。"
    if button == "one-shut":
        shut_it = read[0] == accounts.SHUT
        if shut_it == (user.disabled_at is not None):
            return "该账号已经停用。" if shut_it else "该账号已经启用。"
        doing.shut(store, name, shut_it=shut_it)
        return "已停用。" if shut_it else "已启用。"
    if button == "one-password":
        return once("新的一次性密码：", doing.new_password(store, name))
    if button == "one-sessions":
        return f"已结束 {doing.end_sessions(store, name)} 个会话。"
    if button == "one-way":
        return _way_changed(store, user, to_provider=read[1] == accounts.OUTSIDE)
    doing.drop_factor(store, name)
    return "动态码已重置，下次登录时重新启用。"


def _way_changed(store: Store, user: users.User, *, to_provider: bool) -> Said:
    """The other way to log in; at the provider only where the site has one."""
    if to_provider == (user.login_by == "oidc"):
        return "该账号已经这样登录。"
    if to_provider and load_provider() is None:
        return "没有办成：本系统没有接入统一身份认证。"
    doing.enter_by(store, user.name, "oidc" if to_provider else "own")
    if to_provider:
        return "已改用统一身份认证登录，首次登录时绑定；原密码不再有效。"
    return "已改用密码登录；不知道密码的请再点“重置密码”。"
