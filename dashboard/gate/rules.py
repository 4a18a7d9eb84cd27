"""Who may do what: every path of the web process, by exact spelling, with the roles it is for.

A path that stands here nowhere does not exist; a test holds this list against the routes and the
callback maps of the running server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dash import Dash
from dash.fingerprint import check_fingerprint

from dashboard.gate.bodies import LIMIT, LOGIN_LIMIT
from dashboard.gate.callbacks import CallbackBook
from dashboard.gate.headers import FOREVER, content_policy

LEADER, SEAT, UNIT, WALL = "leader", "seat", "unit", "wall"
ADMIN, AUDITOR = "admin", "auditor"
READERS = frozenset({LEADER, SEAT, UNIT, ADMIN})  # which rows each reads: dashboard/gate/policy.py
VIEWERS = frozenset({LEADER, SEAT, ADMIN, WALL})  # the wall shows the whole street
PEOPLE = READERS | {AUDITOR}
EVERYONE = PEOPLE | VIEWERS
ADMINS = frozenset({ADMIN})
NOBODYS: frozenset[str] = frozenset()
WALL_PREFIX = "/wall/frame/"
_SUITE = "_dash-component-suites/"
_NEVER_CHANGES = re.compile(r".*\.(woff2|otf|ttf)|.*-\d+\.\d+\.\d+\.min\.js")


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use an address with one method; `programs` are the roles of tokens."""

    roles: frozenset[str] = NOBODYS
    programs: frozenset[str] = NOBODYS
    is_public: bool = False
    is_page: bool = False  # a person's address: refusals are pages, not JSON
    limit: int = LIMIT
    cache: str | None = None
    calls: CallbackBook | None = None


PUBLIC_GET = Rule(is_public=True)
API_READ = Rule(roles=READERS, programs=READERS)
API_ADMIN = Rule(roles=ADMINS, programs=ADMINS)

FIXED: Mapping[tuple[str, str], Rule] = {
    ("GET", "/healthz"): PUBLIC_GET,
    ("GET", "/login"): Rule(is_public=True, is_page=True),
    ("GET", "/login/known"): PUBLIC_GET,
    ("POST", "/login"): Rule(is_public=True, is_page=True, limit=LOGIN_LIMIT),
    ("POST", "/logout"): Rule(roles=EVERYONE, is_page=True, limit=LOGIN_LIMIT),
    ("GET", "/password"): Rule(roles=PEOPLE, is_page=True),
    ("POST", "/password"): Rule(roles=PEOPLE, is_page=True, limit=LOGIN_LIMIT),
    ("GET", "/login/factor"): Rule(is_public=True, is_page=True),
    ("POST", "/login/factor"): Rule(is_public=True, is_page=True, limit=LOGIN_LIMIT),
    ("GET", "/factor"): Rule(roles=PEOPLE, is_page=True),
    ("POST", "/factor"): Rule(roles=PEOPLE, is_page=True, limit=LOGIN_LIMIT),
    ("GET", "/desk/locked"): Rule(is_public=True, is_page=True),
    ("GET", "/desk/locked/state"): PUBLIC_GET,
    ("POST", "/desk/locked"): Rule(is_public=True, is_page=True, limit=LOGIN_LIMIT),
    ("POST", "/session/seen"): Rule(is_public=True, limit=LOGIN_LIMIT),
    ("GET", "/readyz"): Rule(roles=EVERYONE, programs=EVERYONE),
    ("GET", "/metrics"): Rule(roles=ADMINS, programs=frozenset({ADMIN, LEADER})),
    ("GET", "/api/v1/metrics"): API_READ,
    ("GET", "/api/v1/platforms"): API_READ,
    ("GET", "/api/v1/alarms"): API_READ,
    ("GET", "/api/v1/health"): API_READ,
    ("POST", "/api/v1/reports"): API_READ,
    ("GET", "/api/v1/users"): API_ADMIN,
    ("POST", "/api/v1/users"): API_ADMIN,
    ("GET", "/wall"): Rule(roles=VIEWERS, is_page=True),
    ("GET", "/wall/pair"): Rule(is_public=True, is_page=True),
    ("POST", "/wall/pair/code"): Rule(is_public=True, limit=LOGIN_LIMIT),
    ("POST", "/wall/pair/challenge"): Rule(is_public=True, limit=LOGIN_LIMIT),
    ("POST", "/wall/pair/enter"): Rule(is_public=True, limit=LOGIN_LIMIT),
    ("POST", "/wall/health"): Rule(roles=frozenset({WALL}), limit=LOGIN_LIMIT),
}

