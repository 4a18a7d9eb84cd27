"""Who and what stands ready for a flood: teams, stores, pumps and gates as last reported.

They are of this minute whatever days the page shows; who leads a team or keeps a store is personal
and stands nowhere here: one rings the office that keeps the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from dash import html

from dashboard import wording
from dashboard.pages import frame, own_proof
from dashboard.pages.marks import columns, due_tag, link
from dashboard.pages.reading import Glass, pair_of
from dashboard.pages.watched import until
from dashboard.panels import tiles

Row = Mapping[str, Any]
READY, SOUND = "supplies_ready", "pump_sound_rate"
SUPPLIES: Final = ("flood_supplies",)
PUMPS: Final = ("pump_gate",)
OUT: Final = ("出动", "作业")  # the others wait or are on their way home
KINDS: Final = {"pump": "泵站", "gate": "闸站"}
_NAMED: Final = 3  # items that a store's row names before it only counts them


@dataclass(frozen=True, slots=True)
class Store:
    """One store: where it is and what lies there, the shortest first."""

    code: str
    name: str
    community: str
    items: tuple[Row, ...]

    @property
    def short(self) -> tuple[Row, ...]:
        """What lies below its quota."""
        return tuple(row for row in self.items if is_short(row))

    @property
    def full(self) -> int:
        """How many items reach their quota."""
        return len(self.items) - len(self.short)


def is_short(row: Row) -> bool:
    """Whether less lies there than the standard asks for; what nobody counted is not there."""
    return row["qty"] is None or row["qty"] < row["quota"]


def teams(glass: Glass) -> Sequence[Row]:
    """The teams, those that are out first."""
    return glass.query("team_states")


def stores(glass: Glass) -> list[Store]:
    """The stores by their code."""
    found: dict[str, list[Row]] = {}
    for row in glass.query("supply_stock"):
        found.setdefault(str(row["store_code"]), []).append(row)
    return [
        Store(
            code,
            str(rows[0]["store"] or code),
            str(rows[0]["community"] or ""),
            tuple(sorted(rows, key=lambda row: (row["qty"] or 0) / row["quota"])),
        )
        for code, rows in found.items()
    ]


def works(glass: Glass) -> list[Row]:
    """Pump and gate stations: broken before silent before running, each by its code."""
    rows = glass.query("pump_latest")
    return sorted(
        rows,
        key=lambda row: (
            not row["fault"],
            not silent(glass, row),
            not row["running"],
            row["kind"] == "gate",
            str(row["station"]),
        ),
    )


def silent(glass: Glass, row: Row) -> timedelta | None:
    """How long a station has not been heard, past the limit of its platform."""
    feed = glass.feed(*PUMPS)
    limit = feed.limit if feed and feed.limit else timedelta(hours=1)
    heard: datetime = row["observed_at"]
    if glass.at - heard > limit:
        return glass.now - heard
    until(heard + limit + timedelta(microseconds=1))  # it falls silent by the clock alone
    return None


def contact(glass: Glass, key: str) -> str:
    """Whom to ring: the office that reports to this platform, a post and never a person."""
    platform = glass.data.platforms.get(key)
    return "" if platform is None else f"{platform.owner} {platform.phone}"


def to_map(glass: Glass, layer: str, number: str) -> str | None:
    """The map with this very one marked; None where the reader's map does not have it."""
    for row in glass.query("map_forces"):
        if (row["layer"], row["number"]) == (layer, number) and None not in (
            row["lng"], row["lat"],
        ):  # fmt: skip
            return f"/map?layers={layer}&thing={layer}:{quote(number, safe='')}"
    return None


def _map_link(glass: Glass, layer: str, number: str, name: str) -> Any:
    href = to_map(glass, layer, number)
    if href is None:
        return ""
    shown = link("图", href, "underlined")
    setattr(shown, "aria-label", f"在地图上看{name}")
    return shown


def ready(glass: Glass) -> Any:
    """What stands ready, in figures."""
    return tiles.view(_ready(glass))


def _ready(glass: Glass) -> list[tiles.Tile]:
    span, every = glass.want.span, teams(glass)
    out = [row for row in every if row["state"] in OUT]
    stock = glass.metric(READY, span.today, span.today)
    sound = glass.now_of(SOUND)
    num, den = pair_of(sound)
    broken = sum(1 for row in works(glass) if row["fault"])
    pumps = sum(row["pumps"] or 0 for row in every)
    lift = sum(row["pump_m3h"] or 0 for row in every)
    worst = min(
        (row for store in stores(glass) for row in store.short),
        key=lambda row: (row["qty"] or 0) / row["quota"],
        default=None,
    )
    held, wanted = pair_of(stock)
    return [
        tiles.Tile(
            name="在外队伍",
            shown=str(len(out)),
            unit=f"支，共 {len(every)} 支",
            href=own_proof.href(glass, "teams"),
            extra=_note(f"在外 {_people(out)} 人，共 {_people(every)} 人"),
        ),
        tiles.Tile(
            name="排涝能力",
            shown=wording.fixed(lift),
            unit="m³/h",
            href=own_proof.href(glass, "lift"),
            extra=_note(f"各队移动泵 {pumps} 台"),
        ),
        tiles.Tile(
            name="物资达标",
            shown=wording.ratio(held, wanted),
            unit="项",
            href=glass.doors.to(READY, span.today, span.today),
            extra=_note("均足额" if worst is None else f"最缺 {_lack(worst)}"),
        ),
        tiles.Tile(
            name="泵站完好率",
            shown=wording.rate(num, den),
            fraction="" if wording.is_small(den) else f"{wording.ratio(num, den)} 次",
            href=glass.doors.to(SOUND, span.first, span.last),
            extra=_note(f"此刻故障 {broken} 座" if broken else "此刻无故障"),
        ),
    ]


