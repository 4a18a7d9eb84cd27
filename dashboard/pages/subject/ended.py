"""What a balance asks within the choice of its page, and the proof of what ended in the period.

Some that end have no metric of their own: those that are dropped without an end of their own date,
and what a platform calls closed without saying so as a figure. Their proof is the list of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard import wording
from dashboard.pages import case_address
from dashboard.pages.marks import link
from dashboard.pages.own_proof import OwnProof
from dashboard.pages.reading import Glass

WITHIN: Final = ("source", "community", "grid", "unit", "class")
_LISTED: Final = 200
_HEADS: Final = ("编号", "类别", "社区（村）", "承办", "了结于")


def asked(glass: Glass, query: str, stock: str, **words: Any) -> list[dict[str, Any]]:
    """The rows of a query of the period, within the page's choice, as of the data of its stock."""
    span = glass.want.span
    chosen = {name: glass.want.filters[name] for name in WITHIN if name in glass.want.filters}
    known = glass.metric(stock, span.first, span.last).as_of
    told = {**words, **chosen, **({} if known is None else {"as_of": known})}
    return glass.query(query, first=span.first, last=span.last, **told)


def proof(
    glass: Glass, subject: str, stock: str, count: int, *, title: str, unit: str, dropped: bool,
    **narrower: Any,
) -> OwnProof:  # fmt: skip
    """The list of what was closed, or of what was dropped, against the figure of the balance."""
    found = asked(
        glass, "matter_ended", stock,
        subject=subject, withdrawn=dropped, limit=_LISTED, **narrower,
    )  # fmt: skip
    total = int(found[0]["total"]) if found else 0
    what = "统计期内剔出的件：不计入办结，也不再计入在办" if dropped else "统计期内了结的件"
    rest = f"，先列最近的 {len(found)} {unit}" if total > len(found) else ""
    return OwnProof(
        title=title,
        shown=f"{wording.count(count)} {unit}",
        heads=(*_HEADS, "因何剔出") if dropped else _HEADS,
        rows=[_row(glass, row, dropped=dropped) for row in found],
        meaning=f"{what}，按了结时间；与“期初 + 新增 − 办结 − 剔出 = 期末”里的是同一个数",
        verdict="✓ 逐行重算相等"
        if total == count
        else f"逐行为 {total}，差 {abs(total - count)}，待核",
        holds=total == count,
        numbers=(),
        caption=("由这些件得出", f"共 {wording.count(total)} {unit}{rest}"),
        rests_on=(stock,),
    )


def _row(glass: Glass, row: Mapping[str, Any], *, dropped: bool) -> list[Any]:
    day = wording.full_day
    number = str(row["number"])
    cells: list[Any] = [
        link(number, case_address.href(str(row["source"]), number), "underlined case-no"),
        row["class_name"] or "未分类",
        str(glass.data.site.community_name(row["community"])),
        row["unit"] or "未定",
        day(row["ended_at"].date()),
    ]
    return [*cells, row["reason"]] if dropped else cells
