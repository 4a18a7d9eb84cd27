"""One contract for every platform: its key, its module, its fixture, its declaration agree."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.platforms import load_platforms
from etl.errors import EtlError

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "platforms"
KEYS = sorted(load_platforms())
MOBILE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")
ID_CARD = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
ROWS = {
    "hotline_12345": ("result", "pageData", "records"),
    "weather": ("data", "list"),
    "grid_event": ("data", "rows"),
    "whistle": ("data", "items"),
    "linkage": ("result", "list"),
    "gov_service": ("data",),
}
NESTED = ("lz", "bm", "lzjl")  # lists in a record that give rows of their own


def module(key: str):
    return importlib.import_module(f"etl.platforms.{key}")


def payload(key: str) -> bytes:
    (file,) = (FIXTURES / key).glob("payload.*")
    return file.read_bytes()


def read(key: str, data: bytes) -> list[tuple[str, dict]]:
    return list(module(key).parse(data))


def test_config_modules_and_fixtures_name_the_same_platforms():
    modules = {
        path.stem
        for path in (ROOT / "etl" / "platforms").glob("*.py")
        if not path.stem.startswith("_")
    }
    fixtures = {path.name for path in FIXTURES.iterdir() if path.is_dir()}
    assert set(KEYS) == modules == fixtures


@pytest.mark.parametrize("key", KEYS)
def test_the_recorded_payload_gives_the_expected_rows(key):
    expected = json.loads((FIXTURES / key / "expected.json").read_text(encoding="utf-8"))
    assert [[table, row] for table, row in read(key, payload(key))] == expected


@pytest.mark.parametrize("key", KEYS)
def test_rows_have_declared_columns_and_never_an_empty_key(key):
    tables = module(key).TABLES
    seen = set()
    for table, row in read(key, payload(key)):
        if table == "!":
            assert set(row) == {"reason", "row"}
            continue
        seen.add(table)
        assert set(row) - {"extra"} <= set(tables[table].columns)
        assert all(row[name] is not None for name in tables[table].key)
        assert all(value is None or isinstance(value, str) for value in row.values())
    assert seen == set(tables)


@pytest.mark.parametrize("key", KEYS)
def test_a_declaration_agrees_with_itself(key):
    for table in module(key).TABLES.values():
        assert set(table.key) <= set(table.columns)
        assert table.version is None or table.version in table.columns
        for column in table.columns.values():
            assert column.hash_of is None or column.hash_of in table.columns
        for reason in table.rules:
            assert 2 <= len(reason) <= 20


@pytest.mark.parametrize("key", KEYS)
def test_the_module_says_what_it_is_in_one_line(key):
    first = module(key).__doc__.splitlines()[0]
    assert 0 < len(first) <= 100


@pytest.mark.parametrize("key", KEYS)
def test_a_truncated_payload_is_refused_as_a_whole(key):
    data = payload(key)
    for part in (len(data) // 2, len(data) - len(data) // 7, 1):
        with pytest.raises(EtlError):
            read(key, data[:part])


@pytest.mark.parametrize("key", KEYS)
def test_no_number_of_a_real_person_is_in_a_fixture(key):
    for file in (FIXTURES / key).iterdir():
        text = file.read_bytes().decode("utf-8", "ignore")
        rows = json.dumps(read(key, payload(key)), ensure_ascii=False)
        for pattern in (MOBILE, ID_CARD):
            assert not pattern.search(text), f"{file.name}: {pattern.pattern}"
            assert not pattern.search(rows)


@pytest.mark.parametrize("key", KEYS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_damaged_bytes_are_refused_or_read_never_anything_else(key, data):
    good = payload(key)
    start = data.draw(st.integers(0, len(good) - 1))
    cut = data.draw(st.integers(0, 40))
    junk = data.draw(st.binary(max_size=24))
    try:
        rows = read(key, good[:start] + junk + good[start + cut :])
    except EtlError as error:
        assert str(error).startswith(f"{key}: ")
    else:
        assert all(table == "!" or table in module(key).TABLES for table, _ in rows)


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["2026-02-30", "\x00", "\ud800", "1e999", " ", "NaN", "工单"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


@pytest.mark.parametrize("key", sorted(ROWS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_record_comes_out_as_a_row_or_as_a_reject(key, data):
    answer = json.loads(payload(key))
    records = answer
    for step in ROWS[key]:
        records = records[step]
    for record in records:
        for nested in NESTED:
            record.pop(nested, None)
        for field in data.draw(st.lists(st.sampled_from(sorted(record)), max_size=5)):
            record[field] = data.draw(JUNK)
    records.extend(data.draw(st.lists(JUNK, max_size=3)))
    rows = read(key, json.dumps(answer).encode())
    assert len(rows) == len(records)
    for _, row in rows:
        for value in row.values():
            assert value is None or value.encode("utf-8").decode("utf-8") == value
