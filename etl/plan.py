"""The mapping of an export, as a person wrote it: one TOML file, no code.

[file] says what cannot be found by looking: header_row, encoding, delimiter, sheet; `columns` for
a file without a header; `records` for the path to the list in a JSON (a.b) or XML (a/b) file, whose
nested fields are then called by dotted names; `members` for the names wanted in a ZIP; `empty` for
words that mean nothing was filled in.
[only] says by their columns which rows belong here: a list of values, or "filled"; the others are
passed over. [fields] gives our column the name of theirs; [codes.<column>] turns their values into
ours ("*" is every other value, "" is empty); [factors] turns their unit into ours;
[replace.<column>] exchanges pieces of a text (a "/" in a class name would be read as a step of its
path); [dates] lists the shapes of their times, and the zone of those that name none; [constants]
fills columns they lack; [[computed]] fills a column where others are filled, empty or equal.
`crs` is the coordinate system of its places.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config import coordinates
from config.errors import ConfigError
from etl.formats import encoding, sheet
from etl.formats.cell import Row
from warehouse.schema import Table

_PARTS: Final = {
    "key", "table", "source", "name", "file", "only", "fields", "codes", "factors", "replace",
    "dates", "constants", "computed", "crs",
}  # fmt: skip
_FILE_PARTS: Final = {
    "header_row", "encoding", "delimiter", "sheet", "columns", "records", "empty", "members",
}  # fmt: skip
FILLED: Final = "filled"
_RULE_PARTS: Final = {"column", "value", "filled", "empty", "equal"}


@dataclass(frozen=True)
class Computed:
    """One column filled by what others say; the first rule that fits counts."""

    column: str
    value: str
    filled: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    equal: Mapping[str, str] = field(default_factory=dict)

    def fits(self, row: Row) -> bool:
        """Whether the rule speaks about this row."""
        return (
            all(row.get(name) is not None for name in self.filled)
            and all(row.get(name) is None for name in self.empty)
            and all(row.get(name) == value for name, value in self.equal.items())
        )


@dataclass(frozen=True)
class Plan:
    """A mapping as read and found right."""

    key: str
    table: str
    source: str
    shape: sheet.Shape
    records: str | None
    members: str
    empty: frozenset[str]
    only: Mapping[str, frozenset[str] | None]  # None: the column must be filled
    fields: Mapping[str, str]
    factors: Mapping[str, Decimal]
    codes: Mapping[str, Mapping[str, str]]
    pieces: Mapping[str, Mapping[str, str]]
    shapes: tuple[str, ...]
    zone: ZoneInfo | None
    constants: Mapping[str, str]
    computed: tuple[Computed, ...]
    crs: str = "wgs84"  # the coordinate system of its places


def read(file: Path, content: bytes, tables: Mapping[str, Mapping[str, Table]]) -> Plan:
    """The mapping in a TOML file for one of the platforms; ConfigError names what is wrong."""
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(file, "TOML", str(error), "well-formed TOML in UTF-8") from None
    _only(file, "", raw, _PARTS)
    key = _one_of(file, "key", raw.get("key"), tables)
    table = _one_of(file, "table", raw.get("table", next(iter(tables[key]))), tables[key])
    columns = tables[key][table].columns
    source = raw.get("source")
    if not isinstance(source, str) or not source.isidentifier() or source in tables:
        raise ConfigError(file, "source", source, "a name of its own: letters, digits, _")
    fields = _texts(file, "fields", raw.get("fields", {}))
    factors = _factors(file, raw.get("factors", {}))
    codes = _blocks(file, "codes", raw.get("codes", {}))
    pieces = _blocks(file, "replace", raw.get("replace", {}))
    constants = _texts(file, "constants", raw.get("constants", {}))
    computed = tuple(_computed(file, rule) for rule in raw.get("computed", []))
    parts: dict[str, Iterable[str]] = {
        "fields": fields, "factors": factors, "codes": codes, "replace": pieces,
        "constants": constants,
    }  # fmt: skip
    for part, block in parts.items():
        for name in block:
            _one_of(file, f"{part}.{name}", name, columns)
    for rule in computed:
        for name in (rule.column, *rule.filled, *rule.empty, *rule.equal):
            _one_of(file, "computed.column", name, columns)
    for name in tables[key][table].key:
        if name not in fields and name not in constants:
            raise ConfigError(file, f"fields.{name}", None, "this column makes a row the same")
    shape, empty = _shape(file, raw.get("file", {}))
    shapes, zone = _dates(file, raw.get("dates", {}))
    return Plan(
        key=key,
        table=table,
        source=source,
        shape=shape,
        records=raw.get("file", {}).get("records"),
        members=raw.get("file", {}).get("members", "*"),
        empty=empty,
        only=_only_rows(file, raw.get("only", {})),
        fields=fields,
        factors=factors,
        codes=codes,
        pieces=pieces,
        shapes=shapes,
        zone=zone,
        constants=constants,
        computed=computed,
        crs=_system(file, raw.get("crs", "wgs84")),
    )


def _shape(file: Path, block: Any) -> tuple[sheet.Shape, frozenset[str]]:
    _only(file, "file.", block, _FILE_PARTS)
    for name in ("encoding", "delimiter", "sheet", "records", "members"):
        if not isinstance(block.get(name, ""), str):
            raise ConfigError(file, f"file.{name}", block[name], "a text")
    named = block.get("encoding")
    if named and not encoding.is_known(named):
        allowed = "utf-8, gb18030, big5 or another that Python knows"
        raise ConfigError(file, "file.encoding", named, allowed)
    if len(block.get("delimiter", ",")) != 1:
        raise ConfigError(file, "file.delimiter", block["delimiter"], "one character")
    header = block.get("header_row")
    if header is not None and (not isinstance(header, int) or header < 1):
        raise ConfigError(file, "file.header_row", header, "a row number from 1")
    columns = _list(file, "file.columns", block.get("columns", []))
    if header and columns:
        raise ConfigError(file, "file.columns", columns, "nothing when header_row is given")
    shape = sheet.Shape(header, named, block.get("delimiter"), block.get("sheet"), columns or None)
    empty = frozenset(_list(file, "file.empty", block.get("empty", [])))
    return shape, empty


def _only_rows(file: Path, block: Any) -> dict[str, frozenset[str] | None]:
    if not isinstance(block, dict):
        raise ConfigError(file, "only", block, f'their column = a list of values or "{FILLED}"')
    return {
        name: None if value == FILLED else frozenset(_list(file, f"only.{name}", value))
        for name, value in block.items()
    }


def _factors(file: Path, block: Any) -> dict[str, Decimal]:
    found = {}
    for name, value in _texts(file, "factors", block).items():
        try:
            found[name] = Decimal(value)
        except InvalidOperation:
            raise ConfigError(file, f"factors.{name}", value, 'a number such as "0.01"') from None
    return found


def _dates(file: Path, block: Any) -> tuple[tuple[str, ...], ZoneInfo | None]:
    _only(file, "dates.", block, {"shapes", "zone"})
    zone = block.get("zone")
    try:
        found = ZoneInfo(zone) if zone is not None else None
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        raise ConfigError(file, "dates.zone", zone, 'a zone such as "UTC"') from None
    return _list(file, "dates.shapes", block.get("shapes", [])), found


def _list(file: Path, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ConfigError(file, key, value, 'a list of texts such as ["a", "b"]')
    return tuple(value)


def _computed(file: Path, rule: Any) -> Computed:
    if not isinstance(rule, dict):
        raise ConfigError(file, "computed", rule, "[[computed]] blocks with column and value")
    _only(file, "computed.", rule, _RULE_PARTS)
    for name in ("column", "value"):
        if not isinstance(rule.get(name), str):
            raise ConfigError(file, f"computed.{name}", rule.get(name), "a text")
    return Computed(
        column=rule["column"],
        value=rule["value"],
        filled=tuple(rule.get("filled", ())),
        empty=tuple(rule.get("empty", ())),
        equal=_texts(file, "computed.equal", rule.get("equal", {})),
    )


def _only(file: Path, where: str, block: Any, allowed: set[str]) -> None:
    if not isinstance(block, dict):
        raise ConfigError(file, where.rstrip("."), block, "a block of settings")
    for name in block:
        if name not in allowed:
            raise ConfigError(file, f"{where}{name}", block[name], ", ".join(sorted(allowed)))


def _one_of(file: Path, key: str, value: Any, allowed: Mapping[str, Any]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise ConfigError(file, key, value, ", ".join(allowed))
    return value


def _system(file: Path, said: object) -> str:
    if not isinstance(said, str) or not coordinates.is_known(said):
        raise ConfigError(file, "crs", said, coordinates.ALLOWED)
    return said


def _blocks(file: Path, key: str, blocks: Any) -> dict[str, dict[str, str]]:
    if not isinstance(blocks, dict):
        raise ConfigError(file, key, blocks, f"blocks [{key}.<column>] of texts")
    return {name: _texts(file, f"{key}.{name}", block) for name, block in blocks.items()}


def _texts(file: Path, key: str, block: Any) -> dict[str, str]:
    if not isinstance(block, dict):
        raise ConfigError(file, key, block, "a block of texts")
    for name, value in block.items():
        if not isinstance(value, str):
            raise ConfigError(file, f"{key}.{name}", value, "a text")
    return dict(block)
