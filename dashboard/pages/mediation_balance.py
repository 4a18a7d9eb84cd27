"""Stock and flow of both lines of mediation: the five figures of each with their proofs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from dash import html

from dashboard import wording
from dashboard.pages import own_proof
from dashboard.pages.marks import door
from dashboard.pages.own_proof import Make, OwnProof
from dashboard.pages.reading import Glass, pair_of
from dashboard.pages.state import LINES
from dashboard.pages.subject import ended
from dashboard.panels import mediation_flow

UNITS: Final = {"centre": "件次", "unit": "起"}
RATE: Final = "mediation_completion_rate"
_STOCK: Final = "mediation_open"
_ACCEPTED: Final = "mediation_accepted"


def _rows(glass: Glass) -> dict[str, Mapping[str, Any]]:
    return {row["line"]: row for row in ended.asked(glass, "mediation_flow", _STOCK)}


def balance(glass: Glass, lines: list[str]) -> mediation_flow.Balance:
    """The balance of each line, within what the page has chosen."""
    span = glass.want.span
    rows = _rows(glass)
    flows = []
    for name in lines:
        row = rows.get(name, {})
        answer = glass.metric(RATE, span.first, span.last, line=name)
        num, den = pair_of(answer)
        flows.append(
            mediation_flow.Flow(
                name=LINES[name] if name == "centre" else "承办单位",
                unit=UNITS[name],
                opening=int(row.get("opening") or 0),
                accepted=int(row.get("accepted") or 0),
                closed=int(row.get("closed") or 0),
                withdrawn=int(row.get("withdrawn") or 0),
                still_open=int(row.get("open") or 0),
                cohort_closed=int(num),
                cohort=int(den),
                excluded=sum(answer.excluded.values()),
                hrefs=_doors(glass, name),
                outcome=_outcome(glass, name),
            )
        )
    end = "现在在办" if span.last == span.today else f"{wording.day(span.last)}在办"
    return mediation_flow.Balance(flows, wording.day(span.first), end)


def _outcome(glass: Glass, line: str) -> list[tuple[str, str, str | None]]:
    """How the closed ones ended and how long they took."""
    span, to = glass.want.span, glass.doors.to
    success = pair_of(glass.now_of("mediation_success_rate", line=line))
    days = glass.now_of("mediation_days", line=line)
    shown = wording.ratio(*success)
    if not wording.is_small(success[1]) and success[1]:
        shown = f"{shown} = {wording.rate(*success)}"
    told: list[tuple[str, str, str | None]] = []
    if success[1]:
        href = to("mediation_success_rate", span.first, span.last, line=line)
        told.append(("调解成功", shown, href))
    if days.value is not None:
        href = to("mediation_days", span.first, span.last, line=line)
        told.append(("化解天数中位", f"{wording.fixed(days.value, 1)} 天", href))
    return told


def _doors(glass: Glass, line: str) -> tuple[str, ...]:
    """The proofs of a line's five figures in their order.

    The balance counts what was accepted with what was dropped since; the metric does not, so that
    figure is proved as the sum of both.
    """
    span, to = glass.want.span, glass.doors.to
    before = span.first - timedelta(days=1)
    return (
        to(_STOCK, before, before, line=line),
        own_proof.href(glass, f"flow-accepted/{line}"),
        to("mediation_closed", span.first, span.last, line=line),
        own_proof.href(glass, f"flow-dropped/{line}"),
        to(_STOCK, span.first, span.last, line=line),
    )


def _figure(glass: Glass, name: str) -> tuple[str, int] | None:
    """The line an address asks about and its figure; None where it names no line."""
    line = own_proof.chosen(glass)
    if line not in LINES:
        return None
    return line, int(_rows(glass).get(line, {}).get(name) or 0)


def _accepted(glass: Glass) -> OwnProof | None:
    """What was accepted is what still counts and what was dropped since, reason by reason."""
    found = _figure(glass, "accepted")
    if found is None:
        return None
    line, count = found
    span, to = glass.want.span, glass.doors.to
    answer = glass.metric(_ACCEPTED, span.first, span.last, line=line)
    kept = int(answer.numerator or 0)
    href = to(_ACCEPTED, span.first, span.last, line=line)
    out = f"{to(_ACCEPTED, span.first, span.last, 'excluded', line=line)}&rows=1"
    rows: list[list[Any]] = [["计入受理数的", door(wording.count(kept), href, about="计入受理数")]]
    rows += [
        [f"剔除：{reason}", door(wording.count(n), out, about=f"剔除 {reason}")]
        for reason, n in answer.excluded.items()
        if n
    ]
    total = kept + sum(answer.excluded.values())
    return OwnProof(
        title=f"{LINES[line]} · 本期受理",
        shown=f"{wording.count(count)} {UNITS[line]}",
        heads=("其中", UNITS[line]),
        rows=[*rows, [html.B("合计"), html.B(wording.count(total))]],
        meaning="统计期内受理的全部纠纷，后来并案、撤回、不予受理的也在内，这样五数才能相抵",
        verdict="✓ 逐行重算相等" if total == count else f"与各项重算差 {abs(total - count)}，待核",
        holds=total == count,
        caption=("由这些相加", "点数字看各项的证据"),
        rests_on=(_ACCEPTED,),
    )


def _dropped(glass: Glass) -> OwnProof | None:
    found = _figure(glass, "withdrawn")
    if found is None:
        return None
    line, count = found
    return ended.proof(
        glass,
        "mediation",
        _STOCK,
        count,
        title=f"{LINES[line]} · 并案、撤回",
        unit=UNITS[line],
        dropped=True,
        line=line,
    )


PROOFS: Final[Mapping[str, Make]] = {"flow-accepted": _accepted, "flow-dropped": _dropped}
