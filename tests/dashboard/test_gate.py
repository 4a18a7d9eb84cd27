"""The gate's attack matrix: every route, spelling, method and credential (S2, S3)."""

import re

import pytest
from sqlalchemy import update
from starlette.routing import Mount, WebSocketRoute

from cases import sessions, tokens, users
from cases.schema import sessions as session_table
from cases.schema import users as user_table
from cases.store import real_now
from dashboard.gate.rules import ADMINS, EVERYONE, PEOPLE, READERS, VIEWERS

pytestmark = pytest.mark.sec

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "X")
PAGES = {"/", "/hotline", "/wall", "/wall/frame/", "/password", "/factor"}
UNUSED = {"/_reload-hash", "/wall/frame/_reload-hash", "/_dash-ws-callback"}
OPEN = {
    ("GET", "/healthz"),
    ("GET", "/login"),
    ("GET", "/login/known"),
    ("POST", "/login"),
    ("GET", "/login/factor"),
    ("POST", "/login/factor"),
    ("GET", "/desk/locked"),
    ("GET", "/desk/locked/state"),
    ("POST", "/desk/locked"),
    ("GET", "/wall/pair"),
    ("POST", "/wall/pair/code"),
    ("POST", "/wall/pair/challenge"),
    ("POST", "/wall/pair/enter"),
    ("POST", "/session/seen"),
}


def spellings(path):
    """The path written in ways that a careless reader takes for the same."""
    bare = path.rstrip("/")
    yield from (
        f"/{path}", f"//{path[1:]}", f"/.{path}", f"/x/..{path}", f"/%2e%2e{path}", f"{path};x=1",
        f"{path}/.", f"{path}//", f"{path}%00", f"{path}%20", f"{path}\\", f"/{path[1:].upper()}.",
        f"/%2f{path[1:]}", f"{path}%2f..", f"{path}?/../login", f"{bare}/%2e%2e/login",
        f"/login/..{path}", f"/assets/gate/..{path}", f"/healthz{path}", f"{path}\x7f",
        f"/%{ord(path[1]) if len(path) > 1 else 47:x}{path[2:]}", path + "a" * 2000,
    )  # fmt: skip


def every_route(gate):
    """The routes of the running server, those of its routers too."""
    server = gate.app
    while not hasattr(server, "routes"):
        server = server.app
    for route in server.routes:
        included = getattr(route, "original_router", None)
        yield from [route] if included is None else included.routes


def addresses(gate):
    """Every address of the running server, from its own routes."""
    found = set()
    for route in every_route(gate):
        if not isinstance(route, Mount | WebSocketRoute):
            found.add(re.sub(r"\{[^}]*\}", "x", route.path))
    return sorted(found | {path for _, path in gate.rules.exact})


def credentials(store, people):
    """What somebody without rights may bring along."""
    stale = sessions.start(store, people["leader"].id, "leader")
    with store.writing() as connection:
        connection.execute(update(session_table).values(expires_at=real_now()))
    ended = sessions.start(store, people["leader"].id, "leader")
    sessions.end(store, ended)
    good = sessions.start(store, people["leader"].id, "leader")
    revoked = tokens.create(store, "admin", "revoked")
    tokens.revoke(store, "revoked")
    none_jwt = "eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4ifQ."
    return {
        "nothing": {},
        "a forged cookie": {"cookie": f"honglan_session={'A' * 43}"},
        "an empty cookie": {"cookie": "honglan_session="},
        "an expired session": {"cookie": f"honglan_session={stale}"},
        "an ended session": {"cookie": f"honglan_session={ended}"},
        "a planted second cookie": {"cookie": f"honglan_session=x; honglan_session={good}"},
        "a cookie of another name": {"cookie": f"session={good}; honglan_sessions={good}"},
        "a session id as a token": {"authorization": f"Bearer {good}"},
        "alg none": {"authorization": f"Bearer {none_jwt}"},
        "a revoked token": {"authorization": f"Bearer {revoked}"},
        "a bad token beside a good cookie": {
            "authorization": "Bearer x",
            "cookie": f"honglan_session={good}",
        },
        "basic": {"authorization": "Basic dGhlLWFkbWluOkhvbmdsYW4tMjAyNi14"},
    }


def test_without_rights_every_address_is_refused_with_every_method(visitor, gate, store, people):
    stranger, wrong = visitor(), []
    for what, headers in credentials(store, people).items():
        for path in addresses(gate):
            for method in METHODS:
                rule = gate.rules.rule(method, path)
                if rule is not None and rule.is_public:
                    continue
                status = stranger.ask(method, path, headers=headers).status
                redirected = status == 303 and method == "GET" and path in PAGES
                if status not in (401, 403, 404) and not redirected:
                    wrong.append((what, method, path, status))
    assert wrong == []


def test_an_address_spelled_in_another_way_does_not_exist_even_with_rights(visitor, gate):
    admin, wrong = visitor("admin"), []
    for path in addresses(gate):
        for spelled in spellings(path):
            if spelled.partition("?")[0] in {path, "/"} or "?" in spelled:
                continue
            answer = admin.get(spelled)
            if answer.status not in (404, 405):
                wrong.append((spelled[:80], answer.status))
    assert wrong == []


