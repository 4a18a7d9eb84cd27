"""The bar at the foot of a phone: 要事 告警 超期 专题 报告, with what waits in ink beside the word.

Both counts have to be cheap, for every page has them: the alarms that nobody has acknowledged are a
question of the case store, and of what is overdue the due times are read once for a snapshot and a
right. How many of them have passed is then known at any moment.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from dash import html

from cases import alarms
from cases.errors import CaseError
from config import clock
from dashboard.gate import caller
from dashboard.pages import home_cases, own_proof
from dashboard.pages.marks import attrs, link
from dashboard.pages.reading import Glass
from dashboard.pages.state import State, span_of
from dashboard.pages.watched import noted, to_the_minute, until, watching
from warehouse.errors import WarehouseError

Node = Any
HOME, ALARMS, REPORTS = "/", "/desk/alarms", "/reports"
ALARM_COUNT, LATE_COUNT = "tab-alarms", "tab-late"
_OWN_PLACE: Final = {HOME: "要事", ALARMS: "告警", REPORTS: "报告"}
_REMEMBERED: Final = 32
_AFTER: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits: alarms nobody has acknowledged, matters that are overdue; None: not known."""

    alarms: int | None = None
    late: int | None = None


class _Dues:
    """The due times of all open matters, by snapshot and right, in their order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, tuple[datetime, ...]] = OrderedDict()

    def known(self, key: Hashable) -> tuple[datetime, ...] | None:
        """Those of a snapshot and a right, where they were read before."""
        with self._lock:
            found = self._known.get(key)
            if found is not None:
                self._known.move_to_end(key)
            return found

    def keep(self, key: Hashable, dues: tuple[datetime, ...]) -> None:
        """Remember them; the oldest are forgotten."""
        with self._lock:
            self._known[key] = dues
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)


_dues: Final = _Dues()


def _key(data: Any, generation: Any) -> Hashable:
    return id(data), generation.number, generation.published_at, caller.current().right


def counts(data: Any, glass: Glass | None, paths: Sequence[str]) -> Counts:
    """Both counts for the pages that the caller may open; reads what is not known yet."""
    waiting = unacknowledged(data) if ALARMS in paths else None
    late = None
    if glass is not None and HOME in paths:
        try:
            dues = _read(glass)
        except WarehouseError as error:  # a bar without a number is still a bar
            noted(error)
        else:
            late = _passed(dues, glass.at)
            if late < len(dues):
                until(dues[late] + _AFTER)
    return Counts(waiting, late)


def counted(
    data: Any,
    generation: Any,
    now: datetime,
    paths: Sequence[str],
    version: int | None = None,
) -> Counts:
    """The same from what is known already, for a page that stands open.

    With the `version` of the alarms they are asked once a minute for all who look.
    """
    waiting = _waiting(data, version, now) if ALARMS in paths else None
    dues = None
    if generation is not None and HOME in paths:
        dues = _dues.known(_key(data, generation))
    return Counts(waiting, None if dues is None else _passed(dues, now))


_last: dict[int, tuple[Hashable, int | None]] = {}


def _waiting(data: Any, version: int | None, now: datetime) -> int | None:
    if version is None:
        return unacknowledged(data)
    mark = version, now.replace(second=0, microsecond=0)
    known = _last.get(id(data))
    if known is None or known[0] != mark:
        known = _last[id(data)] = mark, unacknowledged(data)
    return known[1]


def unacknowledged(data: Any) -> int | None:
    """The alarms that wait for somebody, as the desk counts them."""
    try:
        on = alarms.open_alarms(data.store, clock.now())
    except CaseError as error:
        noted(error)
        return None
    if on:  # a shelf and a drill end by the clock
        to_the_minute(clock.local())
    return sum(one.is_loud for one in on)


def _passed(dues: tuple[datetime, ...], at: datetime) -> int:
    return bisect_left(dues, at)


def _read(glass: Glass) -> tuple[datetime, ...]:
    key = _key(glass.data, glass.generation)
    found = _dues.known(key)
    if found is None:
        whole = replace(glass.want, filters={}, span=span_of("", glass.today))
        with watching():  # how near each of them is changes nothing here
            cases = home_cases.open_cases(replace(glass, want=whole, known={}))
        found = tuple(sorted(case.due for case in cases if case.due is not None))
        _dues.keep(key, found)
    return found


def number(count: int | None) -> str:
    """A count as it stands beside a word of the bar: nothing where nothing waits."""
    if not count:
        return ""
    return str(count) if count < 1000 else "999+"


def tabs(pages: Sequence[Any], state: State, told: Counts) -> list[Node]:
    """What leads where: the leader's three pages, what is overdue, all others in a list."""
    carried = state.only(("period", "at", "community"))
    own = {page.PATH: page for page in pages if page.SHORT and page.PATH in _OWN_PLACE}
    rest = [page for page in pages if page.SHORT and page.PATH not in _OWN_PLACE]

    def to(path: str, words: Node, cls: str) -> Node:
        here = f"{cls} here" if state.path == path else cls
        return link(words, replace(carried, path=path).href, here)

    late = State(HOME).but(proof=f"{own_proof.OWN}late")
    inside = any(state.path == page.PATH for page in rest)
    found = [to(HOME, _OWN_PLACE[HOME], "tab")] if HOME in own else []
    if ALARMS in own:
        found.append(to(ALARMS, [_OWN_PLACE[ALARMS], _count(ALARM_COUNT, told.alarms)], "tab"))
    if HOME in own:
        found.append(link(["超期", _count(LATE_COUNT, told.late)], late.href, "tab"))
    if rest:
        menu = [to(page.PATH, page.SHORT, "choice") for page in rest]
        word = "专题" if any(page.METRICS for page in rest) else "更多"
        found.append(
            html.Details(
                [
                    html.Summary(word, className="tab here" if inside else "tab"),
                    html.Div(menu, className="menu many right"),
                ],
                className="drop more",
            )
        )
    if REPORTS in own:
        found.append(to(REPORTS, _OWN_PLACE[REPORTS], "tab"))
    held = {one for one, path in ((ALARM_COUNT, ALARMS), (LATE_COUNT, HOME)) if path in own}
    return [*found, *places(held)]


def _count(name: str, count: int | None) -> Node:
    return html.B(number(count), id=name, className="tab-count")


def places(held: Collection[str] = ()) -> list[Node]:
    """Where a count would be told that is not on this bar: what is told must have a place."""
    return [
        html.B(id=name, className="hidden", **attrs({"aria-hidden": "true"}))
        for name in (ALARM_COUNT, LATE_COUNT)
        if name not in held
    ]
