"""The case table behind a number: which columns stand first, how a value reads, one block."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

import dash_ag_grid as dag
from dash import html, no_update

from dashboard import wording
from dashboard.pages import case_address
from dashboard.pages.asked import ask
from dashboard.pages.circumstances import Circumstances
from dashboard.pages.marks import attrs
from dashboard.pages.reading import Glass, cause, log
from dashboard.pages.state import LINES, State
from dashboard.pages.view import ALL, MOMENTS, NUMBERS, TableView, parsed, sort_word
from dashboard.pages.watched import noted
from warehouse.errors import WarehouseError

BLOCK: Final = 100
DEEPEST: Final = 10_000  # rows that can be paged to; who needs more filters, or exports
AGAIN: Final = "data-rows-again"  # a button that has the grid ask once more
_TESTS_OF_TEXTS: Final = [
    "contains", "notContains", "equals", "notEqual", "startsWith", "endsWith", "blank", "notBlank",
]  # fmt: skip
_TESTS_OF_NUMBERS: Final = [
    "equals", "notEqual", "lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual",
    "inRange", "blank", "notBlank",
]  # fmt: skip
_TESTS_OF_MOMENTS: Final = ["equals", "lessThan", "greaterThan", "inRange", "blank", "notBlank"]
_MOST: Final = 500  # rows one request may ask for
CASE: Final = "_case"  # in a row of the grid the address of its case; no column, so in no file
FIRST: Final = (
    "key",
    "order_no",
    "case_no",
    "line",
    "class_path",
    "community",
    "parties",
    "title",
    "unit",
    "station",
    "observed_at",
    "level_m",
    "received_at",
    "accepted_at",
    "due_at",
    "closed_at",
    "state",
    "close_kind",
    "satisfaction",
    "excluded_reason",
)
HIDDEN: Final = (
    "on_hour",
    "source",
    "type_code",
    "class_code",
    "class_name",
    "community_code",
    "grid_code",
    "unit_main",
    "from_day",
    "until_day",
    "caller_hash",
    "extra",
)
_WIDE: Final = {
    "key": 184,
    "title": 260,
    "content": 320,
    "reply_text": 320,
    "summary": 300,
    "class_path": 200,
}
_WORDS: Final = {
    "key": "编号",
    "on_day": "统计日",
    "community": "社区（村）",
    "grid": "网格",
    "unit": "承办单位",
    "class_path": "类别",
    "line": "承办线",
    "num": "分子",
    "den": "分母",
    "value": "值",
    "in_numerator": "计入分子",
    "in_denominator": "计入分母",
    "excluded_reason": "剔除原因",
    "from_at": "自",
    "until_at": "至",
}


def ordered(names: Sequence[str], *, lines: bool = True) -> list[str]:
    """The columns as they stand in the table: the telling ones first, technical ones left out."""
    known = [name for name in names if name not in HIDDEN and not name.startswith("_")]
    if not lines:
        known = [name for name in known if name != "line"]
    if "key" in known:
        known = [name for name in known if name not in ("order_no", "case_no")]
    return [name for name in FIRST if name in known] + [n for n in known if n not in FIRST]


def label(name: str, told: str = "") -> str:
    """How a column is called."""
    return _WORDS.get(name) or told or name


def shown(glass: Glass, name: str, value: Any) -> Any:
    """A value as people read it; texts stay plain text."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return wording.fixed(value, 0 if value == int(value) else 2)
    if isinstance(value, str):
        return _named(glass, name, value)
    return value


_SAME: Final = {"community_code": "community", "grid_code": "grid"}


def called(name: str, told: str) -> str:
    """How a platform's column is called where its code is shown as a name."""
    return label(_SAME[name], told) if name in _SAME else told


