"""Whatever is counted on the home page opens the very matters that were counted."""

import re

import pytest

from dashboard.pages import home_cases, proof
from dashboard.pages.app import PAGES
from dashboard.pages.state import parse


@pytest.fixture
def home(served):
    return served.render.page(served.pages, parse("/", ""))[2]


def panel(nodes, body, area):
    return next(n for n in nodes(body) if f"a-{area}" in str(getattr(n, "className", "")).split())


def opened(nodes, words, href):
    """The title of a proof and how many rows its list has."""
    children = proof.sheet(PAGES, parse("/", "?" + href.partition("?")[2]))[0]
    table = next((n for n in nodes(children) if type(n).__name__ == "Table"), None)
    rows = [n for n in nodes(table) if type(n).__name__ == "Tr"][1:]
    return words(children), len(rows)


def doors(nodes, node):
    return [n for n in nodes(node) if "door" in str(getattr(n, "className", "")).split()]


@pytest.mark.parametrize("area", ["late", "wave", "risk"])
def test_every_count_opens_as_many_matters_as_it_says(nodes, words, home, area):
    found = [n for n in doors(nodes, panel(nodes, home, area)) if "own:cases" in n.href]
    assert len(found) >= 1
    for door in found:
        text, rows = opened(nodes, words, door.href)
        assert min(int(words(door)), 300) == rows, door.href
        assert f"{words(door)} 件" in text and "重算相等" in text


def test_overdue_of_a_kind_without_a_metric_of_its_own_is_listed_too(nodes, words, home):
    found = doors(nodes, panel(nodes, home, "late"))
    late = [n for n in found if "late:mediation_open" in n.href]
    assert late and {words(n) for n in late} == {"3"}
    text, rows = opened(nodes, words, late[0].href)
    assert rows == 3 and text.count("超期") >= 4


def test_a_row_of_a_unit_opens_all_it_counts_over_all_platforms(served, nodes, words, home):
    duties = [n for n in nodes(home) if getattr(n, "className", "") == "duty"]
    several = next(n for n in duties if "、" in words(n) and "件（" in words(n))
    told = re.search(r"(\d+) 件（(.+?)）", words(several))
    href = next(n.href for n in nodes(several) if "button" in str(getattr(n, "className", "")))
    text, rows = opened(nodes, words, href)
    assert rows == int(told[1])
    assert told[2].replace("、", " + ") in text


def test_the_units_without_a_row_are_told_with_their_number_and_opened(served, nodes, words, home):
    duties = [n for n in nodes(home) if getattr(n, "className", "") == "duty"]
    assert len(duties) == home_cases.DUTIES + 1
    units, count = map(int, re.search(r"另 (\d+) 个单位 (\d+) 件", words(duties[-1])).groups())
    href = next(n.href for n in nodes(duties[-1]) if getattr(n, "href", None))
    _, rows = opened(nodes, words, href)
    assert units > 0 and rows == min(count, 300)
    shown = sum(
        int(one[1]) if (one := re.search(r"(\d+) 件（", words(duty))) else 1 for duty in duties[:-1]
    )
    glass = served.render.glass(PAGES[0], parse("/", ""))
    pressing = [one for one in home_cases.open_cases(glass) if one.state in ("soon", "over")]
    assert shown + count == len(pressing)


@pytest.mark.parametrize("what", ["", "moon", "day:x", "late:moon", "day:2026-01-01..y"])
def test_a_list_that_an_address_makes_up_is_none(served, words, what):
    assert "没有这个指标" in words(proof.sheet(PAGES, parse("/", f"?proof=own:cases/{what}"))[0])
