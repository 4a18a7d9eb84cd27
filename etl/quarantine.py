"""What lies in quarantine, told so that a person can mend it and nobody can be recognised.

The rows themselves are private files. What is shown of one: the offending column as it came, other
declared columns that are neither personal nor free text, and of everything else its shape.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import structlog

from cases import quarantine
from cases.quarantine import NEW, PLACES, SCALE, Drift, Group
from cases.store import Store
from config import clock
from etl import registry
from etl.personal import MASKS, scrub
from warehouse import ledger
from warehouse.batch import Batch, LoadResult
from warehouse.ledger import Refused
from warehouse.schema import Column, Table
from warehouse.spooled import is_empty, pieces
from warehouse.write import Warehouse

WHOLE: Final = "整批漂移"
UNREADABLE: Final = "整份读不懂"
DAMAGED: Final = "原始文件损坏"
_LACKS, _BROKEN, _ABSENT = "缺主键：", "读不懂：", "整列缺失："
_KIND: Final = {
    "integer": "应为整数",
    "double": "应为数字",
    "boolean": "应为是否值",
    "timestamp": "应为北京时间",
    "date": "应为日期",
}
_CELLS: Final = 12
_LOOK: Final = 2_000  # lines of a private file that are looked at for an example
_LONG: Final = 80
_log = structlog.get_logger("etl.quarantine")
_OTHER = re.compile(r"[^\x00-\x7f]")


def tell(
    store: Store,
    warehouse: Warehouse,
    folder: Path,
    key: str,
    own: str,
    tables: Mapping[str, Table],
) -> None:
    """Write down for lamps and pages what lies in quarantine of one platform now."""
    found = warehouse.ledger(lambda con: ledger.quarantined(con, key))
    groups = [_group(each, key, folder / key, tables) for each in found]
    quarantine.replace(store, key, groups, own=own)


def note(store: Store, key: str, seen: Sequence[Drift]) -> None:
    """Keep what a delivery had that nobody declared; a field is told in the log when it is new."""
    known = {(each.fact, each.field, each.kind) for each in quarantine.drifts(store, key)}
    for each in seen:
        if (each.fact, each.field, each.kind) not in known:
            known.add((each.fact, each.field, each.kind))
            _log.warning(
                "drift", platform=key, fact=each.fact, field=each.field, kind=each.kind, n=each.rows
            )
    quarantine.note(store, seen)


def tell_places(
    store: Store, differing: Mapping[str, str], tables: Mapping[str, Mapping[str, Table]]
) -> None:
    """Say of which platforms the rows lie where another declaration of places put them."""
    at = clock.local()
    seen = []
    for key, was in differing.items():
        said = f"已入库的行按 {was} 换算，与现声明不符；python -m etl rebuild 按原始数据重读"
        _log.warning("places_declared_anew", platform=key, before=was, remedy="etl rebuild")
        seen += [
            Drift(key, fact, "坐标系", PLACES, at, at, 0, said)
            for fact, table in tables[key].items()
            if any(column.axis for column in table.columns.values())
        ]
    quarantine.restate(store, PLACES, seen)


def lying(home: Path) -> Counter[str]:
    """How many rows lie in the private files, by source."""
    found: Counter[str] = Counter()
    for file in home.glob("*/*.jsonl"):
        with file.open(encoding="utf-8") as lines:
            found.update(json.loads(line)["source"] for line in lines)
    return found


def drop(folder: Path, delivery: str) -> None:
    """The private file of a delivery of which every row is in by now."""
    (folder / f"{delivery}.jsonl").unlink(missing_ok=True)


def unexpected(batch: Batch, result: LoadResult, tables: Mapping[str, Table]) -> list[Drift]:
    """The fields of a delivery that nobody declared, and figures of another size than before."""
    if result.repeated:
        return []
    at = batch.recorded_at
    found = [
        Drift(batch.key, fact, field[:120], NEW, at, at, n, shape(sample))
        for fact, fields in _extras(batch).items()
        for field, (n, sample) in fields.items()
    ]
    found += [
        Drift(batch.key, fact, tables[fact].columns[column].label, SCALE, at, at, n, said[:120])
        for (fact, column), (n, said) in result.scaled.items()
    ]
    return found


def explain(reason: str, fact: str, tables: Mapping[str, Table]) -> tuple[str, str]:
    """The columns that rows were refused for, by their labels, and the rule they broke."""
    for prefix in (_LACKS, _BROKEN, _ABSENT):
        if reason.startswith(prefix):
            label = reason.removeprefix(prefix)
            return label, _rule_of(prefix, label, tables.get(fact))
    if reason == DAMAGED:
        return (
            "",
            "与收到时的校验值不符，已移到隔离区，从备份放回后回放",
        )
    table = tables.get(fact)
    if table is not None and reason in table.rules:
        rule = table.rules[reason]
        words = set(re.findall(r"[a-z_0-9]+", rule))
        return "、".join(c.label for name, c in table.columns.items() if name in words), rule
    labels = {c.label for each in tables.values() for c in each.columns.values()}
    label = reason.removeprefix("缺")
    return (label if label in labels else ""), "读取时就不成一行"


def shape(value: object) -> str:
    """How a value looks, without the value: digits as 9, letters as a, Han as 文."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = re.sub(r"[0-9]", "9", text)
    text = re.sub(r"[A-Za-z]", "a", text)
    return _OTHER.sub("文", text)[:_LONG]


