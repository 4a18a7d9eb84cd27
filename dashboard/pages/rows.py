"""The case table behind a number: which columns stand first, how a value reads, one block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import dash_ag_grid as dag
from dash import no_update

from dashboard import wording
from dashboard.pages.asked import Asked, ask
from dashboard.pages.reading import Glass, log
from dashboard.pages.state import LINES, State
from warehouse.errors import WarehouseError

BLOCK: Final = 100
_MOST: Final = 500  # rows one request may ask for
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
    "key": 168,
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


def _named(glass: Glass, name: str, value: str) -> str:
    site = glass.data.site
    if name == "community":
        return str(site.community_name(value))
    if name == "line":
        return LINES.get(value, value)
    if name == "grid":
        return next((grid.name for grid in site.grids if grid.code == value), value)
    if name == "class_path":
        return " › ".join(class_names(glass, value))
    return value


def class_names(glass: Glass, path: str) -> list[str]:
    """The names along a class path, the code itself where it has none."""
    names = glass.want.options.get("class", {})
    codes = path.split("/")
    tree = {key.split("/")[-1]: text for key, text in names.items()}
    return [tree.get(code, code) for code in codes if code]


def table(columns: Sequence[Any], *, lines: bool = True) -> Any:
    """The grid that asks for its rows block by block; nothing in it is ever read as HTML."""
    told = {column.name: column for column in columns}
    definitions = [
        {
            "field": name,
            "headerName": label(name, told[name].label),
            "width": _WIDE.get(name, 130 if not name.endswith("_at") else 150),
            "pinned": "left" if name == "key" else None,
            "sortable": True,
            "type": "rightAligned" if told[name].type in ("integer", "double") else None,
        }
        for name in ordered(list(told), lines=lines)
    ]
    return dag.AgGrid(
        id="case-rows",
        rowModelType="infinite",
        columnDefs=[{k: v for k, v in one.items() if v is not None} for one in definitions],
        defaultColDef={"resizable": True, "sortable": True, "suppressHeaderMenuButton": True},
        className="case-rows",
        dashGridOptions={
            "cacheBlockSize": BLOCK,
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


def block(pages: Sequence[Any], state: State, request: Mapping[str, Any]) -> Any:
    """One block of rows for the grid; a request that makes no sense is answered with nothing."""
    try:
        start, end = int(request["startRow"]), int(request["endRow"])
    except (KeyError, TypeError, ValueError):
        return no_update
    limit = max(0, min(end - start, _MOST))
    asked = ask(pages, state)
    if asked is None or start < 0:
        return no_update
    try:
        found = asked.rows(limit=limit, offset=start, sort=_sort(asked, request.get("sortModel")))
    except WarehouseError as error:
        log.warning("rows_failed", metric=asked.metric, why=str(error))
        return {"rowData": [], "rowCount": 0}
    names = ordered([column.name for column in found.columns], lines=bool(asked.definition.lines))
    return {
        "rowData": [
            {name: shown(asked.glass, name, row.get(name)) for name in names} for row in found.rows
        ],
        "rowCount": found.total,
    }


def _sort(asked: Asked, model: Any) -> str | None:
    """The one column to sort by, if it is a column of this table."""
    if not isinstance(model, list) or not model or not isinstance(model[0], dict):
        return None
    name, way = model[0].get("colId"), model[0].get("sort")
    if name not in asked.columns or way not in ("asc", "desc"):
        return None
    return f"-{name}" if way == "desc" else str(name)


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
    "pinColumn": "固定列",
    "autosizeThisColumn": "自动列宽",
    "resetColumns": "重置列",
}
