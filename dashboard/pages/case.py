"""One case: facts, two clocks, its life over the platforms, every event, what is linked to it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from dash import html

from config import workdays
from dashboard import wording
from dashboard.pages import case_links, frame, reveal, shell
from dashboard.pages.case_address import PATH, asked, href
from dashboard.pages.case_facts import Event, Facts, clock_words, facts
from dashboard.pages.deadlines import ENDED, NEW, OPEN
from dashboard.pages.due import left, nearness
from dashboard.pages.marks import attrs, columns, due_tag, link
from dashboard.pages.reading import Glass
from dashboard.pages.rows import called, shown
from dashboard.pages.state import State
from dashboard.panels import lanes
from warehouse.read import Matter

__all__ = ["PATH", "href"]
TITLE = "案件"
SHORT = ""  # no place of its own on the bars
OWN = True  # what it opens depends on whose case it is
FEEDS = ()
FILTERS = ()
METRICS = ()
AREAS = ("facts", "lanes", "events", "links", "record", "changes")
_LONG: Final = 60  # days from which on weekends would only be stripes
_UNSAID: Final = frozenset({"extra", "lng", "lat"})


def owns(path: str) -> bool:
    """Whether an address is that of a case."""
    return asked(State(path)) is not None


def options(_data: Any) -> dict[str, dict[str, str]]:
    """A case has no filters."""
    return {}


def crumbs(_state: State, _want: Any) -> list[tuple[str, str | None]]:
    """The way back is the subject's page."""
    return []


def _case(glass: Glass) -> Matter | None:
    wanted = asked(glass.state)
    if wanted is None:
        return None
    number = glass.generation.number
    found: Matter | None = glass.once(
        ("case", *wanted), lambda: glass.data.reader.case(*wanted, generation=number)
    )
    return found


def head(glass: Glass, copied: str) -> Any:
    """Number, matter, how near its deadline is, its state, and the way back."""
    case = _case(glass)
    wanted = asked(glass.state) or ("", "")
    if case is None:
        title: list[Any] = [html.H1(wanted[1] or "没有编号")]
        path = [link("总览", "/", "underlined"), html.Span("›"), html.Span("没有这个案件")]
    else:
        told = facts(case)
        title = [
            html.H1([html.Span(case.key, className="case-key"), _matter(glass, told)]),
            *_tags(glass, told),
        ]
        path = _path(glass, case)
    way = html.Nav(path, className="crumbs", **attrs({"aria-label": "位置"}))
    return html.Div(
        [
            html.Div(
                [
                    html.Div(
                        [*title, way],
                        className="head-title case-title",
                    ),
                    html.Div(
                        [reveal.button() if case else None, shell.copy_button(copied)],
                        className="head-tools",
                    ),
                ],
                className="head-row",
            ),
            html.Div(html.Span(id="age"), className="filter-row"),
        ]
    )


def _matter(glass: Glass, told: Facts) -> str:
    place = glass.data.site.community_name(told.place) if told.place else ""
    return " · ".join(part for part in (told.matter, place) if part)


def _tags(glass: Glass, told: Facts) -> list[Any]:
    tags: list[Any] = []
    if told.stands == OPEN and told.presses is not None:
        state = nearness(glass, told.presses)
        calm = f"{wording.day(told.presses.date())}到期"
        words = left(glass, told.presses, state, calm)
        tags.append(due_tag(words, over=state == "over"))
    if told.state:
        tags.append(html.Span(told.state, className="tag state-tag"))
    return tags


def _path(glass: Glass, case: Matter) -> list[Any]:
    page = _SUBJECTS.get(_platform(glass, case.source))
    name = _called(glass, case.source)
    return [
        link("总览", "/", "underlined"),
        html.Span("›"),
        link(name, page, "underlined") if page else html.Span(name),
        html.Span("›"),
        html.Span(case.key),
    ]


_SUBJECTS: Final = {
    "hotline_12345": "/hotline",
    "mediation": "/mediation",
    "peoples_mediation": "/mediation",
    "grid_event": "/grid",
    "urban_case": "/urban",
    "whistle": "/whistle",
    "land_watch": "/land",
    "enforcement": "/enforcement",
    "camera_street": "/video",
    "camera_district": "/video",
}


def _platform(glass: Glass, source: str) -> str:
    return next((s.platform for s in glass.generation.sources if s.source == source), "")


def _called(glass: Glass, source: str) -> str:
    """The platform of a source as people call it; an imported set by the name it was given."""
    platform = glass.platforms.get(_platform(glass, source))
    return platform.short if platform else source.rpartition(":")[2]


def _kind_of_source(glass: Glass, source: str) -> str:
    """Whether a case is the town's, an imported set's or the platform's own."""
    found = next((s for s in glass.generation.sources if s.source == source), None)
    if found is None or found.demo:
        return "演示数据" if found else ""
    return "本街道平台" if found.own else f"导入数据集 {source}"


