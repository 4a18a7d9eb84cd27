"""Text boxes of the drawn wall: none on a seam, none on another, at 4.14 : 1."""

import pytest

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


@pytest.fixture
def boxes(visit, product):
    page = visit("wall", 3360, 810).page
    page.goto(f"{product.address}/wall")
    page.wait_for_selector("iframe.shown", timeout=60000)
    frame = next(f for f in page.frames if "/wall/frame" in f.url)
    frame.wait_for_function("document.fonts.status === 'loaded'")
    return frame.evaluate(BOXES)


def test_no_text_touches_a_seam(boxes):
    (width, height), found = boxes
    assert len(found) > 100
    for k in range(1, ACROSS):
        at = width * k / ACROSS
        assert [text for _, text, left, _, right, _ in found if left < at < right] == []
    for k in range(1, DOWN):
        at = height * k / DOWN
        assert [text for _, text, _, top, _, bottom in found if top < at < bottom] == []


def test_no_text_lies_on_another(boxes):
    _, found = boxes
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            wide = min(one[4], other[4]) - max(one[2], other[2])
            high = min(one[5], other[5]) - max(one[3], other[3])
            assert wide <= 1 or high <= 1, (one[:2], other[:2])
