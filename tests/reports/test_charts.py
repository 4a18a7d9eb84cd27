import xml.etree.ElementTree as ET

import pytest

from dashboard.reports import charts
from dashboard.reports.content import Chart, Series


def chart(kind="bars", **words):
    series = Series("热线受理", ("38周", "39周"), (75.0, 66.0), **words)
    return Chart("trend", 1, "近2周热线受理量", "件", "", kind, "件", 0, (series,), "")


def test_a_chart_is_vector_without_text_that_needs_a_font():
    root = ET.fromstring(charts.svg(chart(strong=1, mean=70.5)))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "path" in tags
    assert not tags & {"text", "image", "script", "foreignObject"}


def test_the_same_chart_gives_the_same_bytes():
    assert charts.svg(chart()) == charts.svg(chart())


@pytest.mark.parametrize("values", [(), (0.0,), (0.0, 0.0), (1e6, 1.0)])
def test_a_chart_of_nothing_of_one_and_of_unlike_values_is_drawn(values):
    series = Series("量", tuple(str(n) for n in range(len(values))), values)
    one = Chart("trend", 1, "量", "件", "", "bars", "件", 0, (series,), "")
    assert charts.svg(one).startswith(b"<?xml")


@pytest.mark.parametrize("values", [(-0.5, -2.0), (0.2, -0.5), (0.0, 0.0), (1.0,)])
def test_bars_reach_to_both_sides_of_a_limit(values):
    series = Series("距警戒", tuple(f"站{n}" for n in range(len(values))), values, strong=0)
    one = Chart("gauges", 1, "距警戒", "米", "", "reach", "米", 2, (series,), "")
    assert charts.svg(one).startswith(b"<?xml")


def test_a_drawing_takes_whole_lines_with_its_foot():
    assert charts.chart_lines(chart()) == 6
    width, height = charts.size_pt(chart())
    assert (height + 16) / 28.95 == pytest.approx(6)
    assert width == pytest.approx(442.2, abs=0.1)


def test_bars_start_at_zero_and_the_reported_week_is_darker():
    figure = charts._drawn(chart(strong=1, mean=70.5))
    axes = figure.axes[0]
    bars = [patch for patch in axes.patches if patch.get_height()]
    assert axes.get_ylim()[0] == 0
    assert [bar.get_y() for bar in bars] == [0, 0]
    assert sum(bars[1].get_facecolor()[:3]) < sum(bars[0].get_facecolor()[:3])
    words = [text.get_text() for text in axes.texts]
    assert {"75", "66", "均值70.5"} <= set(words)
