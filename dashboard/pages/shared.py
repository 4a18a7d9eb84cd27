"""Pages, proofs and blocks of rows that many look at, drawn once for all who may read the same.

Kept is what is the same for everybody of one role with one right: it is drawn for somebody without
a name, from circumstances that hold for a minute, and its key says role, right, address, snapshot,
lamps, alarms and the minute. Who looks, and when, is written around it for each one. Nothing that a
person made or typed is in it: views of tables and search words are answered one by one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final

from dash import no_update

from cases.errors import CaseError
from config import clock
from dashboard.gate import caller
from dashboard.kept import Made
from dashboard.pages import chips, proof, render, rows, shell
from dashboard.pages.circumstances import Circumstances, lookout
from dashboard.pages.reading import feed_of, watching
from dashboard.pages.state import PROOF, State, parse
from dashboard.pieces import Piece, text
from dashboard.ready import Answer, Parts
from dashboard.source import data as source_data
from warehouse.errors import WarehouseError

_WEIGHT: Final = 600  # of an entry's key and its place, beside the bytes themselves
_SHUT: Final = b'{"multi":true,"response":{"sheet":{"children":null,"className":"sheet"}}}'


def answers(pages: Sequence[Any], names: Mapping[str, str]) -> dict[str, Answer]:
    """The answers that are shared, by the callback's full name; `names` by what they show."""

    async def page(given: Sequence[Any]) -> Parts | None:
        path, search, seen, drawn = given
        return await _page(pages, parse(path, search), seen, drawn)

    async def sheet(given: Sequence[Any]) -> Parts | None:
        return await _sheet(pages, parse(*given))

    async def block(given: Sequence[Any]) -> Parts | None:
        request, path, search = given
        return await _block(pages, parse(path, search), request)

    async def beat(given: Sequence[Any]) -> Parts | None:
        _, seen, path = given
        return await _beat(pages, seen, path)

    made = {"page": page, "sheet": sheet, "rows": block, "beat": beat}
    return {names[kind]: answer for kind, answer in made.items()}


async def _around() -> Circumstances | None:
    """The circumstances; None where there is nothing that could be drawn for many."""
    data = source_data()
    out = lookout(data)
    try:
        found = out.known(data)
        if found is None:
            found = await asyncio.to_thread(out.look, data)
    except (WarehouseError, CaseError):
        return None
    return None if found.generation is None else found


async def _once(kind: str, what: Hashable, make: Callable[[], tuple[Any, int]]) -> Any:
    """Drawn for whoever asks first, given to all of one role and right."""
    who = caller.current()

    def made() -> Made:
        with watching() as faults:
            value, size = make()
        return Made(value, size + _WEIGHT, lasts=not faults)

    with caller.asking(who.unnamed):
        return await source_data().kept.once((kind, who.role, who.right, what), made)


async def _page(pages: Sequence[Any], state: State, seen: Any, drawn: Any) -> Parts | None:
    mark = [state.without(PROOF).href, seen]
    mine = render.mine(pages)
    chosen = render.find(mine, state.path)
    if mark == drawn or not _is_shared(chosen):
        return None
    around = await _around()
    if around is None:
        return None
    state = render.placed(chosen, state).without(PROOF)

    def make() -> tuple[Any, int]:
        found = render.draw(mine, chosen, state, around)
        shown = {name: {"children": getattr(found, name)} for name in ("head", "body", "tabs")}
        foot = b"".join(text(part) + b"," for part in found.foot)
        piece = Piece.of(b'%b,"foot":{"children":[%b' % (text(shown)[1:-1], foot))
        return (piece, found.tag, found.shows_viewer), len(piece.deflated)

    piece, tag, shows_viewer = await _once("page", (state, around.key), make)
    top = text(render.own_top(mine, state, tag))
    foot = text(shell.seen_by(render.viewer() if shows_viewer else "", clock.local()))
    return (
        b'{"multi":true,"response":{"top":{"children":%b},' % top,
        piece,
        b'%b]},"drawn":{"data":%b}}}' % (foot, text(mark)),
    )


def _is_shared(page: Any) -> bool:
    """Whether a page is drawn from the snapshot; what stands in the case store is someone's own."""
    return not hasattr(page, "standing") and not getattr(page, "OWN", False)


async def _sheet(pages: Sequence[Any], state: State) -> Parts | None:
    if not state.get("proof"):
        return (_SHUT,)
    if state.get("rows") or state.get("view"):  # the caller's own views stand over a table
        return None
    around = await _around()
    if around is None:
        return None

    def make() -> tuple[Any, int]:
        children, name = proof.sheet(pages, state, around)
        shown = {"sheet": {"children": children, "className": name}}
        piece = Piece.of(b'{"multi":true,"response":%b}' % text(shown))
        return piece, len(piece.deflated)

    return (await _once("sheet", (state, around.key), make),)


async def _block(pages: Sequence[Any], state: State, request: Any) -> Parts | None:
    is_plain = isinstance(request, dict) and not request.get("filterModel")
    if not is_plain or state.get("view"):  # what is searched for may be a name
        return None
    around = await _around()
    if around is None:
        return None
    asked = json.dumps(
        [request.get(name) for name in ("startRow", "endRow", "sortModel")], sort_keys=True
    )

    def make() -> tuple[Any, int]:
        said: list[str] = []
        found = rows.block(pages, state, request, said.append, around)
        if found is no_update:
            return None, 0
        told: dict[str, Any] = {"response": {"case-rows": {"getRowsResponse": found}}}
        if said:
            told["sideUpdate"] = {"case-said": {"children": said[-1]}}
        piece = Piece.of(text({"multi": True, **told}))
        return piece, len(piece.deflated)

    found = await _once("rows", (state, asked, around.key_of_day), make)
    return None if found is None else (found,)


async def _beat(pages: Sequence[Any], seen: Any, path: Any) -> Parts | None:
    chosen = render.find(render.mine(pages), parse(path, None).path)
    await _around()
    latest = lookout(source_data()).latest
    if latest is None or latest.generation is None:
        return None
    now = clock.local()
    told: dict[str, Any] = {"clock": {"children": shell.clock_words(now)}}
    feed = feed_of({one.key: one for one in latest.states}, chosen.FEEDS, now)
    told["age"] = {"children": chips.age_words(feed) if chosen.FEEDS else ""}
    if not getattr(chosen, "STILL", False) and latest.mark != seen:
        told["generation"] = {"data": latest.mark}
    return (text({"multi": True, "response": told}),)
