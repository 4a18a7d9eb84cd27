"""Requests from elsewhere: foreign pages, rebound host names, forged forwarding (S6)."""

import pytest

from config.errors import ConfigError
from dashboard.gate.origins import Origins, from_environment

pytestmark = pytest.mark.sec
OWN = "http://127.0.0.1:8050"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "127.0.0.1.evil.example", "localhost.evil:8050", "127.0.0.1:8050@evil",
        "127.0.0.1 evil", "", "2130706433", "127.1", "[::ffff:127.0.0.1]", "127.0.0.1:999999",
    ],
)  # fmt: skip
def test_a_foreign_host_name_is_refused_for_pages_api_and_login(visitor, host):
    for role, path in (("leader", "/hotline"), ("leader", "/api/v1/metrics"), (None, "/login")):
        answer = visitor(role).get(path, headers={"host": host})
        assert answer.status == 421
        assert "content-security-policy" in dict(answer.headers)


def test_no_host_and_two_hosts_are_refused(visitor):
    assert visitor("leader").get("/hotline", headers={"host": None}).status == 421
    two = {"host": ["127.0.0.1:8050", "127.0.0.1:8050"]}
    assert visitor("leader").get("/hotline", headers=two).status == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8050", "LOCALHOST", "[::1]:9000"])
def test_our_own_names_are_served_on_any_port(visitor, host):
    assert visitor("leader").get("/hotline", headers={"host": host}).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "https://127.0.0.1:8050"},
        {"origin": "http://127.0.0.1:8051"},
        {"origin": "http://127.0.0.1:8050.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": OWN},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
        {"sec-fetch-site": ["same-origin", "cross-site"]},
        {"origin": [OWN, "http://evil.example"]},
    ],
)
@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data"])
def test_a_change_that_does_not_come_from_our_pages_is_refused(visitor, headers, kind):
    sent = {"content-type": kind} | headers
    for path in ("/_dash-update-component", "/api/v1/reports", "/logout", "/session/seen"):
        answer = visitor("leader").ask("POST", path, b"{}", sent)
        assert answer.status == 403, path
        if answer.header("content-type") == "application/json":
            assert answer.json()["error"]["code"] == "cross_site"
    assert visitor().ask("POST", "/login", b"", sent).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": OWN},
        {"origin": OWN, "sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "same-origin"},  # a form under no-referrer
        {"sec-fetch-site": "same-origin"},
    ],
)
def test_our_own_pages_may_change_things(visitor, headers):
    assert visitor("leader").ask("POST", "/session/seen", b"", headers).status == 204


def test_a_cross_site_get_changes_nothing(visitor):
    leader = visitor("leader")
    for path in ("/logout", "/session/seen", "/_dash-update-component"):
        assert leader.get(path).status == 405
    assert leader.get("/hotline").status == 200


def test_plain_http_leaves_this_machine_only_behind_a_declared_proxy(monkeypatch):
    monkeypatch.delenv("HONGLAN_BEHIND_TLS_PROXY", raising=False)
    for host in ("0.0.0.0", "10.0.0.9", "::", "honglan.example"):
        monkeypatch.setenv("HONGLAN_HOST", host)
        with pytest.raises(ConfigError, match="HONGLAN_BEHIND_TLS_PROXY=1"):
            from_environment()
    monkeypatch.setenv("HONGLAN_BEHIND_TLS_PROXY", "1")
    monkeypatch.setenv("HONGLAN_PUBLIC_HOST", "board.honglan.example")
    found = from_environment()
    assert found.behind_tls
    assert "board.honglan.example" in found.hosts and "0.0.0.0" not in found.hosts


def test_a_forwarded_address_counts_only_behind_the_proxy():
    from starlette.datastructures import Headers

    headers = Headers({"x-forwarded-for": "1.2.3.4, 10.0.0.5"})
    assert Origins(frozenset(), behind_tls=False).address(headers, "127.0.0.1") == "127.0.0.1"
    assert Origins(frozenset(), behind_tls=True).address(headers, "127.0.0.1") == "10.0.0.5"
