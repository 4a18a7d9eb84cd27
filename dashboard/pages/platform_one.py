"""One platform in full: how it is, its runs and rows, what was refused and why, the daily check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from cases import damage, marks, quarantine, reconciliation, runs
from cases.faults import told
from cases.health import PlatformState
from cases.runs import Run
from cases.schema import local
from config import clock
from config.platforms import WEEKDAYS, Platform
from dashboard import wording
from dashboard.pages import frame, shell
from dashboard.pages.marks import columns, due_tag, fold
from dashboard.pages.reading import Glass, log
from dashboard.pages.rows import called
from dashboard.pages.rows import shown as shown_as
from dashboard.panels import latency, platform_table, quarantine_groups
from warehouse.errors import WarehouseError
from warehouse.read import Rows

AREAS = ("facts", "latency", "days", "quarantine", "drift", "runs", "reconcile", "rows")
TRANSPORTS = {
    "rest": "接口拉取",
    "sql_view": "数据库视图",
    "files": "文件交换",
    "push": "对方推送",
    "mqtt": "消息订阅（MQTT）",
    "sl651": "水文遥测（SL651）",
    "wvp": "视频平台（GB28181）",
}
CHECKED = {
    reconciliation.EQUAL: "一致",
    reconciliation.GAP: "少行，正在重取近 7 日",
    reconciliation.MISSING: "重取后仍少，请联系对方",
    reconciliation.HELD: "缺的都在隔离，改正后补齐",
    reconciliation.SURPLUS: "多行，对方已撤回",
}
_RUNS, _LISTED, _ROWS, _COLUMNS, _FACTS, _DAYS = 24, 14, 12, 9, 3, 14


def body(
    data: Any, platform: Platform, one: PlatformState, advice: str, glass: Glass | None
) -> Any:
    """The panels of one platform in reading order."""
    recent = runs.recent(data.store, platform.key, _RUNS)
    groups = quarantine.groups(data.store, platform.key)
    names = marks.fact_names(data.store)
    broken = damage.still(data.store, platform.key)
    drifts = quarantine.drifts(data.store, platform.key)
    panels = [
        frame.panel("此刻", _facts(platform, one, advice, broken), area="facts"),
        frame.panel(latency.TITLE, latency.view(_latency(recent)), area="latency"),
        frame.panel("今日行数", _today(data, one), area="days", basis="与近 7 日同时段相比"),
        frame.panel(
            quarantine_groups.TITLE,
            quarantine_groups.view([_group(group, platform, names) for group in groups]),
            area="quarantine",
            basis="按原因归并，样例已脱敏",
            aside=f"{wording.count(sum(group.rows for group in groups))} 行",
        ),
        frame.panel("结构漂移", _drifts(drifts, names), area="drift", basis="对方新增或变化的字段"),
        frame.panel("最近的运行", _runs(recent[:_LISTED]), area="runs", basis="新的在前"),
        frame.panel(
            "对账", _reconciled(data, platform), area="reconcile", basis="对方日计数与入库"
        ),
        frame.panel(
            "最近入库的行", _rows(platform, glass, names), area="rows", basis="个人信息已脱敏"
        ),
    ]
    return shell.grid("platforms", panels, AREAS)


def _facts(
    platform: Platform, one: PlatformState, advice: str, broken: Sequence[damage.Damage]
) -> Any:
    today = clock.local().date()
    lamp = html.Span(
        [platform_table.lamp(one.state), platform_table.state_words(one.state)],
        className="platform-name",
    )
    known: list[tuple[str, Any]] = [
        ("状态", lamp),
        ("最近成功", wording.moment(one.last_success, today)),
        ("距今与时限", platform_table.age_bar(one.age_s, one.limit_s)),
        ("怎么办", html.B(advice)),
        ("联系", f"{platform.owner} {platform.phone}".strip()),
        ("接入方式", TRANSPORTS[platform.transport]),
        ("节奏", _cadence(platform)),
        ("数据来源", "演示数据" if platform.demo else "真实接入"),
    ]
    return html.Div(
        [
            *[html.Div([html.Span(name), value], className="fact") for name, value in known],
            *_broken(broken),
            *fold([one.error or ""] if one.error else []),
        ],
        className="facts",
    )


def _broken(found: Sequence[damage.Damage]) -> list[Any]:
    """Raw files that are damaged: how many, since when, which."""
    if not found:
        return []
    today = clock.local().date()
    since = wording.moment(found[0].found_at, today)
    said = f"{len(found)} 份，{since} 起发现"
    value = html.Span([due_tag("原始文件损坏", over=True), f" {said}"])
    lines = [f"raw/{one.key}/{one.path}: {one.reason}" for one in found[:_ROWS]]
    commands = [f"python -m etl replay {found[0].key}", f"python -m etl damage {found[0].key}"]
    return [
        html.Div([html.Span("原件"), value], className="fact"),
        *fold([*lines, *commands], "损坏的原件"),
    ]


def _cadence(platform: Platform) -> str:
    if platform.at is None:
        return f"每 {wording.age(platform.every)}"
    when = f"每周{'一二三四五六日'[WEEKDAYS.index(platform.on)]}" if platform.on else "每日"
    return f"{when} {platform.at:%H:%M}"


def _latency(recent: Sequence[Run]) -> latency.Bars:
    timed = [run for run in reversed(recent) if run.finished_at and run.kind != runs.MISSED]
    bars = [
        latency.Bar(
            value=_seconds(run),
            said=f"{local(run.started_at):%m-%d %H:%M:%S}　{_took(run)}",
            failed=not run.ok,
        )
        for run in timed
    ]
    if not bars:
        return latency.Bars((), "", "", "")
    middle = sorted(bar.value for bar in bars)[len(bars) // 2]
    most = max(bar.value for bar in bars)
    words = platform_table.seconds_words
    return latency.Bars(
        bars,
        f"每次用时：中位 {words(middle)}，最长 {words(most)}；空心为失败",
        f"{local(timed[0].started_at):%m-%d %H:%M}",
        f"{local(timed[-1].started_at):%m-%d %H:%M}",
    )


def _took(run: Run) -> str:
    return platform_table.seconds_words(_seconds(run))


def _seconds(run: Run) -> float:
    return (run.ended_at - run.started_at).total_seconds()


def _today(data: Any, one: PlatformState) -> Any:
    usual = runs.usual(data.store, clock.local()).get(one.key, [])
    bars = [
        latency.Bar(n, f"{len(usual) - at} 日前　{wording.count(n)} 行", wording.count(n))
        for at, n in enumerate(usual)
    ]
    today = wording.count(one.rows_today)
    bars.append(latency.Bar(one.rows_today, f"今日　{today} 行", today, partial=True))
    said = f"近 7 日同时段 {platform_table.usual_words(usual)}"
    if platform_table.is_unusual(one.rows_today, usual):
        said += "，今日不在常见范围"
    return latency.view(latency.Bars(bars, said, "较早", "今日", heads=("日", "行数", "状态")))


def _group(
    group: quarantine.Group, platform: Platform, names: Mapping[str, str]
) -> quarantine_groups.Group:
    today = clock.local().date()
    row = "" if group.example_row is None else f"第 {group.example_row + 1} 行"
    return quarantine_groups.Group(
        reason=group.reason,
        table=names.get(group.fact, ""),
        column=group.column_label,
        todo=quarantine.advice(group.reason),
        rows=group.rows,
        deliveries=group.deliveries,
        since=wording.moment(group.first_at, today),
        last=wording.moment(group.last_at, today),
        place=row,
        example=group.example,
        source="" if group.source == platform.source else "另行导入的数据",
        technical=_technical(group),
    )


def _technical(group: quarantine.Group) -> list[str]:
    """What the engineer looks up: rule, table, set, raw file."""
    told = {
        "规则": group.rule if group.rule != group.reason else "",
        "数据表": group.fact,
        "来源": group.source,
        "原件": f"raw/{group.raw_path}",
        "命令": f"python -m etl replay {group.key}",
    }
    return [f"{name} {text}" for name, text in told.items() if text]


def _drifts(drifts: Sequence[quarantine.Drift], names: Mapping[str, str]) -> Any:
    if not drifts:
        return html.P("字段与登记的一致。", className="nothing")
    today = clock.local().date()
    items = [
        [
            names.get(each.fact, wording.NONE),
            html.B(each.field),
            each.says,
            wording.count(each.rows),
            wording.moment(each.first_at, today),
            each.example,
        ]
        for each in drifts
    ]
    return columns(items, heads=["数据", "对方字段", "变化", "行数", "首见", "样例"], numbers=[3])


def _runs(recent: Sequence[Run]) -> Any:
    if not recent:
        return html.P("还没有运行记录。", className="nothing")
    items = [
        [
            f"{local(run.started_at):%m-%d %H:%M:%S}",
            runs.KINDS.get(run.kind, "其他"),
            _outcome(run),
            _took(run) if run.finished_at else "进行中",
            wording.count(run.rows_in),
            wording.count(run.loaded),
            wording.count(run.unchanged),
            wording.count(run.quarantined),
        ]
        for run in recent
    ]
    heads = ["开始", "种类", "结果", "用时", "进来", "入库", "未变", "隔离"]
    return columns(items, heads=heads, numbers=[4, 5, 6, 7])


def _outcome(run: Run) -> Any:
    if run.finished_at is None:
        return "进行中"
    if run.ok:
        return "成功"
    if run.kind == runs.MISSED:
        return run.error or runs.KINDS[runs.MISSED]
    return html.Div(
        [due_tag("失败", over=True), f" {told(run.fault).means}", *fold([run.error or ""])],
        className="outcome",
    )


def _reconciled(data: Any, platform: Platform) -> Any:
    days = reconciliation.recent(data.store, platform.key, _DAYS)
    if not days:
        return html.P("还没有对账：对方不提供日计数，或今日的核对尚未开始。", className="nothing")
    items = [
        [
            wording.day(each.day),
            wording.count(each.theirs),
            wording.count(each.ours),
            wording.count(each.quarantined),
            CHECKED.get(each.state, each.state),
        ]
        for each in days
    ]
    return columns(items, heads=["日", "对方", "入库", "隔离", "结果"], numbers=[1, 2, 3])


def _rows(platform: Platform, glass: Glass | None, names: Mapping[str, str]) -> Any:
    if glass is None:
        return html.P("首次发布后可见。", className="nothing")
    try:
        found = glass.data.reader.latest(platform.source, _ROWS)
    except WarehouseError as error:
        log.warning("panel_failed", area="rows", page="/platforms", why=str(error))
        return html.P("暂时读不到，稍后自动再试。", className="nothing")
    if not found:
        return html.P("已发布的数据里还没有该平台的行。", className="nothing")
    tables = sorted(found.items(), key=lambda item: -len(item[1].rows))[:_FACTS]
    return html.Div(
        [_fact(glass, names.get(name, "数据"), rows) for name, rows in tables],
        className="fact-tables",
    )


def _fact(glass: Glass, name: str, rows: Rows) -> Any:
    shown = [c for c in rows.columns if any(r[c.name] not in (None, "") for r in rows.rows)]
    shown = shown[:_COLUMNS]
    heads = [_head(column) for column in shown]
    items = [
        [_told(shown_as(glass, column.name, row[column.name])) or wording.NONE for column in shown]
        for row in rows.rows
    ]
    return html.Div([html.P(name, className="label"), columns(items, heads=heads)])


def _head(column: Any) -> str:
    name = called(column.name, column.label)
    return f"{name}（{column.unit}）" if column.unit and column.unit not in name else name


def _told(value: object) -> str:
    """The beginning of a long text."""
    text = str(value)
    return text if len(text) <= 24 else f"{text[:23]}…"
