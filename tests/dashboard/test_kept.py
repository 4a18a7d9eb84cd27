"""Ready answers: made once for all who ask at the same time, bounded in bytes."""

import asyncio
import threading
from datetime import datetime, timedelta

import pytest

from dashboard.kept import Kept, Made


def ask(kept, *wishes):
    async def together():
        return await asyncio.gather(*(kept.once(*wish) for wish in wishes), return_exceptions=True)

    return asyncio.run(together())


def test_eight_who_ask_at_once_have_it_made_once():
    kept, made, all_there = Kept(), [], threading.Event()

    def make():
        assert all_there.wait(60)
        made.append(1)
        return Made("page", 10)

    async def eight():
        asking = [asyncio.ensure_future(kept.once("key", make)) for _ in range(8)]
        while kept.told["shared"] < 7:
            await asyncio.sleep(0)
        all_there.set()
        return await asyncio.gather(*asking)

    assert asyncio.run(eight()) == ["page"] * 8 and made == [1]
    assert ask(kept, ("key", make)) == ["page"] and made == [1]
    assert kept.told == {"made": 1, "shared": 7, "kept": 1}


def test_it_holds_no_more_bytes_than_it_may_and_forgets_what_was_asked_longest_ago():
    kept = Kept(most=100)
    for number in (1, 2, 1, 3, 1, 4):
        ask(kept, (number, lambda number=number: Made(number, 30)))
        assert kept.size <= 100
    made = []
    for number in (1, 3, 4, 2):
        ask(kept, (number, lambda number=number: made.append(number) or Made(number, 30)))
    assert made == [2]


def test_what_is_larger_than_all_room_is_given_and_not_kept():
    kept = Kept(most=100)
    assert ask(kept, ("key", lambda: Made("large", 101))) == ["large"]
    assert len(kept) == 0 and kept.size == 0


def test_an_answer_that_tells_of_a_fault_is_made_anew_for_the_next():
    kept = Kept()
    assert ask(kept, ("key", lambda: Made("broken", 1, lasts=False))) == ["broken"]
    assert ask(kept, ("key", lambda: Made("whole", 1))) == ["whole"]


def test_a_failure_is_told_to_all_who_waited_and_is_not_kept():
    kept = Kept()

    def fail():
        raise OSError("away")

    found = ask(kept, ("key", fail), ("key", fail))
    assert [type(one) for one in found] == [OSError, OSError]
    assert ask(kept, ("key", lambda: Made("back", 1))) == ["back"]


def test_who_gives_up_waiting_does_not_take_the_answer_from_the_others():
    kept, go_on = Kept(), threading.Event()

    def make():
        assert go_on.wait(60)
        return Made("page", 1)

    async def one_leaves():
        first = asyncio.ensure_future(kept.once("key", make))
        second = asyncio.ensure_future(kept.once("key", make))
        await asyncio.sleep(0)
        first.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await first
        return await second

    assert asyncio.run(one_leaves()) == "page"


def test_an_answer_is_given_until_it_would_say_something_else_and_takes_no_room_twice():
    kept, at = Kept(), datetime(2026, 11, 23, 12, 0)

    def asked(now):
        made = Made(f"from {now:%H:%M}", 10, until=now + timedelta(minutes=2))
        return asyncio.run(kept.once("key", lambda: made, now)), kept.size

    assert asked(at) == asked(at + timedelta(minutes=1)) == ("from 12:00", 10)
    assert asked(at + timedelta(minutes=2)) == ("from 12:02", 10)
