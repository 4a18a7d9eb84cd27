"""The bar of a phone says what waits: the same numbers as the pages behind it, at little cost."""

from datetime import timedelta

import pytest

from cases import alarms
from dashboard.gate.caller import Caller
from dashboard.pages import home_cases, phone
from dashboard.pages.app import PAGES
from dashboard.pages.state import parse
from tests.dashboard.pages.town_cases import NOW


class On:
    """An alarm as far as the bar asks; to the ribbon of the home page it is none."""

    state = ""

    def __init__(self, is_loud):
        self.is_loud = is_loud


@pytest.fixture
def waiting(monkeypatch):
    """Three alarms, two of which nobody has acknowledged; how often they were asked."""
    asked = []

    def found(_store, at):
        asked.append(at)
        return [On(True), On(True), On(False)]

    monkeypatch.setattr(alarms, "open_alarms", found)
    return asked


def bar(served, path="/", search=""):
    return served.render.page(served.pages, parse(path, search))[4]


def items(words, tabs):
    """What stands on the bar itself; a list by its head."""
    shown = [tab for tab in tabs if "hidden" not in tab.className]
    return [words(tab.children[0] if "drop" in tab.className else tab) for tab in shown]


def late(served):
    glass = served.render.glass(PAGES[0], parse("/", ""))
    return sum(one.state == "over" for one in home_cases.open_cases(glass))


def test_five_places_with_what_waits_beside_them(served, words, waiting):
    assert late(served) > 0
    assert items(words, bar(served)) == ["要事", "告警2", f"超期{late(served)}", "专题", "报告"]


@pytest.mark.parametrize("path", ["/hotline", "/mediation", "/grid", "/reports"])
def test_every_page_has_the_same_bar_whatever_it_has_chosen(served, words, waiting, path):
    found = items(words, bar(served, path, "?community=320117005001&period=2026-08"))
    assert found == ["要事", "告警2", f"超期{late(served)}", "专题", "报告"]


def test_what_is_overdue_opens_its_parts(served, words, nodes, waiting):
    link = next(n for n in nodes(bar(served, "/grid")) if words(n).startswith("超期"))
    assert link.href == "/?proof=own:late"


def test_all_other_pages_are_in_the_list(served, nodes, waiting):
    paths = {n.href for n in nodes(bar(served)) if getattr(n, "href", None)}
    assert {page.PATH for page in served.render.mine(PAGES) if page.SHORT} <= paths


def test_a_unit_sees_no_count_that_is_not_its_own(served, words, waiting, monkeypatch):
    """Its rows come from its own reader; the alarms' desk is not its page."""
    whole = late(served)
    unit = Caller("王**", "unit", "-", units=("司法所",))
    monkeypatch.setattr(served.render.caller, "current", lambda: unit)
    rows = served.town.rows
    monkeypatch.setattr(
        served.town, "rows",
        lambda metric, query, **more: rows(metric, query, **{**more, "limit": 1}),
    )  # fmt: skip
    found = items(words, bar(served))
    assert found[0] == "要事" and not any(one.startswith("告警") for one in found)
    own = next(one for one in found if one.startswith("超期")).removeprefix("超期")
    assert int(own or 0) < whole


def test_the_open_matters_are_read_once_for_all_pages_of_a_snapshot(
    served, words, waiting, monkeypatch
):
    asked = []
    rows = served.town.rows

    def spy(metric, query, **more):
        asked.append(metric)
        return rows(metric, query, **more)

    bar(served)
    monkeypatch.setattr(served.town, "rows", spy)
    first = items(words, bar(served, "/reports"))
    assert "urban_open" not in asked
    served.town.number += 1
    served.town.kept = (served.town.number, *served.town.kept)
    assert items(words, bar(served, "/reports")) == first
    assert "urban_open" in asked


def test_an_open_page_is_told_what_has_become_overdue_without_a_question(
    served, waiting, monkeypatch
):
    bar(served)
    known = late(served)

    def none(*_args, **_more):
        raise AssertionError("asked")

    monkeypatch.setattr(served.town, "rows", none)
    generation = served.town.current()
    now = phone.counted(served.data, generation, NOW, ["/"])
    later = phone.counted(served.data, generation, NOW + timedelta(days=2), ["/"])
    assert now.late == known and later.late > now.late and now.alarms is None


def test_the_alarms_are_asked_once_a_minute_as_long_as_nothing_happens_to_them(served, waiting):
    for second in range(3):
        at = NOW + timedelta(seconds=second)
        found = phone.counted(served.data, None, at, [phone.ALARMS], version=7)
        assert found.alarms == 2
    assert len(waiting) == 1
    phone.counted(served.data, None, NOW, [phone.ALARMS], version=8)
    phone.counted(served.data, None, NOW + timedelta(minutes=1), [phone.ALARMS], version=8)
    assert len(waiting) == 3


def test_a_beat_tells_both_counts(served, waiting):
    bar(served)
    *_, alarm_count, late_count = served.render.beat(served.pages, "/hotline")
    assert (alarm_count, late_count) == ("2", str(late(served)))


def test_nothing_waits_and_nothing_is_written(served, words):
    assert phone.number(0) == phone.number(None) == ""
    assert phone.number(1200) == "999+"
