"""The desk of the flood response: write down what was decided, and see all decisions."""

from __future__ import annotations

from typing import Any, Final

from dash import dcc, html

from cases import flood_response
from cases.schema import local
from cases.store import Store
from config import clock
from dashboard.pages import flood_level, frame, shell
from dashboard.pages.admin.parts import head_of
from dashboard.pages.flood_level import level_words
from dashboard.pages.marks import columns, rank
from dashboard.pages.reading import Glass
from dashboard.pages.state import State

PATH = flood_level.DESK
TITLE = "防汛应急响应"
SHORT = ""  # one comes here from the flood page
FEEDS = ()
FILTERS = ()
METRICS = ()
AREAS = ("now", "choose", "events")
ROLES_OF_PAGE = flood_level.ROLES
STILL = True  # what is being typed is not drawn anew under the hand
TYPE: Final = "response-level"
END: Final = "response-end"


def options(_data: Any) -> dict[str, dict[str, str]]:
    """This page has no filters."""
    return {}


def crumbs(_state: State, _want: Any) -> list[tuple[str, str | None]]:
    """Nothing to go down to."""
    return []


def standing(data: Any, state: State, _glass: Glass | None) -> tuple[Any, Any]:
    """What holds, what can be written down, what was decided."""
    panels = [
        frame.panel("现行响应", html.Div(now(data.store), id="response-now"), area="now"),
        frame.panel("记录决定", _form(), area="choose", basis="由防汛指挥机构决定，记录人留名"),
        frame.panel("历次决定", html.Div(events(data.store), id="response-events"), area="events"),
    ]
    return head_of(TITLE, state), shell.grid("desk_response", panels, AREAS)


def now(store: Store) -> Any:
    """The level in force."""
    return flood_level.in_force(flood_response.latest(store), clock.local().date())


def _form() -> Any:
    buttons = [
        html.Button(
            f"启动或调整为 {level_words(level)[:2]}" if level else "终止响应",
            id={"type": TYPE, "level": level} if level else END,
            type="button",
            className="button",
        )
        for level in flood_response.LEVELS
    ]
    return html.Div(
        [
            html.Label("依据（文号或通知）", htmlFor="response-basis"),
            dcc.Input(
                id="response-basis",
                maxLength=flood_response.LONGEST,
                autoComplete="off",
                value="",
            ),
            html.Div(buttons, className="make-row"),
            html.Div(id="response-said", className="said", role="status"),
        ]
    )


def events(store: Store) -> Any:
    """Every decision with what it rests on, the newest first."""
    found = flood_response.recent(store)
    if not found:
        return html.P("没有记录过响应决定。", className="nothing")
    rows = [
        [
            f"{local(one.at):%Y-%m-%d %H:%M}",
            html.Span([rank(one.level) if one.level else None, level_words(one.level)],
                      className="response-level"),
            one.basis,
            one.by_name,
        ]
        for one in found
    ]  # fmt: skip
    return html.Div(columns(rows, heads=["时间", "决定", "依据", "记录人"]), className="case-list")
