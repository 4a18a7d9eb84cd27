"""The platform page: 25 lamps with age, rows, quarantine, drift and whom to ring; one in full.

It is drawn from the case store, so that it says how things are before the first figure and while
the warehouse cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dash import html

from cases import health, quarantine, runs
from cases.faults import Fault, told
from cases.health import LoadProgress, PlatformState
from cases.runs import Run
from config import clock
from dashboard import config_faults, wording
from dashboard.pages import frame, platform_counts, platform_one, screen_health, shell
from dashboard.pages.marks import attrs, due_tag, link
from dashboard.pages.reading import Glass
from dashboard.pages.state import State
from dashboard.panels import platform_table, tiles

PATH = "/platforms"
TITLE = "平台接入"
SHORT = "平台"
FEEDS = ()
FILTERS = ()
METRICS = ()
LISTED = ("now", "lamps", "walls")
AREAS = (*LISTED, *platform_one.AREAS)
ORDER = ("failed", "stale", "late", "off", "fresh")


def options(_data: Any) -> dict[str, dict[str, str]]:
    """This page has no filters but the platform."""
    return {}


def crumbs(_state: State, _want: Any) -> list[str]:
    """Where the filters have led, in words."""
    return []


def standing(data: Any, state: State, glass: Glass | None) -> tuple[Any, Any]:
    """Head and body: all platforms, or the one that the address names."""
    states = {each.key: each for each in health.states(data.store, data.platforms, clock.now())}
    chosen = states.get(state.get("platform"))
    head = _head(state, chosen)
    if chosen is not None:
        advice = advice_words(chosen, len(quarantine.drifts(data.store, chosen.key)))
        return head, platform_one.body(data, data.platforms[chosen.key], chosen, advice, glass)
    return head, _list(data, state, states)


def _head(state: State, chosen: PlatformState | None) -> Any:
    path: list[Any] = [link("总览", "/", "underlined"), html.Span("›")]
    if chosen is None:
        path.append(html.Span(TITLE))
    else:
        path += [
            link(TITLE, state.but(platform=None).href, "underlined"),
            html.Span("›"),
            html.Span(chosen.short),
        ]
    wrong = state.get("platform") if chosen is None else ""
    title = TITLE if chosen is None else chosen.name
    return html.Div(
        [
            html.Div(
                [
                    html.Div(
                        [
                            html.H1(title),
                            html.Nav(path, className="crumbs", **attrs({"aria-label": "位置"})),
                        ],
                        className="head-title",
                    ),
                    html.Div([shell.copy_button(state.href)], className="head-tools"),
                ],
                className="head-row",
            ),
            html.Div(
                [
                    html.Div(_unknown(wrong), className="chips"),
                    html.Div(html.Span(id="age"), className="data-time"),
                ],
                className="filter-row",
            ),
        ]
    )


def _unknown(word: str) -> Any:
    return [html.Span(f"没有平台 {word[:40]}", className="chip unknown")] if word else []


def _list(data: Any, state: State, states: Mapping[str, PlatformState]) -> Any:
    now = clock.local()
    ordered = sorted(states.values(), key=lambda one: ORDER.index(one.state))
    drifts = _counted([each.key for each in quarantine.drifts(data.store)])
    lamp = state.get("lamp")
    listed = [one for one in ordered if lamp not in ORDER or one.state == lamp]
    listed = [one for one in listed if platform_counts.holds(state.get("show"), one, drifts)]
    loading = {one.key: one for one in health.first_load(data.store, data.platforms) or ()}
    usual = runs.usual(data.store, now)
    rows = [
        platform_table.Platform(
            name=one.short,
            state=one.state,
            href=state.but(platform=one.key).href,
            last=wording.moment(one.last_success, now.date()),
            age_s=one.age_s,
            limit_s=one.limit_s,
            rows_today=one.rows_today,
            usual=usual.get(one.key, ()),
            quarantined=one.quarantined,
            drifts=drifts.get(one.key, 0),
            seconds=seconds(runs.recent(data.store, one.key, 40)),
            owner=one.owner,
            phone=data.platforms[one.key].phone,
            advice=advice_words(one, drifts.get(one.key, 0)),
            loading=_loading(one, loading.get(one.key)),
        )
        for one in listed
    ]
    panels = [
        frame.panel(
            "此刻",
            [*_notice(states.values()), tiles.view(platform_counts.view(state, states, drifts))],
            area="now",
            aside=f"{wording.clock(now)} 查看",
        ),
        frame.panel(
            platform_table.TITLE,
            platform_table.view(rows),
            area="lamps",
            basis="需要处理的在前 · 时限为多久不来就算停更",
            aside=platform_counts.chosen(state),
        ),
    ]
    walls = screen_health.table(data.store)
    if walls is not None:
        panels.append(
            frame.panel("大屏", walls, area="walls", basis="每分钟自报一次，三分钟没有即为离线")
        )
    return shell.grid("platforms", panels, LISTED if walls is not None else LISTED[:-1])


def _notice(states: Iterable[PlatformState]) -> list[Any]:
    """What no lamp tells: files of the configuration with a slip, raw files that are damaged."""
    wrong = [html.P([due_tag("配置有误", over=True), f" {said}"], className="notice")
             for said in config_faults.told()]  # fmt: skip
    broken = [one for one in states if one.damaged]
    if not broken:
        return wrong
    names = "、".join(f"{one.short} {one.damaged} 份" for one in broken)
    said = due_tag(told(Fault.RAW_DAMAGED).means, over=True)
    damaged = html.P([said, f" {names}。{told(Fault.RAW_DAMAGED).todo}"], className="notice")
    return [*wrong, damaged]


def _counted(keys: Sequence[str]) -> dict[str, int]:
    return {key: keys.count(key) for key in set(keys)}


def _loading(one: PlatformState, load: LoadProgress | None) -> str:
    if load is None or one.last_success is not None:
        return ""
    if load.total:
        return f"首次载入 {wording.percent(load.done, load.total, 0)} %"
    return "首次载入"


def seconds(recent: Sequence[Run]) -> list[float]:
    """How long the finished runs took, oldest first."""
    return [
        (run.finished_at - run.started_at).total_seconds()
        for run in reversed(recent)
        if run.finished_at is not None and run.kind != runs.MISSED
    ]


def advice_words(one: PlatformState, drifts: int = 0) -> str:
    """What the person on duty does about it; whom to ring stands beside it."""
    if one.state == "off":
        return "未接入，接入后自动点亮"
    if one.state == "failed":
        return told(one.fault).todo
    if one.last_success is None:
        return "尚未到数，等首次载入；久等则联系对方"
    if one.state in ("stale", "late"):
        return "联系对方，问何时恢复"
    if one.damaged:
        return told(Fault.RAW_DAMAGED).todo
    if one.quarantined:
        return "有行未入库，按原因请对方改正重传"
    if drifts:
        return "对方接口有变化，请工程师核对字段"
    return "无需处理"