def _named(glass: Glass, name: str, value: str) -> str:
    name = _SAME.get(name, name)
    if name == "line":
        return LINES.get(value, value)
    if name in ("community", "grid", "type_code"):
        return _site_words(glass)[name].get(value, value)
    if name == "class_path":
        return " › ".join(class_names(glass, value))
    return value


def _site_words(glass: Glass) -> Mapping[str, Mapping[str, str]]:
    """The site's names by code; a table of rows asks for them in each of its cells."""

    def made() -> dict[str, dict[str, str]]:
        site = glass.data.site
        kinds = (("community", site.communities), ("grid", site.grids))
        found = {kind: {one.code: one.name for one in each} for kind, each in kinds}
        return found | {"type_code": {one.code: one.name for one in site.dispute_types}}

    words: dict[str, dict[str, str]] = glass.once("site_words", made)
    return words


def class_names(glass: Glass, path: str) -> list[str]:
    """The names along a class path, the code itself where it has none."""
    names = glass.want.options.get("class", {})
    tree: dict[str, str] = glass.once(
        "class_words", lambda: {key.split("/")[-1]: text for key, text in names.items()}
    )
    return [tree.get(code, code) for code in path.split("/") if code]


def table(columns: Sequence[Any], *, lines: bool = True, view: TableView = ALL) -> Any:
    """The grid that asks for its rows block by block; nothing in it is ever read as HTML."""
    told = {column.name: column for column in columns}
    return dag.AgGrid(
        id="case-rows",
        rowModelType="infinite",
        columnDefs=[
            _column(name, told[name], view) for name in arranged(list(told), view, lines=lines)
        ],
        defaultColDef={"resizable": True, "sortable": True},
        filterModel=dict(view.filters or {}),
        className="case-rows",
        dashGridOptions={
            "cacheBlockSize": BLOCK,
            # Dash keeps the answer to the newest question only: of two blocks asked for at once
            # the first would stay empty
            "maxConcurrentDatasourceRequests": 1,
            "maxBlocksInCache": 10,
            "animateRows": False,
            "rowHeight": 30,
            "headerHeight": 32,
            "localeText": LOCALE,
            "suppressMultiSort": True,
            "enableCellTextSelection": True,
        },
        dangerously_allow_code=False,
    )


def arranged(names: Sequence[str], view: TableView, *, lines: bool = True) -> list[str]:
    """The columns of a table: those of the view in its order, then the others, hidden."""
    known = ordered(names, lines=lines)
    chosen = [name for name in view.columns if name in known]
    return [*chosen, *(name for name in known if name not in chosen)]


def visible(names: Sequence[str], view: TableView, *, lines: bool = True) -> list[str]:
    """The columns that are seen: the view's, or all."""
    known = ordered(names, lines=lines)
    return [name for name in view.columns if name in known] or known


def _column(name: str, told: Any, view: TableView) -> dict[str, Any]:
    kind = told.type
    number, moment = kind in NUMBERS, kind in MOMENTS
    options = _TESTS_OF_MOMENTS if moment else _TESTS_OF_NUMBERS if number else _TESTS_OF_TEXTS
    found = {
        "field": name,
        "headerName": label(name, told.label),
        "width": _WIDE.get(name, 130 if not name.endswith("_at") else 150),
        "pinned": "left" if name == "key" else None,
        "cellRenderer": "CaseLink" if name == "key" else None,
        "type": "rightAligned" if number else None,
        "filter": f"ag{'Date' if moment else 'Number' if number else 'Text'}ColumnFilter",
        "filterParams": {
            "filterOptions": options,
            "maxNumConditions": 1,
            "buttons": ["apply", "reset"],
            "closeOnApply": True,
        },
        "hide": True if view.columns and name not in view.columns else None,
        "sort": view.sort[1] if view.sort and view.sort[0] == name else None,
    }
    return {key: value for key, value in found.items() if value is not None}


