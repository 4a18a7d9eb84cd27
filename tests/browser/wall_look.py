"""What a browser drew of a wall, measured in the wall's own units, and what is wrong with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any, TypeVar

from playwright.sync_api import Page

from layouts.wall import WallProfile

T = TypeVar("T")
REM_PX = 18  # pixels of 1 rem while it is measured: enough for true widths, quick to draw
REST_S = 10  # a loaded machine lays out and measures at different moments
DRAWN = "html[data-drawn='1']"
LEAST_WORDS = 5  # what is cut shorter says nothing
KEY = (
    ".title, .value, .site, .clock, .ribbon:not(.calm) .half > :not(.muted), .station .name, "
    ".matter .name, .matter .left:not(.muted), .platform .name, .place-name, .place-count"
)
MEASURE = """key => {
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const stage = document.querySelector('#stage');
  const whole = stage.getBoundingClientRect();
  const sx = whole.width / stage.offsetWidth, sy = whole.height / stage.offsetHeight;
  const rect = box => [(box.left - whole.left) / sx / root, (box.top - whole.top) / sy / root,
                       (box.right - whole.left) / sx / root, (box.bottom - whole.top) / sy / root];
  const seen = node => node.getClientRects().length > 0 &&
                       getComputedStyle(node).visibility !== 'hidden';
  const cards = [...stage.querySelectorAll(':scope > [data-panel], #takeover > [data-panel]')]
    .filter(seen);
  const found = {scale: [sx * root, sy * root], window: [innerWidth, innerHeight],
                 stage: [whole.left, whole.top, whole.right, whole.bottom],
                 cards: [], texts: [], cut: [], charts: []};
  for (const card of cards) {
    const name = card.dataset.panel;
    found.cards.push([name, ...rect(card.getBoundingClientRect())]);
    for (const chart of card.querySelectorAll('.main-svg'))
      if (seen(chart)) found.charts.push([name, ...rect(chart.getBoundingClientRect())]);
    for (const one of card.querySelectorAll('*')) {
      const hides = ['hidden', 'clip'].includes(getComputedStyle(one).overflowX);
      if (hides && one.childElementCount === 0 && one.textContent.trim() && one.clientWidth &&
          one.scrollWidth > one.clientWidth + 2) found.cut.push([name, one.textContent.trim()]);
    }
    const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const owner = node.parentElement;
      if (!node.textContent.trim() || !seen(owner) || owner.closest('.rank-mark')) continue;
      const size = parseFloat(getComputedStyle(owner).fontSize) / root;
      const range = document.createRange();
      range.selectNodeContents(node);
      const pill = owner.closest('.pill');  // its ground covers what it lies on
      for (const box of pill ? [pill.getBoundingClientRect()] : range.getClientRects()) {
        if (box.width < 1) continue;
        const [left, top, right, bottom] = rect(box);
        const middle = (top + bottom) / 2;  // a Han glyph is 0.92 em high, its line is more
        found.texts.push([name, node.textContent.trim(), left, middle - 0.42 * size, right,
                          middle + 0.42 * size, size, !!owner.closest(key)]);
      }
    }
  }
  return found;
}"""


def viewport(profile: WallProfile) -> dict[str, int]:
    """A window of the profile's shape in which 1 rem is REM_PX high."""
    height = profile.rems * REM_PX
    return {"width": round(height * profile.aspect), "height": height}


def measured(page: Page) -> dict[str, Any]:
    """Cards, charts and text boxes of the drawn wall in rem."""
    found: dict[str, Any] = page.evaluate(MEASURE, KEY)
    return found


def show(page: Page, address: str, asked: str) -> None:
    """The drawn wall as the page itself: the shell may put another frame in a frame's place."""
    page.goto(f"{address}/wall/frame/?{asked}")
    page.wait_for_selector(DRAWN, state="attached", timeout=60_000)
    page.wait_for_function("document.fonts.status === 'loaded'")