def body(glass: Glass) -> Any:
    """The panels of a case in reading order."""
    case = _case(glass)
    if case is None:
        wanted = asked(glass.state) or ("", "")
        return html.Section(
            frame.empty(
                "没有这个案件",
                _missing(glass, *wanted),
                link("回总览", "/", "button small"),
            ),
            className="panel whole",
        )
    told = facts(case)
    panels = [
        glass.panel("facts", "", partial(_facts, glass, case, told)),
        glass.panel(
            "lanes",
            lanes.TITLE,
            partial(_lanes, glass, case, told),
            basis="实点为经过，空心只看状态，方框为期限，灰底为休息日",
        ),
        glass.panel("events", "经过", partial(_events, told), basis=_count(told)),
        glass.panel(
            "links",
            "关联记录",
            lambda: case_links.view(case_links.found(glass, case)),
            basis="规则 · 把握",
        ),
        glass.panel("record", "登记内容", partial(_record, glass, case), basis="个人信息已脱敏"),
    ]
    if not case.changes:
        return shell.grid("case", panels, AREAS[:-1])
    told_late = "每次到数与上一次的差别"
    panels.append(
        glass.panel("changes", "平台改动", partial(_changes, glass, case), basis=told_late)
    )
    return shell.grid("case", panels, AREAS)


def _missing(glass: Glass, source: str, number: str) -> str:
    """Why an address shows no case, by the platform's name; what is no source is quoted."""
    if not any(one.source == source for one in glass.generation.sources):
        return f"地址里的来源“{source[:60]}”不存在；请从案件列表或搜索打开。"
    return f"{_called(glass, source)[:60]}里没有编号 {number[:60]}，或不在您的权限内。"


def _count(told: Facts) -> str:
    return f"{sum(not event.deadline for event in told.events)} 条，旧在上；只增不改"


def _facts(glass: Glass, case: Matter, told: Facts) -> Any:
    cells = clock_words(told, glass.now)
    due = "没有期限" if told.due is None else f"{told.due:%m-%d %H:%M}"
    if told.due is not None and told.due.year != glass.now.year:
        due = f"{told.due:%Y-%m-%d}"
    cells += [
        ("到期", due, _standing(told)),
        ("承办", told.unit or "未定", f"协办 {told.helping}" if told.helping else ""),
        ("当事人", told.parties or wording.NONE, "已脱敏" if told.parties else ""),
        ("平台", _called(glass, case.source), _kind_of_source(glass, case.source)),
    ]
    return html.Div(
        [
            html.Div([html.Span(name), html.B(figure), html.Small(small)], className="case-fact")
            for name, figure, small in cells
        ],
        className="case-facts",
    )


def _standing(told: Facts) -> str:
    """Whether it is done, and if not, what holds its deadline."""
    if told.stands == ENDED:
        return f"{told.closed:%m-%d %H:%M} 办结" if told.closed else "已了结"
    words = {OPEN: "尚未办结", NEW: "尚未计入在办"}.get(told.stands, "")
    return f"{words}，{told.eased}" if told.due is not None and told.eased else words


def _lanes(glass: Glass, case: Matter, told: Facts) -> Any:
    dots = [lanes.Dot(e.at, e.what, deadline=e.deadline) for e in told.events]
    own = lanes.Lane(_called(glass, case.source), case.key, dots, own=True, until=told.closed)
    drawn = [own, *case_links.tracks(case_links.found(glass, case))]
    every = [dot for lane in drawn for dot in lane.dots]
    return lanes.view(lanes.Lanes(drawn, glass.now, _days_off(every, glass.now)))


def _days_off(dots: list[lanes.Dot], now: datetime) -> list[tuple[date, str]]:
    """Days without office hours on the axis; a long case shows holidays only."""
    if not dots:
        return []
    first, last = lanes.bounds([dot.at for dot in dots], now)
    days = [first.date() + timedelta(days=n) for n in range((last.date() - first.date()).days + 1)]
    found = []
    for day in days:
        named = workdays.holiday_name(day)
        if not workdays.is_workday(day) and (named or len(days) <= _LONG):
            found.append((day, named or "休息日"))
    return found


def _events(told: Facts) -> Any:
    rows = [_event(event) for event in told.events]
    if not rows:
        return frame.empty("平台没有给出经过", "只有登记内容。")
    return html.Div(columns(rows, heads=["时间", "环节", "说明", "单位"]), className="case-list")


def _event(event: Event) -> list[Any]:
    what: Any = html.B(event.what)
    if event.deadline:
        what = html.Span(event.what, className="tag soon")
    return [f"{event.at:%Y-%m-%d %H:%M:%S}", what, event.note, event.by]


def _record(glass: Glass, case: Matter) -> Any:
    cells = [
        [called(each.name, each.label), str(text)]
        for each in case.columns
        if each.name not in _UNSAID
        and (text := shown(glass, each.name, case.row.get(each.name))) != ""
    ]
    return html.Div(columns(cells, heads=["项目", "内容"]), className="record")


def _changes(glass: Glass, case: Matter) -> Any:
    rows = [
        [
            f"{change.at:%Y-%m-%d %H:%M}",
            "；".join(
                f"{called(name, case.label(name))}：{shown(glass, name, old) or '空'} → "
                f"{shown(glass, name, new) or '空'}"
                for name, (old, new) in change.values.items()
            ),
        ]
        for change in reversed(case.changes)
    ]
    return html.Div(columns(rows, heads=["到数时间", "改了什么"]), className="record")
