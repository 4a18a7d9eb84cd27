"""The API's contract, on a small published snapshot behind the real gate."""

import hashlib
import json
import re
from datetime import datetime
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import alarms, audit, damage, health, raising, users, views
from cases.alarm import FLOOD
from cases.alarm_rows import changing
from cases.raising import Facts
from cases.schema import utc
from config import clock
from dashboard import source
from dashboard.api import alarms as alarm_routes
from dashboard.api import metrics, reports, state
from dashboard.api import users as accounts
from dashboard.gate.telemetry import Telemetry
from etl.platforms import gauge, hotline_12345, mediation, weather
from warehouse.batch import Batch
from warehouse.read import Reader
from warehouse.write import Warehouse

NOW = datetime(2026, 11, 23, 12, 0)
TABLES = {**hotline_12345.TABLES, **mediation.TABLES, **gauge.TABLES, **weather.TABLES}
KEYS = ("hotline_12345", "mediation", "gauge", "weather")
ORDER = {
    "class_code": "050203", "community_code": "320117005001", "unit_main": "城管中队",
    "received_at": "2026-11-02 08:30:00", "state": "办理中", "updated_at": "2026-11-20 08:00:00",
    "caller_name": "欧阳**", "caller_phone": "138****5678",
}  # fmt: skip
CASE = {
    "line": "centre", "type_code": "02", "accepted_at": "2026-02-02 09:00:00", "unit": "司法所",
    "community_code": "320117005002", "state": "调解中", "updated_at": "2026-02-02 09:00:00",
}  # fmt: skip


def load(warehouse, key, table, rows):
    name = hashlib.sha256(table.encode()).hexdigest()
    warehouse.load(Batch(name, key, f"demo:{key}", f"{key}/x", NOW, None, {table: rows}, ()))


@pytest.fixture(scope="module")
def filled(house):
    """Five orders and three disputes, published at noon."""
    source._data.cache_clear()
    with clock.frozen(NOW), Warehouse(house[0].var, TABLES) as warehouse:
        orders = [ORDER | {"order_no": f"NJ{n}"} for n in range(5)]
        orders[0] |= {"closed_at": "2026-11-03 08:30:00", "state": "已办结"}
        load(warehouse, "hotline_12345", "hotline_order", orders)
        closed = {"closed_at": "2026-02-10 09:00:00", "close_kind": "完结", "state": "已完结"}
        disputes = [
            CASE | closed | {"case_no": "TJ1"},
            CASE | {"case_no": "TJ2"},
            CASE | closed | {"case_no": "TJ3", "line": "unit"},
        ]
        load(warehouse, "mediation", "mediation_case", disputes)
        for key in KEYS:
            warehouse.mark_success(key, f"demo:{key}", NOW)
        assert warehouse.build().ok
        assert warehouse.publish() is not None
    yield house
    source.data().close()
    source._data.cache_clear()


@pytest.fixture(scope="module")
def door(filled, assembled):
    """A gate with the whole API behind it; nothing in it is changed by a test."""
    routers = (
        alarm_routes.routes, metrics.routes, reports.routes, accounts.routes,
        state.router(Telemetry()),
    )  # fmt: skip
    return assembled(filled[0], filled[2], routers)


@pytest.fixture
def api(door, store, visitor, monkeypatch):
    """A leader's program at the API, at noon."""
    with clock.frozen(NOW):
        yield lambda role="leader": visitor(token=role, to=door)


MONTH = "from=2026-11-01&to=2026-11-30"


def test_a_metric_answers_with_the_keys_of_the_contract(api):
    answer = api().get(f"/api/v1/metrics/hotline_received?{MONTH}")
    assert answer.status == 200
    found = answer.json()
    assert list(found) == [
        "id", "version", "name", "unit", "basis", "from", "to", "value", "numerator",
        "denominator", "excluded", "as_of", "generation", "series",
    ]  # fmt: skip
    assert (found["value"], found["from"], found["to"]) == (5, "2026-11-01", "2026-11-30")
    assert found["as_of"] == "2026-11-23T12:00:00+08:00"


def test_both_days_of_a_span_count_and_without_one_it_is_this_month_so_far(api):
    one_day = api().get("/api/v1/metrics/hotline_received?from=2026-11-02&to=2026-11-02").json()
    assert one_day["value"] == 5
    assert api().get("/api/v1/metrics/hotline_received?to=2026-11-01").json()["value"] == 0
    month = api().get("/api/v1/metrics/hotline_received").json()
    assert (month["from"], month["to"], month["value"]) == ("2026-11-01", "2026-11-23", 5)


