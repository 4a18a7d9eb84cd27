"""How much is answered at once: one caller does not take the room of the others (S16)."""

import asyncio

import pytest

from dashboard.gate.crowd import Crowd
from dashboard.gate.refusal import Refused

pytestmark = pytest.mark.sec


def test_one_caller_has_so_many_places_and_all_together_so_many():
    crowd = Crowd(in_all=3, for_each=2)
    with crowd.place("a"), crowd.place("a"):
        with pytest.raises(Refused) as refused, crowd.place("a"):
            pass
        assert refused.value.status == 429
        with crowd.place("b"):
            with pytest.raises(Refused) as refused, crowd.place("c"):
                pass
            assert (refused.value.status, refused.value.headers) == (503, {"retry-after": "1"})
    assert crowd.size == 0


def test_a_place_is_free_again_after_an_error():
    crowd = Crowd(in_all=1, for_each=1)
    with pytest.raises(ZeroDivisionError), crowd.place("a"):
        raise ZeroDivisionError
    with crowd.place("a"):
        assert crowd.size == 1


def test_a_caller_with_too_much_under_way_is_asked_to_wait(gate, visitor, monkeypatch):
    leader = visitor("leader")
    monkeypatch.setattr(gate, "requests", Crowd(in_all=10, for_each=2))

    enough = asyncio.Event()

    async def slow(scope, receive, send):
        await enough.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    monkeypatch.setattr(gate, "app", slow)

    async def three():
        asks = [
            asyncio.ensure_future(leader._ask("GET", "/hotline", b"", {}, None, "10.0.0.7"))
            for _ in range(3)
        ]
        await asyncio.wait(asks, return_when=asyncio.FIRST_COMPLETED, timeout=60)
        enough.set()
        return sorted(answer.status for answer in await asyncio.gather(*asks))

    assert asyncio.run(three()) == [200, 200, 429]
    assert gate.requests.size == 0