def _note(words: str) -> list[Any]:
    return [html.Div(words, className="tile-note")]


def _people(rows: Sequence[Row]) -> int:
    return sum(row["members"] or 0 for row in rows)


def _lack(row: Row) -> str:
    """编织袋 4800/6000 条."""
    return f"{row['item']} {held(row)}"


def held(row: Row) -> str:
    """What lies there against the quota, with its measure."""
    pair = f"{wording.decimal(row['qty'], 1)}/{wording.decimal(row['quota'], 1)}"
    return f"{pair} {row['measure'] or ''}".rstrip()


def team_list(glass: Glass) -> Any:
    """Teams: where, how many, what they do; each opens."""
    rows = teams(glass)
    if not rows:
        return frame.empty("没有报来的队伍", "防汛物资平台的表到后自动显示。")
    return _table([_team(glass, row) for row in rows], _TEAM_HEADS, (3, 4))


_TEAM_HEADS: Final = ("队伍", "所在社区（村）", "任务点位", "人数", "泵 台", "状态", "状态时间", "")


def _team(glass: Glass, row: Row) -> list[Any]:
    code, name = str(row["team_code"]), str(row["team"] or row["team_code"])
    return [
        link(name, own_proof.href(glass, f"team/{code}"), "underlined"),
        glass.data.site.community_name(row["community"]),
        str(row["point"] or "驻地"),
        wording.count(row["members"]),
        wording.count(row["pumps"]),
        state(row),
        wording.moment(row["updated_at"], glass.today),
        _map_link(glass, "team", code, name),
    ]


def state(row: Row) -> Any:
    """A team's state, strong where it is out."""
    word = str(row["state"] or wording.NONE)
    return html.B(word) if word in OUT else word


def store_list(glass: Glass) -> Any:
    """Stores: what of each reaches its quota, and what lacks; each opens."""
    rows = stores(glass)
    if not rows:
        return frame.empty("没有报来的物资点", "防汛物资平台的表到后自动显示。")
    return _table([_store(glass, one) for one in rows], _STORE_HEADS, (2,))


_STORE_HEADS: Final = ("物资点", "社区（村）", "达标 项", "不足（库存/定额）", "")


def _store(glass: Glass, one: Store) -> list[Any]:
    told = "、".join(_lack(row) for row in one.short[:_NAMED]) or "均足额"
    rest = len(one.short) - _NAMED
    return [
        link(one.name, own_proof.href(glass, f"store/{one.code}"), "underlined"),
        glass.data.site.community_name(one.community or None),
        wording.ratio(one.full, len(one.items)),
        f"{told}等 {len(one.short)} 种" if rest > 0 else told,
        _map_link(glass, "store", one.code, one.name),
    ]


def work_list(glass: Glass) -> Any:
    """Pump and gate stations: what runs, what is broken, the water on both sides; each opens."""
    rows = works(glass)
    if not rows:
        return frame.empty("没有报来的泵站、闸站", "泵站闸门平台的数据到后自动显示。")
    return _table([_work(glass, row) for row in rows], _WORK_HEADS, (2, 3, 4, 5))


_WORK_HEADS: Final = (
    "站", "", "开启", "上水位 m", "下水位 m", "流量 m³/s", "状态", "监测",
)  # fmt: skip


def _work(glass: Glass, row: Row) -> list[Any]:
    name = str(row["name"] or row["station"])
    return [
        link(name, own_proof.href(glass, f"work/{row['station']}"), "underlined"),
        KINDS[row["kind"]],
        f"{wording.count(row['running'])}/{wording.count(row['installed'])}",
        wording.fixed(row["inner_m"], 2),
        wording.fixed(row["outer_m"], 2),
        wording.fixed(row["flow_m3s"], 1),
        running(glass, row),
        wording.moment(row["observed_at"], glass.today),
    ]


def running(glass: Glass, row: Row) -> Any:
    """What a station does: a fault or its silence before anything it said of itself."""
    if row["fault"]:
        return due_tag(str(row["fault"]), over=True)
    quiet = silent(glass, row)
    if quiet is not None:
        return due_tag(f"断 {wording.age(quiet)}", over=True)
    if row["running"]:
        return html.B("运行" if row["kind"] == "pump" else "开闸")
    return "停" if row["kind"] == "pump" else "关闸"


def _table(rows: list[list[Any]], heads: Sequence[str], numbers: Sequence[int]) -> Any:
    return html.Div(columns(rows, heads=heads, numbers=numbers), className="case-list")
