"""The pages app: one address in, one page out; every callback and the roles that may call it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

from dash import ALL, Dash, Input, Output, State, dcc, html, no_update, set_props
from fastapi import FastAPI

from dashboard import theme
from dashboard.desk import acts as desk_acts
from dashboard.desk import alarms as desk_alarms
from dashboard.desk import one as desk_alarm
from dashboard.desk import own_posts as desk_posts
from dashboard.gate.rules import PEOPLE, READERS
from dashboard.pages import (
    case,
    case_table,
    enforcement,
    flood,
    grid,
    home,
    hotline,
    land,
    mediation,
    people,
    phone,
    platforms,
    proof,
    render,
    reports,
    reveal,
    rows,
    services,
    shared,
    street,
    urban,
    video,
    whistle,
)
from dashboard.pages.admin import accounts, calls, screens, trail, wall_calls, walls
from dashboard.pages.desk import response as desk_response
from dashboard.pages.desk import response_calls
from dashboard.pages.desk import wall as desk_wall
from dashboard.pages.desk import wall_calls as desk_wall_calls
from dashboard.pages.frame import skeleton
from dashboard.pages.marks import attrs
from dashboard.pages.pressed import pressed
from dashboard.pages.state import PROOF, parse

PAGES: Final = (
    home,
    desk_alarms,
    desk_posts,
    hotline,
    grid,
    urban,
    mediation,
    whistle,
    flood,
    land,
    enforcement,
    video,
    street,
    people,
    services,
    platforms,
    reports,
    case,
    desk_wall,
    desk_response,
    desk_alarm,
    accounts,
    screens,
    trail,
    walls,
)
PATHS: Final = tuple(page.PATH for page in PAGES if page is not case)
ROLES: Final = {page.PATH: getattr(page, "ROLES_OF_PAGE", READERS) for page in PAGES}
OWN_PATHS: Final = re.compile(r"/case/[A-Za-z0-9._~@+=,:-]{1,80}/[A-Za-z0-9._~@+=,:-]{1,120}")
_PAGE = (
    "..top.children...head.children...body.children...foot.children...tabs.children...drawn.data..",
    "..sheet.children...sheet.className..",
    "..generation.data...clock.children...age.children...tab-alarms.children...tab-late.children..",
    "case-rows.getRowsResponse",
    "..export-xlsx.href...export-csv.href...sheet-copy.data-copy...case-said.children..",
    "..url.search...case-wrong.children...case-views.children..",
    "..report-said.children...report-list.children..",
)
# the frame of a page is drawn for everybody; which page, and from which rows, is decided behind it
_FRAME = _PAGE[:3]
CALLBACKS: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(_PAGE, READERS),
    **dict.fromkeys(_FRAME, PEOPLE),
    **calls.CALLBACKS,
    **desk_wall_calls.CALLBACKS,
    **response_calls.CALLBACKS,
    **desk_acts.CALLBACKS,
    **reveal.CALLBACKS,
    **wall_calls.CALLBACKS,
}
READY: Final = shared.answers(
    PAGES, dict(zip(("page", "sheet", "beat", "rows"), _PAGE, strict=False))
)
_ASSETS = Path(__file__).parents[1] / "assets" / "pages"
_BEAT_MS = 15_000
_INDEX = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
{%metas%}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{%title%}</title>
{%favicon%}
@THEME@
<link rel="stylesheet" href="/assets/fonts/fonts.css">
{%css%}
</head>
<body>
{%app_entry%}
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>"""


def create(server: FastAPI) -> Dash:
    """The Dash app of the leaders' pages on a server; it holds no state of its own."""
    app = Dash(
        "dashboard.pages",
        server=cast(Any, server),
        routes_pathname_prefix="/",
        assets_folder=str(_ASSETS),
        external_scripts=["/assets/lib/plotly-basic-4.1.1.min.js", "/assets/gate/sound.js"],
        index_string=_INDEX.replace("@THEME@", theme.head()),
        serve_locally=True,
        suppress_callback_exceptions=True,
        update_title=cast(Any, None),
        title="智慧洪蓝",
    )
    app.layout = _layout
    _draw(app)
    _answer(app)
    calls.register(app)
    desk_wall_calls.register(app)
    response_calls.register(app)
    desk_acts.register(app)
    reveal.register(app)
    wall_calls.register(app)
    return app


def _layout() -> Any:
    return html.Div(
        [
            dcc.Location(id="url", refresh=False),
            dcc.Interval(id="beat", interval=_BEAT_MS),
            dcc.Store(id="generation"),
            dcc.Store(id="drawn"),
            html.A("跳到正文", href="#body", className="skip"),
            html.Header(html.Span(id="clock"), id="top", className="top-bar"),
            html.Main(
                [
                    html.Div(html.Span(id="age"), id="head"),
                    html.Div(skeleton(), id="body", tabIndex="-1"),
                    html.Footer(id="foot", className="foot"),
                ],
                id="main",
            ),
            html.Aside(id="sheet", className="sheet", **attrs({"aria-label": "数字的证据"})),
            reveal.box(),
            html.Nav(phone.places(), id="tabs", className="tabs", **attrs({"aria-label": "页面"})),
        ],
        id="pages",
        **attrs({"data-over": " ".join((*PROOF, "no"))}),
    )


