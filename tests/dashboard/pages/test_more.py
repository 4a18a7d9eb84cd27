"""No metric of a subject is without a place: what has no tile stands under 更多指标."""

from dataclasses import replace

import pytest

from dashboard.pages import app
from dashboard.pages.state import parse
from dashboard.pages.subject import more
from warehouse.metric import load_metrics

SUBJECTS = [page for page in app.PAGES if more.AREA in page.AREAS]
DAYS = "?period=2026-ytd"


def panel(nodes, body):
    wanted = f"panel a-{more.AREA}"
    return next(n for n in nodes(body) if str(getattr(n, "className", "")).startswith(wanted))


def drawn(served, path, search=DAYS):
    return served.render.page(served.pages, parse(path, search))[2]


COUNTED = [m for m in load_metrics().values() if m.platforms]


@pytest.mark.parametrize("metric", COUNTED, ids=lambda m: m.id)
def test_every_metric_of_a_platform_stands_on_a_page(metric):
    assert [page.PATH for page in app.PAGES if page.SHORT and metric.id in page.METRICS]


@pytest.mark.parametrize("page", SUBJECTS, ids=lambda page: page.PATH)
def test_every_metric_of_a_subject_opens_from_its_page_folded_or_not(served, nodes, page):
    for search in (DAYS, f"{DAYS}&more=1"):
        body = drawn(served, page.PATH, search)
        hrefs = " ".join(str(getattr(n, "href", "")) for n in nodes(body))
        closed = [name for name in page.METRICS if f"proof={name}&" not in hrefs]
        assert closed == []


def rest(page):
    """What stands under 更多指标 of a page."""
    return next(part for part in parts(page) if part.area == more.AREA).reads


def parts(page):
    return getattr(page, "PARTS", None) or (page.MORE,)


def test_a_folded_table_asks_no_figure_and_an_opened_one_shows_each(served, monkeypatch, words,
                                                                    nodes):  # fmt: skip
    asked = set()
    metric = served.town.metric

    def note(name, *args, **given):
        asked.add(name)
        return metric(name, *args, **given)

    monkeypatch.setattr(served.town, "metric", note)
    left = set(rest(next(page for page in SUBJECTS if page.PATH == "/hotline")))
    assert "hotline_returned_rate" in left
    folded = panel(nodes, drawn(served, "/hotline"))
    assert not asked & left and "热线退单率" in words(folded)
    opened = panel(nodes, drawn(served, "/hotline", f"{DAYS}&more=1"))
    assert left <= asked
    row = next(n for n in nodes(opened) if type(n).__name__ == "Tr" and "热线退单率" in words(n))
    assert "按受理时间" in words(row) and "%" in words(row) and "/" in words(row)


def test_a_new_metric_stands_there_by_itself(monkeypatch):
    known = dict(load_metrics())
    known["hotline_moon"] = replace(known["hotline_returned_rate"], id="hotline_moon")
    monkeypatch.setattr(more, "load_metrics", lambda: known)
    assert "hotline_moon" in more.part(("hotline_12345",), ("hotline_received",)).reads
    assert "hotline_received" not in more.part(("hotline_12345",), ("hotline_received",)).reads


def test_of_two_the_further_figures_stand_beside_each_other_too(served, words, nodes):
    search = f"{DAYS}&more=1&beside=community:320117005002&community=320117005001"
    text = words(panel(nodes, drawn(served, "/hotline", search)))
    assert "热线退单率" in text and "差" in text
