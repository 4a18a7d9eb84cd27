"""Callbacks: one address for all, so the id decides; broken calls never reach Dash (S2, S3)."""

import json

import pytest

from dashboard.gate.callbacks import CallbackBook
from dashboard.gate.caller import Caller
from dashboard.gate.refusal import Refused

pytestmark = pytest.mark.sec
SHOW = {
    "output": "content.children",
    "outputs": {"id": "content", "property": "children"},
    "inputs": [{"id": "url", "property": "pathname", "value": "/hotline"}],
    "changedPropIds": ["url.pathname"],
    "state": [],
}
TWO = {
    "output": "..a.children...b.title..",
    "outputs": [{"id": "a", "property": "children"}, {"id": "b", "property": "title"}],
    "inputs": [{"id": "c", "property": "n", "value": 3}],
    "changedPropIds": ["c.n"],
    "state": [{"id": "d", "property": "v", "value": None}],
}
ROW = {"t": "row", "n": 1}
MANY = {
    "output": '{"n":["ALL"],"t":"row"}.children',
    "outputs": [{"id": ROW, "property": "children"}],
    "inputs": [[{"id": ROW, "property": "n_clicks", "value": 7}]],
    "changedPropIds": ['{"n":1,"t":"row"}.n_clicks'],
}


def test_a_caller_with_the_role_gets_the_answer_and_the_callback_knows_who_asks(visitor):
    answer = visitor("leader").call(SHOW)
    assert answer.status == 200
    assert answer.json()["response"]["content"]["children"] == "the-leader at /hotline"


def test_calls_of_all_shapes_that_the_renderer_sends_pass(visitor):
    admin = visitor("admin")
    assert admin.call(TWO).json()["response"]["a"]["children"] == "3"
    assert admin.call(MANY).status == 200
    assert admin.call(MANY | {"outputs": [], "inputs": [[]], "changedPropIds": []}).status == 200
    assert admin.call(SHOW | {"parsedChangedPropsIds": ["url.pathname"]}).status == 200


def test_a_callback_of_another_role_is_refused(visitor):
    assert visitor("leader").call(TWO).status == 403
    assert visitor("admin").call(TWO).status == 200


def test_a_callback_without_a_rule_is_refused_to_everybody(visitor):
    secret = {
        "output": "secret.children",
        "outputs": {"id": "secret", "property": "children"},
        "inputs": [{"id": "c", "property": "n", "value": 1}],
        "changedPropIds": ["c.n"],
    }
    for role in ("leader", "admin"):
        answer = visitor(role).call(secret)
        assert answer.status == 403
        assert b"secret" not in answer.body


@pytest.mark.parametrize(
    "name", ["nothing.children", "", "content", "CONTENT.children", "content.children ", "..", "*"]
)
def test_an_unknown_callback_is_refused(visitor, name):
    assert visitor("admin").call(SHOW | {"output": name}).status == 403