def _draw(app: Dash) -> None:
    """Page, proof and beat: what an address and a new snapshot draw."""

    @app.callback(
        Output("top", "children"),
        Output("head", "children"),
        Output("body", "children"),
        Output("foot", "children"),
        Output("tabs", "children"),
        Output("drawn", "data"),
        Input("url", "pathname"),
        Input("url", "search"),
        Input("generation", "data"),
        State("drawn", "data"),
    )
    async def show(path: str, search: str, seen: Any, drawn: Any) -> Any:
        state = parse(path, search)
        mark = [state.without(PROOF).href, seen]  # an opened proof draws nothing under it anew
        if mark == drawn:
            return (no_update,) * 6
        return *await asyncio.to_thread(render.page, PAGES, state), mark

    @app.callback(
        Output("sheet", "children"),
        Output("sheet", "className"),
        Input("url", "pathname"),
        Input("url", "search"),
    )
    async def open_sheet(path: str, search: str) -> Any:
        return await asyncio.to_thread(proof.sheet, PAGES, parse(path, search))

    @app.callback(
        Output("generation", "data"),
        Output("clock", "children"),
        Output("age", "children"),
        Output(phone.ALARM_COUNT, "children"),
        Output(phone.LATE_COUNT, "children"),
        Input("beat", "n_intervals"),
        State("generation", "data"),
        State("url", "pathname"),
        prevent_initial_call=True,
    )
    async def beat(_count: int, seen: Any, path: str) -> Any:
        mark, *told = await asyncio.to_thread(render.beat, PAGES, path)
        return (no_update if mark in (seen, None) else mark), *told


def _say(words: Any) -> None:
    """Beside the tools of a case table: why rows are missing."""
    set_props("case-failed", {"children": words})


def _answer(app: Dash) -> None:
    """Rows, files and reports: what a person asks for."""

    @app.callback(
        Output("case-rows", "getRowsResponse"),
        Input("case-rows", "getRowsRequest"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    async def case_rows(request: Any, path: str, search: str) -> Any:
        if not isinstance(request, dict):
            return no_update
        return await asyncio.to_thread(rows.block, PAGES, parse(path, search), request, _say)

    @app.callback(
        Output("export-xlsx", "href"),
        Output("export-csv", "href"),
        Output("sheet-copy", "data-copy"),
        Output("case-said", "children"),
        Input("case-rows", "filterModel"),
        Input("case-rows", "columnState"),
        State("url", "pathname"),
        State("url", "search"),
    )
    async def follow(filters: Any, columns: Any, path: str, search: str) -> Any:
        state = parse(path, search)
        return await asyncio.to_thread(case_table.followed, PAGES, state, filters, columns)

    @app.callback(
        Output("url", "search"),
        Output("case-wrong", "children"),
        Output("case-views", "children"),
        Input({"type": case_table.DROP, "of": ALL}, "n_clicks"),
        Input("case-words", "n_submit"),
        Input("case-find", "n_clicks"),
        Input("case-save", "n_clicks"),
        Input("case-choose", "n_clicks"),
        State("case-words", "value"),
        State("case-options", "value"),
        State("case-columns", "value"),
        State("case-name", "value"),
        State("case-rows", "filterModel"),
        State("case-rows", "columnState"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    async def search_cases(*given: Any) -> Any:
        words, options, chosen, name, filters, columns, path, search = given[5:]
        button = pressed()
        if button is None:
            return (no_update,) * 3
        if isinstance(button, dict):
            state = parse(path, search)
            view_id = str(button.get("of"))
            return await asyncio.to_thread(case_table.dropped, PAGES, state, view_id)
        made = await asyncio.to_thread(
            case_table.changed,
            PAGES,
            parse(path, search),
            pressed=str(button),
            words=words,
            options=options,
            chosen=chosen,
            name=name,
            filters=filters,
            columns=columns,
        )
        return *made, no_update

    @app.callback(
        Output("report-said", "children"),
        Output("report-list", "children"),
        Input("report-make", "n_clicks"),
        State("url", "pathname"),
        State("url", "search"),
        State("report-formats", "value"),
        prevent_initial_call=True,
        running=[(Output("report-make", "disabled"), True, False)],
    )
    async def make_report(clicks: int | None, path: str, search: str, formats: Any) -> Any:
        if not clicks:
            return no_update, no_update
        return await asyncio.to_thread(reports.make, path, search, formats)
