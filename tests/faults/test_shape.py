"""F10 for every platform there is: its own recorded payload, changed as platforms change theirs.

Whatever comes: no error but ours, every row accounted for, no other platform touched. A few changes
each time, by chance that repeats itself; HONGLAN_LONG=1 tries all 40 of each.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cases.store import migrate, open_store
from config import clock
from config.environment import ROOT
from config.platforms import load_platforms
from etl.errors import EtlError
from etl.formats import workbook
from etl.loader import Loader
from warehouse import ledger

LONG = os.environ.get("HONGLAN_LONG") == "1"
TRIES = 40 if LONG else 4
FIXTURES = ROOT / "tests" / "fixtures" / "platforms"
KEYS = sorted(folder.name for folder in FIXTURES.iterdir() if folder.is_dir())
NOON = datetime(2026, 11, 23, 16, 0)
Record = dict[str, Any]

VALUES: dict[str, Any] = {
    "null": None, "blank": "  ", "words": "待定", "object": {"value": 1}, "list": ["a", None],
    "true": True, "minus": -1, "huge": 10**400, "tiny": "1e-400", "infinite": "1e999",
    "not a number": "NaN", "another code": "从未见过", "13th month": "2026-13-45 25:61:61",
    "epoch": 1_795_000_000_000, "utc": "2026-11-23T04:00:00Z", "far future": "9999-12-31 23:59:59",
    "before time": "0001-01-01", "long": "长" * 5_000, "hidden": "\u202e\u200b\ufeff",
    "nul": "a\0b", "lone surrogate": "\ud83d", "formula": "=1+1",
    "markup": "<img src=x onerror=alert(1)>", "quotes": "'\";--", "lines": "a\r\nb",
}  # fmt: skip


def renamed(record: Record, field: str) -> Record:
    return {f"{k}_new" if k == field else k: v for k, v in record.items()}


SHAPES: dict[str, Callable[[Record, str], Record]] = {
    "gone": lambda record, field: {k: v for k, v in record.items() if k != field},
    "renamed": renamed,
    "added": lambda record, field: record | {f"{field}_x": "v1"},
    "upper": lambda record, _: {k.upper(): v for k, v in record.items()},
    "empty": lambda *_: {},
    "a thousandth": lambda record, field: record | {field: _scaled(record[field])},
    "all text": lambda record, _: {k: v if v is None else str(v) for k, v in record.items()},
}
CHANGES = {
    **SHAPES,
    **{name: lambda r, f, v=value: r | {f: v} for name, value in VALUES.items()},
}
BYTES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "cut": lambda data, dice: data[: dice.randrange(len(data))],
    "flipped": lambda data, dice: _flipped(data, dice.randrange(len(data)), dice.randrange(1, 256)),
    "twice": lambda data, _: data + data,
    "utf-16": lambda data, _: data.decode("utf-8", "replace").encode("utf-16"),
    "nothing": lambda *_: b"",
    "a login page": lambda *_: b"<!DOCTYPE html><html><body>login</body></html>",
    "another's": lambda *_: b'{"code": 500, "message": "error", "data": null}',
    "nested": lambda *_: b"[" * 100_000 + b"]" * 100_000,
}


def _scaled(value: Any) -> Any:
    try:
        return float(value) / 1000
    except (TypeError, ValueError):
        return value


def _flipped(data: bytes, place: int, bits: int) -> bytes:
    return data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :]


def lists(value: Any) -> Iterator[list[Record]]:
    """Every list of records in an answer, those inside of records too."""
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        yield value
    inside = value if isinstance(value, list) else []
    for each in value.values() if isinstance(value, dict) else inside:
        yield from lists(each)


def changed(data: bytes, ext: str, change: Callable[[Record, str], Record], dice) -> bytes:
    """A payload in which a field of every record, or of some, is another."""
    share = dice.choice([1.0, 0.5])

    def all_of(records: list[Record]) -> None:
        fields = [k for k in records[0] if k != "at"]
        field = dice.choice(fields) if fields else "x"
        for place, each in enumerate(records):
            if dice.random() <= share and field in each:
                records[place] = change(each, field)

    if ext == "json":
        answer = json.loads(data)
        all_of(dice.choice(list(lists(answer))))
        return json.dumps(answer).encode()
    if ext == "jsonl":
        messages = [json.loads(line) for line in data.splitlines()]
        bodies = [_decoded(each["body"]) for each in messages]
        known = [each for each in bodies if isinstance(each, dict)]
        all_of(known)
        left = iter(known)
        for message, body in zip(messages, bodies, strict=True):
            if isinstance(body, dict):
                message["body"] = json.dumps(next(left))
        return b"".join(json.dumps(each).encode() + b"\n" for each in messages)
    return _table(data, all_of)


def _decoded(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


def _table(data: bytes, all_of: Callable[[list[Record]], None]) -> bytes:
    if workbook.is_book(data):
        grid = [list(row) for row in next(iter(workbook.sheets("x", data)))().rows]
    else:
        grid = list(csv.reader(io.StringIO(data.decode("gb18030"))))
    head = max(range(min(5, len(grid))), key=lambda row: sum(bool(cell) for cell in grid[row]))
    names = [cell or f"-{n}" for n, cell in enumerate(grid[head])]
    records = [dict(zip(names, row, strict=False)) for row in grid[head + 1 :]]
    all_of(records)
    names = list(dict.fromkeys(name for record in records for name in record))
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerows(grid[:head])
    rows.writerow("" if name.startswith("-") else name for name in names)
    rows.writerows([[record.get(name) for name in names] for record in records])
    return out.getvalue().encode("utf-8", "replace")


def payloads(key: str) -> Iterator[tuple[str, str, bytes]]:
    """What a platform might send after its change, each kind before any again: in words, with its
    extension."""
    (file,) = (FIXTURES / key).glob("payload.*")
    data, ext = file.read_bytes(), file.suffix.lstrip(".")
    dice = random.Random(f"{key} 20261123")
    kinds = [*BYTES] if ext == "hex" else [*CHANGES, *BYTES]
    dice.shuffle(kinds)
    for turn in range(TRIES):
        kind = kinds[turn % len(kinds)]
        if kind in BYTES:
            yield kind, ext, BYTES[kind](data, dice)
        else:
            made = changed(data, ext, CHANGES[kind], dice)
            yield kind, "csv" if ext in ("xlsx", "csv") else ext, made


@pytest.fixture(scope="module")
def loader(tmp_path_factory) -> Iterator[Loader]:
    """All platforms, each with what was recorded of it."""
    var: Path = tmp_path_factory.mktemp("shape")
    with pytest.MonkeyPatch.context() as patch, clock.frozen(NOON):
        patch.setenv("HONGLAN_VAR", str(var))
        patch.delenv("HONGLAN_CASES_URL", raising=False)
        store = open_store()
        migrate(store)
        with Loader(var, load_platforms(), store) as opened:
            for key in KEYS:
                (file,) = (FIXTURES / key).glob("payload.*")
                take(opened, key, file.suffix.lstrip("."), file.read_bytes())
            yield opened
        store.close()


def take(loader: Loader, key: str, ext: str, data: bytes) -> None:
    source = loader.platforms[key].source
    loader.take(key, data, ext=ext, source=source)


def held(loader: Loader, key: str) -> dict[tuple[str, str], tuple[int, int]]:
    """What the warehouse holds of everybody else."""
    with loader.writing() as warehouse:
        found = warehouse.fingerprint()
    return {which: what for which, what in found.items() if which[0] not in loader.tables[key]}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("key", KEYS)
def test_a_changed_payload_breaks_nothing_loses_no_row_and_touches_nobody_else(loader, key):
    others = held(loader, key)
    tried = 0
    for said, ext, data in payloads(key):
        tried += 1
        try:
            take(loader, key, ext, data)
        except EtlError as error:
            assert error.platform == key, said
            assert "Traceback" not in error.what, said
        with loader.writing() as warehouse:
            torn = [each for each in warehouse.ledger(ledger.balance) if each.missing]
        assert torn == [], said
    assert tried == TRIES
    assert held(loader, key) == others
