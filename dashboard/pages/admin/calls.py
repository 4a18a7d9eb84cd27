"""What the buttons of the accounts and trail pages do; the gate has checked the role before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update

from cases import users
from cases.errors import CaseError, NotAllowed, NotKnown
from cases.store import Store
from config.oidc import load_provider
from dashboard import accounts as doing
from dashboard.gate.rules import ADMINS
from dashboard.pages.admin import accounts, screens, trail
from dashboard.pages.admin.parts import chosen_of
from dashboard.pages.admin.trail_words import names_of
from dashboard.pages.state import parse
from dashboard.source import data

CALLBACKS: Final = {
    "..user-said.children...user-list.children..": ADMINS,
    "..one-said.children...one-list.children..": ADMINS,
    "..token-said.children...token-list.children..": ADMINS,
    "..screen-said.children...screen-list.children..": ADMINS,
    "..audit-said.children...audit-list.children..": trail.ROLES_OF_PAGE,
}
Said = Any


def register(app: Dash) -> None:
    """Every callback of these pages."""
    _people(app)
    _one(app)
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
    async def add(pressed: int | None, name: Any, role: Any, units: Any, villages: Any) -> Any:
        if not pressed:
            return no_update, no_update

        def do(store: Store) -> Said:
            user, password = doing.add(
                store, _text(name), _text(role), _list(units), _list(villages)
            )
            return once(f"已新增 {user.name}，一次性密码：", password)

        return await asyncio.to_thread(_done, do, accounts.people)


def _one(app: Dash) -> None:
    @app.callback(
        Output("one-said", "children"),
        Output("one-list", "children"),
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
        State("url", "search"),
        prevent_initial_call=True,
    )
    async def act(*given: Any) -> Any:
        role, units, villages, search = given[-4:]
        pressed = ctx.triggered_id
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return no_update, no_update  # a button that was only drawn
        return await asyncio.to_thread(
            _act, pressed, search, (_text(role), _list(units), _list(villages))
        )


def _act(pressed: Any, search: Any, right: tuple[str, list[str], list[str]]) -> Any:
    store = data().store
    user = chosen_of(store, parse(accounts.PATH, search if isinstance(search, str) else ""))
    if user is None:
        return "没有这个账号。", no_update

    def do(store: Store) -> Said:
        return _change(store, user, pressed, right)

    return _done(do, lambda store: accounts.session_rows(store, user.id))


def _change(store: Store, user: users.User, pressed: Any, right: tuple[Any, ...]) -> Said:
    name = user.name
    if isinstance(pressed, dict):
        doing.end_session(store, str(pressed.get("id")))
        return "已结束该会话。"
    if pressed == "one-save":
        doing.give_role(store, name, *right)
        return "已保存，该账号须重新登录。"
    if pressed == "one-shut":
        shut_it = user.disabled_at is None
        doing.shut(store, name, shut_it=shut_it)
        return "已停用。" if shut_it else "已启用。"
    if pressed == "one-password":
        return once("新的一次性密码：", doing.new_password(store, name))
    if pressed == "one-sessions":
        return f"已结束 {doing.end_sessions(store, name)} 个会话。"
    if pressed == "one-way":
        return _way_changed(store, user)
    doing.drop_factor(store, name)
    return "动态码已重置，下次登录时重新启用。"


def _way_changed(store: Store, user: users.User) -> Said:
    """The other way to log in; at the provider only where the site has one."""
    to_provider = user.login_by == "own"
    if to_provider and load_provider() is None:
        return "没有办成：本系统没有接入统一身份认证。"
    doing.enter_by(store, user.name, "oidc" if to_provider else "own")
    if to_provider:
        return "已改用统一身份认证登录，首次登录时绑定；原密码不再有效。"
    return "已改用密码登录；不知道密码的请再点“重置密码”。"


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
        pressed = ctx.triggered_id
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return no_update, no_update

        def do(store: Store) -> Said:
            if isinstance(pressed, dict):
                doing.end_token(store, str(pressed.get("name")))
                return "已作废。"
            token = doing.new_token(
                store, _text(role), _text(name) or None, _list(units), _list(villages)
            )
            return once("令牌：", token)

        return await asyncio.to_thread(_done, do, accounts.token_rows)


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
        pressed = ctx.triggered_id
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return no_update, no_update

        def do(store: Store) -> Said:
            if isinstance(pressed, dict):
                doing.end_screen(store, str(pressed.get("name")))
                return "已停用，该屏几秒内退出。"
            shown = _text(output)
            made = doing.pair_screen(
                store,
                _text(code),
                _text(name),
                _text(profile),
                int(shown) if shown.isdigit() else None,
                _list(scenes),
                _text(addresses).replace(",", " ").replace("，", " ").split(),
            )
            return f"已配对：{made.name}。"

        return await asyncio.to_thread(_done, do, screens.listed)


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
    async def act(find: Any, verify: Any, event: Any, who: Any, first: Any, last: Any) -> Any:
        if not find and not verify:
            return no_update, no_update
        store, names = data().store, names_of(data())
        if ctx.triggered_id == "audit-verify":
            return await asyncio.to_thread(trail.verified, store), no_update
        return "", await asyncio.to_thread(trail.entries, store, names, event, who, first, last)


def _done(do: Callable[[Store], Said], listed: Callable[[Store], Any]) -> tuple[Said, Any]:
    """Do it and draw the list anew; what a rule forbids is said in one sentence."""
    store = data().store
    try:
        return do(store), listed(store)
    except (NotAllowed, NotKnown) as error:
        return f"没有办成：{words_of(error)}", no_update
    except CaseError:
        return "没有办成：业务库正忙，请再试。", no_update


def once(told: str, shown: str) -> Any:
    """What is shown this one time and kept nowhere."""
    return [told, html.Code(shown), html.Span("　只显示这一次。")]


def words_of(error: CaseError) -> str:
    """A rule's refusal in the words of the page."""
    text = str(error)
    for part, words in _WORDS:
        if part in text:
            return words
    return "不符合规定，请检查后再试。"


_WORDS: Final = (
    ("cannot be a user name", "用户名须为 2 至 32 位小写字母、数字、点、横线、下划线，字母开头。"),
    ("is taken", "用户名已被使用。"),
    ("is the name of another screen", "已有同名大屏。"),
    ("is the name of another", "已有同名令牌。"),
    ("no such code", "没有这个配对码，可能已过五分钟；请看新屏上的最新配对码。"),
    ("too many wrong codes", "输错次数过多，请稍候再试。"),
    ("names no screen", "请填写名称，40 字以内。"),
    ("is no output", "所选版式没有这一路输出。"),
    ("is no address", "地址不对，应如 10.0.0.9。"),
    ("neither unit nor village", "单位角色至少选一个单位或社区（村）。"),
    ("has no units or villages", "只有席位、单位角色可以选单位和社区（村）。"),
    ("is no role", "请选择角色。"),
    ("oneself", "不能对自己的账号做此操作，请由另一名管理员办理。"),
    ("one's own", "不能对自己的账号做此操作，请由另一名管理员办理。"),
    ("no such", "没有这一项，可能已被删除。"),
)


def _text(value: Any) -> str:
    return value.strip()[:64] if isinstance(value, str) else ""


def _list(value: Any) -> list[str]:
    given = value if isinstance(value, list) else []
    return [each[:64] for each in given[:40] if isinstance(each, str)]
