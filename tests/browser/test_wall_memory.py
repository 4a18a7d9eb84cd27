"""What a window of the wall keeps in memory: nothing that it has drawn over."""

from __future__ import annotations

import pytest

from tests.browser.conftest import come_in

pytestmark = pytest.mark.browser
GIVE = """number => {
  window.kept = window.kept || [];
  const figure = {data: [{type: 'scatter', x: [1, 2], y: [number, number + 1]}], layout: {}};
  window.kept.push(new WeakRef(figure.data));
  window.dash_clientside.set_props('chart-hotline_trend', {data: figure});
}"""
DRAWN = """number => {
  const plot = document.querySelector('#graph-hotline_trend .js-plotly-plot');
  return plot && plot.data && plot.data[0] && plot.data[0].y && plot.data[0].y[0] === number;
}"""
LEFT = "() => window.kept.map((one, number) => one.deref() ? number : -1).filter(n => n >= 0)"


def test_a_figure_that_was_drawn_over_is_not_kept(small, chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, locale="zh-CN")
    page = context.new_page()
    come_in(context, small.address, "wall")
    page.goto(f"{small.address}/wall/frame/?profile=screen_16x9&scene=overview")
    page.wait_for_selector("html[data-drawn='1']", state="attached", timeout=60_000)
    for number in range(12):
        page.evaluate(GIVE, number)
        page.wait_for_function(DRAWN, arg=number)
    probe = context.new_cdp_session(page)
    for _ in range(2):
        probe.send("HeapProfiler.collectGarbage")
    assert len(page.evaluate(LEFT)) <= 3, "the newest and what React still holds"
    context.close()
