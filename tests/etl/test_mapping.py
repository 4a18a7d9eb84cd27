"""A mapping as a duty officer writes it: what it does, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.environment import ROOT
from config.errors import ConfigError
from etl import mapping, registry
from etl.errors import BadRecord

TABLES = registry.tables(registry.known())
ORDER = TABLES["hotline_12345"]["hotline_order"]
SMALL = """
key = "hotline_12345"
source = "test_set"

[fields]
order_no = "No"
received_at = "Opened"
closed_at = "Closed"
state = "Status"

[codes.state]
"Done" = "已办结"
"*" = ""

[constants]
channel = "网站"

[[computed]]
column = "close_kind"
value = "办结"
filled = ["closed_at"]

[[computed]]
column = "close_kind"
value = "在办"
empty = ["closed_at"]
"""


def plan(text: str = SMALL) -> mapping.Plan:
    return mapping.read(Path("m.toml"), text.encode(), TABLES)


def rows(text: str, content: str) -> list:
    return list(mapping.parse(plan(text), ORDER, content.encode()))


def test_fields_codes_constants_and_computed_columns_make_a_row():
    content = "Title of the export,,,\nNo,Opened,Closed,Status\nA1,2026/1/2 3:04,2026-01-05,Done\n"
    assert rows(SMALL, content) == [
        (
            "hotline_order",
            {
                "order_no": "A1",
                "received_at": "2026-01-02T03:04:00",
                "closed_at": "2026-01-05T00:00:00",
                "state": "已办结",
                "channel": "网站",
                "close_kind": "办结",
            },
        )
    ]


def test_the_star_stands_for_every_other_value_and_empty_stays_empty():
    content = "No,Opened,Closed,Status\nA1,2026-01-02,,Odd\nA2,2026-01-02,,\n"
    found = [row for _, row in rows(SMALL, content)]
    assert [row["state"] for row in found] == [None, None]
    assert [row["close_kind"] for row in found] == ["在办", "在办"]


def test_a_value_that_is_in_no_list_is_rejected_with_its_column():
    content = "No,Opened,Closed,Status\nA1,2026-01-02,,Odd\n"
    ((table, reject),) = rows(SMALL.replace('"*" = ""', ""), content)
    assert (table, reject["reason"]) == ("!", "工单状态不在对照表")
    assert '"Status": "Odd"' in reject["row"]


def test_a_date_in_none_of_the_shapes_is_rejected():
    text = SMALL + '\n[dates]\nshapes = ["%m/%d/%Y"]\n'
    content = "No,Opened,Closed,Status\nA1,2026-01-02,,Done\nA2,01/02/2026,,Done\n"
    first, second = rows(text, content)
    assert first[1]["reason"] == "读不懂：受理时间"
    assert second[1]["received_at"] == "2026-01-02T00:00:00"


def test_a_row_with_more_cells_than_the_header_is_rejected_not_shifted():
    content = "No,Opened,Closed,Status\nA1,2026-01-02,,Done,extra\n"
    ((table, reject),) = rows(SMALL, content)
    assert table == "!"
    assert "5列" in reject["reason"]


def test_a_missing_column_is_named_with_those_there_are():
    with pytest.raises(BadRecord, match="no column Status; it has No, Opened, Closed"):
        rows(SMALL, "No,Opened,Closed\nA1,2026-01-02,\n")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('key = "hotline_12345"', 'key = "hotline"', "key = 'hotline' cannot be used; allowed: "),
        ('source = "test_set"', 'source = "test set"', "source = 'test set'"),
        ('source = "test_set"', 'source = "weather"', "source = 'weather'"),
        ('order_no = "No"', "", "fields.order_no = None"),
        ('state = "Status"', 'status = "Status"', "fields.status = 'status'"),
        ('channel = "网站"', "channel = 3", "constants.channel = 3"),
        ('filled = ["closed_at"]', 'full = ["closed_at"]', "computed.full"),
        ("[constants]", "[constant]", "constant = "),
        ("[fields]", "[fields", "TOML = "),
        ("[constants]", '[dates]\nshapes = "%Y"\n[constants]', "dates.shapes = '%Y'"),
        ("[constants]", "[file]\nrow = 2\n[constants]", "file.row = 2"),
        ("[constants]", "[file]\nencoding = 'hex'\n[constants]", "file.encoding = 'hex'"),
        ("[constants]", "[file]\nencoding = 5\n[constants]", "file.encoding = 5"),
        ("[constants]", "[file]\ndelimiter = ';;'\n[constants]", "file.delimiter = ';;'"),
        ("[constants]", "[file]\nheader_row = 0\n[constants]", "file.header_row = 0"),
        ("[constants]", "[file]\ncolumns = 'a'\n[constants]", "file.columns = 'a'"),
        ("[constants]", "[only]\nStatus = 'x'\n[constants]", "only.Status = 'x'"),
        ("[constants]", "[factors]\nrework_no = 'x'\n[constants]", "factors.rework_no = 'x'"),
        ("[constants]", "[factors]\nlevel = '2'\n[constants]", "factors.level = 'level'"),
        ("[constants]", "[dates]\nzone = 'Mars'\n[constants]", "dates.zone = 'Mars'"),
    ],
)
def test_a_wrong_mapping_is_told_in_one_sentence(old, new, said):
    with pytest.raises(ConfigError) as wrong:
        plan(SMALL.replace(old, new, 1))
    assert str(wrong.value).startswith("m.toml: ")
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


GAUGE = """
key = "gauge"
source = "test_set"
[file]
columns = ["id", "at", "mm", "kind"]
delimiter = ";"
encoding = "big5"
empty = ["--"]
[only]
kind = ["水位", ""]
[fields]
station = "id"
observed_at = "at"
level_m = "mm"
[factors]
level_m = "0.001"
[dates]
zone = "UTC"
"""


def readings(text: str, payload: bytes) -> list:
    return list(mapping.parse(plan(text), TABLES["gauge"]["gauge_reading"], payload))


def test_a_file_without_header_gives_its_first_line_too_in_our_unit_and_our_time():
    text = "A1;2026-01-02 16:00;-4147;水位\nA1;2026-01-02 16:30;--;水位\nA1;2026-01-02;9;雨量\n"
    assert readings(GAUGE, text.encode("big5")) == [
        (
            "gauge_reading",
            {"station": "A1", "observed_at": "2026-01-03T00:00:00", "level_m": "-4.147"},
        ),
        ("gauge_reading", {"station": "A1", "observed_at": "2026-01-03T00:30:00", "level_m": None}),
    ]


def test_a_time_that_names_its_zone_is_not_shifted_again():
    text = "A1;2026-01-02T16:00:00+08:00;1;水位\nA1;2026-01-02T08:00:00Z;1;水位\n"
    found = readings(GAUGE, text.encode("big5"))
    assert [row["observed_at"] for _, row in found] == ["2026-01-02T16:00:00"] * 2


def test_a_number_that_is_none_is_rejected_where_a_unit_is_turned():
    ((table, row),) = readings(GAUGE, "A1;2026-01-02;x;水位\n".encode("big5"))
    assert (table, row["reason"]) == ("!", "读不懂：水位")


NESTED = """
key = "gauge"
source = "test_set"
[file]
records = "{path}"
[only]
"last.value" = "filled"
[fields]
station = "id"
observed_at = "last.at"
level_m = "last.value"
"""


@pytest.mark.parametrize(
    ("path", "payload"),
    [
        (
            "data.list",
            '{"data": {"list": [{"id": 1, "last": {"at": "2026-01-02", "value": 1.50}},'
            ' {"id": 2}, {"id": 3, "last": {"value": null}}]}}',
        ),
        (
            "list/item",
            "<data><list><item><id>1</id><last><at>2026-01-02</at><value>1.50</value></last></item>"
            "<item><id>2</id></item></list></data>",
        ),
    ],
)
def test_records_of_json_and_xml_are_rows_and_what_does_not_belong_is_passed_over(path, payload):
    assert readings(NESTED.format(path=path), payload.encode()) == [
        ("gauge_reading", {"station": "1", "observed_at": "2026-01-02T00:00:00", "level_m": "1.50"})
    ]


@pytest.mark.parametrize(
    "file", sorted((ROOT / "config" / "mappings").glob("*.toml")), ids=lambda file: file.stem
)
def test_every_mapping_that_ships_is_right(file):
    assert mapping.read(file, file.read_bytes(), TABLES).source == file.stem
