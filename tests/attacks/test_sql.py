"""SQL injection (S7): no text becomes a statement, whoever wrote it and wherever it comes in.

What the engine itself refuses (files, network, extensions, its own lock) is held in
tests/warehouse/test_hardening.py on the same published snapshot.
"""

import ast
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import tokens
from config.environment import ROOT
from dashboard import source
from dashboard.gate import caller
from dashboard.pages import app as pages
from dashboard.pages import rows as tables
from dashboard.pages.state import parse
from tests.dashboard.conftest import Visitor

pytestmark = pytest.mark.sec
RUNS = {"execute", "executemany", "exec_driver_sql", "sql"}
QUOTED = {"name", "names", "literal", "day", "int", "len"}
# pieces that come from declarations, from files of ours or from numbers: never from a request.
# A piece that is not here fails until somebody has looked at where it comes from.
KNOWN = {
    "cases/store.py": ["pragma"],
    "warehouse/build.py": ["cube.view(metric)", "sql"],
    "warehouse/compare.py": ["_NAMED", "same", "shown"],
    "warehouse/core.py": ["columns", "kind", "shape"],
    "warehouse/counting.py": ["some", "table"],
    "warehouse/engine.py": ["alias"],
    "warehouse/ledger.py": ["columns", "table_name"],
    "warehouse/load.py": ["ledger"],
    "warehouse/pictured.py": ["each"],
    "warehouse/publish.py": ["places", "shape"],
    "warehouse/rescue.py": ["text"],
    "warehouse/seal.py": ["'true' if table.partial else mine", "batch", "chosen", "each", "offset",
                          "rank", "target"],
    "warehouse/sketch.py": ["_update(fact, made)", "put", "start", "start + _ROWS"],
    "warehouse/spells.py": ["ahead"],
}  # fmt: skip
HOSTILE = ["'", '"', "\\", ";", "--", "/*", "%", "_", "$1", "$own_units", "{}", "' OR '1'='1",
           "'; DROP TABLE core.hotline_order; --", "x' UNION SELECT * FROM duckdb_settings() --",
           "\"; ATTACH '/etc/passwd'; --", "read_text('/etc/passwd')", "\x00", "\u2028", "ʼ", "＇",
           "NaN", "-1", "1e999", "999999999999999999999", "2026-02-30", "key) FROM range(1e9)--",
           "num; SELECT 1", "../../etc", "null", "true", "0x27", "CHAR(39)"]  # fmt: skip


def built(node):
    """Whether a text is put together on the spot instead of standing there."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.Mod)
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return called and node.func.attr in ("format", "format_map", "join", "replace")


def pieces(node):
    """The expressions that are put into a built text."""
    if isinstance(node, ast.JoinedStr):
        return [each.value for each in node.values if isinstance(each, ast.FormattedValue)]
    if isinstance(node, ast.BinOp):
        return [*pieces(node.left), *pieces(node.right)]
    return [] if isinstance(node, ast.Constant) else [node]


def is_quoted(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in QUOTED


def unquoted(tree):
    """What goes unquoted into statements of a module, as it is written there."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in RUNS and node.args and built(node.args[0]):
            for piece in pieces(node.args[0]):
                if not is_quoted(piece):
                    yield ast.unparse(piece)


def test_s7_nothing_is_formatted_into_a_statement_but_quoted_and_declared_names():
    found = {}
    for room in ("warehouse", "cases", "dashboard", "etl"):
        for file in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            if said := sorted(set(unquoted(tree))):
                found[file.relative_to(ROOT).as_posix()] = said
    assert found == KNOWN


def test_s7_the_lint_finds_every_way_to_build_a_statement():
    for text in (
        'con.execute(f"SELECT {x}")',
        'con.execute("SELECT " + x)',
        'con.execute("SELECT %s" % x)',
        'con.execute("SELECT {}".format(x))',
        'con.sql(f"SELECT {name(a)} FROM {x}")',
    ):
        assert list(unquoted(ast.parse(text))), text
    assert not list(unquoted(ast.parse('con.execute(f"SELECT {name(x)}", [y])')))


