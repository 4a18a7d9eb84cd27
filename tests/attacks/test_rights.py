"""S3 in full: who reads, writes and fetches what, through the whole server, without one leak.

The addresses, callbacks and metrics are the running server's own, so that a new one takes part by
itself; a pattern without an example here fails. Who may see what is written down here once more,
apart from the product's own policy.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import pytest

from cases import sessions, tokens, users, views
from config import clock
from dashboard import source
from dashboard.gate import caller
from tests.attacks.conftest import (
    ALIEN,
    CARD,
    NAME,
    OTHER_PLACE,
    OTHER_UNIT,
    OWN,
    OWN_PLACE,
    OWN_UNIT,
    PHONE,
    SECRET,
    WEBBED,
)
from tests.dashboard.conftest import FACTOR, Visitor
from tests.dashboard.conftest import OWN as HOME
from warehouse.errors import QueryFailed
from warehouse.scope import STREET

pytestmark = [pytest.mark.sec, pytest.mark.slow]
FROM = "from=2026-01-01&to=2026-11-30"
OTHERS = (f"{ALIEN}-", f"{WEBBED}-", SECRET)
ANY_CASE = (*OTHERS, f"{OWN}-")
PERSONAL = (NAME, PHONE, CARD)
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS")
THOROUGH = ("unit", "stranger")  # who tries the methods that no address has, too
REPORT = "A" * 42
VIEW = "/hotline"
# what nobody of a kind may ever be told; a narrow one is told of the own cases alone
NEVER = {
    "leader": PERSONAL,
    "seat": PERSONAL,
    "admin": PERSONAL,
    "wall": (*PERSONAL, *ANY_CASE),
    "auditor": (*PERSONAL, *ANY_CASE),
    "unit": (*PERSONAL, *OTHERS),
    "village": (*PERSONAL, *OTHERS),
    "other": (*PERSONAL, f"{OWN}-"),
    "stranger": (*PERSONAL, *ANY_CASE),
}
RIGHTS = {
    "unit": ((OWN_UNIT,), ()),
    "village": ((), (OWN_PLACE,)),
    "other": ((OTHER_UNIT,), (OTHER_PLACE,)),
}


class Somebody(Visitor):
    """One who asks, under a name of this file."""

    kind = ""
    program = False

    async def go(self, method, path, body=b"", **headers):
        own = {"origin": HOME, "sec-fetch-site": "same-origin"} if method != "GET" else {}
        return await self._ask(method, path, body, own | headers, None, "10.0.0.7")


@pytest.fixture
def everybody(gate, store):
    """Each role with a session, and each that can have one with a token, and a stranger."""
    found = []

    def come(kind, headers, *, program=False):
        one = Somebody(gate, headers)
        one.kind, one.program = kind, program
        found.append(one)

    for kind in NEVER:
        if kind == "stranger":
            continue
        role = "unit" if kind in RIGHTS else kind
        units, villages = RIGHTS.get(kind, ((OWN_UNIT,) if role == "seat" else (), ()))
        user = users.add(store, f"the-{kind}", role, "Honglan-2026-x", units=units,
                         villages=villages)  # fmt: skip
        session_id = sessions.start(store, user.id, role)
        come(kind, {"cookie": f"honglan_session={session_id}"})
        token = tokens.create(store, role, kind, units=units, villages=villages)
        come(kind, {"authorization": f"Bearer {token}"}, program=True)
    with_factor(store)
    come("stranger", {})
    return found


def with_factor(store):
    """The administrator's second factor is in use, or every page leads to it."""
    import time

    from cases import factor

    now = time.time()
    before = factor.code(FACTOR, int(now // factor.STEP_S) - 1)
    assert factor.enrol(store, "the-admin", FACTOR, before, now)


@pytest.fixture
def gate(house, store):
    return house[1]


class Book:
    """What was tried, and what should not have been."""

    def __init__(self):
        self.tried, self.wrong, self.seen = Counter(), [], Counter()

    def note(self, one, what, answer, *extra):
        self.tried[what.partition(" ")[0]] += 1
        text = answer.body.decode("utf-8", "replace")
        if "\\u" in text:
            text = text.encode().decode("unicode_escape", "replace")
        for word in (*NEVER[one.kind], *extra):
            if word in text:
                self.wrong.append((one.kind, one.program, what, word))
        if answer.status >= 500:
            self.wrong.append((one.kind, one.program, what, answer.status))
        for mark in (OWN, ALIEN):
            if f"{mark}-" in text:
                self.seen[one.kind, mark] += 1
        return answer


@pytest.fixture
def tried():
    book = Book()
    yield book
    print(sum(book.tried.values()), "cases:", dict(book.tried))
    assert book.wrong == []


def examples(gate):
    """One address for every exact rule and every pattern."""
    given = {
        "/api/v1/metrics/{}": "/api/v1/metrics/hotline_received",
        "/rows": f"/api/v1/metrics/hotline_received/rows?{FROM}",
        "/export": f"/api/v1/metrics/hotline_received/export?{FROM}&check=1",
        "report": f"/api/v1/reports/{REPORT}A/pdf",
        "user": "/api/v1/users/the-wall",
        "job": f"/api/v1/exports/{'A' * 22}",
        "case": f"/case/demo:hotline_12345/{ALIEN}-1",
    }
    for _, pattern, _ in gate.rules.patterns:
        assert any(pattern.fullmatch(each.partition("?")[0]) for each in given.values()), pattern
    exact = {path for _, path in gate.rules.exact if "/assets/" not in path} - {"/logout"}
    return [*sorted(exact), *given.values()]


def test_s3_every_role_with_every_verb_on_every_address(gate, everybody, tried):
    async def all_of_it():
        for path in examples(gate):
            for one in everybody:
                for method in METHODS if one.kind in THOROUGH else METHODS[:5]:
                    answer = tried.note(one, f"{method} {path}", await one.go(method, path))
                    if one.kind == "stranger" and not is_public(gate, method, path):
                        assert answer.status in (303, 401, 403, 404, 405), (method, path)
                    if method not in ("GET", "POST", "PATCH"):
                        assert answer.status in (401, 403, 404, 405), (method, path)

    asyncio.run(all_of_it())
    assert sum(tried.tried.values()) > 4_000


def is_public(gate, method, path):
    rule = gate.rules.rule(method, path.partition("?")[0])
    return rule is not None and rule.is_public


def test_s3_the_rows_of_every_metric_are_ones_own_whoever_asked_before(everybody, tried):
    """Leader first, then the narrow ones: nothing that was kept for one is told to another."""
    known = source.data()._reader.definitions()
    ids = sorted(each for each in known if known[each].reach != STREET)  # water is everybody's
    askers = [one for one in everybody if (one.kind, one.program) in ASKERS]
    assert len(askers) == len(ASKERS)

    async def all_of_it():
        for number, metric in enumerate(ids):
            for one in askers if number % 3 == 0 else askers[1:]:  # the leader's is the control
                path = f"/api/v1/metrics/{metric}/rows?{FROM}&limit=200"
                answer = tried.note(one, f"rows {metric}", await one.go("GET", path))
                # of metrics about persons there are figures and no rows
                wanted = (200, 400) if one.kind in READERS else (303, 401, 403)
                assert answer.status in wanted, (metric, one.kind, answer.status)

    asyncio.run(all_of_it())
    assert tried.seen["leader", ALIEN] > 8 and tried.seen["leader", OWN] > 8
    assert tried.seen["unit", OWN] > 10
    assert tried.seen["other", ALIEN] > 20


ASKERS = (
    ("leader", False),
    ("unit", False),
    ("other", True),
    ("stranger", False),
)
READERS = ("leader", "seat", "admin", "unit", "village", "other")


def numbered(marks):
    """Mark, source and number of a case of every fact that has cases, one of each mark."""
    reader, found = source.data()._reader, []
    with reader._reading(None) as snapshot:
        facts = {fact: [i.name for i, is_key, _ in cols if is_key]
                 for fact, cols in snapshot.columns.items()}  # fmt: skip
    for fact, keys in sorted(facts.items()):
        for mark in marks if len(keys) == 1 else ():
            like = f"CAST({keys[0]} AS VARCHAR) LIKE '{mark}-%'"
            sql = f"SELECT source, {keys[0]} AS n FROM core.{fact} WHERE {like} ORDER BY 2 LIMIT 1"
            found += [(mark, row["source"], row["n"]) for row in reader.sql(sql).to_pylist()]
    return found


def test_s3_a_case_of_any_platform_is_read_by_its_own_people_and_by_the_street(store, tried):
    every = numbered([OWN, ALIEN])
    assert len({platform for _, platform, _ in every}) >= 12
    read = set()
    for mark, platform, number in every:
        kinds = ("leader", "unit") if mark == ALIEN else ("unit",)
        for kind in kinds:
            units, villages = RIGHTS.get(kind, ((), ()))
            role = "unit" if kind in RIGHTS else kind
            with caller.asking(caller.Caller(f"the-{kind}", role, "-", None, units, villages)):
                found = source.data().reader.case(platform, number)
            tried.tried["case"] += 1
            text = str((found.row, found.steps, found.changes)) if found else ""
            tried.wrong += [(kind, number, word) for word in NEVER[kind] if word in text]
            if mark == ALIEN:
                assert (found is not None) is (kind == "leader"), (kind, number)
            elif found is not None:
                read.add(number)
    # what names no unit, such as a flood team, is in no unit's scope
    assert len(read) > 6
    with caller.asking(caller.SCREEN), pytest.raises(QueryFailed):
        source.data().reader.case(*every[0][1:])


def test_s3_a_saved_view_is_opened_with_ones_own_rights_and_dropped_by_its_owner(
    store, everybody, tried
):
    body = {"everywhere": True, "columns": ["key", "title"]}
    kept = views.keep(store, "the-leader", "hotline_received", body, clock.now(), "全部")

    async def all_of_it():
        for one in everybody:
            path = f"/api/v1/metrics/hotline_received/export?{FROM}&view={kept}&check=1"
            answer = tried.note(one, "view", await one.go("GET", path))
            if answer.status == 200:
                rows = answer.json()["rows"]
                assert (rows < 6) is (one.kind in RIGHTS), one.kind

    asyncio.run(all_of_it())
    for name in ("the-unit", "the-seat", "", "'; --"):
        assert not views.drop(store, name, kept)
    assert views.drop(store, "the-leader", kept)


@pytest.mark.parametrize("maker", ["user:the-leader", "user:the-unit", "token:unit", "user:x"])
def test_s3_a_report_is_fetched_by_its_maker_and_by_readers_of_the_street(
    everybody, tried, town, maker
):
    folder = source.data().store.var / "reports" / (REPORT + "B")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "facts.json").write_text(
        json.dumps({"files": {"pdf": "weekly.pdf"}, "by": maker}), encoding="utf-8"
    )
    (folder / "weekly.pdf").write_bytes(b"%PDF of " + maker.encode())

    async def all_of_it():
        for one in everybody:
            for kind in ("pdf", "docx", "xlsx"):
                path = f"/api/v1/reports/{REPORT}B/{kind}"
                answer = tried.note(one, "report", await one.go("GET", path))
                mine = maker == f"{'token:' if one.program else 'user:the-'}{one.kind}"
                allowed = one.kind in READERS and (one.kind not in RIGHTS or mine)
                assert (answer.status == 200) is (allowed and kind == "pdf"), (one.kind, kind)

    asyncio.run(all_of_it())


def test_s3_accounts_sessions_and_tokens_are_the_administrators(gate, everybody, store, tried):
    book = gate.rules.exact["POST", "/_dash-update-component"].calls
    doing = [n for n in book.roles if n.startswith(("..user-said", "..one-said", "..token-said"))]
    assert len(doing) == 3
    before = (len(users.everyone(store)), len(sessions.open_ones(store)), len(tokens.every(store)))
    user = b'{"name":"mallory","role":"admin"}'
    change = b'{"role":"admin"}'
    kind = {"content-type": "application/json"}

    async def all_of_it():
        for one in everybody:
            if one.kind == "admin":
                continue
            for name in doing:
                call = json.dumps({"output": name, "inputs": [], "state": []}).encode()
                said = await one.go("POST", "/_dash-update-component", call, **kind)
                assert tried.note(one, "callback", said).status in (401, 403), name
            for method, path, body in (
                ("GET", "/api/v1/users", b""),
                ("POST", "/api/v1/users", user),
                ("PATCH", "/api/v1/users/the-leader", change),
            ):
                said = await one.go(method, path, body, **kind)
                assert tried.note(one, "users", said).status in (401, 403)

    asyncio.run(all_of_it())
    after = (len(users.everyone(store)), len(sessions.open_ones(store)), len(tokens.every(store)))
    assert after == before
