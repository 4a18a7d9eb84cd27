"""Views of case tables: kept per person, found by a random id, forgotten when nobody uses them."""

from datetime import datetime, timedelta

import pytest

from cases import views
from cases.errors import NotAllowed

AT = datetime(2026, 11, 23, 4, 0)


def test_a_view_is_found_by_its_id_and_listed_for_its_owner_alone(store):
    found = views.keep(store, "li", "hotline_received", {"words": "路灯"}, AT, "路灯类")
    assert views.find(store, found).body == {"words": "路灯"}
    assert [view.name for view in views.named(store, "li", "hotline_received")] == ["路灯类"]
    assert views.named(store, "wang", "hotline_received") == []
    assert views.named(store, "li", "mediation_accepted") == []
    assert len(found) == 22


def test_the_same_view_is_kept_once_and_a_name_takes_the_new_content(store):
    first = views.keep(store, "li", "m", {"words": "a"}, AT)
    assert views.keep(store, "li", "m", {"words": "a"}, AT) == first
    named = views.keep(store, "li", "m", {"words": "a"}, AT, " 我的\n视图 ")
    assert views.keep(store, "li", "m", {"words": "b"}, AT, "我的视图") == named
    assert views.find(store, named).body == {"words": "b"}


def test_what_is_no_id_finds_nothing(store):
    for evil in ("", "../x", "'; DROP TABLE case_view; --", "a" * 22, "%" * 22):
        assert views.find(store, evil) is None


def test_only_the_owner_takes_a_view_away(store):
    found = views.keep(store, "li", "m", {}, AT, "x")
    assert not views.drop(store, "wang", found)
    assert views.find(store, found) is not None
    assert views.drop(store, "li", found)
    assert views.find(store, found) is None


def test_a_view_without_a_name_is_forgotten_after_a_quarter_without_use(store):
    unnamed = views.keep(store, "li", "m", {"words": "a"}, AT)
    named = views.keep(store, "li", "m", {"words": "b"}, AT, "x")
    views.keep(store, "li", "m", {"words": "c"}, AT + timedelta(days=91))
    assert views.find(store, unnamed) is None
    assert views.find(store, named) is not None


def test_a_person_keeps_so_many_views_and_no_larger_ones(store):
    for n in range(views.MOST_NAMED):
        views.keep(store, "li", "m", {"words": str(n)}, AT, f"v{n}")
    with pytest.raises(NotAllowed, match="50"):
        views.keep(store, "li", "m", {}, AT, "one more")
    with pytest.raises(NotAllowed, match="20,000"):
        views.keep(store, "li", "m", {"words": "x" * 30_000}, AT)
