"""The full matrix (S3): every role on every address and callback of the real server.

Addresses and callbacks are those of the app itself, so that a new one is in here by itself. Two
units have cases; whoever reads for one of them finds nothing of the other's anywhere.
"""

import base64
import hashlib
import io
import json
import re
import zipfile
from datetime import datetime, timedelta

import pytest

from cases import audit, health, users, vault
from cases.store import migrate, open_store
from config import clock
from dashboard import source
from dashboard.gate.rules import PEOPLE
from dashboard.pages import app as pages
from dashboard.server import build
from etl.platforms import gauge, hotline_12345, mediation, weather
from warehouse.batch import Batch
from warehouse.write import Warehouse

pytestmark = pytest.mark.sec
NOW = datetime(2026, 11, 23, 12, 0)
TABLES = {**hotline_12345.TABLES, **mediation.TABLES, **gauge.TABLES, **weather.TABLES}
KEYS = ("hotline_12345", "mediation", "gauge", "weather")
SOON = 4.5  # minutes until the first of the unit's own orders is due
OWN_PLACE = "320117005001"
OWN, OTHER = "OWN", "ALIEN"  # how the numbers of both units' cases begin
CALLS = "/_dash-update-component"
PROVEN = ("hotline_received", "hotline_open", "hotline_on_time_rate", "hotline_handling_days",
          "mediation_accepted")  # one of each kind  # fmt: skip


def load(warehouse, key, table, rows):
    name = hashlib.sha256(table.encode()).hexdigest()
    warehouse.load(Batch(name, key, f"demo:{key}", f"{key}/x", NOW, None, {table: rows}, ()))


