"""How an export that was never seen before becomes rows of a platform: one TOML file, no code.

[file] says what cannot be found by looking (header row, encoding, delimiter, sheet); [fields]
gives our column the name of theirs; [codes.<column>] turns their values into ours ("*" is every
other value, "" is empty); [replace.<column>] exchanges pieces of a text (a "/" in a class name
would be read as a step of its path); [dates] lists the shapes of their times; [constants] fills
columns they lack; [[computed]] fills a column where others are filled, empty or equal to a value.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from config.errors import ConfigError
from etl.errors import BadRecord
from etl.formats import sheet
from etl.formats.cell import Row, Yielded, reject
from etl.formats.moment import by_shapes, iso
from warehouse.schema import Table

_PARTS: Final = {
    "key", "table", "source", "name", "file", "fields", "codes", "replace", "dates", "constants",
    "computed",
}  # fmt: skip
_FILE_PARTS: Final = {"header_row", "encoding", "delimiter", "sheet"}
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
    fields: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    pieces: Mapping[str, Mapping[str, str]]
    shapes: tuple[str, ...]
    constants: Mapping[str, str]
    computed: tuple[Computed, ...]


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
    shape = raw.get("file", {})
    _only(file, "file.", shape, _FILE_PARTS)
    fields = _texts(file, "fields", raw.get("fields", {}))
    codes = _blocks(file, "codes", raw.get("codes", {}))
    pieces = _blocks(file, "replace", raw.get("replace", {}))
    constants = _texts(file, "constants", raw.get("constants", {}))
    computed = tuple(_computed(file, rule) for rule in raw.get("computed", []))
    for part, name in (
        *(("fields", name) for name in fields),
        *(("codes", name) for name in codes),
        *(("replace", name) for name in pieces),
        *(("constants", name) for name in constants),
    ):
        _one_of(file, f"{part}.{name}", name, columns)
    for rule in computed:
        for name in (rule.column, *rule.filled, *rule.empty, *rule.equal):
            _one_of(file, "computed.column", name, columns)
    for name in tables[key][table].key:
        if name not in fields and name not in constants:
            raise ConfigError(file, f"fields.{name}", None, "this column makes a row the same")
    shapes = raw.get("dates", {}).get("shapes", [])
    if not isinstance(shapes, list) or not all(isinstance(each, str) for each in shapes):
        raise ConfigError(file, "dates.shapes", shapes, 'a list such as ["%m/%d/%Y %H:%M"]')
    return Plan(
        key=key,
        table=table,
        source=source,
        shape=sheet.Shape(**shape),
        fields=fields,
        codes=codes,
        pieces=pieces,
        shapes=tuple(shapes),
        constants=constants,
        computed=computed,
    )


def parse(plan: Plan, table: Table, payload: bytes) -> Iterator[Yielded]:
    """The rows of an export as rows of the platform; what cannot be read is rejected."""
    wanted = set(plan.fields.values())
    checked = False
    for line in sheet.read(plan.key, payload, wanted, plan.shape):
        if not checked:
            missing = sorted(wanted - line.cells.keys())
            if missing:
                has = ", ".join(line.cells)
                raise BadRecord(plan.key, f"the file has no column {missing[0]}; it has {has}")
            checked = True
        row: Row = {ours: line.cells.get(theirs) for ours, theirs in plan.fields.items()}
        fault = line.fault or _translate(plan, table, row)
        if fault:
            yield reject(fault, line.cells)
            continue
        yield plan.table, row


def _translate(plan: Plan, table: Table, row: Row) -> str | None:
    """Their values as ours; the reason when one is not understood."""
    for name in plan.fields:
        value = row[name]
        if value is None or table.columns[name].type not in ("timestamp", "date"):
            continue
        row[name] = by_shapes(value, list(plan.shapes)) if plan.shapes else iso(value)
        if row[name] is None:
            return f"读不懂：{table.columns[name].label}"
    for name, values in plan.codes.items():
        value = row.get(name)
        ours = values.get(value or "", values.get("*"))
        if value is not None and ours is None:
            return f"{table.columns[name].label}不在对照表"
        row[name] = None if value is None else ours or None
    _fill(plan, row)
    return None


def _fill(plan: Plan, row: Row) -> None:
    """Pieces of text exchanged, constants, computed columns."""
    for name, pieces in plan.pieces.items():
        for theirs, ours in pieces.items():
            row[name] = (row.get(name) or "").replace(theirs, ours) or None
    row |= plan.constants
    done: set[str] = set()
    for rule in plan.computed:
        if rule.column not in done and rule.fits(row):
            row[rule.column] = rule.value
            done.add(rule.column)


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
