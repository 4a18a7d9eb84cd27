"""A named query names the site's own sources of its platforms, and reads those platforms alone."""

from datetime import date, datetime

import pytest

from tests.warehouse.conftest import ALL_OWNERS
from warehouse.build import MODELS
from warehouse.generation import Generation, SourceState
from warehouse.header import read_folder, tables_read
from warehouse.named import load_queries, named_query, of_sources, subjects

NOW = datetime(2026, 11, 23, 12, 0)
MONTH = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}
LOOKED_UP = "FROM mart._source"


def asked():
    """Every query there is, those of many subjects for each of them."""
    for name, file in load_queries().items():
        words = [{"subject": one} for one in subjects(file)] if "subjects" in file.words else [{}]
        for given in words:
            yield pytest.param(named_query(name, dict(given)), id=" ".join([name, *given.values()]))


def facts(sql, models):
    """The facts that a SELECT reads, through whatever models."""
    found = set()
    for relation in tables_read(sql):
        base, _, name = relation.partition(".")
        if base == "core" and not name.startswith("dim_"):
            found.add(name.removesuffix("_version"))
        elif base == "mart" and name in models:
            found |= facts(models[name].sql, models)
    return found


def source(name, platform, own):
    return SourceState(name, platform, own, demo=False, last_success_at=NOW)


@pytest.mark.parametrize("query", [*asked()])
def test_a_query_that_names_platforms_reads_no_row_of_another(query):
    owners = {ALL_OWNERS[fact] for fact in facts(query.sql, read_folder(MODELS))}
    assert not query.platforms or owners <= set(query.platforms)


@pytest.mark.parametrize("query", [*asked()])
def test_own_sources_are_named_wherever_they_would_be_looked_up(query):
    names = [source(f"own:{one}", one, own=True) for one in query.platforms]
    said = of_sources(query, Generation(1, NOW, tuple(names)))
    if query.platforms:
        assert LOOKED_UP not in said
        assert all(f"'{one.source}'" in said for one in names) or LOOKED_UP not in query.sql
    else:
        assert said == query.sql


def test_sets_apart_and_other_platforms_are_not_among_them():
    known = (
        source("hotline_12345", "hotline_12345", own=True),
        source("demo:hotline_12345", "hotline_12345", own=True),
        source("2025", "hotline_12345", own=False),
        source("gauge", "gauge", own=True),
    )
    query = named_query("hotline_due", {})
    said = of_sources(query, Generation(1, NOW, known))
    assert "h.source IN ('hotline_12345', 'demo:hotline_12345')" in said


def test_the_answer_is_the_one_of_the_query_as_it_is_written(town, order):
    town.load("hotline_order", [order(n, due_at="2026-11-12 17:00:00") for n in range(5)])
    town.load("hotline_order", [order(n) for n in range(7, 10)], source="2025")
    town.publish(NOW)
    for name, given in (
        ("hotline_due", {**MONTH, "as_of": NOW}),
        ("matter_flow", {**MONTH, "as_of": NOW, "subject": "hotline"}),
        ("open_matters", {"limit": 20, "as_of": NOW}),
    ):
        rows = town.reader.query(name, given).to_pylist()
        written = named_query(name, given)  # takes the subject out of what is given
        with town.reader._reading(None) as snapshot:
            assert rows == snapshot.arrow(name, written.sql, given).to_pylist()
    assert len(rows) == 5


def test_before_any_source_has_delivered_there_is_no_row(town):
    town.publish(NOW, succeed=False)
    assert town.reader.query("hotline_due", {**MONTH, "as_of": NOW}).to_pylist()[0]["due"] == 0
