"""Each chart has its twin: what is drawn by size or place stands beside it as a table."""

import re

import pytest
from dash import dcc, html

from dashboard.pages import app
from dashboard.pages.state import parse
from dashboard.panels import day_bars, due_wave, eight_weeks, latency, mediation_month

DRAWN = [p.PATH for p in app.PAGES if p.SHORT and not hasattr(p, "standing")]
PER_CENT = re.compile(r"^-?[\d.]+%$|polygon")


def children(node):
    inside = getattr(node, "children", None)
    return inside if isinstance(inside, (list, tuple)) else [] if inside is None else [inside]


def walk(node, above=()):
    """Every component with those it stands in."""
    yield node, above
    for child in children(node):
        yield from walk(child, (*above, node))


def text(node):
    if not hasattr(node, "children"):
        return "" if node is None else str(node)
    return "".join(text(child) for child in children(node))


def is_drawn(node):
    """Whether a figure shows in its size or place: a curve, a map, a share of a length."""
    if isinstance(node, dcc.Graph) or type(node).__module__.startswith("dash_leaflet"):
        return True
    style = getattr(node, "style", None) or {}
    return "--share" in style or any(PER_CENT.search(str(value)) for value in style.values())


def is_map(nodes):
    return any("street-map" in str(getattr(node, "className", "")) for node in nodes)


def is_told(node, above):
    """Whether those it stands in say it in words: a figure with a twin, a table's row, a name."""
    for each in above:
        if isinstance(each, html.Figure):
            return any("twin" in str(getattr(n, "className", "")).split() for n, _ in walk(each))
        role = getattr(each, "role", None)
        if role == "row" or isinstance(each, html.Tr):
            return bool(re.search(r"\d|未设|从未", text(each)))
    return any(getattr(n, "role", None) == "img" and n.to_plotly_json()["props"].get("aria-label")
               for n in (*above, node))  # fmt: skip


@pytest.mark.parametrize("search", ["?period=2026-ytd", "?period=2026-09"])
@pytest.mark.parametrize("path", DRAWN)
def test_no_page_draws_what_no_table_tells(served, path, search):
    _, head, body, *_ = served.render.page(served.pages, parse(path, search))
    beside = any(getattr(node, "className", "") == "map-areas" for node, _ in walk(body))
    silent = {
        str(getattr(node, "className", type(node).__name__))
        for part in (head, body)
        for node, above in walk(html.Div(part))
        if is_drawn(node)
        and not is_told(node, above)
        and not any("band-axis" in str(getattr(each, "className", "")) for each in above)
        and not (beside and is_map((*above, node)))  # its areas are listed beside it
    }
    assert silent == set()


def columns_of(figure):
    """The twin's figures by column: 12（未完） is 12, 5/6 is 6, — is nothing."""
    table = next(node for node, _ in walk(figure) if isinstance(node, html.Tbody))
    rows = [[text(cell) for cell in row.children] for row in table.children]

    def number(words):
        found = re.findall(r"\d[\d.]*", words.replace(",", "").split("（")[0])
        return float(found[-1]) if found else None

    return [[number(cell) for cell in column] for column in zip(*rows, strict=True)]


def sizes(figure):
    """What the marks measure, by the column they draw."""
    found = {}
    for node, _ in walk(figure):
        column = node.to_plotly_json()["props"].get("data-of") if hasattr(node, "children") else 0
        if column:
            style = node.style
            size = next(style[name] for name in ("height", "bottom", "width") if name in style)
            found.setdefault(int(column), []).append(float(size.rstrip("%")))
    return found


def holds(figure, slack=0.6):
    """Whether every mark's size is its figure of the table times one scale, from one floor."""
    columns = columns_of(figure)
    drawn = sizes(figure)
    assert drawn
    for column, measured in drawn.items():
        told = [value for value in columns[column] if value is not None]
        if len(measured) > len(told):  # where nothing is known the mark has no size
            none = [n for n, value in enumerate(columns[column]) if value is None]
            assert all(measured[n] == 0 for n in none)
            measured = [size for n, size in enumerate(measured) if n not in none]
        low, high = told.index(min(told)), told.index(max(told))
        scale = (measured[high] - measured[low]) / ((told[high] - told[low]) or 1)
        for value, size in zip(told, measured, strict=True):
            assert abs(measured[low] + scale * (value - told[low]) - size) <= slack


def test_the_figures_of_a_twin_are_those_that_were_drawn():
    bar = day_bars.Bar
    bars = [bar("1", "", 4, ago=3, mean=4.0), bar("2", "", 8, ago=5, mean=6.0)]
    running = bar("3", "", 1, ago=2, mean=5.0, running=True, href="/x", when="11月3日")
    drawn = day_bars.view(day_bars.Bars([*bars, running], "件"))[0]
    holds(drawn)
    names = [node for node, _ in walk(drawn) if getattr(node, "className", "") == "row-button"]
    assert [(text(name), name.href) for name in names] == [("11月3日", "/x")]
    days = [due_wave.Day(str(n), "一", n * 3, n == 2, f"{n}日 到期 {n * 3} 件") for n in range(9)]
    holds(due_wave.view(due_wave.Wave(days, []))[0])
    line = eight_weeks.Line("按时办结率", [0.9, 0.95, None, 0.8, 1.0], "", "", floor=0.6)
    holds(eight_weeks.view([line], [f"周{n}" for n in "一二三四五"]), slack=1.0)
    runs = [latency.Bar(n, f"11-0{n} 08:00　{n} 秒") for n in (3, 8, 5)]
    holds(latency.view(latency.Bars(runs, "", "", "")))
    month = mediation_month.Month
    months = [month("1月", 3, 5, 4, href="/m"), month("2月", 7, 9, 6), month("3月", 0, 2)]
    holds(mediation_month.view([mediation_month.Months("单位", "起", months)]))


def test_every_table_of_a_page_names_its_columns(served):
    for path in ("/", "/mediation", "/hotline", "/flood"):
        _, _, body, *_ = served.render.page(served.pages, parse(path, "?period=2026-ytd"))
        for node, _ in walk(body):
            if isinstance(node, html.Table):
                assert text(node.children[0]).strip(), path
            if getattr(node, "role", None) == "row":
                roles = {getattr(cell, "role", None) for cell in node.children}
                assert roles <= {"cell", "rowheader", "columnheader"}