def order(number, unit, place, **words):
    return {
        "order_no": number, "class_code": "050203", "community_code": place, "unit_main": unit,
        "received_at": "2026-11-02 08:30:00", "due_at": "2026-11-09 08:30:00", "state": "办理中",
        "updated_at": "2026-11-20 08:00:00", "title": f"{number} 的标题", **words,
    }  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The whole server over a small published snapshot."""
    with pytest.MonkeyPatch.context() as patch, clock.frozen(NOW):
        patch.setenv("HONGLAN_VAR", str(tmp_path_factory.mktemp("matrix")))
        patch.delenv("HONGLAN_CASES_URL", raising=False)
        source._data.cache_clear()
        store = open_store()
        migrate(store)
        with Warehouse(store.var, TABLES) as warehouse:
            orders = [order(f"{OWN}{n}", "城管中队", OWN_PLACE) for n in range(4)]
            orders[0]["due_at"] = str(NOW + timedelta(minutes=SOON))
            orders += [order(f"{OTHER}{n}", "水务站", "320117005002") for n in range(9)]
            orders[-1]["req_type"] = "举报"
            load(warehouse, "hotline_12345", "hotline_order", orders)
            case = {"line": "centre", "type_code": "02", "unit": "司法所", "state": "调解中",
                    "accepted_at": "2026-11-02 09:00:00", "updated_at": "2026-11-02 09:00:00",
                    "community_code": "320117005002"}  # fmt: skip
            load(warehouse, "mediation", "mediation_case",
                 [case | {"case_no": f"{OTHER}T{n}"} for n in range(5)])  # fmt: skip
            for key in KEYS:
                warehouse.mark_success(key, f"demo:{key}", NOW)
            assert warehouse.build().ok and warehouse.publish() is not None
        yield store, build(), None
        source.data().close()
        source._data.cache_clear()
        store.close()


@pytest.fixture
def there(store):
    """Platforms have delivered; the pages draw figures."""
    with clock.frozen(NOW):
        for key in KEYS:
            health.succeeded(store, key, NOW)
        yield


def book(gate):
    return gate.rules.exact["POST", CALLS].calls


def call_of(spec, name, values):
    def entry(one):
        identity = one["id"]
        return {"id": identity, "property": one["property"], "value": values.get(identity)}

    outputs = [part.rpartition(".") for part in name.strip(".").split("...")]
    named = [{"id": identity, "property": prop} for identity, _, prop in outputs]
    inputs = [[] if one["id"].startswith("{") else entry(one) for one in spec["inputs"]]
    first = next(one for one in spec["inputs"] if not one["id"].startswith("{"))
    return {
        "output": name,
        "outputs": named if name.startswith("..") else named[0],
        "inputs": inputs,
        "state": [entry(one) for one in spec["state"]],
        "changedPropIds": [f"{first['id']}.{first['property']}"],
    }


def unpacked(answer):
    """Everything an answer says: its text, and what lies packed in a file it carries."""
    text = answer.body.decode("utf-8", "replace")
    if text.startswith("{"):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    for packed in re.findall(r'"content":\s*"([A-Za-z0-9+/=]{40,})"', text):
        raw = base64.b64decode(packed)
        if raw[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(raw)) as book:
                raw = b"".join(book.read(name) for name in book.namelist())
        text += raw.decode("utf-8", "replace")
    return text


@pytest.mark.parametrize("role", users.ROLES)
def test_a_role_calls_its_callbacks_and_no_other(gate, visitor, there, role):
    someone, wrong = visitor(role), []
    for name, roles in book(gate).roles.items():
        status = someone.call(call_of(book(gate)._declared[name], name, {})).status
        if (status == 403) is (role in roles) or status >= 500:
            wrong.append((name, status))
    assert wrong == []


@pytest.mark.parametrize("role", users.ROLES)
def test_a_token_calls_no_callback_whatever_its_role(gate, visitor, there, role):
    program = visitor(token=role)
    for name in book(gate).roles:
        assert program.call(call_of(book(gate)._declared[name], name, {})).status == 403


def asked_of(name, path):
    """The addresses with which a callback is tried: the frame on every page, proofs on some."""
    proofs = [f"?proof={metric}&from=2026-11-01&to=2026-11-30&rows=1" for metric in PROVEN]
    if name.startswith(("..sheet", "case-rows", "file")):
        return proofs if path == "/hotline" else []
    filters = ["?unit=水务站", "?community=320117005002"] if path == "/hotline" else []
    return ["", *filters] if name.startswith("..top") or path == "/hotline" else []


def everything(gate, someone):
    """All that the pages' callbacks say to somebody, with proofs, tables, files and a report."""
    request = {"startRow": 0, "endRow": 100, "sortModel": []}
    values = {"case-rows": request, "export-csv": 1, "export-xlsx": 1, "report-make": 1,
              "report-formats": ["xlsx"]}  # fmt: skip
    for path in (*pages.PATHS, f"/case/demo:hotline_12345/{OTHER}1"):
        for name in book(gate).roles:
            for search in asked_of(name, path):
                call = call_of(book(gate)._declared[name], name, values)
                for one in (*call["inputs"], *call["state"]):
                    if isinstance(one, dict) and one["id"] == "url":
                        one["value"] = path if one["property"] == "pathname" else search
                answer = someone.call(call)
                assert answer.status < 500, (path, search, name)
                yield (path, search, name), unpacked(answer)


def test_a_units_user_finds_nothing_of_another_unit_in_any_callback(gate, visitor, there):
    seen, leaks, own = 0, [], False
    for where, text in everything(gate, visitor("unit")):
        seen += 1
        own = own or f"{OWN}1" in text
        if f"{OTHER}0" in text or f"{OTHER}T" in text or f"{OTHER}1 的标题" in text:
            leaks.append(where)
    assert leaks == [] and own and seen > 40


def test_a_leader_finds_both_so_the_search_above_can_fail(gate, visitor, there):
    text = "".join(
        text for where, text in everything(gate, visitor("leader")) if "rows=1" in where[1]
    )
    assert f"{OTHER}0" in text and f"{OTHER}T0" in text and f"{OWN}1" in text


def test_an_auditor_finds_no_case_at_all(gate, visitor, there):
    for where, text in everything(gate, visitor("auditor")):
        assert f"{OTHER}0" not in text and f"{OWN}0" not in text, where