_NAME = r"[a-z][a-z0-9_]{0,63}"
PATTERNS: tuple[tuple[str, re.Pattern[str], Rule], ...] = (
    ("GET", re.compile(rf"/api/v1/metrics/{_NAME}"), API_READ),
    ("GET", re.compile(rf"/api/v1/metrics/{_NAME}/rows"), API_READ),
    ("GET", re.compile(rf"/api/v1/metrics/{_NAME}/export"), API_READ),
    ("POST", re.compile(rf"/api/v1/metrics/{_NAME}/(rows|export)"), API_READ),
    ("GET", re.compile(r"/api/v1/exports/[A-Za-z0-9_-]{22}"), API_READ),
    ("POST", re.compile(r"/api/v1/exports/[A-Za-z0-9_-]{22}"), API_READ),
    ("GET", re.compile(r"/api/v1/reports/[A-Za-z0-9_-]{43}/(docx|pdf|xlsx)"), API_READ),
    ("PATCH", re.compile(r"/api/v1/users/[a-z][a-z0-9._-]{1,31}"), API_ADMIN),
)


@dataclass
class Rulebook:
    """All rules of a running server."""

    exact: dict[tuple[str, str], Rule] = field(default_factory=lambda: dict(FIXED))
    policies: dict[str, str] = field(default_factory=dict)  # by path prefix
    sockets: dict[str, Rule] = field(default_factory=dict)
    suites: dict[str, tuple[Dash, Rule]] = field(default_factory=dict)
    patterns: list[tuple[str, re.Pattern[str], Rule]] = field(default_factory=lambda: [*PATTERNS])

    def rule(self, method: str, path: str, query: bytes = b"") -> Rule | None:
        """The rule of an address, or None when it does not exist with this method."""
        found = self.exact.get((method, path))
        if found is not None:
            return _versioned(found, path, query)
        for wanted, pattern, rule in self.patterns:
            if wanted == method and pattern.fullmatch(path):
                return rule
        for prefix, (app, rule) in self.suites.items():
            if method == "GET" and path.startswith(prefix):
                return rule if _is_component(app, path[len(prefix) :]) else None
        return None

    def methods(self, path: str) -> set[str]:
        """The methods an address has; none when it does not exist."""
        tried = ("GET", "POST", "PATCH")
        return {method for method in tried if self.rule(method, path) is not None}

    def policy(self, path: str) -> str:
        """The content security policy of an address."""
        fitting = [prefix for prefix in self.policies if path.startswith(prefix)]
        return self.policies[max(fitting, key=len)] if fitting else content_policy()

    def add_app(
        self,
        app: Dash,
        book: CallbackBook,
        roles: frozenset[str],
        pictures: Iterable[str] = (),
    ) -> None:
        """The addresses that Dash serves for one app, without those we do not use."""
        prefix = app.config.routes_pathname_prefix
        read = Rule(roles=roles)
        self.exact[("GET", prefix)] = Rule(roles=roles, is_page=True)
        for name in ("_dash-layout", "_dash-dependencies", "_favicon.ico"):
            self.exact[("GET", prefix + name)] = read
        self.exact[("POST", prefix + "_dash-update-component")] = Rule(roles=roles, calls=book)
        self.suites[prefix + _SUITE] = (app, read)
        if book.uses_socket:
            self.sockets[prefix + "_dash-ws-callback"] = Rule(roles=roles, calls=book)
        self.policies[prefix] = content_policy(app.csp_hashes(), tuple(pictures))

    def add_pages(self, paths: Iterable[str], roles: frozenset[str]) -> None:
        """Addresses that one index serves."""
        for path in paths:
            self.exact[("GET", path)] = Rule(roles=roles, is_page=True)

    def add_public_page(self, path: str) -> None:
        """An address for people without a session that only some sites have."""
        self.exact[("GET", path)] = Rule(is_public=True, is_page=True)

    def add_pattern(self, pattern: re.Pattern[str], roles: frozenset[str]) -> None:
        """Addresses of one index that differ by what they name, such as a case's number."""
        self.patterns.append(("GET", pattern, Rule(roles=roles, is_page=True)))

    def add_folder(
        self, prefix: str, folder: Path, roles: frozenset[str], suffixes: Iterable[str] = ()
    ) -> None:
        """Every file that lies in a folder now; without roles they are for everybody."""
        wanted = set(suffixes)
        for file in sorted(folder.rglob("*")):
            if file.is_file() and (not wanted or file.suffix in wanted):
                path = prefix + file.relative_to(folder).as_posix()
                self.exact[("GET", path)] = Rule(roles=roles, is_public=not roles, cache="no-cache")


def _versioned(rule: Rule, path: str, query: bytes) -> Rule:
    """A file whose address names its version is kept by browsers for good."""
    if rule.cache is None:
        return rule
    named = re.fullmatch(rb"[mv]=[0-9a-f.]{6,40}", query) or _NEVER_CHANGES.fullmatch(path)
    return Rule(rule.roles, is_public=rule.is_public, cache=FOREVER) if named else rule


def _is_component(app: Dash, path: str) -> bool:
    """Whether a component package registered this file; Dash answers 500 to any other."""
    package, _, file = path.partition("/")
    plain: str = check_fingerprint(file)[0]  # type: ignore[no-untyped-call]
    return plain in app.registered_paths.get(package, ())
