"""Personal data (S13): every column of every platform, wherever it could come out again.

Everything that names people was planted in the rows of one unit: a name, a telephone and an
identity number, an address with its door, each also in free text. A new column that holds such a
thing and is not marked fails here by its name; so does a mark that is not obeyed.
"""

import gzip
import json
import re

import pytest

from cases import tokens
from dashboard import source
from etl import registry
from tests.attacks.conftest import ADDRESS, CARD, NAME, PHONE
from tests.attacks.seeded import recorded
from tests.dashboard.conftest import Visitor

pytestmark = pytest.mark.sec
PLANTED = (NAME, PHONE, CARD, ADDRESS)
# how a column that names people is called, by us or by the platform
NAMES_PEOPLE = re.compile(
    r"(^|_)(caller|applicant|reporter|petitioner|party|parties|owner|contact|keeper|handler|checker"
    r"|inspectors?|officers?|mediator|leader|person|patient|resident|name|phone|mobile|tel|id_no"
    r"|card|addr|address|plate|birth|email|account)(_|$)"
)
LABELS = re.compile(
    r"姓名|电话|手机|证件|身份证|住址|家庭|户籍|车牌|银行|邮箱|微信|生日|出生"
    r"|(当事|申请|反映|来电|报警|信访|举报|联系|负责|检查|执法|经办|办理|保管|报告)人"
)
FREE = re.compile(r"(^|_)(content|summary|description|note|reason|title|feedback|facts|findings"
                  r"|task|remark|detail|text|opinion|reply)(_|$)")  # fmt: skip
# looked at one by one: they name a thing, a post or a place, and nobody
NOBODY = {"class_name", "item_name", "station_name", "tower_name", "party_kind", "subject_kind",
          "mediator_kind", "stop_reason", "exclude_reason", "task_no"}  # fmt: skip
KNOWN = {
    ("camera_street", "owner"), ("camera_district", "owner"),  # the unit that runs the camera
    ("camera_street", "name"), ("camera_district", "name"), ("pump_gate", "name"),
    ("camera_street", "address"), ("camera_district", "address"),  # where the camera hangs
    ("market_inspection", "task"),  # what the round of checks is called
    ("weather", "summary"),  # the weather service's public warning
}  # fmt: skip


EXPORTED = (
    "hotline_received",
    "mediation_accepted",
    "land_clue",
    "enforcement_filed",
    "grid_reported",
)


def columns():
    for key in registry.known():
        for fact, table in registry.module(key).TABLES.items():
            for name, column in table.columns.items():
                yield key, fact, name, column


def is_marked(column):
    return bool(column.personal or column.scrub or column.hash_of)


def test_s13_a_column_that_names_people_is_marked_or_was_looked_at():
    wrong = []
    for key, fact, name, column in columns():
        if column.type not in ("text", "double") or is_marked(column):
            continue
        if name in NOBODY or (key, name) in KNOWN:
            continue
        free = column.type == "text" and FREE.search(name)
        if NAMES_PEOPLE.search(name) or LABELS.search(column.label) or free:
            wrong.append(f"{key}.{fact}.{name} {column.label}")
    assert wrong == []


def test_s13_no_marked_column_is_for_the_wall():
    assert [c[:3] for c in columns() if c[3].wall and is_marked(c[3])] == []


def texts_of(base):
    """Every text of every table of one of both published files, by table and column."""
    reader = source.data()._reader
    told = reader.sql(
        "SELECT table_name AS t, list(column_name) AS c FROM duckdb_columns()"
        f" WHERE database_name = '{base}' AND data_type IN ('VARCHAR', 'VARCHAR[]') GROUP BY 1"
    ).to_pylist()
    for one in told:
        named = ", ".join(f'CAST("{name}" AS VARCHAR) AS "{name}"' for name in one["c"])
        for row in reader.sql(f'SELECT DISTINCT {named} FROM {base}."{one["t"]}"').to_pylist():
            yield from ((one["t"], name, text) for name, text in row.items() if text)


@pytest.mark.parametrize("base", ["core", "mart"])
def test_s13_nothing_that_was_planted_is_in_what_was_published(store, base):
    seen, wrong = 0, set()
    for table, column, text in texts_of(base):
        seen += 1
        wrong |= {(table, column, word) for word in PLANTED if word in text}
    assert wrong == set() and seen > 500


def test_s13_every_marked_column_was_planted_and_came_out_masked(store):
    """The search above finds nothing because it was taken out, not because it was never there."""
    published = {(table, column): text for table, column, text in texts_of("core")
                 if "*" in text}  # fmt: skip
    lacking = [
        (fact, name)
        for key, fact, name, column in columns()
        if column.personal in ("name", "names", "phone", "id_no", "address")
        and any(table == fact for table, _ in recorded(key))
        and (fact, name) not in published
    ]
    assert lacking == []


def test_s13_nothing_planted_is_in_any_file_but_those_that_are_the_vault(store, town):
    """The serving folder goes to replicas; logs and reports are read by many."""
    wrong, seen = [], 0
    for file in sorted(store.var.rglob("*")):
        inside = file.relative_to(store.var).as_posix()
        if not file.is_file() or inside.startswith(("raw/", "quarantine/", "secrets/")):
            continue
        content = file.read_bytes()
        if file.suffix == ".gz":
            content = gzip.decompress(content)
        seen += 1
        wrong += [(inside, word) for word in PLANTED if word.encode() in content]
    assert wrong == [] and seen > 3


def test_s13_an_export_and_the_rows_of_the_api_hold_masked_values_alone(store, house):
    leader = Visitor(house[1], {"authorization": f"Bearer {tokens.create(store, 'leader', 'x')}"})
    span, masked = "from=2026-01-01&to=2026-11-30", 0
    for metric in EXPORTED:
        answer = leader.get(f"/api/v1/metrics/{metric}/rows?{span}&limit=500")
        assert answer.status == 200, metric
        text = json.dumps(answer.json(), ensure_ascii=False)
        assert not [word for word in PLANTED if word in text], metric
        masked += "欧阳**" in text
    assert masked >= 2
