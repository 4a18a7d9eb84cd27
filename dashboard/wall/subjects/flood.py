"""防汛: warnings in force, pumps and gates, teams, supplies, beside the water of the overview."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import wording
from dashboard.panels import district_map
from dashboard.panels.shapes import pairs, table
from dashboard.panels.shapes.ranked import short
from dashboard.panels.shapes.table import Cell, Column
from dashboard.theme import RANK_NUMERALS, RANK_WORDS
from dashboard.wall.asking import Asking
from dashboard.wall.content_matters import waters
from dashboard.wall.content_water import stations
from dashboard.wall.panel import Panel
from dashboard.wall.water import over_warning

WEATHER, PUMPS, SUPPLIES = ("weather",), ("pump_gate",), ("flood_supplies",)
KINDS = {"pump": "泵站", "gate": "闸站"}
WAITING = "待命"


def warned(ask: Asking) -> table.Facts:
    """Every weather warning in force: kind, rank by numeral and word, since when."""
    rows = [
        row
        for row in ask.rows("weather_warnings", {"as_of": ask.as_of})
        if row["rank"] in RANK_WORDS and (row["ends_at"] is None or row["ends_at"] > ask.now)
    ]
    shown = tuple(
        (
            Cell(f"{row['kind']}预警", "strong"),
            Cell(f"{RANK_NUMERALS[row['rank']]}级 {RANK_WORDS[row['rank']]}"),
            Cell(wording.moment(row["issued_at"], ask.today), "muted"),
        )
        for row in rows
    )
    heads = (Column("预警", 6), Column("级别", 5), Column("发布", 6, right=True))
    return table.Facts(heads, shown, len(shown), "项", "生效中", nothing="无生效气象预警")


def pumps(ask: Asking) -> table.Facts:
    """Pump and gate stations: those that run or are broken first."""
    rows = ask.rows("pump_latest")
    order = sorted(rows, key=lambda r: (not r["fault"], not r["running"], r["kind"], r["station"]))
    shown = tuple(
        (
            Cell(short(row["name"]), "strong"),
            Cell(f"{row['running'] or 0} / {row['installed'] or 0}"),
            Cell(f"{wording.fixed(row['outer_m'], 2)}"),
            Cell("故障", "pill") if row["fault"] else Cell(*_running(row["running"])),
        )
        for row in order
    )
    heads = (
        Column("站名", 8),
        Column("开启", 3.6, right=True),
        Column("外水位 m", 5, right=True),
        Column("状态", 3.6, right=True),
    )
    running = sum(1 for row in rows if row["running"])
    broken = sum(1 for row in rows if row["fault"])
    below = f"开启 {running} 座 · 故障 {broken} 座"
    seen = max((row["observed_at"] for row in rows), default=None)
    return table.Facts(heads, shown, len(shown), "座", "泵站、闸站", below, of=seen)


def _running(count: int | None) -> tuple[str, str]:
    return ("运行", "strong") if count else ("停", "muted")


def teams(ask: Asking) -> table.Facts:
    """Teams: those that are out first, with their people and pumps."""
    rows = ask.rows("team_states")
    shown = tuple(
        (
            Cell(short(row["team"]), "strong"),
            Cell(f"{row['members'] or 0} 人"),
            Cell(f"{row['pumps'] or 0} 台"),
            Cell(row["state"] or wording.NONE, "muted" if row["state"] == WAITING else "strong"),
        )
        for row in rows
    )
    heads = (
        Column("队伍", 9),
        Column("人员", 3.4, right=True),
        Column("水泵", 3.2, right=True),
        Column("状态", 3.4, right=True),
    )
    out = sum(1 for row in rows if row["state"] != WAITING)
    people = sum(row["members"] or 0 for row in rows)
    below = f"出动 {out} 支 · 共 {people} 人"
    seen = max((row["updated_at"] for row in rows if row["updated_at"]), default=None)
    return table.Facts(heads, shown, len(shown), "支", "排涝、抢险", below, of=seen)


def supplies(ask: Asking) -> table.Facts:
    """Supplies below their quota, the largest gap first."""
    ready = ask.metric("supplies_ready", ask.today, ask.today)
    rows = ask.rows("supplies_short")
    shown = tuple(
        (
            Cell(short(row["item"]), "strong"),
            Cell(short(row["store"]), "muted"),
            Cell(f"{wording.decimal(row['qty'], 1)} / {wording.decimal(row['quota'], 1)}"),
        )
        for row in rows
    )
    heads = (Column("物资", 5), Column("仓库", 8), Column("库存/定额", 6, right=True))
    pair = f"达标 {ready.numerator or 0} / {ready.denominator or 0} 项"
    return table.Facts(heads, shown, len(shown), "项不足", pair, nothing="全部达到储备定额")


def ready(ask: Asking) -> pairs.Facts:
    """What stands ready, in figures."""
    every = stations(ask)
    team = ask.rows("team_states")
    works = ask.rows("pump_latest")
    stocked = ask.metric("supplies_ready", ask.today, ask.today)
    lift = sum(row["pump_m3h"] or 0 for row in team)
    pump = [row for row in works if row["kind"] == "pump"]
    sound = sum(1 for row in pump if not row["fault"])
    waiting = sum(1 for row in team if row["state"] == WAITING)
    told = (
        ("超警戒站", f"{over_warning(every)} / {len(every)} 站"),
        ("泵站完好", f"{sound} / {len(pump)} 座"),
        ("待命队伍", f"{waiting} / {len(team)} 支"),
        ("移动水泵", f"{sum(row['pumps'] or 0 for row in team)} 台"),
        ("排涝能力", f"{wording.fixed(lift)} m³/h"),
        ("物资达标", f"{stocked.numerator or 0} / {stocked.denominator or 0} 项"),
    )
    return pairs.Facts(told, "此刻", columns=3)


def soaked(ask: Asking) -> table.Facts:
    """Rain of each gauge station, the wettest first."""
    known = [one for one in stations(ask) if one.rain_24h_mm is not None]
    order = sorted(known, key=lambda one: (-(one.rain_24h_mm or 0.0), one.name))
    shown = tuple(
        (
            Cell(short(one.name), "strong"),
            Cell(wording.fixed(one.rain_1h_mm, 1)),
            Cell(wording.fixed(one.rain_24h_mm, 1), "strong"),
        )
        for one in order
    )
    heads = (
        Column("测站", 8),
        Column("1 小时 mm", 5.5, right=True),
        Column("24 小时 mm", 6, right=True),
    )
    return table.Facts(heads, shown, len(shown), "站", "各站雨量")


PANELS: Mapping[str, Panel] = {
    "flood_warnings": Panel("气象预警", table.view, warned, WEATHER, ("weather_warnings",)),
    "flood_map": Panel("河湖水位", district_map.view, waters, ("gauge",), ("gauge_latest",)),
    "pumps": Panel("泵站闸站", table.view, pumps, PUMPS, ("pump_latest",)),
    "flood_teams": Panel("排涝抢险队伍", table.view, teams, SUPPLIES, ("team_states",)),
    "supplies": Panel(
        "防汛物资", table.view, supplies, SUPPLIES, ("supplies_ready", "supplies_short")
    ),
    "flood_ready": Panel(
        "备汛力量", pairs.view, ready, ("flood_supplies", "pump_gate", "gauge"),
        ("gauge_latest", "team_states", "pump_latest", "supplies_ready"),
    ),
    "station_rain": Panel("测站雨量", table.view, soaked, ("gauge",), ("gauge_latest",)),
}  # fmt: skip
