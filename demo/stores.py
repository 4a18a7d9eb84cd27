"""Flood stores and teams of the town: what lies where, and where the teams stand at any moment."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import xlsxwriter

from config.site import load_site
from demo import sky
from demo.dice import dice, spot_in
from demo.people import person, stem
from demo.town import Town

Cell = str | float | datetime | date | None
# item: code, name, specification, unit, quota of a large store, years it keeps
ITEMS = (
    ("FX0101", "编织袋", "55×95cm", "条", 12000, 3),
    ("FX0102", "麻袋", "74×107cm", "条", 2000, 3),
    ("FX0103", "土工布", "400g/m²", "m²", 3000, 5),
    ("FX0201", "块石", "20-40cm", "m³", 300, 0),
    ("FX0202", "砂石料", "中粗砂", "m³", 240, 0),
    ("FX0203", "木桩", "φ12cm×4m", "根", 600, 4),
    ("FX0301", "移动排涝泵", "200m³/h", "台", 6, 8),
    ("FX0302", "柴油发电机", "30kW", "台", 3, 8),
    ("FX0303", "移动照明灯", "LED 4×500W", "套", 8, 6),
    ("FX0401", "救生衣", "成人", "件", 200, 4),
    ("FX0402", "救生圈", "2.5kg", "只", 60, 4),
    ("FX0403", "橡皮艇", "6人", "艘", 3, 6),
    ("FX0404", "冲锋舟", "5.2m 40马力", "艘", 2, 8),
    ("FX0501", "雨衣雨靴", "均码", "套", 240, 4),
    ("FX0502", "铁锹", "尖头", "把", 300, 6),
)
# store: code, name, community, share of the quota
STORES = (
    ("CK01", "街道防汛物资中心仓库", "320117005001", 1.0),
    ("CK02", "渔浦圩堤物资点", "320117005204", 0.5),
    ("CK03", "苇荡圩物资点", "320117005006", 0.4),
    ("CK04", "松涧水库物资点", "320117005203", 0.3),
)
# team: code, name, kind, members, pumps, m³/h in all, home community
TEAMS = (
    ("PL01", "街道应急排涝一队", "排涝", 18, 4, 1600, "320117005001"),
    ("PL02", "街道应急排涝二队", "排涝", 16, 3, 1200, "320117005005"),
    ("PL03", "水务站机动泵队", "排涝", 10, 3, 2400, "320117005006"),
    ("QX01", "民兵抢险突击队", "抢险", 40, 0, 0, "320117005001"),
    ("QX02", "渔浦村圩堤抢险队", "抢险", 32, 1, 200, "320117005204"),
    ("QX03", "松涧村抢险队", "抢险", 24, 1, 200, "320117005203"),
    ("QX04", "鹭汀社区抢险队", "抢险", 26, 1, 200, "320117005007"),
    ("XL01", "电力抢修队", "保障", 12, 0, 0, "320117005004"),
)
SUPPLY_HEAD = (
    "仓库编号", "仓库名称", "所在社区编码", "物资编码", "物资名称", "规格型号", "计量单位",
    "库存数量", "储备定额", "保管员", "保管员电话", "有效期至", "最近检查日期", "经度", "纬度",
    "更新时间",
)  # fmt: skip
TEAM_HEAD = (
    "队伍编号", "队伍名称", "队伍类别", "队长", "队长电话", "人数", "排涝泵", "排涝能力(m³/h)",
    "队伍状态", "任务点位", "社区编码", "当前经度", "当前纬度", "状态时间",
)  # fmt: skip
WET_MM = 40.0  # from this much rain a day the teams go out
POINTS = ("下穿通道", "易涝点", "圩口", "泵站", "闸口", "低洼小区")


class Turn(NamedTuple):
    """One issue of the file: when it was made, what the teams do."""

    at: datetime
    doing: str


def turns(town: Town, day: date) -> list[Turn]:
    """The issues of one day: Mondays, and the hours of a heavy rain and the morning after."""
    days_after = ((day - begins.date()).days for begins, _ in town.storms())
    if any(0 <= n <= 2 for n in days_after):
        return [turn for turn in _in_storm(town) if turn.at.date() == day]
    found = []
    if sky.rain_on(town, day - timedelta(days=1)) >= WET_MM:
        found.append(Turn(datetime.combine(day, time(7, 40)), "归队"))
        found.append(Turn(datetime.combine(day, time(11, 20)), "待命"))
    elif day.weekday() == 0:
        found.append(Turn(datetime.combine(day, time(8, 10)), "待命"))
    if sky.rain_on(town, day) >= WET_MM:
        found.append(Turn(datetime.combine(day, time(13, 25)), "出动"))
        found.append(Turn(datetime.combine(day, time(15, 50)), "作业"))
    return found


def _in_storm(town: Town) -> Iterator[Turn]:
    """The issues of a storm: out as the water rises, at work through the night, home after it."""
    for begins, storm in town.storms():
        rises = begins + timedelta(hours=storm.rise_from)
        end = begins + timedelta(hours=len(storm.rain))
        for hours, doing in ((0.75, "出动"), (2.5, "作业"), (5, "作业"), (7.5, "作业")):
            yield Turn(rises + timedelta(hours=hours), doing)
        yield Turn(end + timedelta(hours=2), "归队")
        yield Turn(end + timedelta(hours=6), "待命")


def supplies(town: Town, turn: Turn) -> Iterator[tuple[Cell, ...]]:
    """One row for each item of each store as of an issue."""
    for number, (store, label, community, share) in enumerate(STORES):
        keeper = person(community, 31 + number)
        rng = dice(town, f"store {store}", town.first)
        place = spot_in(rng, community)
        for code, item, spec, unit, quota, years in ITEMS:
            wanted = max(1, round(quota * share))
            week = turn.at.date() - timedelta(days=turn.at.weekday())
            moved = dice(town, f"stock {store} {code}", week)
            short = moved.random() < 0.1
            used = 0.12 if turn.doing in ("作业", "归队") and years else 0.0
            held = wanted * (moved.uniform(0.6, 0.95) if short else moved.uniform(1.0, 1.25))
            made = town.first - timedelta(days=rng.randrange(30, 900))
            expires = made + timedelta(days=365 * years)
            while years and expires < turn.at.date() - timedelta(days=60):
                expires += timedelta(days=365 * years)  # what has run out is replaced in time
            yield (
                store, label, community, code, item, spec, unit,
                float(max(0, round(held * (1 - used)))), float(wanted),
                keeper.name, keeper.phone, expires if years else None,
                week - timedelta(days=moved.randrange(1, 6)), *place, turn.at,
            )  # fmt: skip


def teams(town: Town, turn: Turn) -> Iterator[tuple[Cell, ...]]:
    """One row for each team as of an issue; not all go out."""
    communities = {c.code: c for c in load_site().communities}
    for number, (code, label, kind, members, pumps, flow, home) in enumerate(TEAMS):
        rng = dice(town, f"team {code}", turn.at.date())
        goes = kind == "排涝" or rng.random() < 0.5
        where = rng.choice(list(communities)) if goes and turn.doing in ("出动", "作业") else home
        state = turn.doing if goes else "待命"
        leader = person(home, 61 + number)
        away = f"{stem(communities[where])}{rng.choice(POINTS)}"
        point = away if state in ("出动", "作业") else None
        yield (
            code, label, kind, leader.name, leader.phone, float(members), float(pumps),
            float(flow), state, point, where, *spot_in(rng, where), turn.at,
        )  # fmt: skip


def workbook(town: Town, turn: Turn) -> bytes:
    """The file of one issue."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True, "align": "center"})
    stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for title, head, rows in (
        ("物资库存", SUPPLY_HEAD, supplies(town, turn)),
        ("排涝队伍", TEAM_HEAD, teams(town, turn)),
    ):
        page = book.add_worksheet(title)
        page.merge_range(0, 0, 0, len(head) - 1, f"洪蓝街道防汛{title}", bold)
        page.write_row(1, 0, head, bold)
        for line, row in enumerate(rows, 2):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    page.write_datetime(line, column, value, stamp)
                elif isinstance(value, date):
                    page.write_datetime(line, column, datetime.combine(value, time()), day)
                elif value is not None:
                    page.write(line, column, value)
    book.close()
    return buffer.getvalue()