def test_a_metric_with_lines_is_never_added_up_and_its_rate_is_unrounded(api):
    path = "/api/v1/metrics/mediation_completion_rate?from=2026-01-01&to=2026-09-30"
    found = api().get(path).json()
    assert (found["value"], found["numerator"], found["denominator"]) == (None, None, None)
    shares = {point["key"]: (point["numerator"], point["denominator"], point["value"])
              for point in found["series"]}  # fmt: skip
    assert shares == {"centre": (1, 2, 0.5), "unit": (1, 1, 1.0)}
    assert api().get(f"{path}&line=centre").json()["value"] == 0.5


def test_a_rate_of_nothing_is_null(api):
    path = "/api/v1/metrics/mediation_completion_rate?from=2026-11-01&to=2026-11-02&line=unit"
    found = api().get(path).json()
    assert (found["value"], found["denominator"]) == (None, 0)


def test_every_metric_is_listed_with_its_definition(api):
    listed = api().get("/api/v1/metrics").json()["metrics"]
    names = [metric["id"] for metric in listed]
    assert names == sorted(names) and "platform_fresh" in names
    for metric in listed:
        assert {"id", "name", "unit", "kind", "version", "basis", "definition", "lines"} <= set(
            metric
        )
        path = f"/api/v1/metrics/{metric['id']}?{MONTH}"
        assert api().get(path).status == 200, metric["id"]


def test_the_rows_add_up_to_the_figure_and_name_nobody(api):
    found = api().get(f"/api/v1/metrics/hotline_received/rows?{MONTH}&limit=2").json()
    assert (found["total"], found["numerator"], len(found["rows"])) == (5, 5, 2)
    row = found["rows"][0]
    assert {"key", "on_day", "num", "den", "in_numerator", "in_denominator"} <= set(row)
    assert (row["caller_name"], row["caller_phone"]) == ("欧阳**", "138****5678")
    rest = api().get(f"/api/v1/metrics/hotline_received/rows?{MONTH}&limit=9&offset=2").json()
    keys = [one["key"] for one in found["rows"] + rest["rows"]]
    assert sorted(keys) == ["NJ0", "NJ1", "NJ2", "NJ3", "NJ4"]


@pytest.mark.parametrize(
    "query",
    [
        "foo=1", "from=2026-13-01", "from=20261101", "from=2026-11-02&to=2026-11-01", "by=colour",
        "from=2026-11-01&from=2026-11-02", "level=2", "by=class&level=9", "level=x&by=class",
        "source=elsewhere", "community=1", "line=centre", "generation=x", "generation=-1",
        "by=", "class=99/9999", "FROM=2026-11-01", "from=", "unit=' OR 1=1 --", "limit=5",
    ],
)  # fmt: skip
def test_a_wrong_question_is_a_400_that_says_what_is_right(api, query):
    answer = api().get(f"/api/v1/metrics/hotline_received?{query}".replace(" ", "%20"))
    assert answer.status == 400
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "hint"} and all(error.values())
    assert all(re.search("[一-龥]", error[part]) for part in ("message", "hint"))
    assert error["code"] in {"unknown_parameter", "bad_parameter"}


WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["day", "hour", "class", "2", "2026-11-02", "0001-01-01", "9999-12-31", "05"]),
)
NAMES = ("from", "to", "by", "level", "source", "community", "grid", "unit", "class", "line",
         "generation", "limit", "offset", "sort", "only", "x")  # fmt: skip


@pytest.mark.sec
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(NAMES), WORDS, max_size=5), st.booleans())
def test_no_question_breaks_the_api(api, words, rows):
    path = "/api/v1/metrics/hotline_received" + ("/rows" if rows else "")
    status = _kept(api).get(f"{path}?{urlencode(words)}").status
    assert status in (200, 400, 404, 410), (words, status)


def _kept(api, kept={}):  # noqa: B006 - one token for all examples of a test
    if kept.get("of") is not api:
        kept.update(of=api, program=api())
    return kept["program"]


@pytest.mark.sec
@pytest.mark.parametrize(
    "query",
    [
        "by=hour&from=2026-01-01&to=2026-11-23",
        "by=day&from=0001-01-01&to=9999-12-31",
        "from=0001-01-01&to=9999-12-31",
    ],
)
def test_a_span_without_end_is_refused_before_it_is_counted(api, query):
    assert api().get(f"/api/v1/metrics/hotline_received?{query}").status == 400


def asked_rows(api, body, query=MONTH, metric="hotline_received"):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return api().post(f"/api/v1/metrics/{metric}/rows?{query}", text)


