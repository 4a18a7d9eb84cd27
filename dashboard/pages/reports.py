"""The reports page: make the weekly report of a week, and fetch the ones that were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from dash import dcc, html

from config import clock, periods
from config.environment import environment
from dashboard import wording
from dashboard.api import reports as desk
from dashboard.gate.refusal import Refused
from dashboard.pages import chips, shell
from dashboard.pages.marks import attrs, columns, link
from dashboard.pages.reading import Glass, fault_number, log
from dashboard.pages.state import State, parse
from dashboard.reports.errors import NotReady, ReportError, ReportFailed
from dashboard.reports.issue import issued
from dashboard.reports.weekly import KIND
from warehouse.errors import WarehouseError

PATH = "/reports"
TITLE = "报告"
SHORT = "报告"
OWN = True  # who makes a report sees it at once
STILL = True  # what was ticked and what became of it stay until the reader goes on
FEEDS = ("hotline_12345", "mediation", "gauge", "weather")
FILTERS = ()
METRICS = ()
AREAS = ("make", "made")
FORMATS: Final = {"docx": "DOCX 文稿", "pdf": "PDF 版式", "xlsx": "XLSX 表格"}
_WEEKS = 6
_LISTED = 60


def options(_data: Any) -> dict[str, dict[str, str]]:
    """This page has no filters but the week."""
    return {}


def crumbs(_state: State, _want: Any) -> list[str]:
    """Where the filters have led, in words."""
    return []


def head(glass: Glass, copied: str) -> Any:
    """Title and path; the week is chosen in the page itself."""
    return html.Div(
        [
            html.Div(
                [
                    html.Div(
                        [
                            html.H1(TITLE),
                            html.Nav(
                                [
                                    link("总览", "/", "underlined"),
                                    html.Span("›"),
                                    html.Span("报告"),
                                ],
                                className="crumbs",
                                **attrs({"aria-label": "位置"}),
                            ),
                        ],
                        className="head-title",
                    ),
                    html.Div([shell.copy_button(copied)], className="head-tools"),
                ],
                className="head-row",
            ),
            html.Div(
                html.Div(
                    html.Span(chips.age_words(glass.feed(*FEEDS)), id="age"), className="data-time"
                ),
                className="filter-row",
            ),
        ]
    )


def body(glass: Glass) -> Any:
    """The form on one side, what was made on the other."""
    chosen = week(glass.state, glass.now)
    panels = [
        glass.panel("make", "生成周报", lambda: _form(glass, chosen)),
        glass.panel(
            "made",
            "已生成的报告",
            lambda: html.Div(made(), id="report-list"),
            basis="保留 7 天；同一时段、同一快照，内容相同",
        ),
    ]
    return shell.grid("reports", panels, AREAS)


def week(state: State, now: datetime) -> periods.Period:
    """The week of the address, else the last finished one."""
    key = state.get("period")
    today = now.date()
    try:
        period = periods.parse(key, today)
    except periods.UnknownPeriod:
        period = periods.parse("", today)
    if key and period.kind in ("week", "week-fri"):
        return period
    year, number, _ = (today - timedelta(weeks=1)).isocalendar()
    return periods.parse(f"{year}-W{number:02d}", today)


def _form(glass: Glass, chosen: periods.Period) -> Any:
    today = glass.today
    natural = chosen.kind == "week"
    year, number, _ = today.isocalendar()
    current = f"{year}-W{number:02d}" + ("" if natural else "-fri")
    newest = periods.parse(current, today)
    weeks = [periods.parse(periods.step(newest, -back), today) for back in range(_WEEKS)]
    if chosen.key not in {one.key for one in weeks}:
        weeks.append(chosen)
    kinds = [("自然周（周一至周日）", natural), ("周五至周四", not natural)]
    swap = chosen.key.removesuffix("-fri") + ("-fri" if natural else "")
    kind_links = [
        link(
            words,
            glass.state.href if on else glass.state.but(period=swap).href,
            "chip small on" if on else "chip small",
        )
        for words, on in kinds
    ]
    rows = [
        link(
            [
                html.B(f"{one.first.year}年第{_number(one)}周"),
                html.Span(one.dates),
                html.Span("未完" if one.last >= today else ""),
            ],
            glass.state.but(period=one.key).href,
            "week-row on" if one.key == chosen.key else "week-row",
        )
        for one in weeks
    ]
    return [
        html.Div(kind_links, className="chips spaced"),
        html.Div(rows, className="week-rows"),
        html.Div("格式", className="label"),
        html.Div(
            dcc.Checklist(
                id="report-formats",
                options=[{"label": label, "value": key} for key, label in FORMATS.items()],
                value=list(FORMATS),
                className="formats",
                persistence=True,  # a new snapshot draws the page anew under the hand of who ticks
                persistence_type="memory",
            ),
            **attrs({"data-group": "报告格式"}),
        ),
        html.Div(
            [
                html.Button(
                    f"生成第{_number(chosen)}周周报",
                    id="report-make",
                    type="button",
                    className="button filled",
                ),
                html.Div(id="report-said", className="said", role="status"),
            ],
            className="make-row",
        ),
        html.P("三种格式出自同一组表。期数未完时，数字截至数据时刻，正文写明。", className="note"),
    ]


def _number(period: periods.Period) -> int:
    return int(period.key.split("W")[1][:2])


def make(path: str, search: str, formats: Any) -> tuple[Any, Any]:
    """Make the report of the address's week; what was wrong is said in one sentence."""
    wanted = [key for key in FORMATS if isinstance(formats, list) and key in formats]
    if not wanted:
        return "请至少选一种格式。", made()
    period = week(parse(path, search), clock.local())
    try:
        desk.make(desk.Order(period=period.key, formats=wanted))
    except Refused as refusal:
        return f"没有生成：{refusal.message}。{refusal.hint}", made()
    except NotReady:
        return "没有生成：还没有可用的数据，首次装载完再试。", made()
    except ReportError as error:
        number = fault_number(error)
        log.warning("report_failed", period=period.key, number=number, why=str(error))
        return f"没有生成：文件没有做成。编号 {number}", made()
    except WarehouseError as error:
        number = fault_number(error)
        log.warning("report_failed", period=period.key, number=number, why=str(error))
        return f"没有生成：数据没有取到。编号 {number}", made()
    return f"已生成第{_number(period)}周周报，见“已生成的报告”。", made()