def block(
    pages: Sequence[Any],
    state: State,
    request: Mapping[str, Any],
    say: Callable[[Any], None] = lambda _: None,
    seen: Circumstances | None = None,
) -> Any:
    """One block of rows for the grid; a request that makes no sense is answered with nothing.

    An empty table after a question that failed would be a false word: `say` is told why, and how
    to try again; rows that are there already stay.
    """
    try:
        start, end = int(request["startRow"]), int(request["endRow"])
    except (KeyError, TypeError, ValueError):
        return no_update
    limit = max(0, min(end - start, _MOST))
    try:
        asked = ask(pages, state, seen)
        if asked is None or start < 0:
            return no_update
        view = asking(asked.view, request.get("filterModel"), request.get("sortModel"))
        found = asked.rows(
            limit=limit if start < DEEPEST else 0,
            offset=min(start, DEEPEST),
            sort=sort_word(view, list(asked.columns)),
            view=view,
        )
    except WarehouseError as error:
        noted(error)
        log.warning("rows_failed", metric=state.get("proof"), why=str(error))
        say(failed(cause(error)))
        return {"rowData": [], "rowCount": None if start else 0}
    names = ordered([column.name for column in found.columns], lines=bool(asked.definition.lines))
    told = [{name: shown(asked.glass, name, row.get(name)) for name in names} for row in found.rows]
    for cells, row in zip(told, found.rows, strict=True):
        cells[CASE] = case_address.of(found, row)
    return {"rowData": told, "rowCount": min(found.total, DEEPEST)}


def failed(why: str) -> list[Any]:
    """Why rows are missing, and the way to ask for them again."""
    again = html.Button("重试", className="button small", type="button", **attrs({AGAIN: "1"}))
    return [html.Span(f"这一批行没有取到。{why}"), again]


def asking(view: TableView, filters: Any, sort: Any) -> TableView:
    """The view of an address with the filters and the order that the grid has now."""
    first = sort[0] if isinstance(sort, list) and sort and isinstance(sort[0], dict) else {}
    now = parsed({"filters": filters, "sort": [first.get("colId"), first.get("sort")]})
    return replace(view, filters=now.filters, sort=now.sort)


LOCALE: Final = {
    "loadingOoo": "正在取数…",
    "noRowsToShow": "没有符合的行",
    "loadingError": "没取到",
    "ariaSortableColumn": "按回车排序",
    "ariaLabelCell": "单元格",
    "sortAscending": "升序",
    "sortDescending": "降序",
    "sortUnSort": "取消排序",
    "copy": "复制",
    "contains": "包含",
    "notContains": "不包含",
    "equals": "等于",
    "notEqual": "不等于",
    "startsWith": "开头是",
    "endsWith": "结尾是",
    "blank": "为空",
    "notBlank": "不为空",
    "lessThan": "小于",
    "lessThanOrEqual": "小于等于",
    "greaterThan": "大于",
    "greaterThanOrEqual": "大于等于",
    "inRange": "介于",
    "before": "早于",
    "after": "晚于",
    "inRangeStart": "从",
    "inRangeEnd": "到",
    "filterOoo": "筛选值…",
    "selectAll": "全选",
    "searchOoo": "查找…",
    "applyFilter": "应用",
    "resetFilter": "清除",
    "clearFilter": "清除",
    "cancelFilter": "取消",
    "dateFormatOoo": "yyyy-mm-dd",
    "ariaFilterMenuOpen": "打开筛选",
    "ariaFilteringOperator": "筛选方式",
    "ariaFilterValue": "筛选值",
    "ariaFilterFromValue": "起始值",
    "ariaFilterToValue": "结束值",
    "ariaFilterInput": "筛选值",
    "ariaColumnFiltered": "已筛选",
    "ariaLabelColumnMenu": "列菜单",
    "ariaLabelColumnFilter": "列筛选",
    "ariaLabelTooltip": "提示",
    "pinColumn": "固定列",
    "autosizeThisColumn": "自动列宽",
    "resetColumns": "重置列",
}
