"""From an address to a drawn page: pins a generation, resolves filters, draws shell and body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dash import html

from cases import health
from config import clock
from dashboard import standstill
from dashboard.gate import caller
from dashboard.gate.policy import OWN_ONLY
from dashboard.gate.rules import READERS
from dashboard.pages import chips, meanings, phone, shell, together
from dashboard.pages.circumstances import Circumstances
from dashboard.pages.first_load import progress
from dashboard.pages.frame import broken
from dashboard.pages.reading import Glass, cause, fault_number, log
from dashboard.pages.state import PROOF, State, lasting, parse, resolve
from dashboard.source import data as source_data
from warehouse.errors import WarehouseError
from warehouse.read import MetricQuery

ROLES = {
    "leader": "领导",
    "seat": "席位",
    "unit": "单位",
    "admin": "系统管理员",
    "auditor": "审计员",
    "wall": "大屏",
}
Page = Any


def mine(pages: Sequence[Page]) -> list[Page]:
    """The pages of those there are that the caller may open."""
    role = caller.current().role
    return [page for page in pages if role in getattr(page, "ROLES_OF_PAGE", READERS)]


def find(pages: Sequence[Page], path: str) -> Page:
    """The page of a path; an unknown one is the first, which is the home page."""
    plain = path.rstrip("/")
    for page in pages:
        if plain == page.PATH or (hasattr(page, "owns") and page.owns(plain)):
            return page
    return pages[0]


def placed(page: Page, state: State) -> State:
    """The address under the page that draws it; a page of many addresses keeps its own."""
    own = hasattr(page, "owns") and page.owns(state.path)
    return state if own else State(page.PATH, state.words)


def viewer() -> str:
    """Who looks, with the role in words."""
    who = caller.current()
    told = ROLES.get(who.role, who.role)
    return f"{who.name}（{told}·{OWN_ONLY}）" if who.right.is_narrow else f"{who.name}（{told}）"


def glass(
    page: Page, state: State, number: int | None = None, seen: Circumstances | None = None
) -> Glass | None:
    """What a page looks through; None while nothing has been published.

    Who draws for many gives the circumstances that those many share; else they are looked at now.
    """
    data = source_data()
    generation = data.reader.current() if seen is None else seen.generation
    if generation is None:
        return None
    now = clock.local() if seen is None else seen.now
    options = {**page.options(data), "source": imported(generation, page)}
    if "grid" not in page.FILTERS:  # its data know none, so that nothing lies below a village
        options["grid"] = {}
    if state.get("source") in options["source"]:
        options |= _own_words(data.reader, page, state, now.date(), options)
    states: Sequence[Any]
    loading: Sequence[Any] | None
    if seen is None:
        states = health.states(data.store, data.platforms, clock.now())
        loading = health.first_load(data.store, data.platforms)
    else:
        states, loading = seen.states, seen.loading
    if number is not None and number != generation.number:
        generation = replace(generation, number=number)
    return Glass(
        data=data,
        state=state,
        want=resolve(state, now.date(), options),
        generation=generation,
        at=now,
        for_many=seen is not None,
        platforms={one.key: one for one in states},
        loading={one.key: one for one in loading or []},
    )


def _own_words(
    reader: Any, page: Page, state: State, today: date, options: Mapping[str, Mapping[str, str]]
) -> dict[str, Mapping[str, str]]:
    """The places, units and classes of an imported set: its own, not the site's."""
    span = resolve(state, today, options).span
    found: dict[str, Mapping[str, str]] = {}
    for name in ("community", "grid", "unit", "class"):
        if name not in page.FILTERS:
            continue
        query = MetricQuery(span.first, span.last, by=name, source=state.get("source"))
        series = reader.metric(page.MAIN, query).series
        words = {str(point.key): str(point.label) for point in series if point.key}
        chosen = state.get(name)
        if name == "class" and chosen:
            parts = chosen.split("/")
            paths = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
            words |= {path: path.split("/")[-1] for path in paths if path not in words}
        found[name] = words
    return found


def imported(generation: Any, page: Page) -> dict[str, str]:
    """The sets that stand apart from the site's own platforms, of the platforms of this page."""
    return {
        one.source: one.source
        for one in generation.sources
        if not one.own and one.platform in page.FEEDS and hasattr(page, "MAIN")
    }


