"""What a page has chosen holds in every part of it: the balance, the way down, the proofs."""

import re

import pytest

from dashboard.pages import proof
from dashboard.pages.app import PAGES
from dashboard.pages.state import parse

HERE, UNIT = "320117005001", "司法所"
FLOWS = ("/hotline", "/grid", "/urban", "/land", "/enforcement", "/whistle", "/mediation")
CHOSEN = {"community": HERE, "grid": f"{HERE}001", "unit": UNIT, "class": "01"}
WITHIN = [
    (page.PATH, name)
    for page in PAGES
    if page.PATH in FLOWS
    for name in CHOSEN
    if name in page.FILTERS
]


def page_of(path):
    return next(page for page in PAGES if path == page.PATH)


def balance(served, nodes, path, search=""):
    body = served.render.page(served.pages, parse(path, search))[2]
    return next(n for n in nodes(body) if "a-flow" in str(getattr(n, "className", "")).split())


def asked(served, monkeypatch):
    """What is asked of the town, beside its answers."""
    given = []
    query = served.town.query

    def spy(name, params=None, generation=None):
        given.append((name, dict(params or {})))
        return query(name, params, generation)

    monkeypatch.setattr(served.town, "query", spy)
    return given


@pytest.mark.parametrize(("path", "name"), WITHIN)
def test_the_balance_of_a_page_is_asked_within_its_choice_or_says_why_not(
    served, nodes, words, monkeypatch, path, name
):
    options = page_of(path).options(served.data)[name]
    value = CHOSEN[name] if CHOSEN[name] in options else next(iter(options))
    given = asked(served, monkeypatch)
    panel = balance(served, nodes, path, f"?{name}={value}")
    flows = [params for query, params in given if query.endswith("_flow")]
    if (path, name) == ("/whistle", "unit"):
        assert flows == [] and "存量与流量不分单位" in words(panel)
    else:
        assert flows and all(params.get(name) == value for params in flows)
        assert "✓ 差 0" in words(panel)


def test_what_is_open_in_a_village_is_what_its_proof_counts(served, nodes, words):
    panel = balance(served, nodes, "/mediation", f"?period=2026-ytd&community={HERE}")
    doors = [n for n in nodes(panel) if "proof=mediation_open" in str(getattr(n, "href", ""))]
    still = [n for n in doors if "to=2026-09-30" in n.href]
    assert len(still) == 2
    for door in still:
        text = words(proof.sheet(PAGES, parse("/mediation", "?" + door.href.partition("?")[2]))[0])
        assert f"{words(door)} 件✓" in re.sub(r"逐行计数每行计一次", "", text)


@pytest.mark.parametrize("path", FLOWS)
def test_every_figure_of_a_balance_has_its_proof(served, nodes, words, path):
    panel = balance(served, nodes, path, "?period=2026-ytd")
    figures = [n for n in nodes(panel) if "figure" in str(getattr(n, "className", "")).split()]
    assert len(figures) == (10 if path == "/mediation" else 5)
    for figure in figures:
        text = words(proof.sheet(PAGES, parse(path, "?" + figure.href.partition("?")[2]))[0])
        assert "没有这个指标" not in text, figure.href
        told = path == "/hotline" or "own:" in figure.href  # the town has no cases of the others
        assert words(figure) in text or not told, figure.href


PLACED = [page.PATH for page in PAGES if "community" in page.FILTERS]


@pytest.mark.parametrize("path", PLACED)
def test_the_way_down_is_offered_where_grids_lie_below_and_leads_there(served, nodes, words, path):
    """Where a page knows no grid neither a press nor an address goes below a village."""
    inside = f"?community={HERE}&down=community"
    _, head, body, *_ = served.render.page(served.pages, parse(path, f"?community={HERE}"))
    ways = [str(n.children) for n in nodes(head) if "chip-way" in str(getattr(n, "className", ""))]
    _, lower, below, *_ = served.render.page(served.pages, parse(path, inside))
    crumb = next(n for n in nodes(lower) if getattr(n, "className", "") == "crumbs")
    if "grid" in page_of(path).FILTERS:
        assert "下钻" in ways
        assert "清泉社区" in words(crumb)
        assert words(below) != words(body)
    else:
        assert "下钻" not in ways and "上一级" not in ways
        assert "清泉社区" not in words(crumb)
        assert words(below) == words(body)
    grid = served.render.page(served.pages, parse(path, f"?grid={HERE}001"))[1]
    assert ("未识别：网格" in words(grid)) == ("grid" not in page_of(path).FILTERS)
