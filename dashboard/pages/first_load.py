"""While the first load goes on: how far each platform is, in words and figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.pages.marks import attrs


def progress(loads: Sequence[Any]) -> Any:
    """One row a platform with its phase, rows done and rows in all."""
    rows = [_row(load) for load in loads]
    return html.Section(
        [
            html.H2("正在首次装载"),
            html.P("各平台的历史数据正在取回并入库，装载完自动显示，不必刷新。"),
            html.Div(rows, className="loads") if rows else html.P("等待数据进程发布第一份快照。"),
        ],
        className="panel whole loading",
        **attrs({"aria-live": "polite"}),
    )


def part(loads: Sequence[Any], names: Sequence[str]) -> Any:
    """The same for one panel: its platform's progress, or that it never delivered."""
    if loads:
        return html.Div(
            [html.P("首次装载中，装载完自动显示。"), *[_row(load) for load in loads]],
            className="loads small",
        )
    return html.Div(
        [
            html.Span("0", className="sign"),
            html.Div([html.B(f"{'、'.join(names)}还没有到过数"), html.P("到数后自动显示。")]),
        ],
        className="state empty",
    )


def _row(load: Any) -> Any:
    share = min(100.0, 100 * load.done / load.total) if load.total else 0.0
    figures = f"{load.done} / {load.total} 行" if load.total else ""
    if not load.total and load.done:
        figures = f"{load.done} 行"
    return html.Div(
        [
            html.B(load.name),
            html.Span(load.phase),
            html.Span(
                html.Span(className="bar-done", style={"width": f"{share:.1f}%"}),
                className="bar-all",
            ),
            html.Span(figures, className="n"),
        ],
        className="load",
    )
