"""The proofs of the home page's smaller counts: the open matters behind each of them, one by one.

A unit's row, a day of the coming wave, what is overdue of one kind: each is a choice out of the
open matters of all platforms, which no single metric gives. So the choice stands in the address,
and its proof is the list of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from dashboard import wording
from dashboard.pages import case_address, home_cases, own_proof
from dashboard.pages.due import overdue
from dashboard.pages.home_cases import KINDS, LISTED, WAVE_DAYS, OpenCase, counted, open_cases
from dashboard.pages.marks import link
from dashboard.pages.own_proof import Make, OwnProof
from dashboard.pages.reading import Glass

_SHOWN: Final = 300
_HEADS: Final = ("编号", "事项", "社区（村）", "承办", "时限")
_STATES: Final = {"soon": "两个工作日内到期", "over": "超期", "late": "超期"}
Cases = Sequence[OpenCase]
Chosen = tuple[str, Cases] | None  # what is listed, in words, and the list


def href(glass: Glass, what: str, of: str = "") -> str:
    """The address of a list."""
    return own_proof.href(glass, f"{LISTED}/{what}:{of}" if of else f"{LISTED}/{what}")


def _of_unit(glass: Glass, state: str, unit: str) -> Chosen:
    found = [one for one in open_cases(glass) if (one.unit, one.state) == (unit, state)]
    return f"{unit} · {_STATES[state]}", found


def _soon(glass: Glass, unit: str) -> Chosen:
    return _of_unit(glass, "soon", unit)


def _over(glass: Glass, unit: str) -> Chosen:
    return _of_unit(glass, "over", unit)


def _late(glass: Glass, metric: str) -> Chosen:
    kind = next((kind for kind in KINDS if kind.open == metric), None)
    if kind is None:
        return None
    found = [one for one in open_cases(glass) if one.kind is kind and one.state == "over"]
    return f"{kind.name} · 超期", found


def _rest(glass: Glass, _of: str) -> Chosen:
    return "没有单列的单位 · 临期和超期", home_cases.acting(glass)[2]


def _ahead(glass: Glass) -> list[OpenCase]:
    return [one for one in open_cases(glass) if one.due is not None and one.state != "over"]


def _on(glass: Glass, first: date, last: date) -> list[OpenCase]:
    return [one for one in _ahead(glass) if one.due and first <= one.due.date() <= last]


def _day(glass: Glass, text: str) -> Chosen:
    """What falls due on one day, or from a first day to a last one."""
    begin, _, end = text.partition("..")
    try:
        first = date.fromisoformat(begin)
        last = date.fromisoformat(end) if end else first
    except ValueError:
        return None
    words = wording.day(first) if first == last else f"{wording.day(first)}至{wording.day(last)}"
    return f"{words}到期", _on(glass, first, last)


def _wave(glass: Glass, _of: str) -> Chosen:
    last = glass.today + timedelta(days=WAVE_DAYS - 1)
    return f"{WAVE_DAYS} 天内到期", _on(glass, glass.today, last)


def _later(glass: Glass, _of: str) -> Chosen:
    first = glass.today + timedelta(days=WAVE_DAYS)
    return f"{WAVE_DAYS} 天以后到期", _on(glass, first, date.max)


def _near(glass: Glass, metric: str) -> Chosen:
    """What falls due within 72 hours: all of it, or that of one kind."""
    found = home_cases.due_within(glass)
    if not metric:
        return "72 小时内到期", found
    kind = next((kind for kind in KINDS if kind.open == metric), None)
    own = [one for one in found if one.kind is kind]
    return None if kind is None else (f"{kind.name} · 72 小时内到期", own)


_CHOICES: Final[Mapping[str, Callable[[Glass, str], Chosen]]] = {
    "soon": _soon,
    "over": _over,
    "late": _late,
    "rest": _rest,
    "day": _day,
    "wave": _wave,
    "later": _later,
    "near": _near,
}


def _proof(glass: Glass) -> OwnProof | None:
    """The matters of a choice; None where the address names none."""
    what, _, of = own_proof.chosen(glass).partition(":")
    choose = _CHOICES.get(what)
    chosen = choose(glass, of) if choose is not None else None
    if chosen is None:
        return None
    title, found = chosen
    today = glass.want.span.today
    kinds = [kind for kind, _ in counted(found)]
    gap = sum(
        abs(sum(one.kind is kind for one in open_cases(glass)) - home_cases.stock(glass, kind.open))
        for kind in kinds
    )
    parts = " + ".join(f"{kind.name} {count}" for kind, count in counted(found))
    rest = f"；先列 {_SHOWN} 件" if len(found) > _SHOWN else ""
    return OwnProof(
        title=title,
        shown=f"{wording.count(len(found))} 件",
        heads=_HEADS,
        rows=[_row(glass, case) for case in found[:_SHOWN]],
        meaning="各平台此刻在办的件，逐件按自己的时限选出；同一件事在几个平台上各计一次",
        verdict=f"所选平台的在办与指标重算差 {gap}，待核"
        if gap
        else "✓ 所选平台的在办逐行重算相等",
        holds=not gap,
        numbers=(),
        caption=(f"这 {wording.count(len(found))} 件", f"{parts}{rest}" if found else ""),
        rests_on=[kind.open for kind in kinds] or [kind.open for kind in KINDS],
        days=(today, today),
    )


def _row(glass: Glass, case: OpenCase) -> list[Any]:
    number = link(case.number, case_address.href(case.source, case.number), "underlined case-no")
    due = wording.NONE if case.due is None else wording.moment(case.due, glass.today)
    if case.due is not None and case.state == "over":
        due = f"{due}，{overdue(glass, case.due)}"
    return [number, f"{case.kind.name} · {case.matter}", case.place, case.unit, due]


PROOFS: Final[Mapping[str, Make]] = {LISTED: _proof}
