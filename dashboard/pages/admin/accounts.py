"""Accounts, sessions and tokens: who is there, with which right, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import dcc, html

from cases import sessions, tokens, users
from cases.schema import local
from cases.store import Store
from config.oidc import load_provider
from config.site import load_site
from dashboard.gate.rules import ADMINS
from dashboard.pages import frame, shell
from dashboard.pages.admin.parts import ROLES, chosen_of, field, head_of, own_words
from dashboard.pages.marks import attrs, columns, link
from dashboard.pages.reading import Glass
from dashboard.pages.state import State

PATH = "/admin/users"
TITLE = "账号管理"
SHORT = "账号"
FEEDS = ()
FILTERS = ()
METRICS = ()
AREAS = ("people", "new", "tokens")
ONE_AREAS = ("right", "doing", "sessions")
ROLES_OF_PAGE = ADMINS
STILL = True  # a form is not drawn anew under the hands of who fills it in
SHUT, OPEN = "停用账号", "启用账号"
OWN, OUTSIDE = "改用密码登录", "改用统一身份认证登录"
_SHOWN_AGENT: Final = 60


def options(_data: Any) -> dict[str, dict[str, str]]:
    """This page has no filters."""
    return {}


def crumbs(_state: State, _want: Any) -> list[tuple[str, str | None]]:
    """Nothing to go down to."""
    return []


def standing(data: Any, state: State, _glass: Glass | None) -> tuple[Any, Any]:
    """All accounts, or the one that the address names by its number."""
    user = chosen_of(data.store, state)
    if user is None:
        return head_of(TITLE, state), shell.grid("admin", _all(data.store), AREAS)
    return head_of(TITLE, state, user.name), shell.grid("admin", _one(data.store, user), ONE_AREAS)


def _all(store: Store) -> list[Any]:
    return [
        frame.panel("账号", html.Div(people(store), id="user-list"), area="people"),
        frame.panel("新增账号", _new(), area="new"),
        frame.panel(
            "接口令牌", _tokens(store), area="tokens", basis="供其他程序读取数据；不能查看个人信息"
        ),
    ]


def people(store: Store) -> Any:
    """Every account with its right and how it stands."""
    live: dict[int, int] = {}
    for each in sessions.open_ones(store):
        live[each.user_id] = live.get(each.user_id, 0) + 1
    rows = [
        [
            link(user.name, f"{PATH}?user={user.id}", "underlined"),
            ROLES[user.role],
            own_words(user.units, user.villages) or "全街道",
            stands(user),
            "已启用" if user.has_factor else "未启用",
            str(live.get(user.id, 0)),
        ]
        for user in users.everyone(store)
    ]
    heads = ["用户名", "角色", "单位、社区（村）", "状态", "动态码", "在线会话"]
    return columns(rows, heads=heads, numbers=[5])


def stands(user: users.User) -> str:
    """How an account stands, in words."""
    if user.disabled_at is not None:
        return f"{local(user.disabled_at):%Y-%m-%d} 停用"
    if user.login_by == "oidc":
        return "正常，用统一身份认证登录"
    if user.must_change:
        return "待改一次性密码"
    return "密码过期" if user.password_expired() else "正常"


def shut_word(user: users.User) -> str:
    """What the button does that shuts an account or opens it again."""
    return OPEN if user.disabled_at else SHUT


def way_word(user: users.User) -> str:
    """What the button does that changes how an account logs in."""
    return OWN if user.login_by == "oidc" else OUTSIDE


def _new() -> Any:
    return html.Div(
        [
            field("用户名", dcc.Input(id="user-name", maxLength=32, autoComplete="off")),
            *right_fields("user"),
            html.Div(
                [
                    html.Button("新增", id="user-add", type="button", className="button filled"),
                    html.Div(id="user-said", className="said", role="status"),
                ],
                className="make-row",
            ),
            html.P("密码自动生成，只显示这一次，首次登录须更换。", className="note"),
        ],
        className="form",
    )


def right_fields(
    prefix: str,
    role: str = "unit",
    units: Sequence[str] = (),
    villages: Sequence[str] = (),
    roles: Mapping[str, str] = ROLES,
) -> list[Any]:
    """Role, units and villages; the last two count for seats and units only."""
    site = load_site()
    named = {unit.name: unit.name for unit in site.units}
    places = {each.code: each.name for each in site.communities}
    return [
        field("角色", _choice(f"{prefix}-role", roles, role, multi=False)),
        field("单位（席位、单位角色）", _choice(f"{prefix}-units", named, list(units))),
        field("社区、村（席位、单位角色）", _choice(f"{prefix}-villages", places, list(villages))),
    ]


def _choice(name: str, words: Mapping[str, str], value: Any, *, multi: bool = True) -> Any:
    offered = [{"label": label, "value": key} for key, label in words.items()]
    return dcc.Dropdown(
        id=name, options=offered, value=value, multi=multi, clearable=multi, placeholder="不限定"
    )


def _tokens(store: Store) -> list[Any]:
    readers = {key: ROLES[key] for key in ("leader", "seat", "unit", "admin")}
    return [
        html.Div(token_rows(store), id="token-list"),
        html.Div(
            [
                field("名称", dcc.Input(id="token-name", maxLength=64, autoComplete="off")),
                *right_fields("token", "leader", roles=readers),
                html.Div(
                    [
                        html.Button("新建令牌", id="token-add", type="button", className="button"),
                        html.Div(id="token-said", className="said", role="status"),
                    ],
                    className="make-row",
                ),
            ],
            className="form",
        ),
    ]


def token_rows(store: Store) -> Any:
    """Every token with its last use; what was withdrawn stays in the list."""
    rows = [
        [
            token.name,
            ROLES[token.role],
            own_words(token.units, token.villages) or "全街道",
            f"{local(token.created_at):%Y-%m-%d}",
            f"{local(token.used_at):%Y-%m-%d %H:%M}" if token.used_at else "从未",
            "已作废"
            if token.revoked_at
            else html.Button(
                "作废",
                id={"type": "end-token", "name": token.name},
                type="button",
                className="button small",
            ),
        ]
        for token in tokens.every(store)
    ]
    if not rows:
        return html.P("还没有令牌。", className="nothing")
    return columns(rows, heads=["名称", "角色", "单位", "建立", "最近使用", ""])


def _one(store: Store, user: users.User) -> list[Any]:
    buttons = [
        ("one-shut", shut_word(user)),
        ("one-password", "重置密码"),
        ("one-sessions", "结束全部会话"),
        ("one-factor", "重置动态码"),
        ("one-way", way_word(user)),
    ]
    # without a provider nobody could enter that way; back to a password is always open
    unseen = {"one-way"} if load_provider() is None and user.login_by == "own" else set()
    return [
        frame.panel(
            "角色与范围",
            html.Div(
                [
                    *right_fields("one", user.role, user.units, user.villages),
                    html.Button("保存", id="one-save", type="button", className="button filled"),
                ],
                className="form",
            ),
            area="right",
        ),
        frame.panel(
            "操作",
            html.Div(
                [
                    html.P(stands(user), id="one-standing"),
                    *[
                        html.Button(
                            words,
                            id=name,
                            type="button",
                            className="button",
                            hidden=name in unseen,
                        )
                        for name, words in buttons
                    ],
                    html.Div(id="one-said", className="said", role="status"),
                ],
                className="form doing",
            ),
            area="doing",
            basis="都会结束该账号的会话，并记入审计",
        ),
        frame.panel(
            "在线会话", html.Div(session_rows(store, user.id), id="one-list"), area="sessions"
        ),
    ]


def session_rows(store: Store, user_id: int) -> Any:
    """The account's open sessions, each with a button that ends it."""
    rows = [
        [
            f"{local(each.created_at):%m-%d %H:%M}",
            f"{local(each.active_at):%m-%d %H:%M}",
            each.address,
            html.Span(each.agent[:_SHOWN_AGENT], title=each.agent),
            html.Button(
                "结束",
                id={"type": "end-session", "id": each.id_hash},
                type="button",
                className="button small",
                **attrs({"aria-label": f"结束 {local(each.created_at):%m-%d %H:%M} 的会话"}),
            ),
        ]
        for each in sessions.open_ones(store, user_id)
    ]
    if not rows:
        return html.P("没有在线会话。", className="nothing")
    return columns(rows, heads=["登录", "最近操作", "地址", "浏览器", ""])