def shown(
    payload: Any,
    tables: Mapping[str, Table],
    fact: str,
    offending: str,
    names: Mapping[str, Column],
) -> dict[str, str]:
    """One refused row as it may be shown: the offending columns first, at most twelve cells.

    `names` knows the columns by what the platform calls them, for what was no row yet.
    """
    row = _cells(payload)
    columns = tables[fact].columns if fact in tables else {}
    bad = set(offending.split("、"))
    cells: list[tuple[bool, str, str]] = []
    for name, value in row.items():
        if value in (None, ""):
            continue
        column = columns.get(name) or names.get(name)
        label = column.label if column else str(name)
        cells.append((label not in bad, label, _shown(value, column)))
    for name, column in columns.items():
        if column.label in bad and row.get(name) in (None, ""):
            cells.append((False, column.label, "（空）"))
    return {label: text for _, label, text in sorted(cells, key=lambda each: each[0])[:_CELLS]}


def _shown(value: object, column: Column | None) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if column is not None and column.personal:
        return MASKS[column.personal](text)[:_LONG]
    is_told = text.isascii() if column is None else not (column.scrub or column.hash_of)
    return scrub(text)[:_LONG] if is_told else f"（{len(text)} 字）"


def _group(each: Refused, key: str, folder: Path, tables: Mapping[str, Table]) -> Group:
    label, rule = explain(each.reason, each.fact, tables)
    number: int | None = None
    example: dict[str, str] = {}
    causes: Counter[str] = Counter()
    for line in _lines(folder / f"{each.batch_id}.jsonl"):
        if line["reason"] != each.reason or line["table"] != each.fact:
            continue
        cause = line.get("cause")
        if cause:
            causes[cause] += 1
        if number is None or (cause and len(causes) == 1 and causes[cause] == 1):
            offending = explain(cause, each.fact, tables)[0] if cause else label
            number, example = (
                line["row"],
                shown(line["payload"], tables, each.fact, offending, registry.column_names(key)),
            )
    if each.reason == WHOLE and causes:
        explained = {cause: explain(cause, each.fact, tables) for cause in causes}
        label = "、".join(dict.fromkeys(column for column, _ in explained.values() if column))
        rule = "；".join(f"{cause} {n} 行" for cause, n in causes.most_common(5))
    return Group(
        key=key,
        source=each.source,
        fact="" if each.fact == "!" else each.fact,
        reason=each.reason[:200],
        column_label=label[:200],
        rule=rule,
        rows=each.rows,
        deliveries=each.deliveries,
        first_at=each.first_at,
        last_at=each.last_at,
        example_row=number,
        example=example,
        raw_path=each.raw_path,
    )


def _rule_of(prefix: str, label: str, table: Table | None) -> str:
    if prefix == _LACKS:
        return "主键不能为空"
    if prefix == _ABSENT:
        return "以往每行都有，本次整份没有"
    types = [c.type for c in table.columns.values() if c.label == label] if table else []
    return _KIND.get(types[0], "") if types else ""


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    """The first rows of a private file; none when retention has removed it."""
    try:
        with file.open(encoding="utf-8") as lines:
            for number, text in enumerate(lines):
                if number >= _LOOK:
                    return
                yield json.loads(text)
    except OSError:
        return


def _cells(payload: Any) -> dict[str, Any]:
    """A refused row by its fields; what is no record is one cell."""
    if isinstance(payload, str):
        try:
            payload = json.loads(payload)
        except ValueError:
            return {"内容": payload}
    return payload if isinstance(payload, dict) else {"内容": payload}


def _extras(batch: Batch) -> dict[str, dict[str, tuple[int, object]]]:
    found: dict[str, dict[str, tuple[int, object]]] = {}
    for fact, rows in batch.rows.items():
        for text in _extra_texts(rows):
            fields = found.setdefault(fact, {})
            for field, value in _cells(text).items():
                n, sample = fields.get(field, (0, None))
                fields[field] = (n + 1, value if sample in (None, "") else sample)
    return found


def _extra_texts(rows: Any) -> Iterator[str]:
    if not hasattr(rows, "column_names"):
        yield from (row["extra"] for row in rows if row.get("extra"))
    elif not is_empty(rows, "extra"):
        for _, piece in pieces(rows):
            yield from piece.column("extra").drop_null().to_pylist()
