"""The proofs of layers that are lists: what stands in a place, row by row, and two places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from dashboard import wording
from dashboard.pages import ground, own_proof
from dashboard.pages.map_layers import KINDS
from dashboard.pages.marks import door, link
from dashboard.pages.own_proof import Make, OwnProof
from dashboard.pages.reading import Glass
from dashboard.pages.subject import beside

_LISTS: Final = {kind.key: kind for kind in KINDS if not kind.metric}
_MEANING: Final = {
    "gauge": "站点清单中的各站，及其最近一次观测",
    "team": "防汛物资平台最近一次报来的队伍",
    "store": "防汛物资平台最近一次报来的物资点",
    "camera": "各视频平台登记的摄像机，及其最近一次报告的状态",
}


def href(glass: Glass, key: str) -> str | None:
    """Where the rows of a list are; None for what is no list. The place is in the address."""
    return own_proof.href(glass, f"layer/{key}:{_place(glass)}") if key in _LISTS else None


def apart(glass: Glass, second: Glass, key: str) -> str:
    """Where the difference of two places is proved by both."""
    return own_proof.href(glass, f"apart/{key}:{_place(glass)}:{_place(second)}")


def _place(glass: Glass) -> str:
    return glass.want.filters.get("community", "")


def _at(glass: Glass, place: str) -> Glass:
    """The page in another place; none is the whole street."""
    filters = {key: one for key, one in glass.want.filters.items() if key != "community"}
    chosen = filters | ({"community": place} if place else {})
    return replace(glass, want=replace(glass.want, filters=chosen))


def _called(glass: Glass) -> str:
    place = _place(glass)
    return glass.data.site.community_name(place) if place else "全街道"


def _rows(glass: Glass) -> OwnProof | None:
    """The rows of a list; an address of another place than the page's shows that place."""
    key, told, place = own_proof.chosen(glass).partition(":")
    kind = _LISTS.get(key)
    if kind is None:
        return None
    there = _at(glass, place) if told else glass
    (layer,) = ground.layers(there, [kind.key])
    site = glass.data.site
    return OwnProof(
        title=f"{kind.name} · {_called(there)}",
        shown=f"{wording.count(layer.total)} {kind.unit}",
        heads=("编号", "名称", "社区（村）", "状态"),
        rows=[
            [
                link(thing.number, thing.href, "case-no") if thing.href else thing.number,
                thing.name,
                site.community_name(thing.community or None),
                thing.state,
            ]
            for thing in layer.things
        ],
        numbers=(),
        meaning=f"{_MEANING[kind.key]}；每行计一次",
        caption=(f"{wording.count(layer.total)} {kind.unit}", "逐行"),
        platforms=kind.feeds,
    )


def _both(glass: Glass) -> OwnProof | None:
    """Two places, each with the rows of its count."""
    key, _, places = own_proof.chosen(glass).partition(":")
    first, _, second = places.partition(":")
    kind = _LISTS.get(key)
    if kind is None:
        return None
    sides = [_at(glass, place) for place in (first, second)]
    counts = [ground.layers(side, [kind.key])[0].total for side in sides]
    return OwnProof(
        title=f"{kind.name} · 两处之差",
        shown=f"{beside.signed(counts[0] - counts[1], 0)} {kind.unit}",
        heads=("", kind.unit),
        rows=[
            [_called(side), door(wording.count(count), href(side, kind.key), about=_called(side))]
            for side, count in zip(sides, counts, strict=True)
        ],
        meaning=f"差 = 前者 − 后者；{_MEANING[kind.key]}",
        caption=("两边", "点数看各行"),
        platforms=kind.feeds,
    )


PROOFS: Final[Mapping[str, Make]] = {"layer": _rows, "apart": _both}
