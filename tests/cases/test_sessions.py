from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cases import sessions, users
from cases.schema import sessions as table
from cases.schema import users as accounts
from cases.store import real_now


@pytest.fixture
def opened(store):
    def start(role="leader", name="zhang"):
        user = users.add(store, name, role, "Honglan-2026-x")
        return sessions.start(store, user.id, role, "10.0.0.7", "Firefox")

    return start


def test_an_id_has_256_random_bits_and_is_kept_only_as_a_hash(store, opened):
    session_id = opened()
    assert len(session_id) >= 43
    with store.reading() as connection:
        row = connection.execute(select(table)).one()
    assert session_id not in str(row)


def test_an_unknown_or_empty_id_is_nobodys(store, opened):
    opened()
    assert sessions.find(store, "") is None
    assert sessions.find(store, "x" * 43) is None


@pytest.mark.parametrize(
    ("role", "after", "valid"),
    [
        ("leader", timedelta(minutes=30), True),
        ("leader", timedelta(minutes=30, seconds=2), False),
        ("wall", timedelta(days=399), True),
        ("wall", timedelta(days=400, seconds=2), False),
    ],
)
def test_people_fall_idle_and_walls_do_not(store, opened, role, after, valid):
    session_id = opened(role)
    began = sessions.find(store, session_id).created_at
    assert (sessions.find(store, session_id, began + after) is not None) == valid


def test_activity_keeps_a_session_but_never_beyond_twelve_hours(store, opened):
    session_id = opened()
    began = sessions.find(store, session_id).created_at
    end = began + timedelta(hours=12)
    with store.writing() as connection:
        connection.execute(update(table).values(active_at=end))
    assert sessions.find(store, session_id, end - timedelta(seconds=1))
    assert sessions.find(store, session_id, end) is None


def test_activity_is_written_at_most_every_twenty_seconds(store, opened):
    session_id = opened()
    before = sessions.find(store, session_id)
    sessions.touch(store, before)
    assert sessions.find(store, session_id).active_at == before.active_at
    old = real_now() - timedelta(minutes=5)
    with store.writing() as connection:
        connection.execute(update(table).values(active_at=old))
    sessions.touch(store, sessions.find(store, session_id))
    assert sessions.find(store, session_id).active_at > old


def test_an_ended_session_stays_ended(store, opened):
    session_id = opened()
    found = sessions.find(store, session_id)
    sessions.end(store, session_id)
    sessions.touch(store, found)
    assert sessions.find(store, session_id) is None


def test_a_role_changed_behind_our_back_ends_the_session(store, opened):
    session_id = opened("wall")
    with store.writing() as connection:
        connection.execute(update(accounts).values(role="admin"))
    assert sessions.find(store, session_id) is None


def test_a_place_is_known_after_a_login_from_it(store, opened):
    opened()
    assert sessions.known_place(store, "zhang", "10.0.0.7")
    assert not sessions.known_place(store, "zhang", "10.0.0.8")
    assert not sessions.known_place(store, "li", "10.0.0.7")