def page(pages: Sequence[Page], state: State) -> tuple[Any, Any, Any, Any, Any]:
    """Top bar, head, body, footer and tabs of an address."""
    pages = mine(pages)
    chosen = find(pages, state.path)
    state = placed(chosen, state)
    drawn = draw(pages, chosen, state)
    top = own_top(pages, state, drawn.tag)
    return top, drawn.head, drawn.body, [*drawn.foot, own_foot(drawn)], drawn.tabs


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page without the one who looks at it: the same for all who may read the same."""

    head: Any
    body: Any
    foot: Sequence[Any]
    tabs: Any
    tag: str
    shows_viewer: bool = True


def own_top(pages: Sequence[Page], state: State, tag: str) -> Any:
    """The top bar of the one who looks."""
    return shell.top_bar(pages, state, tag=tag, now=clock.local(), viewer=viewer())


def own_foot(drawn: Drawn) -> Any:
    """Who looked at the page, and when."""
    return shell.seen_by(viewer() if drawn.shows_viewer else "", clock.local())


def draw(
    pages: Sequence[Page], chosen: Page, state: State, seen: Circumstances | None = None
) -> Drawn:
    """What an address shows to all who may read the same."""
    data = source_data()
    view, fault = _looked(chosen, state, seen)
    demo = any(platform.demo and platform.enabled for platform in data.platforms.values())
    tag = "演示数据" if demo else ""
    if view is not None and "source" in view.want.filters:
        tag = "导入数据"
    if caller.current().right.is_narrow:
        tag = f"{tag} · {OWN_ONLY}" if tag else OWN_ONLY
    bottom = phone.tabs(pages, state, phone.counts(data, view, [page.PATH for page in pages]))
    foot = [shell.snapshot_words(view and view.generation)]
    if hasattr(chosen, "standing"):  # drawn from the case store: before any figure, and without
        head, body = chosen.standing(data, state, view)
        return Drawn(head, body, foot, bottom, tag)
    waiting = [html.Span(id="age"), html.H1(chosen.TITLE)]
    nothing = [shell.snapshot_words(None)]
    if fault is not None:
        return Drawn(waiting, fault, nothing, bottom, tag, shows_viewer=False)
    if view is None or (chosen.FEEDS and not view.shows(chosen.FEEDS)):
        loading = health.first_load(data.store, data.platforms) if seen is None else seen.loading
        body = progress(list(loading or ()))
        return Drawn(waiting, body, nothing, bottom, tag, shows_viewer=False)
    why = standstill.cause(data.store, view.generation) if seen is None else seen.why
    with together.asking(view):
        head = [
            standstill.band(why, view.generation, view.now) if why else None,
            view.tried(lambda: _head(chosen, state, view)) or html.H1(chosen.TITLE),
        ]
        body = _body(chosen, view)
        foot = [view.tried(lambda: meanings.of_page(chosen.METRICS, view)), *foot]
    return Drawn(head, body, foot, bottom, tag)


def _looked(
    page: Page, state: State, seen: Circumstances | None = None
) -> tuple[Glass | None, Any]:
    """What a page looks through, or what it says when the snapshot itself cannot be read."""
    try:
        return glass(page, state, seen=seen), None
    except WarehouseError as error:
        return None, _fault(page, state, error)


def _fault(page: Page, state: State, error: WarehouseError) -> Any:
    number = fault_number(error)
    log.warning("page_failed", page=page.PATH, number=number, why=str(error))
    return html.Section(broken(cause(error), number, state.href), className="panel whole")


def _head(page: Page, state: State, view: Glass) -> Any:
    copied = lasting(state.without(PROOF), view.today).href
    if not page.FILTERS and hasattr(page, "head"):
        return page.head(view, copied)
    crumbs = page.crumbs(state, view.want)
    span = view.want.span
    cases = None
    if hasattr(page, "MAIN"):
        cases = f"{view.doors.to(page.MAIN, span.first, span.last)}&rows=1"
    against = getattr(page, "AGAINST", page.FILTERS if hasattr(page, "MAIN") else None)
    offered = ("source", *page.FILTERS, *(() if against is None else ("beside",)))
    parts = [
        shell.heading(page.TITLE, page.SHORT, state, view.want, crumbs=crumbs, copy=copied),
        chips.filters(
            offered,
            state,
            view.want,
            feed=view.feed(*page.FEEDS),
            cases=cases,
            words=getattr(page, "WORDS", None),
            against=against or (),
            courses="trend" in getattr(page, "AREAS", ()),
        ),
    ]
    return html.Div(parts)


def _body(page: Page, view: Glass) -> Any:
    try:
        return page.body(view)
    except WarehouseError as error:
        return _fault(page, view.state, error)


def beat(pages: Sequence[Page], path: str) -> tuple[list[Any] | None, str, Any, str, str]:
    """What makes a page worth drawing anew, the clock, the age of its data, what waits.

    A page that stands still (STILL) is not drawn anew under the hands of who fills it in; where it
    waits for the first figures, it is until they are there.
    """
    pages = mine(pages)
    data = source_data()
    now = clock.local()
    chosen = find(pages, parse(path, None).path)
    view, _ = _looked(chosen, placed(chosen, State(path)))
    generation = None if view is None else view.generation
    states = health.states(data.store, data.platforms, clock.now())
    loading = health.first_load(data.store, data.platforms)
    mark: list[Any] = [
        None if generation is None else generation.number,
        [one.state for one in states],
        str(date(now.year, now.month, now.day)),
        None if loading is None else [[one.phase, one.done] for one in loading],
        standstill.cause(data.store, generation),
    ]
    age: Any = ""
    if view is not None:
        age = chips.age_words(view.feed(*chosen.FEEDS)) if chosen.FEEDS else ""
    still = getattr(chosen, "STILL", False) and (view is not None or hasattr(chosen, "standing"))
    waits = phone.counted(data, generation, now, [page.PATH for page in pages])
    counts = phone.number(waits.alarms), phone.number(waits.late)
    return None if still else mark, shell.clock_words(now), age, *counts
