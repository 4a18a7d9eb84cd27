"""What was asked for lately is made anew behind the scenes when something else stands behind it."""

import asyncio
import threading

import pytest

from dashboard.ahead import Ahead
from dashboard.kept import Kept, Made


@pytest.fixture
def kept():
    return Kept()


@pytest.fixture
def ahead(kept):
    made = Ahead(kept, most=2)
    yield made
    made.close()


def wish(ahead, name, make=None):
    ahead.note(name, lambda now: ((name, now), lambda: Made(make(now) if make else now, 1)))


def drawn(ahead):
    """Wait until all is made that is to be made."""
    thread = ahead._thread
    if thread is not None:
        thread.join(60)
        assert not thread.is_alive()


def test_the_most_wanted_are_made_when_another_snapshot_stands_and_nobody_has_to_wait(kept, ahead):
    order = []
    for name, times in (("seldom", 1), ("often", 3), ("twice", 2)):
        for _ in range(times):
            wish(ahead, name, make=lambda now, name=name: order.append((name, now)))
    ahead.stands(1, "first")
    drawn(ahead)
    assert order == [], "what stood there from the beginning is made by who asks"
    ahead.stands(2, "second")
    drawn(ahead)
    assert order == [("often", "second"), ("twice", "second")], "no more than it may"
    asyncio.run(kept.once(("often", "second"), lambda: pytest.fail("it is there")))
    assert kept.told == {"ahead": 2, "kept": 1}
    ahead.stands(2, "second")
    drawn(ahead)
    assert kept.told["ahead"] == 2


def test_no_more_is_remembered_than_has_room_and_what_was_asked_for_longest_ago_goes(
    ahead, monkeypatch
):
    monkeypatch.setattr("dashboard.ahead._REMEMBERED", 2)
    for name in ("first", "second", "first", "third"):
        wish(ahead, name)
    assert list(ahead._wishes) == ["first", "third"]


def test_who_asks_for_what_is_being_made_ahead_is_given_that_one(kept, ahead):
    begun, go_on = threading.Event(), threading.Event()

    def slowly(now):
        begun.set()
        assert go_on.wait(60)
        return f"page of {now}"

    wish(ahead, "page", slowly)
    ahead.stands(1, "first")
    ahead.stands(2, "second")
    assert begun.wait(60)

    async def asks():
        asking = asyncio.ensure_future(kept.once(("page", "second"), lambda: pytest.fail("twice")))
        while not kept.told["shared"]:
            await asyncio.sleep(0)
        go_on.set()
        return await asking

    assert asyncio.run(asks()) == "page of second"


def test_while_somebody_waits_nothing_is_made_ahead(kept, ahead):
    go_on, order = threading.Event(), []

    def waited_for():
        assert go_on.wait(60)
        order.append("asked")
        return Made("", 1)

    wish(ahead, "page", lambda now: order.append("ahead"))
    ahead.stands(1, "first")

    async def asks():
        asking = asyncio.ensure_future(kept.once("other", waited_for))
        await asyncio.sleep(0)
        ahead.stands(2, "second")
        go_on.set()
        await asking

    asyncio.run(asks())
    drawn(ahead)
    assert order == ["asked", "ahead"]


def test_what_nobody_asked_for_in_the_last_minutes_and_a_fault_cost_nothing_more(
    kept, ahead, monkeypatch
):
    def fails(now):
        raise OSError("away")

    wish(ahead, "broken", fails)
    wish(ahead, "page")
    ahead.stands(1, "first")
    ahead.stands(2, "second")
    drawn(ahead)
    assert len(kept) == 1 and not kept._coming
    monkeypatch.setattr("dashboard.ahead.RECENT_S", 0.0)
    ahead.stands(3, "third")
    drawn(ahead)
    assert len(kept) == 1 and not ahead._wishes