def made() -> Any:
    """The reports of the last days, newest first, with one link a format."""
    rows = _rows()
    if not rows:
        return html.P("还没有生成过报告。", className="nothing")
    return columns(rows, heads=["报告", "时段", "数字", "生成", "下载"])


def _state(key: str) -> str:
    """Whether the figures of a week are kept for good, and after how many corrections."""
    try:
        kept = issued(environment().var, KIND, key)
    except ReportFailed:
        return "存档读不出"
    if kept is None:
        return "随数据变动"
    return "已存档" if kept.revision <= 1 else f"已存档，第 {kept.revision - 1} 次更正"


def _rows() -> list[Sequence[Any]]:
    folder = environment().var / "reports"
    if not folder.is_dir():
        return []
    found = sorted(folder.glob("*/facts.json"), key=lambda f: -f.stat().st_mtime)
    return [row for file in found[:_LISTED] if (row := _row(file)) is not None]


def _row(file: Path) -> Sequence[Any] | None:
    try:
        names = desk.files_of(file.parent)
        if names is None:
            return None
        kinds = [kind for kind in FORMATS if kind in names]
        key = Path(names[kinds[0]]).stem.partition("-")[2]
        period = periods.parse(key, clock.today())
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
    at = datetime.fromtimestamp(file.stat().st_mtime, clock.ZONE).replace(tzinfo=None)
    links: list[Any] = []
    for kind in kinds:
        address = f"/api/v1/reports/{file.parent.name}/{kind}"
        links += [html.A(kind.upper(), href=address, className="underlined", download="")]
    return [
        f"周报 {period.label}",
        period.dates,
        _state(key),
        wording.moment(at, clock.today()),
        html.Span(links, className="links"),
    ]