def rested(page: Page, look: Callable[[], T], wrong: Callable[[T], object]) -> T:
    """What is seen when the wall has come to rest: what stays wrong is wrong."""
    ends = time.monotonic() + REST_S
    while wrong(seen := look()) and time.monotonic() < ends:
        page.wait_for_timeout(250)
    return seen


def at_rest(profile: WallProfile, page: Page) -> dict[str, Any]:
    """The wall as it is measured when it has come to rest."""
    return rested(page, lambda: measured(page), lambda seen: faults(profile, seen))


def faults(profile: WallProfile, seen: dict[str, Any]) -> list[str]:
    """Every way in which the drawn wall is not as its profile asks."""
    cards = {name: box for name, *box in seen["cards"]}
    if not cards:
        return ["nothing is drawn"]
    return [
        *_of_the_canvas(profile, seen),
        *_of_cards(profile, cards),
        *[f"{name}: cut off: {words}" for name, words in seen["cut"]],
        *[
            f"{name}: chart {box} is outside of its card {cards[name]}"
            for name, *box in seen["charts"]
            if not inside(box, cards[name], 0.1)
        ],
        *[wrong for text in seen["texts"] for wrong in _of_a_text(profile, cards, text)],
        *_of_texts(seen["texts"]),
    ]


def _of_the_canvas(profile: WallProfile, seen: dict[str, Any]) -> Iterator[str]:
    across, down = seen["scale"]
    ratio = across * profile.shape / profile.aspect / down  # of a square, as it is on the wall
    if abs(ratio - 1) >= 0.005:
        yield f"aspect error {ratio - 1:.4f}"
    left, top, right, bottom = seen["stage"]
    wide, high = seen["window"]
    if max(abs(left), abs(top), abs(right - wide) / 2, abs(bottom - high) / 2) > 0.005 * wide:
        yield f"the canvas {seen['stage']} does not fill the window {seen['window']}"


def _of_cards(profile: WallProfile, cards: dict[str, list[float]]) -> Iterator[str]:
    for name, box in cards.items():
        if not inside(box, [0, 0, profile.columns, profile.rems], 0.05):
            yield f"card {name} is off the canvas: {box}"
    for (one, a), (two, b) in combinations(cards.items(), 2):
        if meet(a, b, 0.02):
            yield f"card {one} lies on {two}"


def _of_a_text(
    profile: WallProfile, cards: dict[str, list[float]], text: list[Any]
) -> Iterator[str]:
    name, words, *box, size, is_key = text
    if not inside(box, cards[name], 0.06):
        yield f"{name}: {words!r} leaves its card"
    if words.endswith("…") and len(words) < LEAST_WORDS:
        yield f"{name}: cut to {words!r}"
    if size < 0.99 or (is_key and size < profile.key_rem * 0.99):
        yield f"{name}: {words!r} is {size:.2f} rem, {size * profile.glyph_arc:.1f}'"
    across, down = profile.seams
    for seam in across:
        if box[0] < seam < box[2]:
            yield f"{name}: {words!r} runs over the seam at {seam:.1f} across"
    for seam in down:
        if box[1] < seam < box[3]:
            yield f"{name}: {words!r} runs over the seam at {seam:.1f} down"


def _of_texts(texts: list[list[Any]]) -> Iterator[str]:
    for one, other in combinations(texts, 2):
        if one[0] == other[0] and meet(one[2:6], other[2:6], 0.06):
            yield f"{one[0]}: {one[1]!r} lies on {other[1]!r}"


def inside(box: list[float], frame: list[float], room: float) -> bool:
    """Whether a box stays in a frame, up to some room."""
    return (
        box[0] >= frame[0] - room
        and box[1] >= frame[1] - room
        and box[2] <= frame[2] + room
        and box[3] <= frame[3] + room
    )


def meet(one: list[float], other: list[float], room: float) -> bool:
    """Whether two boxes cover each other by more than some room both ways."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > room and high > room
