"""Pages, proofs and blocks of rows that many look at, drawn once for all who may read the same.

Kept is what is the same for everybody of one role with one right: it is drawn for somebody without
a name, its key says role, right, address, day, snapshot, lamps and alarms, and it is kept until it
would say something else (`watched.py`). Who looks, and how old the data are by now, is written into
it for each one. Nothing that a person made or typed is in it: views of tables and search words are
answered one by one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, Final

from dash import no_update

from cases.errors import CaseError
from config import clock
from dashboard.gate import caller
from dashboard.kept import Made
from dashboard.pages import chips, phone, proof, render, rows, shell
from dashboard.pages.circumstances import Circumstances, lookout
from dashboard.pages.reading import feed_of
from dashboard.pages.state import PROOF, State, parse
from dashboard.pages.watched import watching
from dashboard.pieces import Later, Piece, parts, text
from dashboard.ready import Answer, Parts
from dashboard.source import data as source_data
from warehouse.errors import WarehouseError

_WEIGHT: Final = 600  # of an entry's key and its place, beside the bytes themselves
_PLACE: Final = 100  # of a place that is filled later
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
    if found.generation is None:
        return None
    if found.loading is None:  # else all changes all the time
        data.ahead.stands(found.stand, found)
    return found


Make = Callable[[State, Circumstances], tuple[Any, int]]


async def _once(
    kind: str, state: State, around: Circumstances, make: Make, more: Hashable = None
) -> Any:
    """Drawn for whoever asks first, given to all of one role and right while it says what is so."""
    who, data = caller.current(), source_data()
    number, pinned = str(around.generation.number), state.get("gen")

    def again(now: Circumstances) -> tuple[Hashable, Callable[[], Made]]:
        # a page's links name its snapshot: what was opened from this one will be from the next
        asked = state.but(gen=str(now.generation.number)) if pinned == number else state
        key = (kind, who.role, who.right, asked, more, now.key)

        def made() -> Made:
            with watching() as seen:
                value, size = make(asked, now)
            return Made(value, size + _WEIGHT, lasts=not seen.faults, until=seen.until)

        return key, made

    with caller.asking(who.unnamed):
        if pinned in ("", number):
            what = (kind, who.role, who.right, state.but(gen=None), bool(pinned), more)
            data.ahead.note(what, again)
        key, made = again(around)
        return await data.kept.once(key, made, around.now)


Drawing = tuple[Piece | Later, ...]


def _drawing(value: Any, first: int = 0, last: int = 0) -> Drawing:
    """What is drawn for many: pieces, and the places filled for each one; less its outer signs."""
    said, places = parts(value)
    said[-1] = said[-1][: len(said[-1]) - last]
    said[0] = said[0][first:]
    found: list[Piece | Later] = [Piece.of(said[0])]
    for place, after in zip(places, said[1:], strict=True):
        found += [place, Piece.of(after)]
    return tuple(found)


def _weight(drawing: Drawing) -> int:
    return sum(_PLACE if isinstance(one, Later) else len(one.deflated) for one in drawing)


def _filled(drawing: Drawing, around: Circumstances) -> Iterator[Piece]:
    """The drawing with the words that are true now, which pages and callers of a minute share."""
    platforms: dict[str, Any] = {}
    for one in drawing:
        if isinstance(one, Piece):
            yield one
            continue
        if one not in around.told:
            platforms = platforms or {state.key: state for state in around.states}
            feed = feed_of(platforms, one.about, around.now)
            around.told[one] = Piece.of(text(one.write(feed)))
        yield around.told[one]


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

    def make(state: State, around: Circumstances) -> tuple[Any, int]:
        found = render.draw(mine, chosen, state, around)
        shown = {
            name: {"children": getattr(found, name)} for name in ("head", "body", "tabs", "foot")
        }
        drawing = _drawing(shown, 1, len("]}}"))  # open, for what comes before and after
        return (drawing, found.tag, found.shows_viewer), _weight(drawing)

    drawing, tag, shows_viewer = await _once("page", state, around, make)
    top = text(render.own_top(mine, state, tag))
    foot = text(shell.seen_by(render.viewer() if shows_viewer else "", clock.local()))
    return (
        b'{"multi":true,"response":{"top":{"children":%b},' % top,
        *_filled(drawing, around),
        b',%b]},"drawn":{"data":%b}}}' % (foot, text(mark)),
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

    def make(state: State, around: Circumstances) -> tuple[Any, int]:
        children, name = proof.sheet(pages, state, around)
        shown = {"sheet": {"children": children, "className": name}}
        drawing = _drawing({"multi": True, "response": shown})
        return drawing, _weight(drawing)

    return tuple(_filled(await _once("sheet", state, around, make), around))


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

    def make(state: State, around: Circumstances) -> tuple[Any, int]:
        said: list[Any] = []
        found = rows.block(pages, state, request, said.append, around)
        if found is no_update:
            return None, 0
        told: dict[str, Any] = {"response": {"case-rows": {"getRowsResponse": found}}}
        if said:
            told["sideUpdate"] = {"case-failed": {"children": said[-1]}}
        piece = Piece.of(text({"multi": True, **told}))
        return piece, len(piece.deflated)

    found = await _once("rows", state, around, make, asked)
    return None if found is None else (found,)


async def _beat(pages: Sequence[Any], seen: Any, path: Any) -> Parts | None:
    mine = render.mine(pages)
    chosen = render.find(mine, parse(path, None).path)
    await _around()
    latest = lookout(source_data()).latest
    if latest is None or latest.generation is None:
        return None
    now = clock.local()
    told: dict[str, Any] = {"clock": {"children": shell.clock_words(now)}}
    feed = feed_of({one.key: one for one in latest.states}, chosen.FEEDS, now)
    paths = [page.PATH for page in mine]
    waits = await asyncio.to_thread(
        phone.counted, source_data(), latest.generation, now, paths, latest.alarms
    )
    if waits.alarms is not None:
        told[phone.ALARM_COUNT] = {"children": phone.number(waits.alarms)}
    if waits.late is not None:
        told[phone.LATE_COUNT] = {"children": phone.number(waits.late)}
    told["age"] = {"children": chips.age_words(feed) if chosen.FEEDS else ""}
    if not getattr(chosen, "STILL", False) and latest.mark != seen:
        told["generation"] = {"data": latest.mark}
    return (text({"multi": True, "response": told}),)
