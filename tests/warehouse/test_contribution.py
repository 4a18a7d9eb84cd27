"""A change is explained by parts that add up to it exactly."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from warehouse.contribution import OTHER, contribution, displayed
from warehouse.metric import load_metrics
from warehouse.read import MetricAnswer, Point

RATE = load_metrics()["urban_closure_rate"]
COUNT = load_metrics()["grid_reported"]


def answer(series, top=None, value=None):
    numerator, denominator = top or (
        sum(pair[0] for pair in series.values()),
        sum(pair[1] for pair in series.values()),
    )
    points = tuple(Point(key, f"名{key}", num, num, den) for key, (num, den) in series.items())
    first = date(2026, 11, 1)
    return MetricAnswer(
        "m", 1, "某", "%", "due", first, first,
        numerator if value is None else value, numerator, denominator, {}, None, 1, points,
    )  # fmt: skip


def effects(found):
    return {part.key: part.effect for part in found.parts}


def test_a_count_changed_by_what_its_keys_changed_largest_first():
    before = answer({"a": (5, 5), "b": (8, 8), "c": (1, 1)})
    after = answer({"a": (9, 9), "b": (7, 7), "d": (2, 2)})
    found = contribution(COUNT, before, after)
    assert effects(found) == {"a": 4, "d": 2, "b": -1, "c": -1}
    assert [part.key for part in found.parts] == ["a", "d", "b", "c"]
    assert found.parts[0].label == "名a"
    assert sum(effects(found).values()) == found.change == 4


def test_a_rate_that_fell_only_because_cases_moved_to_the_weaker_place_is_all_mix():
    before = answer({"good": (90, 100), "weak": (50, 100)})
    after = answer({"good": (45, 50), "weak": (75, 150)})
    found = contribution(RATE, before, after)
    assert found.change == Fraction(-1, 10)
    assert all(part.rate_effect == 0 for part in found.parts)
    assert sum(part.mix_effect for part in found.parts) == found.change


def test_a_rate_that_fell_in_one_place_alone_blames_that_place():
    before = answer({"a": (90, 100), "b": (90, 100)})
    after = answer({"a": (90, 100), "b": (70, 100)})
    assert effects(contribution(RATE, before, after)) == {"b": Fraction(-1, 10), "a": 0}


def test_a_place_without_cases_before_can_only_move_the_mix():
    before = answer({"a": (9, 10)})
    after = answer({"a": (9, 10), "new": (0, 10)})
    found = contribution(RATE, before, after)
    assert {part.key: part.rate_effect for part in found.parts} == {"a": 0, "new": 0}
    assert sum(part.effect for part in found.parts) == found.change == Fraction(-9, 20)


PAIRS = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.integers(0, 500).flatmap(lambda den: st.tuples(st.integers(0, den), st.just(den))),
)


@given(PAIRS, PAIRS)
def test_the_parts_of_any_rate_add_up_to_its_change(before, after):
    found = contribution(RATE, answer(before), answer(after))
    if not sum(d for _, d in before.values()) or not sum(d for _, d in after.values()):
        assert found is None
        return
    assert sum(part.effect for part in found.parts) == found.change


def test_what_a_series_leaves_out_is_told_as_the_rest():
    before = answer({"a": (5, 5)}, top=(7, 7))
    after = answer({"a": (6, 6)}, top=(11, 11))
    found = contribution(COUNT, before, after)
    assert effects(found) == {OTHER: 3, "a": 1}
    assert found.parts[0].label == "其余"


def test_medians_and_rates_without_cases_are_not_explained():
    pair = answer({"a": (5, 5)})
    assert contribution(load_metrics()["hotline_handling_days"], pair, pair) is None
    assert contribution(RATE, pair, answer({})) is None


@given(st.lists(st.fractions(-1, 1), max_size=30))
def test_shown_parts_add_up_to_the_shown_whole(found):
    shown = displayed([each * 100 for each in found])
    whole = sum(found, Fraction(0)) * 1000
    assert sum(shown, Decimal(0)) * 10 == (whole + Fraction(1, 2)).__floor__()
    assert all(
        abs(Fraction(s) - f * 100) < Fraction(1, 10) for s, f in zip(shown, found, strict=True)
    )
