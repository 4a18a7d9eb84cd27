"""Figures about persons tell no small cell and nothing from which one could be worked out."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.errors import BadDeclaration, UnknownParameter
from warehouse.few import LEAST, withheld
from warehouse.metric import FOLDER, load_metrics
from warehouse.read import MetricQuery

NOW = datetime(2026, 11, 23, 12, 0)
VILLAGES = [f"32011700500{n}" for n in range(1, 6)]
MONTH = (date(2026, 11, 1), date(2026, 11, 30))


def test_one_small_cell_takes_the_next_smallest_with_it():
    assert withheld({"a": 3, "b": 9, "c": 20, "d": 0}) == {"a", "b"}
    assert withheld({"a": 3, "b": 4, "c": 20}) == {"a", "b"}
    assert withheld({"a": 1, "b": 1, "c": 20}) == {"a", "b", "c"}
    assert withheld({"a": 5, "b": 9}) == set()
    assert withheld({"a": 3}) == {"a"}


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 30), max_size=12))
def test_what_is_told_never_betrays_a_small_cell(cells):
    hidden = withheld(cells)
    assert all(n == 0 or n >= LEAST for key, n in cells.items() if key not in hidden)
    left = [cells[key] for key in hidden]
    if hidden and len(hidden) < sum(n > 0 for n in cells.values()):
        assert len(left) > 1 and sum(left) >= LEAST


@pytest.fixture(scope="module")
def people(shared_street):
    """3, 8, 20, 0 and 12 old people with an allowance in five villages."""
    rows = []
    for village, count in zip(VILLAGES, (3, 8, 20, 0, 12), strict=True):
        rows += [
            {
                "service_no": f"{village}-{n}", "kind": "高龄津贴", "community_code": village,
                "applied_on": "2026-10-01", "decided_on": "2026-10-20", "result": "同意",
                "effective_from": "2026-11-01", "updated_at": "2026-11-01 08:00:00",
            }
            for n in range(count)
        ]  # fmt: skip
    shared_street.load("civil_service", rows)
    count = {"counted_on": "2026-11-16", "suppressed": "false"}
    shared_street.load(
        "population_count",
        [
            {**count, "community_code": village, "category_code": code, "quantity": str(n)}
            for code, numbers in (("01", (600, 700)), ("09", (2, 30)))
            for village, n in zip(VILLAGES, numbers, strict=False)
        ],
    )
    shared_street.publish(NOW)
    return shared_street


def told(answer):
    return {p.key: p.value for p in answer.series}


def test_small_villages_are_withheld_and_the_total_is_told(people):
    answer = people.ask("civil_recipients", *MONTH, by="community")
    assert answer.value == 43
    assert told(answer) == {VILLAGES[2]: 20, VILLAGES[4]: 12, VILLAGES[1]: None, VILLAGES[0]: None}
    assert answer.to_json()["series"][-1]["withheld"] is True


def test_asking_for_one_village_alone_tells_no_more(people):
    for n, value in enumerate((None, None, 20, 0, 12)):
        answer = people.ask("civil_recipients", *MONTH, community=VILLAGES[n])
        assert (answer.value, answer.withheld) == (value, value is None)


def test_two_cuts_at_once_are_not_told_at_all(people):
    answer = people.ask("civil_recipients", *MONTH, community=VILLAGES[2], by="class")
    assert (answer.value, answer.withheld) == (None, True)
    assert all(point.withheld for point in answer.series)


def test_lines_are_kept_safe_one_by_one(people):
    answer = people.ask("population", *MONTH, by="community")
    assert told(answer)[f"01/{VILLAGES[0]}"] == 600
    assert told(answer)[f"09/{VILLAGES[0]}"] is None
    assert told(answer)[f"09/{VILLAGES[1]}"] is None
    assert people.ask("population", *MONTH, line="09").value == 32
    assert people.ask("population", *MONTH, line="09", community=VILLAGES[1]).withheld


def test_counts_of_cases_are_never_withheld(people):
    answer = people.ask("civil_applied", date(2026, 10, 1), date(2026, 10, 31), by="community")
    assert told(answer)[VILLAGES[0]] == 3


def test_rows_about_persons_are_not_listed(people):
    query = MetricQuery(*MONTH)
    with pytest.raises(UnknownParameter, match="civil_recipients"):
        people.reader.rows("civil_recipients", query)
    with pytest.raises(UnknownParameter, match="population"):
        list(people.reader.every("population", query, most=10))


def test_every_version_of_a_definition_says_what_it_changed(tmp_path):
    text = (FOLDER / "grid_reported.sql").read_text(encoding="utf-8")
    second = text.replace("-- version: 1\n", "-- version: 2\n")
    path = tmp_path / "grid_reported.sql"
    path.write_text(second, encoding="utf-8")
    with pytest.raises(BadDeclaration, match="no line `version 1:`"):
        load_metrics(tmp_path)
    changed = load_metrics()["grid_reported"].changed
    lines = f"-- version 1: 2026-01-01 首版\n-- version 2: {changed} 自处置也计入\n"
    other = tmp_path / "other"
    other.mkdir()
    told = second.replace("-- document:", f"{lines}-- document:")
    (other / "grid_reported.sql").write_text(told, encoding="utf-8")
    history = load_metrics(other)["grid_reported"].history
    assert [(each.version, each.what) for each in history] == [(1, "首版"), (2, "自处置也计入")]
    assert load_metrics()["grid_reported"].history[0].what == "首次定义"
