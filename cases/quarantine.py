"""What is wrong with the platforms' data, counted for lamps, `etl status` and the platform pages.

The rows in quarantine are personal and lie in private files; here are their numbers by reason and
one masked example each. Times come back as naive local time, as on screens.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from cases.schema import drift as drift_table
from cases.schema import health, local, utc
from cases.schema import quarantine as quarantine_table
from cases.store import Store, put
from config.clock import ZONE

NEW, SCALE, PLACES = "new", "scale", "places"
KINDS: Final[Mapping[str, str]] = {
    NEW: "新增字段",
    SCALE: "量级突变",
    PLACES: "坐标系改声明",
}


_ADVICE: Final[Mapping[str, str]] = MappingProxyType(
    {  # how a reason begins: what to do about it
        "整批漂移": "请工程师核对字段、改映射，再回放",
        "整份读不懂": "请对方改正后重传；格式有变请工程师改映射再回放",
        "整列缺失": "请工程师核对：改了名就改映射，确已取消就登记为可缺，再回放",
        "原始文件损坏": "请工程师从备份放回后回放",
        "读不懂": "请对方按约定格式改正后重传",
        "缺": "请对方补齐后重传",
        "不是": "请对方核对发送设置",
    }
)
_OTHERWISE: Final = "请对方核实，改正后重传"


def advice(reason: str) -> str:
    """What to do about rows that were refused for a reason."""
    return next((todo for word, todo in _ADVICE.items() if reason.startswith(word)), _OTHERWISE)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that were refused for one reason: the column and rule they break, one masked row."""

    key: str
    source: str
    fact: str
    reason: str
    column_label: str
    rule: str
    rows: int
    deliveries: int
    first_at: datetime
    last_at: datetime
    example_row: int | None
    example: Mapping[str, str]
    raw_path: str

    def to_json(self) -> dict[str, Any]:
        """As `etl status --json` gives it."""
        return _zoned(asdict(self))


@dataclass(frozen=True, slots=True)
class Drift:
    """A field that nobody declared, or one whose figures changed their size."""

    key: str
    fact: str
    field: str
    kind: str
    first_at: datetime
    last_at: datetime
    rows: int
    example: str

    @property
    def says(self) -> str:
        """What it is, in words."""
        return KINDS[self.kind]

    def to_json(self) -> dict[str, Any]:
        """As `etl status --json` gives it."""
        return _zoned(asdict(self))


def replace(store: Store, key: str, groups: Iterable[Group], *, own: str) -> None:
    """What lies in quarantine of a platform now; its lamp counts rows of its own source."""
    values = [_stored(group) for group in groups]
    left = sum(each["rows"] for each in values if each["source"] == own)
    with store.writing() as connection:
        connection.execute(delete(quarantine_table).where(quarantine_table.c.key == key))
        if values:
            connection.execute(insert(quarantine_table), values)
        new = {"failed_for_good": False, "day": "", "rows_today": 0}
        put(connection, health, {"key": key}, {"quarantined": left}, new)


def groups(store: Store, key: str | None = None) -> Sequence[Group]:
    """What lies in quarantine, of one platform or of all; the most rows first."""
    table = quarantine_table
    query = select(table).order_by(table.c.key, table.c.rows.desc(), table.c.reason)
    if key is not None:
        query = query.where(table.c.key == key)
    with store.reading() as connection:
        return [_group(row._mapping) for row in connection.execute(query)]


def note(store: Store, seen: Iterable[Drift]) -> None:
    """Add what a delivery had that was not expected to what is known of it."""
    table = drift_table
    with store.writing() as connection:
        for each in seen:
            same = (
                (table.c.key == each.key)
                & (table.c.fact == each.fact)
                & (table.c.field == each.field)
                & (table.c.kind == each.kind)
            )
            before = connection.execute(select(table).where(same)).first()
            values = asdict(each) | {"first_at": utc(each.first_at), "last_at": utc(each.last_at)}
            if before is None:
                connection.execute(insert(table).values(**values))
                continue
            connection.execute(
                update(table)
                .where(same)
                .values(
                    first_at=min(before.first_at, values["first_at"]),
                    last_at=max(before.last_at, values["last_at"]),
                    rows=before.rows + each.rows,
                    example=each.example,
                )
            )


def restate(store: Store, kind: str, seen: Sequence[Drift]) -> None:
    """What is now of one kind, in place of what was: it is over once its cause is gone."""
    with store.writing() as connection:
        connection.execute(delete(drift_table).where(drift_table.c.kind == kind))
    note(store, seen)


def drifts(store: Store, key: str | None = None) -> Sequence[Drift]:
    """What was not expected, of one platform or of all; the newest first."""
    query = select(drift_table).order_by(drift_table.c.first_at.desc(), drift_table.c.field)
    if key is not None:
        query = query.where(drift_table.c.key == key)
    with store.reading() as connection:
        return [
            Drift(
                **{
                    **row._mapping,
                    "first_at": local(row.first_at),
                    "last_at": local(row.last_at),
                }
            )
            for row in connection.execute(query)
        ]


def forget(store: Store, before: datetime) -> int:
    """Drop what was not seen again since `before`; how many fields that were."""
    with store.writing() as connection:
        gone = connection.execute(delete(drift_table).where(drift_table.c.last_at < utc(before)))
        return gone.rowcount


def _stored(group: Group) -> dict[str, Any]:
    return asdict(group) | {
        "example": json.dumps(dict(group.example), ensure_ascii=False),
        "first_at": utc(group.first_at),
        "last_at": utc(group.last_at),
    }


def _group(row: Mapping[Any, Any]) -> Group:
    return Group(
        **{
            **row,
            "example": json.loads(row["example"]),
            "first_at": local(row["first_at"]),
            "last_at": local(row["last_at"]),
        }
    )


def _zoned(values: dict[str, Any]) -> dict[str, Any]:
    """Times as JSON carries them, with +08:00."""
    return {
        name: value.replace(tzinfo=ZONE).isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
