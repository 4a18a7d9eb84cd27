"""Places are handed on in order: by arrival, and a cheap question before a dear one."""

import threading

import pytest

from warehouse.turns import Turns


class Queue:
    """Threads that wait for the one place of some turns and note when they had it."""

    def __init__(self) -> None:
        self.turns = Turns(1)
        self.had: list[str] = []
        self._threads: list[threading.Thread] = []

    def join_in(self, name, patience=0.0):
        thread = threading.Thread(target=self._wait, args=(name, patience))
        self._threads.append(thread)
        before = len(self.turns._waiting)
        thread.start()
        while len(self.turns._waiting) == before:
            assert thread.is_alive()

    def _wait(self, name, patience):
        with self.turns.taken(patience):
            self.had.append(name)

    def all_done(self):
        for thread in self._threads:
            thread.join(10)
        assert not self.turns._waiting and self.turns._free == 1


@pytest.fixture
def queue():
    return Queue()


def test_who_came_first_is_next(queue):
    with queue.turns.taken():
        for name in "abcd":
            queue.join_in(name)
    queue.all_done()
    assert queue.had == list("abcd")


def test_a_cheap_question_goes_before_dear_ones_that_wait(queue):
    with queue.turns.taken():
        queue.join_in("search", patience=60)
        queue.join_in("another", patience=60)
        queue.join_in("page")
    queue.all_done()
    assert queue.had == ["page", "search", "another"]


def test_a_dear_question_that_waited_long_enough_goes_first(queue):
    with queue.turns.taken():
        queue.join_in("search", patience=-60)  # it came a minute ago
        queue.join_in("page")
    queue.all_done()
    assert queue.had == ["search", "page"]


def test_a_place_comes_back_when_a_question_fails(queue):
    with pytest.raises(ValueError, match="wrong"), queue.turns.taken():
        raise ValueError("wrong")
    with queue.turns.taken():
        queue.join_in("next")
    queue.all_done()
    assert queue.had == ["next"]


def test_who_waits_no_longer_takes_no_place_with_him(queue, monkeypatch):
    def given_up(event, _timeout=None):
        raise KeyboardInterrupt

    with queue.turns.taken():
        monkeypatch.setattr(threading.Event, "wait", given_up)
        with pytest.raises(KeyboardInterrupt), queue.turns.taken():
            raise AssertionError
        monkeypatch.undo()
        queue.join_in("next")
    queue.all_done()
    assert queue.had == ["next"]


def test_as_many_as_there_are_places_go_at_once():
    turns = Turns(2)
    with turns.taken(), turns.taken():
        assert turns._free == 0
    assert turns._free == 2
