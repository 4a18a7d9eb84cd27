import threading

import pytest

from cases import attempts

KEYS = ("account:zhang", "address:10.0.0.7")


def fail(store, at, keys=KEYS):
    return attempts.take(store, keys, at)


def test_ten_tries_in_a_quarter_of_an_hour_and_then_a_wait(store):
    moment, taken = 1000.0, 0
    while moment < 1000 + 15 * 60:
        taken += fail(store, moment) == 0
        moment += 1
    assert taken == 10
    assert fail(store, 1000 + 15 * 60) == 0  # the first try ran out: no lock-out


def test_the_wait_doubles_after_three_free_tries(store):
    assert [fail(store, 1000.0) for _ in range(4)] == [0, 0, 0, 1]
    assert fail(store, 1001.0) == 0
    assert fail(store, 1001.0) == 2
    assert fail(store, 1003.0) == 0
    assert fail(store, 1003.0) == 4


def test_one_password_against_many_accounts_is_stopped_by_the_address(store):
    taken = [
        fail(store, 1000.0 + number * 61, (f"account:u{number}", "address:evil"))
        for number in range(12)
    ]
    assert taken.count(0) == 10


def test_a_success_clears_the_account_but_only_itself_from_the_address(store):
    for number in range(3):
        fail(store, 1000.0 + number)
    attempts.succeeded(store, *KEYS)
    assert fail(store, 1010.0, ("account:zhang", "address:10.0.0.8")) == 0
    assert fail(store, 1010.0, ("account:li", "address:10.0.0.7")) == 0
    assert fail(store, 1010.0, ("account:wu", "address:10.0.0.7")) == 1


@pytest.mark.sec
def test_tries_made_at_the_same_moment_count_all(store):
    allowed = []

    def hammer():
        for _ in range(10):
            allowed.append(fail(store, 1000.0) == 0)

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == attempts.FREE
