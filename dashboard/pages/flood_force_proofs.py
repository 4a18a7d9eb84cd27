"""The proofs of what stands ready: one team, store or station in full, and all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from config.errors import ConfigError
from config.flood_plans import FloodPlan, load_flood_plans
from dashboard import wording
from dashboard.pages import flood_forces, own_proof
from dashboard.pages.flood_forces import KINDS, READY, SOUND, Row
from dashboard.pages.marks import door, due_tag, link
from dashboard.pages.own_proof import Make, OwnProof
from dashboard.pages.reading import Glass
from dashboard.pages.watched import noted

_FACTS: Final = ("项目", "内容")


def teams(glass: Glass) -> OwnProof:
    """All teams, of which people, pumps and what they lift are the sums."""
    rows = flood_forces.teams(glass)
    out = sum(1 for row in rows if row["state"] in flood_forces.OUT)
    return OwnProof(
        title="防汛队伍",
        shown=f"在外 {out} 支，共 {len(rows)} 支",
        heads=("队伍", "类别", "状态", "人数", "泵 台", "m³/h"),
        rows=[
            [
                _opens(glass, f"team/{row['team_code']}", row["team"]),
                str(row["kind"] or ""),
                flood_forces.state(row),
                wording.count(row["members"]),
                wording.count(row["pumps"]),
                wording.fixed(row["pump_m3h"]),
            ]
            for row in rows
        ],
        numbers=(3, 4, 5),
        meaning="防汛物资平台最近一次报来的队伍；在外指出动、作业；人数、泵、排涝能力为各行之和",
        caption=(f"{len(rows)} 支", "在外的在前"),
    )


def lift(glass: Glass) -> OwnProof:
    """What the pumps of all teams lift: the sum over their rows."""
    found = teams(glass)
    total = sum(row["pump_m3h"] or 0 for row in flood_forces.teams(glass))
    return replace(found, title="排涝能力", shown=f"{wording.fixed(total)} m³/h")


def team(glass: Glass) -> OwnProof | None:
    """One team: where it is, what it does, what the plans ask of it, whom to ring."""
    code = own_proof.chosen(glass)
    row = next((one for one in flood_forces.teams(glass) if one["team_code"] == code), None)
    if row is None:
        return None
    facts = [
        ["编号", code],
        ["类别", str(row["kind"] or wording.NONE)],
        ["状态", flood_forces.state(row)],
        ["所在社区（村）", glass.data.site.community_name(row["community"])],
        ["任务点位", str(row["point"] or "驻地")],
        ["人数", f"{wording.count(row['members'])} 人"],
        ["移动泵", f"{wording.count(row['pumps'])} 台，{wording.fixed(row['pump_m3h'])} m³/h"],
        ["状态时间", wording.moment(row["updated_at"], glass.today)],
        ["联系", flood_forces.contact(glass, "flood_supplies")],
        *_tasks(glass, code),
        *_on_map(glass, "team", code),
    ]
    return OwnProof(
        title=str(row["team"] or code),
        shown=str(row["state"] or wording.NONE),
        heads=_FACTS,
        rows=facts,
        numbers=(),
        meaning="防汛物资平台最近一次报来的这支队伍；预案任务为各站响应预案所写。"
        "队长姓名、电话是个人信息，不在这里；请联系管表的单位",
        caption=("这支队伍", ""),
    )


def _opens(glass: Glass, name: str, shown: object) -> Any:
    """The way from the list of all to one of them."""
    return link(str(shown), own_proof.href(glass, name), "underlined")


def _tasks(glass: Glass, code: str) -> list[list[Any]]:
    """What the response plans of the gauges ask of a team, station by station."""
    names = {station.code: station.name for station in glass.data.thresholds.stations}
    return [
        [
            "预案任务",
            [
                link(names.get(station, station), f"/flood?station={station}", "underlined"),
                f"：{each.task}（{each.at}）",
            ],
        ]
        for station, plan in _plans().items()
        for each in plan.teams
        if each.code == code
    ]


def _plans() -> Mapping[str, FloodPlan]:
    """The plans; a file that cannot be read leaves out what it says, not the team."""
    try:
        return load_flood_plans()
    except ConfigError as error:
        noted(error)
        return {}


def _on_map(glass: Glass, layer: str, number: str) -> list[list[Any]]:
    href = flood_forces.to_map(glass, layer, number)
    return [["位置", "没有坐标" if href is None else link("在地图上看 →", href, "underlined")]]


def store(glass: Glass) -> OwnProof | None:
    """One store: every item that has a quota, what lacks first."""
    code = own_proof.chosen(glass)
    one = next((each for each in flood_forces.stores(glass) if each.code == code), None)
    if one is None:
        return None
    where = glass.data.site.community_name(one.community or None)
    (place,) = _on_map(glass, "store", code)
    return OwnProof(
        title=f"{one.name} · {where}",
        shown=f"达标 {wording.ratio(one.full, len(one.items))} 项",
        heads=("物资", "库存/定额", "", "有效期至", "最近检查"),
        rows=[
            *[_item(glass, row) for row in one.items],
            [place[0], place[1], "", "", ""],
        ],
        numbers=(1,),
        meaning="防汛物资平台最近一次报来的库存；库存不低于储备定额为达标，未定定额的不列。"
        f"联系 {flood_forces.contact(glass, 'flood_supplies')}；"
        "保管员姓名、电话是个人信息，不在这里",
        caption=(f"{len(one.items)} 项", "缺得多的在前"),
    )


def _item(glass: Glass, row: Row) -> list[Any]:
    is_old = row["expires_on"] is not None and row["expires_on"] < glass.today
    said = [
        due_tag("不足", over=True) if flood_forces.is_short(row) else None,
        due_tag("过期", over=False) if is_old else None,
    ]
    return [
        str(row["item"]),
        flood_forces.held(row),
        [one for one in said if one is not None],
        wording.full_day(row["expires_on"]),
        wording.day(row["checked_on"]),
    ]


def works(glass: Glass) -> OwnProof:
    """All pump and gate stations as they stand now."""
    rows = flood_forces.works(glass)
    broken = sum(1 for row in rows if row["fault"])
    return OwnProof(
        title="泵站、闸站",
        shown=f"故障 {broken} 座，共 {len(rows)} 座",
        heads=("站", "", "状态", "监测"),
        rows=[
            [
                _opens(glass, f"work/{row['station']}", row["name"]),
                KINDS[row["kind"]],
                flood_forces.running(glass, row),
                wording.moment(row["observed_at"], glass.today),
            ]
            for row in rows
        ],
        numbers=(),
        meaning="每座站最近一次监测；通信中断、断电均算故障",
        caption=(f"{len(rows)} 座", "故障、停更的在前"),
    )


def work(glass: Glass) -> OwnProof | None:
    """One station: its last reading, and how sound it was over the page's days."""
    code = own_proof.chosen(glass)
    row = next((one for one in flood_forces.works(glass) if one["station"] == code), None)
    if row is None:
        return None
    unit = "台" if row["kind"] == "pump" else "孔"
    return OwnProof(
        title=str(row["name"] or code),
        shown=KINDS[row["kind"]],
        heads=_FACTS,
        rows=[
            ["编码", code],
            ["状态", flood_forces.running(glass, row)],
            ["开启", f"{wording.count(row['running'])}/{wording.count(row['installed'])} {unit}"],
            ["上水位", f"{wording.fixed(row['inner_m'], 2)} m"],
            ["下水位", f"{wording.fixed(row['outer_m'], 2)} m"],
            ["流量", f"{wording.fixed(row['flow_m3s'], 1)} m³/s"],
            ["监测", wording.moment(row["observed_at"], glass.today)],
            *_soundness(glass, row),
            *_served(glass, code),
            ["联系", flood_forces.contact(glass, "pump_gate")],
        ],
        numbers=(),
        meaning="这座站最近一次监测；完好率为统计期内各次监测中无故障的比例，只算泵站",
        caption=("最近一次监测", ""),
    )


