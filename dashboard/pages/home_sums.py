"""The proofs of the home page's sums over the platforms: their parts, each with its own proof."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dash import html

from dashboard import wording
from dashboard.pages import home_cases, home_lists
from dashboard.pages.home_cases import KINDS, Kind, open_cases
from dashboard.pages.marks import door
from dashboard.pages.own_proof import Make, OwnProof
from dashboard.pages.reading import Glass

_ADDED: Final = ("由这些相加", "点数字看各项的证据")


def open_parts(glass: Glass) -> OwnProof:
    """Everything that is open, platform by platform, against the stock metric of each."""
    today = glass.want.span.today
    rows, total, gap = [], 0, 0
    for kind in _shown(glass):
        count = sum(case.kind is kind for case in open_cases(glass))
        total, gap = total + count, gap + abs(count - home_cases.stock(glass, kind.open))
        rows.append(_row(kind, count, glass.doors.to(kind.open, today, today), ""))
    return _sum(
        "在办 各平台",
        total,
        rows,
        "各平台此刻在办的件数相加；同一件事在几个平台上各计一次",
        gap,
        rests_on=[kind.open for kind in _shown(glass)],
        days=(today, today),
    )


def late_parts(glass: Glass) -> OwnProof:
    """What of it is overdue at this minute; the overdue metrics count as of their last data."""
    today = glass.want.span.today
    rows, total = [], 0
    for kind in _shown(glass):
        own = [case for case in open_cases(glass) if case.kind is kind]
        count = sum(case.state == "over" for case in own)
        total += count
        proof, note = home_lists.href(glass, "late", kind.open), "在办的行里逐件比对时限"
        if kind.overdue:
            stock = home_cases.stock(glass, kind.overdue)
            proof = glass.doors.to(kind.overdue, today, today)
            note = "" if stock == count else f"到数时为 {stock}，其后又有到时限的"
        rows.append(_row(kind, count, proof, note))
    return _sum(
        "超期 各平台",
        total,
        rows,
        "在办件中此刻已过时限的件数相加；没有超期指标的平台，按在办件的时限逐件比对",
        rests_on=[kind.overdue or kind.open for kind in _shown(glass)],
        days=(today, today),
    )


PROOFS: Final[Mapping[str, Make]] = {"open": open_parts, "late": late_parts}


def _shown(glass: Glass) -> list[Kind]:
    return [kind for kind in KINDS if glass.shows([kind.platform])]


def _row(kind: Kind, count: int, proof: str, note: str) -> list[Any]:
    return [kind.name, door(wording.count(count), proof, about=f"{kind.name}"), note]


def _sum(
    title: str, total: int, rows: list[Any], meaning: str, gap: int = 0, **basis: Any
) -> OwnProof:
    last = [html.B("合计"), html.B(wording.count(total)), ""]
    return OwnProof(
        title=title,
        shown=f"{wording.count(total)} 件",
        heads=("平台", "件", ""),
        rows=[*rows, last],
        meaning=meaning,
        verdict=f"与各项重算差 {gap}，待核" if gap else "✓ 逐行重算相等",
        holds=not gap,
        caption=_ADDED,
        **basis,
    )