def test_a_units_user_is_told_that_figures_are_its_own(gate, visitor, there):
    name = next(name for name in book(gate).roles if name.startswith("..top.children"))
    call = call_of(book(gate)._declared[name], name, {})
    for one in call["inputs"]:
        if one["id"] == "url":
            one["value"] = "/hotline" if one["property"] == "pathname" else ""
    assert "仅本单位数据" in unpacked(visitor("unit").call(call))
    assert "仅本单位数据" not in unpacked(visitor("leader").call(call))


@pytest.mark.parametrize("role", sorted(PEOPLE))
@pytest.mark.parametrize("path", pages.PATHS)
def test_a_page_that_is_not_ones_own_is_refused_and_never_drawn(gate, visitor, there, role, path):
    someone = visitor(role)
    allowed = role in pages.ROLES[path]
    assert (someone.get(path).status == 200) is allowed
    name = next(name for name in book(gate).roles if name.startswith("..top.children"))
    call = call_of(book(gate)._declared[name], name, {})
    for one in call["inputs"]:
        if one["id"] == "url":
            one["value"] = path if one["property"] == "pathname" else ""
    drawn = json.dumps(someone.call(call).json()["response"]["body"], ensure_ascii=False)
    homes = {"user-add": "/admin/users", "audit-verify": "/admin/audit", "wall-save": "/admin/wall"}
    for admin_only, at in homes.items():
        if admin_only in drawn:
            assert role in pages.ROLES[at]


REVEAL = next(name for name in pages.CALLBACKS if "reveal-box" in name)


def asks_to_open(gate, someone, number, reason="回访核实地址"):
    spec = book(gate)._declared[REVEAL]
    call = call_of(spec, REVEAL, {"reveal-open": 1, "reveal-reason": reason})
    for one in call["inputs"]:
        if isinstance(one, dict) and one["id"] == "url":
            one["value"] = f"/case/demo:hotline_12345/{number}"
    call["changedPropIds"] = ["reveal-open.n_clicks"]
    return someone.call(call)


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [("leader", True, True), ("unit", True, False), ("seat", True, False)],
)
def test_a_kept_row_is_opened_by_those_who_may_and_shown_with_who_looks(
    gate, visitor, store, there, role, own, other
):
    for number in (f"{OWN}1", f"{OTHER}1"):
        row = [(number, {"caller_name": "欧阳震华"})]
        vault.put(store, "demo:hotline_12345", "hotline_order", row)
    for number, allowed in ((f"{OWN}1", own), (f"{OTHER}1", other)):
        answer = asks_to_open(gate, visitor(role), number)
        assert answer.status == 200
        text = unpacked(answer)
        assert ("欧阳震华" in text) is allowed, (role, number)
        assert (f"the-{role}" in text) is allowed, "the watermark"
    opened = [row for row in audit.recent(store) if row.event == "reveal"]
    assert len(opened) == own + other


@pytest.mark.parametrize("role", ["wall", "admin", "auditor"])
def test_screens_administrators_and_auditors_open_nothing(gate, visitor, store, there, role):
    row = [(f"{OWN}1", {"caller_name": "欧阳震华"})]
    vault.put(store, "demo:hotline_12345", "hotline_order", row)
    answer = asks_to_open(gate, visitor(role), f"{OWN}1")
    assert answer.status == (403 if role == "wall" else 200)
    assert "欧阳震华" not in unpacked(answer)
    assert not [entry for entry in audit.recent(store) if entry.event == "reveal"]


def test_a_leader_does_not_open_a_report_under_secrecy(gate, visitor, store, there):
    row = [(f"{OTHER}8", {"caller_name": "欧阳震华"})]
    vault.put(store, "demo:hotline_12345", "hotline_order", row)
    text = unpacked(asks_to_open(gate, visitor("leader"), f"{OTHER}8"))
    assert "欧阳震华" not in text and "只有承办单位可以查看" in text