WORDS = st.sampled_from(HOSTILE) | st.text(max_size=20)
VALUES = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
COLUMNS = st.sampled_from(["key", "title", "received_at", "num", "community", "satisfied", "extra",
                           "caller_hash", "_hash", "state"]) | WORDS  # fmt: skip
TESTS = st.sampled_from(["contains", "notContains", "equals", "startsWith", "blank", "lessThan",
                         "inRange", "notEqual"]) | WORDS  # fmt: skip
MODEL = VALUES | st.dictionaries(
    COLUMNS,
    VALUES
    | st.fixed_dictionaries(
        {"type": TESTS},
        optional={"filter": VALUES, "filterTo": VALUES, "dateFrom": VALUES, "dateTo": VALUES},
    ),
    max_size=4,
)
ORDER = VALUES | st.lists(st.fixed_dictionaries({"colId": COLUMNS, "sort": TESTS}), max_size=3)
PAGE = st.integers(-5, 200) | VALUES
QUIET = settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
SPAN = {"from": "2026-01-01", "to": "2026-11-30"}


def is_whole():
    """The snapshot still has its rows and its lock."""
    rows = source.data()._reader.sql("SELECT count(*) AS n FROM core.hotline_order").to_pylist()
    return rows[0]["n"] == 6


@QUIET
@given(filters=MODEL, order=ORDER, start=PAGE, end=PAGE)
def test_s7_whatever_the_grid_is_made_to_ask_it_gets_rows_or_nothing(
    house, filters, order, start, end
):
    state = parse("/hotline", "?proof=hotline_received&from=2026-01-01&to=2026-11-30&rows=1")
    request = {"startRow": start, "endRow": end, "filterModel": filters, "sortModel": order}
    with caller.asking(caller.Caller("li", "unit", "-", None, ("城管中队",))):
        found = tables.block(pages.PAGES, state, request)
    if isinstance(found, dict):
        assert len(found["rowData"]) <= 2, "a unit's two orders and no other's"
        assert not any("caller_hash" in row for row in found["rowData"])
    assert is_whole()


@QUIET
@given(
    path=st.sampled_from(["", "/rows", "/export"]),
    words=st.dictionaries(
        st.sampled_from(["from", "to", "by", "level", "source", "community", "grid", "unit",
                         "class", "line", "generation", "limit", "offset", "sort", "only", "view",
                         "form", "check"]) | WORDS,
        WORDS,
        max_size=4,
    ),
)  # fmt: skip
def test_s7_whatever_stands_in_an_address_of_the_api_is_a_value_or_a_sentence(
    house, reader, path, words
):
    given = SPAN | {"check": "1"} | words if path == "/export" else SPAN | words
    asked = urlencode({name: value.encode("utf-8", "replace") for name, value in given.items()})
    answer = reader.get(f"/api/v1/metrics/hotline_received{path}?{asked}")
    assert answer.status in (200, 400, 404, 410), (answer.status, answer.body)
    if answer.status != 200:
        told = answer.json()["error"]
        assert told["message"] and "Error" not in told["message"], told
    assert is_whole()


@QUIET
@given(path=st.sampled_from(sorted(pages.PATHS)), words=st.dictionaries(
    st.sampled_from(["period", "community", "unit", "class", "source", "line", "proof", "rows",
                     "view", "from", "to", "sent", "generation", "no", "level"]) | WORDS,
    WORDS, max_size=4))  # fmt: skip
def test_s7_whatever_stands_in_an_address_of_a_page_is_read_as_one_or_left_out(path, words):
    text = urlencode({name: value.encode("utf-8", "replace") for name, value in words.items()})
    state = parse(path, "?" + text)
    assert parse(path, "?" + state.href.partition("?")[2]).href == state.href


@pytest.fixture(scope="module")
def reader(house):
    """A leader who asks by API."""
    token = tokens.create(house[0], "leader", "prober")
    yield Visitor(house[1], {"authorization": f"Bearer {token}"})
    tokens.revoke(house[0], "prober")