def test_rows_are_searched_and_filtered_by_a_body_and_never_by_the_address(api):
    closed = {"column": "state", "test": "equals", "values": ["已办结"]}
    found = asked_rows(api, {"filters": [closed]}).json()
    assert [row["key"] for row in found["rows"]] == ["NJ0"] and found["total"] == 1
    assert asked_rows(api, {"words": "NJ3"}).json()["total"] == 1
    early = {"column": "received_at", "test": "less", "values": ["2026-11-02"]}
    assert asked_rows(api, {"filters": [early]}).json()["total"] == 0
    none = {"column": "closed_at", "test": "blank"}
    assert asked_rows(api, {"filters": [none]}).json()["total"] == 4
    assert asked_rows(api, {}).json()["total"] == 5
    early = "from=2026-11-20&to=2026-11-30"
    assert asked_rows(api, {"words": "NJ3"}, early).json()["total"] == 0
    assert asked_rows(api, {"words": "NJ3", "everywhere": True}, early).json()["total"] == 1
    address = f"/api/v1/metrics/hotline_received/rows?{MONTH}&words=NJ3"
    assert api().get(address).json()["error"]["code"] == "unknown_parameter"


@pytest.mark.parametrize(
    "body",
    [
        b"[", b"[]", {"moon": 1}, {"words": 7}, {"words": "x" * 101}, {"full": "yes"},
        {"filters": {}}, {"filters": [1]}, {"filters": [{"column": "moon", "test": "blank"}]},
        {"filters": [{"column": "state", "test": "like", "values": ["x"]}]},
        {"filters": [{"column": "state", "test": "equals", "values": []}]},
        {"filters": [{"column": "state", "test": "equals", "values": [{"a": 1}]}]},
        {"filters": [{"column": "received_at", "test": "less", "values": ["moon"]}]},
        {"filters": [{"column": "rework_no", "test": "less", "values": ["1"]}]},
        {"filters": [{"column": "secret", "test": "equals", "values": ["是"]}]},
        {"filters": [{"column": "state", "test": "less", "values": ["x"]}]},
        {"filters": [{"column": "state", "test": "blank", "more": 1}]},
        {"filters": [{"column": "caller_hash", "test": "filled"}]},
    ],
)  # fmt: skip
def test_a_body_that_makes_no_sense_is_a_400_with_what_is_allowed(api, body):
    found = asked_rows(api, body)
    assert found.status == 400 and found.json()["error"]["hint"], found.body


def test_a_kept_view_leaves_in_what_it_left_in(api, filled):
    view = {"filters": {"state": {"type": "equals", "filter": "已办结"}}}
    kept = views.keep(filled[0], "li", "hotline_received", view, utc(NOW))
    path = f"/api/v1/metrics/hotline_received/rows?{MONTH}&view={kept}"
    assert api().get(path).json()["total"] == 1


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=x", "offset=-1", "only=x", "sort=nothing", "by=day", "sort="],
)
def test_a_wrong_page_of_rows_is_a_400(api, query):
    assert api().get(f"/api/v1/metrics/hotline_received/rows?{MONTH}&{query}").status == 400


def test_unknown_metrics_and_generations_that_are_gone_are_told_apart(api):
    answer = api().get("/api/v1/metrics/nothing")
    assert answer.status == 404 and "hotline_received" in answer.json()["error"]["hint"]
    answer = api().get(f"/api/v1/metrics/hotline_received?{MONTH}&generation=999999")
    assert answer.status == 410
    assert answer.json()["error"]["code"] == "generation_gone"


def test_the_platforms_are_those_of_the_configuration_with_their_lamps(api, store):
    health.succeeded(store, "gauge", NOW, rows_in=12)
    found = api().get("/api/v1/platforms").json()["platforms"]
    assert [platform["key"] for platform in found] == list(source.data().platforms)
    states = {platform["key"]: platform["state"] for platform in found}
    assert (states["gauge"], states["weather"]) == ("fresh", "stale")


def test_alarms_are_told_worst_first_with_times_of_the_street(api, store):
    at = utc(NOW)
    with changing(store) as connection:
        for code, rank, limit, level, value in (
            ("3201170006", 3, "warning", 9.0, 9.12),
            ("3201170001", 2, "guarantee", 12.5, 12.51),
        ):
            facts = Facts(
                FLOOD, code, at, at, rank=rank, limit_name=limit, threshold=level, value=value
            )
            raising.start(connection, facts, is_raised=True)
    worst, other = api().get("/api/v1/alarms").json()["alarms"]
    assert (worst["subject"], worst["level"], worst["state"]) == ("3201170001", 2, "raised")
    assert (other["value"], other["threshold"], other["kind"]) == (9.12, 9.0, "flood")
    assert worst["raised_at"] == "2026-11-23T12:00:00+08:00"
    alarms.acknowledge(store, worst["id"], "wang", at)
    told = {one["id"]: one for one in api().get("/api/v1/alarms").json()["alarms"]}
    assert told[worst["id"]]["acknowledged_by"] == "wang"
    assert api().get("/api/v1/alarms?state=raised").status == 400