def test_a_callback_of_the_wall_is_not_reached_through_the_pages_or_by_post(visitor, gate):
    (persistent,) = gate.rules.sockets["/wall/frame/_dash-ws-callback"].calls.roles
    call = {"output": persistent, "outputs": [], "inputs": [], "changedPropIds": [], "state": []}
    assert visitor("admin").call(call).status == 403
    assert visitor("wall").call(call, path="/wall/frame/_dash-update-component").status == 403
    assert visitor("wall").call(SHOW, path="/wall/frame/_dash-update-component").status == 403


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"1", b'"x"', b"{}", b"\xff\xfe", b'{"output":1}',
        b'{"output":null}', b'{"output":["content.children"]}', b"[" * 100_000,
        b'{"output":"content.children"}' * 2, b"NaN",
    ],
)  # fmt: skip
def test_a_body_that_is_no_call_gets_a_4xx(visitor, body):
    assert visitor("leader").call(body).status == 400


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": None}, {"inputs": {}}, {"inputs": "x"}, {"inputs": []}, {"inputs": [None]},
        {"inputs": [[]]}, {"inputs": SHOW["inputs"] * 2}, {"inputs": [{"id": "url"}]},
        {"inputs": [{"id": "url", "property": "search", "value": 1}]},
        {"inputs": [{"id": "other", "property": "pathname", "value": 1}]},
        {"inputs": [{"id": {"a": 1}, "property": "pathname"}]}, {"state": [1]}, {"state": "x"},
        {"state": [{"id": "d", "property": "v"}]}, {"outputs": None}, {"outputs": []},
        {"outputs": {}}, {"outputs": {"id": "x", "property": "children"}}, {"outputs": "x"},
        {"outputs": {"id": "content"}},
        {"outputs": [{"id": "content", "property": "children"}] * 2},
        {"changedPropIds": None}, {"changedPropIds": [1]}, {"changedPropIds": ["x"]},
        {"changedPropIds": {"a": 1}}, {"changedPropIds": ["a.b"] * 5000},
    ],
)  # fmt: skip
def test_a_call_that_is_not_of_the_declared_shape_gets_a_4xx(visitor, change):
    assert visitor("leader").call(SHOW | change).status == 400


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": [[{"id": {"t": "row"}, "property": "n_clicks"}]]},
        {"inputs": [[{"id": {"t": ["x"], "n": 1}, "property": "n_clicks"}]]},
        {"inputs": [[{"id": "row", "property": "n_clicks"}]]},
        {"inputs": [[1]]},
        {"outputs": [1]},
        {"outputs": [{"id": {"t": "row", "n": 1, "z": 2}, "property": "children"}]},
    ],
)
def test_a_wildcard_call_that_is_not_of_the_declared_shape_gets_a_4xx(visitor, change):
    assert visitor("leader").call(MANY | change).status == 400


@pytest.mark.parametrize("kind", ["text/plain", "", "application/x-www-form-urlencoded", "json"])
def test_a_call_must_be_json_by_name_too(visitor, kind):
    assert visitor("leader").call(SHOW, headers={"content-type": kind}).status == 415


def test_every_callback_without_a_rule_and_every_rule_without_a_callback_is_named():
    spec = {"inputs": [{"id": "a", "property": "b"}], "state": [], "callback": print}
    clientside = {"inputs": [], "state": [], "no_output": True}
    book = CallbackBook(
        {"x.y": spec, "z.y": spec, "c.s": clientside}, {"x.y": {"leader"}, "gone.y": {"leader"}}
    )
    assert book.without_rule == {"z.y"}
    assert book.orphans == {"gone.y"}


def test_a_socket_message_is_one_of_three_kinds():
    spec = {"inputs": [], "state": [], "no_output": True, "websocket": True, "callback": print}
    book = CallbackBook({"hash": spec}, {"*persistent": {"wall"}})
    wall, leader = Caller("w", "wall", "-", session=object()), Caller("l", "leader", "-")
    call = {
        "type": "callback_request",
        "requestId": "1",
        "rendererId": "r",
        "payload": {"output": "hash", "inputs": [], "changedPropIds": [], "state": []},
    }
    for good in (call, {"type": "heartbeat"}, call | {"type": "get_props_response", "payload": {}}):
        book.check_message(json.dumps(good), wall)
    wrong = [
        call | {"type": "tab_visible"}, call | {"requestId": 1}, call | {"requestId": "x" * 300},
        call | {"payload": None}, call | {"payload": {"output": "other"}}, [call], {}, 1,
        call | {"type": "get_props_response", "payload": 1}, {"type": ["heartbeat"]},
    ]  # fmt: skip
    for message in wrong:
        with pytest.raises(Refused):
            book.check_message(json.dumps(message), wall)
    with pytest.raises(Refused):
        book.check_message(json.dumps(call), leader)
    with pytest.raises(Refused):
        book.check_message("{", wall)
