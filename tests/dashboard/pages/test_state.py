from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.pages.state import (
    FILTERS,
    KEYS,
    State,
    lasting,
    neighbours,
    parse,
    resolve,
    span_of,
)

TODAY = date(2026, 9, 30)
OPTIONS = {"community": {"320117005001": "清泉社区"}, "unit": {"派出所": "派出所"}}
WORDS = st.lists(
    st.tuples(
        st.sampled_from([*KEYS, "foo", "观测"]),
        st.text(min_size=1, max_size=12).filter(lambda text: text.isprintable()),
    ),
    max_size=8,
)


@given(WORDS, st.sampled_from(["/", "/mediation", "/hotline"]))
def test_an_address_says_the_same_state_back(words, path):
    state = State(path, tuple(words))
    assert parse(path, state.search) == state


@given(WORDS)
def test_no_address_is_refused_and_no_word_is_lost(words):
    state = State("/hotline", tuple(words))
    want = resolve(state, TODAY, OPTIONS)
    assert want.span.first <= want.span.last or state.get("period")
    known = set(want.filters.items())
    for name in FILTERS:
        value = state.get(name)
        assert not value or (name, value) in known or (name, value) in want.unknown


@given(WORDS, st.sampled_from(KEYS), st.text(min_size=1, max_size=5))
def test_changing_one_word_leaves_the_others(words, key, value):
    state = State("/", tuple(words))
    changed = state.but(**{key: value})
    assert changed.get(key) == value
    others = [word for word in state.words if word[0] != key]
    assert [word for word in changed.words if word[0] != key] == others
    assert [name for name, _ in changed.words].count(key) == 1


def test_an_unknown_value_is_kept_marked_and_not_used():
    state = parse("/mediation", "?community=999&vs=moon&period=2026-13&foo=bar")
    want = resolve(state, TODAY, OPTIONS)
    assert want.filters == {}
    assert want.versus == "year"
    assert (want.span.first, want.span.last) == (date(2026, 9, 1), TODAY)
    assert set(want.unknown) == {
        ("community", "999"),
        ("vs", "moon"),
        ("period", "2026-13"),
        ("foo", "bar"),
    }
    assert state.search == "?community=999&vs=moon&period=2026-13&foo=bar"


def test_words_of_a_proof_mean_nothing_without_one_and_are_marked():
    words = "from=2026-09-01&p-community=001&rows=1"
    alone = resolve(parse("/hotline", f"?{words}"), TODAY, OPTIONS)
    assert [name for name, _ in alone.unknown] == ["from", "p-community", "rows"]
    proven = resolve(parse("/hotline", f"?proof=hotline_received&{words}"), TODAY, OPTIONS)
    assert proven.unknown == ()


def test_without_a_period_it_is_this_month_so_far():
    span = span_of("", TODAY)
    assert (span.first, span.last, span.running) == (date(2026, 9, 1), TODAY, True)


@pytest.mark.parametrize(
    ("key", "first", "last", "before", "year"),
    [
        ("2026-W40", "2026-09-28", "2026-09-30", "2026-09-21", "2025-09-29"),
        ("2026-ytd", "2026-01-01", "2026-09-30", "2025-01-01", "2025-01-01"),
        ("2026-08", "2026-08-01", "2026-08-31", "2026-07-01", "2025-08-01"),
        ("2026-10-26th", "2026-09-26", "2026-09-30", "2026-08-26", "2025-09-26"),
        ("2026-W40-fri", "2026-09-25", "2026-09-30", "2026-09-18", "2025-09-26"),
    ],
)
def test_a_running_period_compares_with_as_many_days(key, first, last, before, year):
    span = span_of(key, TODAY)
    assert (str(span.first), str(span.last)) == (first, last)
    assert str(span.previous.first) == before
    assert str(span.year.first) == year
    if span.running and span.period.kind != "ytd":
        assert span.previous.days == (span.last - span.first).days + 1


def test_a_copied_link_shows_the_same_days_next_month():
    made_on = date(2026, 9, 23)
    copied = lasting(parse("/hotline", "?unit=派出所"), made_on)
    assert copied.get("period") == "2026-09"
    assert copied.get("at") == "2026-09-23"
    later = resolve(copied, date(2026, 11, 2), OPTIONS)
    assert (later.span.first, later.span.last) == (date(2026, 9, 1), made_on)
    assert later.span.previous.last == date(2026, 8, 23)


def test_a_copied_link_of_a_finished_period_needs_no_day():
    assert lasting(parse("/", "?period=2026-08"), TODAY).search == "?period=2026-08"


def test_a_day_that_has_not_come_is_not_known():
    want = resolve(parse("/", "?at=2027-01-01"), TODAY, {})
    assert ("at", "2027-01-01") in want.unknown
    assert want.span.today == TODAY


def test_no_period_that_has_not_begun_is_offered():
    assert neighbours(span_of("2026-09", TODAY)) == ("2026-08", None)
    assert neighbours(span_of("2026-08", TODAY)) == ("2026-07", "2026-09")
    assert neighbours(span_of("2026-ytd", TODAY)) == ("2025-ytd", None)
    assert neighbours(span_of("2025-ytd", TODAY)) == ("2024-ytd", "2026-ytd")