@pytest.mark.sec
def test_a_unit_reads_alarms_without_the_names_of_staff(api, store):
    at = utc(NOW)
    with changing(store) as connection:
        number = raising.start(connection, Facts(FLOOD, "3201170008", at, at), is_raised=True)
    alarms.acknowledge(store, number, "wang", at)
    for one in api("unit").get("/api/v1/alarms").json()["alarms"]:
        assert "acknowledged_by" not in one
        assert "wang" not in str(one)


@pytest.mark.sec
def test_a_unit_is_answered_from_its_own_cases_and_told_so(api):
    figure = "/api/v1/metrics/mediation_accepted?from=2026-01-01&to=2026-12-31&line=centre"
    street, own = api().get(figure).json(), api("unit").get(figure).json()
    assert (street["value"], "scope" in street) == (2, False)
    assert (own["value"], own["scope"]) == (0, "own"), "the squad has no dispute of the office"
    hotline = f"/api/v1/metrics/hotline_received/rows?{MONTH}"
    assert api("unit").get(hotline).json()["total"] == 5
    behind = figure.replace("accepted?", "accepted/rows?")
    assert (api().get(behind).json()["total"], api("unit").get(behind).json()["total"]) == (2, 0)


@pytest.mark.sec
@pytest.mark.parametrize("role", ["wall", "auditor"])
def test_screens_and_auditors_have_no_case_of_the_api(api, role):
    for path in ("", "/hotline_received", "/hotline_received/rows"):
        assert api(role).get(f"/api/v1/metrics{path}").status == 403


def test_ready_says_why_not(api, store, monkeypatch, tmp_path, site_files):
    health.succeeded(store, "gauge", NOW)
    assert api().get("/readyz").json() == {"ready": True, "reasons": []}
    damage.note(store, damage.Damage("gauge", "2026-11-20/x.gz", NOW, "torn", 0))
    assert api().get("/readyz").status == 200
    (notice,) = api().get("/readyz").json()["notices"]
    assert notice["code"] == "raw_damaged" and "水位雨量" in notice["message"]
    assert 'honglan_raw_damaged{key="gauge"} 1.0' in api().get("/metrics").body.decode()
    site_files.put("thresholds.toml", "[rank.1]", "[rank.1")
    wrong, _ = api().get("/readyz").json()["notices"]
    assert wrong["code"] == "config_fault" and "水位限值和告警等级" in wrong["message"]
    assert "honglan_config_faults 1.0" in api().get("/metrics").body.decode()
    site_files.put("thresholds.toml", "[rank.1", "[rank.1]")
    health.failed(store, "gauge", NOW, "拒绝连接", permanent=True)
    answer = api().get("/readyz")
    assert answer.status == 503
    assert [reason["code"] for reason in answer.json()["reasons"]] == ["all_sources_stale"]
    monkeypatch.setattr(Reader, "current", lambda _: None)
    codes = [reason["code"] for reason in api().get("/readyz").json()["reasons"]]
    assert "no_snapshot" in codes
    overall = api().get("/api/v1/health").json()
    assert overall["ready"] is False and overall["generation"] is None


def test_alive_needs_no_login_and_no_data(api, visitor):
    answer = api().get("/healthz", headers={"authorization": None})
    assert (answer.status, answer.body) == (200, b"ok")


def test_the_counters_are_for_programs_and_the_admin(api, visitor):
    text = api().get("/metrics").body.decode()
    assert "honglan_generation " in text and 'honglan_platform_state{key="gauge"' in text
    assert api("wall").get("/metrics").status == 403


def test_the_admin_keeps_the_accounts(api, store):
    admin = api("admin")
    made = admin.ask("POST", "/api/v1/users", b'{"name":"li.si","role":"leader"}', JSON)
    assert made.status == 201
    assert users.authenticate(store, "li.si", made.json()["password"])
    changed = admin.ask("PATCH", "/api/v1/users/li.si", b'{"role":"wall","disabled":true}', JSON)
    assert (changed.json()["role"], changed.json()["disabled"]) == ("wall", True)
    again = admin.ask(
        "PATCH", "/api/v1/users/li.si", b'{"disabled":false,"new_password":true}', JSON
    )
    assert users.authenticate(store, "li.si", again.json()["password"])
    assert "password" not in str(admin.get("/api/v1/users").json()["users"]).replace(
        "password_at", ""
    )
    assert [row.event for row in audit.recent(store, 5)] == [
        "user_password",
        "user_enable",
        "user_disable",
        "user_role",
        "user_add",
    ]


JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/v1/users", b'{"name":"li","role":"root"}', 400),
        ("POST", "/api/v1/users", b'{"name":"../x","role":"leader"}', 400),
        ("POST", "/api/v1/users", b'{"name":"li","role":"leader","password":"x"}', 400),
        ("POST", "/api/v1/users", b'{"name":1,"role":"leader"}', 400),
        ("POST", "/api/v1/users", b"{", 400),
        ("POST", "/api/v1/users", b"", 400),
        ("PATCH", "/api/v1/users/nobody", b'{"disabled":true}', 404),
        ("PATCH", "/api/v1/users/the-wall", b'{"role":"root"}', 400),
        ("PATCH", "/api/v1/users/the-wall", b'{"login":"ldap"}', 400),
        ("PATCH", "/api/v1/users/the-wall", b'{"login":"oidc"}', 400),  # no provider here
        ("PATCH", "/api/v1/users/the-wall", b'{"disabled":"yes"}', 400),
        ("DELETE", "/api/v1/users/the-wall", b"", 405),
    ],
)
def test_a_wrong_account_is_refused(api, people, method, path, body, status):
    assert api("admin").ask(method, path, body, JSON).status == status


def test_accounts_are_the_admins_alone_and_nobody_shuts_out_himself(api, visitor, people):
    assert api().get("/api/v1/users").status == 403
    admin = visitor("admin", to=api("admin").app)
    for change in (b'{"disabled":true}', b'{"role":"leader"}'):
        own = {"origin": "http://127.0.0.1:8050", "sec-fetch-site": "same-origin"}
        answer = admin.ask("PATCH", "/api/v1/users/the-admin", change, JSON | own)
        assert answer.status == 400
    assert admin.get("/api/v1/users").status == 200


@pytest.mark.sec
def test_a_report_is_made_once_asked_and_fetched_by_its_random_name_only(api, store, monkeypatch):
    made = []

    def render(report, formats, folder):
        made.append(report)
        files = [folder / f"weekly-2026-W47.{kind}" for kind in formats]
        for file in files:
            file.write_bytes(b"content of " + file.suffix.encode())
        return files

    monkeypatch.setattr(reports.written, "weekly", lambda data, period: period.key)
    monkeypatch.setattr(reports.written, "render", render)
    order = b'{"period":"2026-W47","formats":["pdf","docx"]}'
    answer = api().ask("POST", "/api/v1/reports", order, JSON)
    assert (answer.status, made) == (201, ["2026-W47"])
    files = {file["format"]: file["url"] for file in answer.json()["files"]}
    fetched = api().get(files["pdf"])
    assert fetched.body == b"content of .pdf"
    assert fetched.header("content-type") == "application/pdf"
    assert fetched.header("content-disposition") == 'attachment; filename="weekly-2026-W47.pdf"'
    assert [row.event for row in audit.recent(store, 2)] == ["report_fetched", "report_made"]
    name = files["pdf"].split("/")[-2]
    for path in (
        f"{name}/xlsx", f"{name}/facts.json", f"{name}/..%2ffacts.json", f"{name}/../{name}/pdf",
        f"{name[:-1]}x/pdf", "x/pdf", f"{name}/pdf/", f"{name}/PDF", f"{'A' * 43}/pdf", "pdf",
    ):  # fmt: skip
        assert api().get(f"/api/v1/reports/{path}").status == 404, path
    assert api("wall").get(files["pdf"]).status == 403


@pytest.mark.parametrize(
    "order",
    [
        b"", b"{}", b"[]", b'{"period":"x"}', b'{"period":"2026-W99"}', b'{"period":"2026-11"}',
        b'{"period":"2026-W47","kind":"secret"}', b'{"period":"2026-W47","formats":["exe"]}',
        b'{"period":"2026-W47","formats":[]}', b'{"period":"2026-W47","out":"/etc"}',
        b'{"period":["2026-W47"]}', b'{"period":"../../etc"}',
    ],
)  # fmt: skip
def test_a_wrong_order_for_a_report_is_a_400(api, order):
    assert api().ask("POST", "/api/v1/reports", order, JSON).status == 400