def test_a_literal_route_template_is_no_address(visitor, gate):
    admin = visitor("admin")
    for route in every_route(gate):
        if "{" in route.path:
            assert admin.get(route.path).status == 404
            assert admin.get(route.path.replace("{", "<").replace("}", ">")).status == 404


def test_every_address_that_is_open_to_all_is_on_the_short_list(gate):
    public = {key for key, rule in gate.rules.exact.items() if rule.is_public}
    assert {key for key in public if not key[1].startswith("/assets/")} == OPEN
    folders = {path.rpartition("/")[0] for _, path in public if path.startswith("/assets/")}
    assert folders == {"/assets/fonts", "/assets/gate"}


def test_every_route_of_the_server_has_a_rule_or_is_shut_for_good(gate):
    unruled = set()
    for route in every_route(gate):
        if isinstance(route, Mount):
            continue
        if isinstance(route, WebSocketRoute):
            if route.path not in gate.rules.sockets:
                unruled.add(route.path)
            continue
        plain = route.path
        if "_dash-component-suites" in plain:
            continue
        for method in route.methods:
            if gate.rules.rule(method, plain) is None:
                unruled.add(plain)
    assert unruled == UNUSED


def test_what_is_shut_for_good_is_shut_for_an_admin(visitor):
    assert {visitor("admin").get(path).status for path in UNUSED} == {404}


@pytest.mark.parametrize("role", users.ROLES)
def test_each_role_gets_its_addresses_and_no_other(visitor, gate, role):
    someone, wrong = visitor(role), []
    for (method, path), rule in gate.rules.exact.items():
        if rule.is_public or method != "GET":
            continue
        status = someone.get(path).status
        allowed = role in rule.roles
        refused = status == 403
        if allowed == refused:
            wrong.append((path, status))
    assert wrong == []


def test_the_wall_gets_the_wall_and_nothing_of_the_pages_or_the_api(visitor):
    wall = visitor("wall")
    assert wall.get("/wall").status == 200
    assert wall.get("/wall/frame/").status == 200
    for path in ("/", "/hotline", "/api/v1/metrics", "/_dash-layout", "/assets/own.css"):
        assert wall.get(path).status == 403, path
    assert wall.call({}).status == 403


def test_roles_of_the_rules_are_the_three_there_are(gate):
    sets = {rule.roles for rule in gate.rules.exact.values() if not rule.is_public}
    assert sets <= {READERS, VIEWERS, ADMINS, PEOPLE, EVERYONE, frozenset({"wall"})}
    assert set(users.ROLES) == EVERYONE


def test_a_token_opens_the_api_and_no_page_callback_or_layout(visitor):
    program = visitor(token="leader")
    assert program.get("/api/v1/metrics").json()["role"] == "leader"
    assert program.ask("POST", "/api/v1/reports", b"{}").json() == {"bytes": 2}
    for path in ("/", "/hotline", "/wall", "/_dash-layout", "/password"):
        assert program.get(path).status == 403, path
    assert program.call({}).status == 403
    assert visitor(token="wall").get("/api/v1/metrics").status == 403


def test_a_person_without_session_is_led_to_the_login_and_a_program_gets_json(visitor):
    stranger = visitor()
    answer = stranger.get("/hotline?period=2026-W47&by=unit")
    assert (answer.status, answer.header("location")) == (
        303,
        "/login?next=/hotline%3Fperiod%3D2026-W47%26by%3Dunit",
    )
    answer = stranger.get("/api/v1/metrics")
    assert answer.status == 401
    assert set(answer.json()["error"]) == {"code", "message", "hint"}


def test_what_changes_takes_effect_on_the_next_request(visitor, store):
    leader = visitor("leader")
    assert leader.get("/hotline").status == 200
    users.set_role(store, "the-leader", "wall")
    assert leader.get("/hotline").status == 303
    wall = visitor("wall")
    users.disable(store, "the-wall")
    assert wall.get("/wall").status == 303


def test_with_an_old_password_only_the_change_of_it_is_open(visitor, store):
    leader = visitor("leader")
    with store.writing() as connection:
        connection.execute(update(user_table).values(password_at=real_now().replace(year=2020)))
    answer = leader.get("/hotline")
    assert (answer.status, answer.header("location")) == (303, "/password")
    assert "超过 90 天" in leader.get("/password").body.decode()
    assert visitor("wall").get("/wall").status == 200


def test_files_are_served_by_the_list_made_at_the_start(visitor, assets):
    leader = visitor("leader")
    assert leader.get("/assets/own.css").status == 200
    (assets / "later.css").write_text("body{}")
    for path in ("/assets/later.css", "/assets/", "/assets", "/assets/fonts/report-hei.otf"):
        assert leader.get(path).status == 404, path
    assert visitor().get("/assets/fonts/fonts.css").status == 200


def test_only_component_files_that_dash_registered_exist(visitor):
    leader = visitor("leader")
    page = leader.get("/").body.decode()
    scripts = re.findall(r'src="(/_dash-component-suites/[^"]+)"', page)
    assert len(scripts) > 3
    assert {leader.get(script).status for script in scripts} == {200}
    for path in (
        "dash/dash.py",
        "dash/nothing.js",
        "os/path.py",
        "dash",
        "",
        "dash/deps/x.v1m1.js",
    ):
        assert leader.get(f"/_dash-component-suites/{path}").status == 404, path
