"""The numbered places that the water threatens: what is at stake at each, and what to do there."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.wall.parts import Room, View, fitting, placed, rows_in, text

TITLE = "受影响点"
READS = ()
LEAST = (18.0, 7.0)


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the plan; its number is also on the map."""

    name: str
    stake: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The places in the plan's order, and what they come to together."""

    places: tuple[Place, ...]
    total: str = ""


def view(facts: Facts, room: Room) -> View:
    """One line each with its number; those that do not fit are counted."""
    if not facts.places:
        return View(body=placed(2.9, [text("本站未配置受影响点", "muted")]))
    lines = rows_in(
        room, first=2.9, pitch=2.15 if room.height > 12 else 1.85, text_height=1.4,
        last=room.height - 0.4,
    )  # fmt: skip
    shown = facts.places[: lines.count]
    rows = [
        placed(top, _row(number, place, room.width - 2.4), "place")
        for number, (top, place) in enumerate(zip(lines.tops, shown, strict=False), start=1)
    ]
    hidden = len(facts.places) - len(shown)
    total = f"{facts.total} · 另 {hidden} 处" if hidden else facts.total
    return View(title=f"{TITLE} {len(facts.places)} 处", basis=total, body=rows)


def _row(number: int, place: Place, wide: float) -> list[object]:
    told = [(words, 1.0) for words in (place.stake, place.note) if words]
    name, *more = fitting([(place.name, 1.15), *told], wide - 2.3)
    return [
        text(str(number), "number"),
        text(name, "strong name"),
        *(text(words, "what") for words in more[:1]),
        *(text(words, "note-end") for words in more[1:]),
    ]
