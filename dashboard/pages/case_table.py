"""The cases behind a number as a table: search box, saved views, column chooser, files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from dash import dcc, html, no_update

from cases import views
from cases.errors import CaseError
from dashboard import wording
from dashboard.gate import caller
from dashboard.pages import rows as tables
from dashboard.pages import sent_value
from dashboard.pages.asked import Asked, ask
from dashboard.pages.marks import attrs, link
from dashboard.pages.reading import cause
from dashboard.pages.state import UNKNOWN, State
from dashboard.pages.view import ALL, LONGEST, TableView, kept, sort_word
from warehouse.errors import WarehouseError

Node = Any
FULL, EVERYWHERE = "full", "everywhere"
DROP = "case-drop"


def tools(asked: Asked) -> Node:
    """What stands above the rows: search, views, columns."""
    view = asked.view
    options = [{"label": "含正文", "value": FULL}]
    if not asked.definition.is_spell:
        options.append({"label": "全部历史", "value": EVERYWHERE})
    chosen = [name for name in (FULL, EVERYWHERE) if getattr(view, name)]
    return html.Div(
        [
            html.Label(
                [
                    html.Span("查找", className="said-only"),
                    dcc.Input(
                        id="case-words",
                        type="search",
                        value=view.words,
                        maxLength=LONGEST,
                        placeholder="查编号、标题、地点",
                        debounce=True,
                    ),
                ],
                className="case-words",
            ),
            html.Div(
                dcc.Checklist(id="case-options", options=options, value=chosen, inline=True),
                **attrs({"data-group": "查找范围"}),
            ),
            html.Button("查找", id="case-find", className="button", type="button"),
            _views(asked),
            _chooser(asked),
            html.Span("", id="case-said", className="case-said", role="status"),
            html.Span("", id="case-failed", className="case-wrong", role="alert"),
            html.Span("", id="case-wrong", className="case-wrong", role="alert"),
        ],
        className="case-tools",
    )


def _views(asked: Asked) -> Node:
    saved = views.named(asked.glass.data.store, caller.current().name, asked.metric)
    return html.Details(
        [
            html.Summary(f"视图 {len(saved)}" if saved else "视图", className="button"),
            html.Div(
                [
                    html.Div(_listed(asked.glass.state, saved), id="case-views"),
                    html.Label(
                        [
                            html.Span("视图名称", className="said-only"),
                            dcc.Input(
                                id="case-name",
                                type="text",
                                maxLength=views.LONGEST_NAME,
                                placeholder="给现在的视图起名",
                            ),
                        ]
                    ),
                    html.Button("保存", id="case-save", className="button filled", type="button"),
                ],
                className="menu",
            ),
        ],
        className="drop",
    )


def _listed(state: State, saved: Sequence[views.View]) -> Node:
    """The saved views, each with a way to take it away that asks once more."""
    now = state.get("view")
    listed = [
        html.Li(
            [
                link(
                    one.name, state.but(view=one.id).href, "chip small on" if one.id == now else ""
                ),
                html.Details(
                    [
                        html.Summary("删", **attrs({"aria-label": f"删除视图 {one.name}"})),
                        html.Button(
                            "确认删除",
                            id={"type": DROP, "of": one.id},
                            className="button small",
                            type="button",
                        ),
                    ],
                    className="view-drop",
                ),
            ]
        )
        for one in saved
    ]
    if now:
        listed.append(html.Li(link("不用视图，全部列出", state.but(view=None).href)))
    return html.Ul(listed) if listed else html.P("还没有保存的视图。")


def _asked(pages: Sequence[Any], state: State) -> tuple[Asked | None, str]:
    """The question of a table, or in words why it cannot be answered now."""
    try:
        return ask(pages, state), ""
    except WarehouseError as error:
        return None, cause(error)


def dropped(pages: Sequence[Any], state: State, view_id: str) -> tuple[Any, Any, Any]:
    """Take one of the caller's own views away: the address without it, and the list anew."""
    asked, wrong = _asked(pages, state)
    if asked is None:
        return no_update, wrong or no_update, no_update
    store, name = asked.glass.data.store, caller.current().name
    views.drop(store, name, view_id)
    left = state.but(view=None) if state.get("view") == view_id else state
    saved = views.named(store, name, asked.metric)
    return no_update if left == state else left.search, no_update, _listed(left, saved)


def gone(asked: Asked) -> Node:
    """What is said where the address names a view that is not there any more."""
    if asked.glass.state.get("view") and asked.view is ALL:
        return html.P(
            "链接里的视图已删去或不是这张表的，以下未加筛选。", className="renewed", role="status"
        )
    return None


def _chooser(asked: Asked) -> Node:
    told = {column.name: column.label for column in asked.shape}
    lines = bool(asked.definition.lines)
    names = tables.ordered(list(told), lines=lines)
    return html.Details(
        [
            html.Summary("列", className="button"),
            html.Div(
                [
                    dcc.Checklist(
                        id="case-columns",
                        options=[
                            {"label": tables.label(name, told[name]), "value": name}
                            for name in names
                        ],
                        value=tables.visible(list(told), asked.view, lines=lines),
                    ),
                    html.Button("应用", id="case-choose", className="button filled", type="button"),
                ],
                className="menu columns-menu",
                **attrs({"data-group": "显示的列"}),
            ),
        ],
        className="drop",
    )


