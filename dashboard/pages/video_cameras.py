"""The cameras of this minute: how many are on, by owner and place, and those that are off."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from dash import html

from dashboard import wording
from dashboard.pages import frame, own_proof
from dashboard.pages.marks import bar, columns, door, link, pair
from dashboard.pages.own_proof import Make, OwnProof
from dashboard.pages.reading import Glass, by_key, pair_of
from dashboard.pages.subject import beside
from dashboard.pages.subject.beside import Beside
from dashboard.pages.subject.part import Part
from dashboard.panels import tiles

RATE: Final = "camera_online_rate"
_MOST: Final = 20_000  # cameras of a street are hundreds
_LISTED: Final = 12
_ON, _OFF, _UNKNOWN = "在线", "离线", "未登记"
_COLUMNS: Final = {"unit": "owner", "community": "community"}
Row = Mapping[str, Any]


def cameras(glass: Glass) -> list[Row]:
    """Every camera the reader may see, within the page's filters; those off longest in front."""
    rows = glass.query("camera_list", limit=_MOST)
    want = glass.want.filters
    tests = (("community", "community"), ("owner", "unit"), ("industry", "class"))
    return [
        row for row in rows if all(want.get(name) in (None, row[column]) for column, name in tests)
    ]


def off(glass: Glass) -> list[Row]:
    """The cameras that are off, the longest first."""
    return [row for row in cameras(glass) if row["state"] == _OFF]


def tile(glass: Glass) -> tiles.Tile:
    """在线 559/568 路 of this minute."""
    rows = cameras(glass)
    on = sum(row["state"] == _ON for row in rows)
    dark = len(off(glass))
    unknown = len(rows) - on - dark
    rest = f"，状态不明 {unknown} 路" if unknown else ""
    return tiles.Tile(
        name="此刻在线",
        shown=wording.ratio(on, len(rows)),
        unit="路",
        basis="在线/登记",
        href=own_proof.href(glass, "now"),
        extra=[html.Div(f"离线 {dark} 路{rest}", className="tile-note")],
    )


def now_part(area: str) -> Part:
    """How many are on, as a panel of its own."""
    return Part(area, "摄像机", lambda glass: tiles.view([tile(glass)]), basis="此刻")


def grouped(area: str, title: str, by: str) -> Part:
    """Cameras on now by owner (unit) or place, with the period's rate of time beside them."""
    column = _COLUMNS[by]
    return Part(
        area,
        title,
        partial(_grouped, by=by, column=column),
        (RATE,),
        basis="按名称顺序，不排名" if by == "unit" else "按地名顺序，不排名",
        beside=Beside(beside.split(RATE, by), (by, "grid" if by == "community" else by)),
    )


def _grouped(glass: Glass, *, by: str, column: str) -> Any:
    counts: dict[str, list[int]] = {}
    for row in cameras(glass):
        name = str(row[column] or "")
        found = counts.setdefault(name, [0, 0])
        found[0] += row["state"] == _ON
        found[1] += 1
    if not counts:
        return frame.empty("没有登记的摄像机", "放宽筛选再看。")
    span, scale = glass.want.span, max(total for _, total in counts.values())
    rates = by_key(glass.now_of(RATE, by).series)
    names = glass.want.options.get(by, {})
    rows = []
    for key in sorted(counts, key=lambda one: (not one, one)):
        on, total = counts[key]
        shown = names.get(key, key) or _UNKNOWN
        rate = wording.rate(*pair_of(rates.get(key)))
        rows.append(
            [
                link(shown, glass.state.toggled(by, key).href, "quiet") if key else shown,
                bar(on, total, scale, pair(on, total, _of(glass, by, key), shown)),
                door(rate, glass.doors.to(RATE, span.first, span.last, **{by: key}), about=shown)
                if key in rates
                else rate,
            ]
        )
    return html.Div(
        columns(rows, heads=("", "此刻在线/登记 路", "本期在线率"), numbers=(2,)),
        className="case-list",
    )


def _of(glass: Glass, by: str, key: str) -> str:
    """The proof of one group's figure: its own cameras."""
    return own_proof.href(glass, f"now/{by}:{key}")


def off_part(area: str) -> Part:
    """The list of those that are off."""
    return Part(area, "离线的摄像机", _off, basis="离线久的在前", aside=_count)


def _count(glass: Glass) -> str:
    return f"{len(off(glass))} 路"


def _off(glass: Glass) -> Any:
    found = off(glass)
    if not found:
        return html.P("摄像机全部在线。", className="nothing")
    rest = len(found) - _LISTED
    more: Any = None
    if rest > 0:
        every = link(f"看全部 {len(found)} 路 →", own_proof.href(glass, "off"), "underlined")
        more = html.Div([f"先列 {_LISTED} 路 ", every], className="case-foot")
    return [html.Div(_table(glass, found[:_LISTED]), className="case-list"), more]


def _table(glass: Glass, rows: list[Row]) -> Any:
    return columns([_line(glass, row) for row in rows], heads=_HEADS)


_HEADS: Final = ("点位", "归属", "社区（村）", "离线自", "已离线")


def _line(glass: Glass, row: Row) -> list[Any]:
    since = row["changed_at"]
    return [
        str(row["name"] or row["camera_no"]),
        str(row["owner"] or _UNKNOWN),
        str(row["community_name"] or "未定到村"),
        wording.NONE if since is None else wording.moment(since, glass.today),
        wording.NONE if since is None else wording.age(glass.now - since),
    ]


def _proof(glass: Glass, rows: list[Row], title: str, shown: str, meaning: str) -> OwnProof:
    lines = [[*_line(glass, row), str(row["state"] or "不明")] for row in rows]
    return OwnProof(
        title=title,
        shown=shown,
        heads=(*_HEADS[:3], "状态自", "已", "状态"),
        rows=lines,
        meaning=meaning,
        numbers=(),
        caption=(f"{len(rows)} 路", "离线久的在前"),
    )


def _now(glass: Glass) -> OwnProof:
    rows, title = cameras(glass), "此刻在线"
    by, _, key = own_proof.chosen(glass).partition(":")
    if by in _COLUMNS:
        rows = [row for row in rows if str(row[_COLUMNS[by]] or "") == key]
        title = f"此刻在线 · {glass.want.options.get(by, {}).get(key, key) or _UNKNOWN}"
    on = sum(row["state"] == _ON for row in rows)
    return _proof(
        glass,
        rows,
        title,
        f"{wording.ratio(on, len(rows))} 路",
        "各平台登记的摄像机中，最近一次报告为在线的；本期在线率按分钟另计，两数不同",
    )


def _dark(glass: Glass) -> OwnProof:
    rows = off(glass)
    meaning = "各平台登记的摄像机中，最近一次报告为离线的；自状态改变时起算"
    return _proof(glass, rows, "离线的摄像机", f"{len(rows)} 路", meaning)


PROOFS: Final[Mapping[str, Make]] = {"now": _now, "off": _dark}
