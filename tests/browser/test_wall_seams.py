"""Text boxes of the drawn wall: none on a seam, none on another, at 4.14 : 1."""

import pytest

from tests.browser.wall_look import rested, show

pytestmark = pytest.mark.browser
ACROSS, DOWN = 7, 3

BOXES = """() => {
  const stage = document.querySelector('#stage').getBoundingClientRect();
  const walker = document.createTreeWalker(document.querySelector('#stage'), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.textContent.trim()) continue;
    // what lies under an alarm is not to be seen
    if (getComputedStyle(node.parentElement).visibility === 'hidden') continue;
    const size = parseFloat(getComputedStyle(node.parentElement).fontSize);
    const range = document.createRange();
    range.selectNodeContents(node);
    const panel = node.parentElement.closest('[data-panel]').dataset.panel;
    for (const box of range.getClientRects()) {
      const middle = (box.top + box.bottom) / 2 - stage.top;
      if (box.width) found.push([panel, node.textContent, box.left - stage.left,
        middle - size * 0.42, box.right - stage.left, middle + size * 0.42]);
    }
  }
  return [[stage.width, stage.height], found];
}"""


def on_seams(seen):
    """The texts that a seam of seven by three screens runs through."""
    (width, height), found = seen
    across = [width * k / ACROSS for k in range(1, ACROSS)]
    down = [height * k / DOWN for k in range(1, DOWN)]
    return [
        (panel, text)
        for panel, text, left, top, right, bottom in found
        if any(left < at < right for at in across) or any(top < at < bottom for at in down)
    ]


def overlaps(boxes):
    """Pairs of texts that lie on each other; boxes from left to right."""
    ordered = sorted(boxes, key=lambda one: one[2])
    for number, one in enumerate(ordered):
        for other in ordered[number + 1 :]:
            if other[2] >= one[4] - 1:
                break
            if min(one[5], other[5]) - max(one[3], other[3]) > 1:
                yield one[:2], other[1]


def test_no_text_touches_a_seam_or_lies_on_another(visit, product):
    page = visit("wall", 3360, 810).page
    show(page, product.address, "profile=lcd_7x3&scene=overview")
    seen = rested(
        page, lambda: page.evaluate(BOXES), lambda it: on_seams(it) or list(overlaps(it[1]))
    )
    assert len(seen[1]) > 100
    assert on_seams(seen) == []
    assert list(overlaps(seen[1])) == []
