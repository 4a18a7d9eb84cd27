import asyncio
import json

import pytest

from dashboard.ready import Ready


@pytest.mark.parametrize("states", [{}, {"state": [{"value": 2}]}])
def test_a_call_is_asked_with_its_inputs_and_states_where_it_has_any(states):
    asked, passed_on = [], []

    async def answer(values):
        asked.append(values)  # and has nothing ready

    async def app(scope, receive, send):
        passed_on.append(json.loads((await receive())["body"]))

    call = {"output": "sheet.children", "inputs": [{"value": 1}], **states}

    async def receive():
        return {"type": "http.request", "body": json.dumps(call).encode(), "more_body": False}

    scope = {"type": "http", "method": "POST", "path": "/call", "headers": []}
    asyncio.run(Ready(app, "/call", {"sheet.children": answer})(scope, receive, None))
    assert asked == [[1, 2] if states else [1]]
    assert passed_on == [call]
