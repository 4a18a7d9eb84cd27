"""The product's own server: every callback ruled, every address as the rules say (S2)."""

import json
import re

import pytest

from cases import sessions, users
from cases.store import migrate, open_store
from dashboard import source
from dashboard.gate.rules import EVERYONE, PEOPLE, VIEWERS
from dashboard.pages import app as pages
from dashboard.server import build
from dashboard.wall import app as wall

pytestmark = pytest.mark.sec
SHOWN = (("leader", "/"), ("wall", "/wall"), ("wall", "/wall/frame/"), (None, "/login"))


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The whole server on an empty installation, in place of the small one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HONGLAN_VAR", str(tmp_path_factory.mktemp("server")))
        patch.delenv("HONGLAN_CASES_URL", raising=False)
        source._data.cache_clear()
        store = open_store()
        migrate(store)
        yield store, build(), None
        source.data().close()
        source._data.cache_clear()
        store.close()


def books(gate):
    return {path: rule.calls for (_, path), rule in gate.rules.exact.items() if rule.calls}


def test_every_callback_of_both_apps_has_a_rule_and_every_rule_a_callback(gate):
    found = books(gate)
    assert set(found) == {"/_dash-update-component", "/wall/frame/_dash-update-component"}
    for path, book in found.items():
        assert book.roles, path
        assert (book.without_rule, book.orphans) == (set(), set()), path


def test_the_roles_of_callbacks_are_those_of_their_app(gate):
    for path, allowed in (("/_dash-update-component", PEOPLE),
                          ("/wall/frame/_dash-update-component", VIEWERS)):  # fmt: skip
        assert all(roles <= allowed for roles in books(gate)[path].roles.values())
    assert {frozenset(roles) for roles in wall.CALLBACKS.values()} == {VIEWERS}


def test_only_the_wall_has_a_socket(gate):
    assert set(gate.rules.sockets) == {"/wall/frame/_dash-ws-callback"}


def test_every_page_is_one_page_for_readers(gate, visitor):
    for path in pages.PATHS:
        answer = visitor(max(pages.ROLES[path])).get(path)
        assert answer.status == 200, path
        assert "/assets/gate/session.js" in answer.body.decode()
        assert visitor("wall").get(path).status == 403, path
        assert visitor().get(path).status == 303, path


def test_nothing_in_a_page_points_to_another_host(visitor):
    for role, path in (
        ("leader", "/"),
        ("wall", "/wall"),
        ("wall", "/wall/frame/"),
        (None, "/login"),
    ):
        body = visitor(role).get(path).body.decode()
        assert re.findall(r'(?:src|href)=["\'](?:https?:)?//[^"\']+', body) == [], path


def test_every_file_that_a_page_names_is_served(visitor):
    for role, path in (
        ("leader", "/"),
        ("wall", "/wall"),
        ("wall", "/wall/frame/"),
        (None, "/login"),
    ):
        someone = visitor(role)
        body = someone.get(path).body.decode()
        named = set(re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css|svg|ico)[^"]*)"', body))
        assert named, path
        wrong = {name: someone.get(name).status for name in named}
        assert set(wrong.values()) == {200}, {k: v for k, v in wrong.items() if v != 200}


@pytest.mark.parametrize("value", [None, 1, "x" * 5000, [], {}, {"a": [1]}, True, -1e308, "\x00"])
def test_callbacks_survive_any_value_a_hostile_browser_sends(gate, visitor, value):
    admin, wrong = visitor("admin"), []
    book = books(gate)["/_dash-update-component"]
    for name in book.roles:
        spec = book._declared[name]
        call = {
            "output": name,
            "outputs": _outputs(name),
            "inputs": [entry | {"value": value} for entry in spec["inputs"]],
            "state": [entry | {"value": value} for entry in spec["state"]],
            "changedPropIds": [f"{one['id']}.{one['property']}" for one in spec["inputs"]],
        }
        status = admin.call(json.dumps(call).encode()).status
        if status >= 500:
            wrong.append((name, status))
    assert wrong == []


def _outputs(name):
    if not name.startswith(".."):
        identity, _, prop = name.rpartition(".")
        return {"id": identity, "property": prop}
    parts = [part.rpartition(".") for part in name[2:-2].split("...")]
    return [{"id": identity, "property": prop} for identity, _, prop in parts]


def test_before_the_first_load_pages_answer_and_the_api_says_try_again(visitor):
    assert visitor("leader").get("/").status == 200
    answer = visitor(token="leader").get("/api/v1/metrics/hotline_received")
    assert answer.status == 503
    assert answer.json()["error"]["code"] == "no_snapshot"
    assert answer.header("retry-after")


def test_a_day_of_a_wall_and_of_a_leader_costs_no_rights(store, people):
    assert sessions.WALL_LIFE > 300 * sessions.LIFE
    assert set(users.ROLES) == EVERYONE
