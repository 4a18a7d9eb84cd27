"""What every answer carries, errors included (S15)."""

import base64
import hashlib
import re

import pytest

from cases import sessions
from cases.errors import CaseError
from dashboard.gate.headers import content_policy

pytestmark = pytest.mark.sec


def answers(visitor):
    stranger, leader, wall = visitor(), visitor("leader"), visitor("wall")
    yield "page", leader.get("/")
    yield "wall", wall.get("/wall")
    yield "frame", wall.get("/wall/frame/")
    yield "api", leader.get("/api/v1/metrics")
    yield "broken route", leader.get("/api/v1/platforms")
    yield "file", leader.get("/assets/own.css")
    yield "font", stranger.get("/assets/fonts/fonts.css")
    yield "health", stranger.get("/healthz")
    yield "login", stranger.get("/login")
    yield "login refused", stranger.login("x", "y")
    yield "redirect", stranger.get("/hotline")
    yield "401", stranger.get("/api/v1/metrics")
    yield "403", wall.get("/hotline")
    yield "403 page", wall.get("/hotline", headers={"accept": "text/html"})
    yield "404", leader.get("/nothing")
    yield "405", leader.ask("DELETE", "/hotline")
    yield "413", leader.post("/api/v1/reports", headers={"content-length": "99999999"})
    yield "421", stranger.get("/login", headers={"host": "evil.example"})
    yield "bad callback", leader.call(b"{")


def test_every_answer_carries_the_security_headers(visitor):
    for what, answer in answers(visitor):
        headers = dict(answer.headers)
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy and "object-src 'none'" in policy, what
        assert "frame-ancestors 'self'" in policy and "base-uri 'none'" in policy, what
        assert "unsafe-eval" not in policy, what
        assert not re.search(r"script-src[^;]*unsafe-inline", policy), what
        assert headers["x-content-type-options"] == "nosniff", what
        assert headers["referrer-policy"] == "no-referrer", what
        assert headers["x-frame-options"] == "SAMEORIGIN", what
        assert "server" not in headers and "x-powered-by" not in headers, what
        assert headers["cache-control"], what


def test_answers_with_figures_are_kept_by_no_browser_and_files_with_a_version_for_good(visitor):
    leader = visitor("leader")
    page = leader.get("/")
    assert page.header("cache-control") == "no-store"
    assert leader.get("/api/v1/metrics").header("cache-control") == "no-store"
    assert leader.get("/assets/own.css").header("cache-control") == "no-cache"
    for path in ("/assets/own.css?m=1700000000.5", "/assets/fonts/noto-sans-sc-400-common.woff2"):
        assert "immutable" in leader.get(path).header("cache-control"), path
    for address in re.findall(r'(?:src|href)="(/assets/[^"]+\?[mv]=[^"]+)"', page.body.decode()):
        assert "immutable" in leader.get(address).header("cache-control"), address
    assert leader.get("/assets/nothing.css?m=1700000000.5").header("cache-control") == "no-store"


def test_only_the_inline_scripts_of_the_page_itself_may_run(visitor):
    for who, path in (("leader", "/"), ("leader", "/hotline"), ("wall", "/wall/frame/")):
        answer = visitor(who).get(path)
        policy = answer.header("content-security-policy")
        page = re.sub(r"<!--.*?-->", "", answer.body.decode(), flags=re.S)
        inline = re.findall(r"<script(?: id=\"_dash-renderer\"[^>]*)?>(.+?)</script>", page, re.S)
        assert inline, path
        for script in inline:
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy, path


def test_an_error_inside_tells_nothing_of_the_inside(visitor):
    answer = visitor("leader").get("/api/v1/platforms")
    assert answer.status == 500
    assert answer.json()["error"]["code"] == "internal_error"
    assert b"secret" not in answer.body and b"Traceback" not in answer.body


@pytest.mark.fault
def test_while_the_store_is_away_nobody_gets_in_and_nothing_breaks(visitor, monkeypatch):
    leader = visitor("leader")

    def away(*_):
        raise CaseError("store", "cannot be used")

    monkeypatch.setattr(sessions, "find", away)
    for path in ("/", "/api/v1/metrics"):
        answer = leader.get(path)
        assert (answer.status, answer.header("retry-after")) == (503, "1")
    assert visitor().get("/healthz").status == 200


def test_a_person_gets_refusals_as_a_page_and_a_program_as_json(visitor):
    wall = visitor("wall")
    page = wall.get("/hotline", headers={"accept": "text/html"})
    assert page.header("content-type").startswith("text/html")
    assert "无权使用此功能" in page.body.decode()
    assert wall.get("/hotline").json()["error"]["message"] == "无权使用此功能"


def test_under_tls_the_cookie_is_host_bound_and_the_browser_stays_on_tls(
    visitor, store, assets, monkeypatch, assembled
):
    monkeypatch.setenv("HONGLAN_BEHIND_TLS_PROXY", "1")
    monkeypatch.setenv("HONGLAN_PUBLIC_HOST", "board.honglan.example")
    stranger = visitor(to=assembled(store, assets))
    own = {"host": "board.honglan.example", "origin": "https://board.honglan.example"}
    answer = stranger.login("the-leader", "Honglan-2026-x", headers=own)
    assert answer.status == 303
    cookie = answer.header("set-cookie")
    assert cookie.startswith("__Host-honglan_session=")
    assert "; Secure" in cookie and "; Path=/" in cookie and "Domain" not in cookie
    assert "max-age=31536000" in answer.header("strict-transport-security")
    kept = own | {"cookie": cookie.partition(";")[0]}
    assert stranger.get("/hotline", headers=kept).status == 200
    assert stranger.get("/hotline", headers=kept | {"host": "evil.example"}).status == 421


def test_pictures_of_another_server_are_allowed_only_where_the_site_names_it():
    assert "img-src 'self' data: blob:;" in content_policy()
    told = content_policy(pictures=("https://maps.example:8443",))
    assert "img-src 'self' data: blob: https://maps.example:8443;" in told
    assert told.count("maps.example") == 1