def _soundness(glass: Glass, row: Row) -> list[list[Any]]:
    """How often it was sound over the page's days: its own rows of the metric."""
    if row["kind"] != "pump":
        return []
    span = glass.want.span
    own = [
        each
        for each in glass.rows(SOUND, span.first, span.last, limit=_MOST).rows
        if str(each["key"]).partition("/")[0] == row["station"]
    ]
    num, den = (sum(each[name] or 0 for each in own) for name in ("num", "den"))
    shown = f"{wording.rate(num, den)}（{wording.count(num)}/{wording.count(den)} 次）"
    href = glass.doors.to(SOUND, span.first, span.last)
    return [["本期完好率", door(shown, href, about="完好率")]]


def _served(glass: Glass, code: str) -> list[list[Any]]:
    """The gauges whose plans count on it."""
    names = {station.code: station.name for station in glass.data.thresholds.stations}
    return [
        ["预案所属站", link(names.get(station, station), f"/flood?station={station}", "underlined")]
        for station, plan in _plans().items()
        if code in plan.pumps
    ]


_MOST: Final = 5_000  # a dozen stations over a year
PROOFS: Final[Mapping[str, Make]] = {
    "teams": teams,
    "lift": lift,
    "team": team,
    "store": store,
    "works": works,
    "work": work,
}
METRICS: Final = (READY, SOUND)