def files(asked: Asked, view: TableView | None = None, view_id: str = "") -> list[Node]:
    """The doors to the rows as files."""
    return [
        html.A(
            form.upper(),
            id=f"export-{form}",
            href=address(asked, form, view, view_id),
            className="button",
            **attrs({"data-export": "1"}),
        )
        for form in ("xlsx", "csv")
    ]


def address(asked: Asked, form: str, view: TableView | None, view_id: str) -> str:
    """Where the rows are fetched as a file; search words stay behind the view's id."""
    query = asked.query
    words = {
        "form": form,
        "from": query.first.isoformat(),
        "to": query.last.isoformat(),
        **asked.filters,
        "only": asked.part,
        "view": view_id,
        "sort": sort_word(view, list(asked.columns)) if view else None,
        "generation": str(asked.glass.generation.number),
    }
    said = urlencode({k: v for k, v in words.items() if v}, quote_via=quote, safe=":/-")
    return f"/api/v1/metrics/{asked.metric}/export?{said}"


def followed(pages: Sequence[Any], state: State, filters: Any, columns: Any) -> tuple[Any, ...]:
    """Files and the copied link hold what the grid shows now."""
    asked, wrong = _asked(pages, state)
    if wrong:
        return (*(no_update,) * 3, wrong)
    if asked is None:
        return (no_update,) * 4
    view = _now(asked, filters, columns)
    view_id = kept(asked.glass.data.store, asked.metric, view) if view != TableView() else ""
    if view == asked.view:  # a saved view keeps its name on the way back
        view_id = state.get("view") or view_id
    held = state.but(view=view_id or None)
    words = State(asked.glass.state.path, held.words)
    said = _said(asked, view)
    return (
        address(asked, "xlsx", view, view_id),
        address(asked, "csv", view, view_id),
        sent_value.address(asked, words),
        said,
    )


def _said(asked: Asked, view: TableView) -> str:
    try:
        found = asked.rows(limit=1, view=view)
    except WarehouseError as error:
        return cause(error)
    told = f"{wording.count(found.total)} 件{'以上' if found.more else ''}"
    if found.more or found.total > tables.DEEPEST:
        told += f"，可翻看前 {wording.count(tables.DEEPEST)} 件，其余请筛选或导出"
    return told


def changed(  # noqa: PLR0913 - a form has as many fields as it has
    pages: Sequence[Any],
    state: State,
    *,
    pressed: str,
    words: Any,
    options: Any,
    chosen: Any,
    name: Any,
    filters: Any,
    columns: Any,
) -> tuple[Any, Any]:
    """The address after a search, a choice of columns or a saved view; and what went wrong."""
    asked, wrong = _asked(pages, state)
    if asked is None:
        return no_update, wrong or no_update
    ticked = options if isinstance(options, list) else []
    view = replace(
        _now(asked, filters, columns),
        words=words.strip()[:LONGEST] if isinstance(words, str) else "",
        full=FULL in ticked,
        everywhere=EVERYWHERE in ticked,
    )
    if pressed == "case-choose" and isinstance(chosen, list):
        order = [each for each in view.columns if each in chosen]
        new = [each for each in chosen if isinstance(each, str) and each not in order]
        view = replace(view, columns=(*order, *new))
    saved = name if pressed == "case-save" and isinstance(name, str) else ""
    if pressed == "case-save" and not saved.strip():
        return no_update, "请先给视图起名。"
    try:
        view_id = kept(asked.glass.data.store, asked.metric, view, saved)
    except CaseError:
        return no_update, f"视图没有保存：每人至多 {views.MOST_NAMED} 个，请先删去不用的。"
    here = state.but(view=None if view == TableView() and not saved else view_id)
    return here.search, no_update


def _now(asked: Asked, filters: Any, columns: Any) -> TableView:
    """The view of the address with filters, order and columns as the grid has them."""
    stated = [each for each in columns or [] if isinstance(each, dict) and each.get("colId")]
    sorted_ = [each for each in stated if each.get("sort")]
    view = tables.asking(asked.view, filters, sorted_)
    if stated:
        known = set(asked.columns)
        seen = [str(each["colId"]) for each in stated if not each.get("hide")]
        whole = tables.ordered(list(asked.types), lines=bool(asked.definition.lines))
        columns_now = tuple(each for each in seen if each in known)
        view = replace(view, columns=() if list(columns_now) == whole else columns_now)
    return view


def filter_words(asked: Asked) -> list[str]:
    """The filters of a question in words."""
    glass = asked.glass
    words = []
    for name, value in asked.filters.items():
        if value == "unknown":
            words.append(UNKNOWN.get(name, "未定"))
            continue
        shown = glass.want.options.get(name, {}).get(value, value)
        words.append(" › ".join(tables.class_names(glass, value)) if name == "class" else shown)
    return words
