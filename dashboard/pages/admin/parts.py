"""What the pages of accounts and trail share: words of the roles, the head, one field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dash import html

from cases import users
from cases.store import Store
from config.site import load_site
from dashboard.pages.marks import attrs, link
from dashboard.pages.state import State

ROLES: Final = {
    "leader": "领导",
    "seat": "席位",
    "unit": "单位",
    "admin": "系统管理员",
    "auditor": "审计员",
    "wall": "大屏",
}


def chosen_of(store: Store, state: State) -> users.User | None:
    """The account whose number the address names; never a name, which would stay in histories."""
    wanted = state.get("user")
    return next((user for user in users.everyone(store) if str(user.id) == wanted), None)


def own_words(units: Sequence[str], villages: Sequence[str]) -> str:
    """The units and villages of somebody by name."""
    site = load_site()
    return "、".join([*units, *(site.community_name(code) for code in villages)])


def field(label: str, control: Any) -> Any:
    """A control under its label."""
    return html.Div([html.Label(label, htmlFor=control.id), control], className="field")


def head_of(title: str, state: State, below: str = "") -> Any:
    """Title and path of a page that stands on the case store alone."""
    path: list[Any] = [link("总览", "/", "underlined"), html.Span("›")]
    path += [link(title, state.path, "underlined"), html.Span("›")] if below else []
    path += [html.Span(below or title)]
    way = html.Nav(path, className="crumbs", **attrs({"aria-label": "位置"}))
    return html.Div(
        [
            html.Div(
                html.Div([html.H1(below or title), way], className="head-title"),
                className="head-row",
            ),
            html.Div(html.Span(id="age"), className="filter-row"),
        ]
    )
