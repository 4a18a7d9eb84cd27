"""How the platforms are, in words for a person at the shell and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from unicodedata import east_asian_width

from cases import damage, health, quarantine, reconciliation
from cases.health import PlatformState
from cases.quarantine import Drift, Group
from cases.store import Store
from config import clock
from config.platforms import Platform
from warehouse.ledger import Balance

SAY: Final = {"fresh": "正常", "late": "迟到", "stale": "停更", "failed": "失败", "off": "未接入"}


def to_json(store: Store, platforms: Mapping[str, Platform], key: str | None) -> dict[str, Any]:
    """Lamps of all platforms, or one with what lies in quarantine and what was not expected."""
    states = health.states(store, platforms, clock.now())
    if key is None:
        return {"platforms": [each.to_json() for each in states]}
    (state,) = [each for each in states if each.key == key]
    return state.to_json() | {
        "quarantine": [each.to_json() for each in quarantine.groups(store, key)],
        "drift": [each.to_json() for each in quarantine.drifts(store, key)],
        "damage": [each.to_json() for each in damage.still(store, key)],
        "totals": [each.to_json() for each in reconciliation.recent(store, key, 7)],
    }


def words(store: Store, platforms: Mapping[str, Platform], key: str | None) -> str:
    """The same in lines: a lamp each, below it what is wrong with its data."""
    lines: list[str] = []
    groups, drifts = quarantine.groups(store, key), quarantine.drifts(store, key)
    lacking, broken = reconciliation.lacking(store), damage.still(store, key)
    for state in health.states(store, platforms, clock.now()):
        if key is not None and state.key != key:
            continue
        lines.append(_lamp(state))
        mine = [each for each in groups if each.key == state.key]
        for group in mine if key else mine[:3]:
            lines += _group(group, whole=key is not None)
        if not key and len(mine) > 3:
            lines.append(f"    … 另有 {len(mine) - 3} 种原因：python -m etl status {state.key}")
        lines += [_drift(each) for each in drifts if each.key == state.key]
        mine_broken = [each for each in broken if each.key == state.key]
        lines += [f"    原件损坏 {each.path}，{each.reason}" for each in mine_broken]
        if state.key in lacking:
            lines.append(f"    对账 近七日平台统计比本地多 {lacking[state.key]} 行")
    return "\n".join(lines)


def balanced(balances: Sequence[Balance], lying: Mapping[str, int]) -> str:
    """Rows in = loaded + unchanged + quarantined of every source, as a table."""
    rows = [
        (
            each.source,
            *(str(n) for n in (each.deliveries, each.rows_in, each.loaded, each.unchanged)),
            str(each.quarantined),
            str(lying.get(each.source, 0)),
            "平" if each.missing == 0 else f"差 {each.missing}",
        )
        for each in balances
    ]
    return _table(("来源", "批次", "进来", "载入", "未变", "隔离", "隔离文件", "账"), rows)


def _lamp(state: PlatformState) -> str:
    last = "—" if state.last_success is None else f"{state.last_success:%Y-%m-%d %H:%M:%S}"
    line = f"{state.key:<16} {SAY[state.state]} {last:<19} 今日 {state.rows_today} 行"
    return f"{line} 隔离 {state.quarantined} 行 {state.hint}".rstrip()


def _group(group: Group, *, whole: bool) -> list[str]:
    where = f"{group.fact} " if group.fact else ""
    apart = "" if group.source.endswith(group.key) else f"（{group.source}）"
    said = f"    隔离 {group.rows} 行 {where}{group.reason}{apart}"
    if not whole:
        return [said]
    example = "，".join(f"{label}={text}" for label, text in group.example.items())
    row = "" if group.example_row is None else f"第 {group.example_row + 1} 行："
    lines = [f"{said}，{group.deliveries} 批，最近 {group.last_at:%Y-%m-%d %H:%M}"]
    if group.column_label or group.rule:
        lines.append(f"        列 {group.column_label or '—'}；规则 {group.rule or '—'}")
    lines.append(f"        例 {row}{example or '（内容已按期限删除）'}")
    lines.append(f"        原件 raw/{group.raw_path}")
    return lines


def _drift(drift: Drift) -> str:
    where = f"{drift.fact}.{drift.field}"
    return (
        f"    {drift.says} {where}，首见 {drift.first_at:%Y-%m-%d %H:%M}，"
        f"{drift.rows} 行，形如 {drift.example}"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns of equal width; the first to the left, figures to the right."""
    table = [head, *rows]
    widths = [max(_width(row[n]) for row in table) for n in range(len(head))]

    def cell(text: str, n: int) -> str:
        space = " " * (widths[n] - _width(text))
        return text + space if n == 0 else space + text

    return "\n".join("  ".join(cell(text, n) for n, text in enumerate(row)) for row in table)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)
