"""The takeover of every station is drawn before there is an alarm."""

import pytest

from config import clock
from dashboard.panels import alarm_map
from dashboard.wall import rehearsal
from layouts.wall import load_profiles
from tests import fresh
from tests.dashboard.wall.conftest import NOW, Unpublished


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    store = fresh.store()
    with clock.frozen(NOW):
        yield Unpublished(store)
    store.close()


def test_after_a_rehearsal_no_station_searches_the_places_of_its_words(source):
    profile, rests = load_profiles()["screen_16x9"], []
    stations = len(source.thresholds.stations)
    assert rehearsal.rehearse(source, profile, lambda: rests.append(1)) == stations == len(rests)
    searched = alarm_map._places.cache_info().misses
    rehearsal.rehearse(source, profile, lambda: None)
    assert alarm_map._places.cache_info().misses == searched


def test_a_profile_is_rehearsed_once(monkeypatch):
    begun = []
    monkeypatch.setattr(rehearsal, "_begun", set())
    monkeypatch.setattr(rehearsal, "_run", lambda profile: begun.append(profile.key))
    profile = load_profiles()["lcd_7x3"]
    for _ in range(3):
        rehearsal.begin(profile)
    assert begun == ["lcd_7x3"]
