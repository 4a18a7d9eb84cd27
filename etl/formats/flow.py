"""The steps of an order on its way through offices, and codes as words: what platforms share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from etl.formats.cell import Row, Yielded, lacking, pick, reject
from warehouse.schema import Column, Table


def table(label: str, number: str, number_label: str, *, unit: str, note: str) -> Table:
    """The fact that holds the steps: one row an order and place in its row of steps."""
    return Table(
        label=label,
        key=(number, "seq"),
        version="occurred_at",
        columns={
            number: Column("text", number_label),
            "seq": Column("integer", "序号"),
            "action": Column("text", "操作"),
            "from_state": Column("text", "原状态"),
            "to_state": Column("text", "现状态"),
            "unit": Column("text", unit),
            "occurred_at": Column("timestamp", "操作时间"),
            "note": Column("text", note, scrub=True),
        },
        rules={
            "缺操作时间": "occurred_at IS NULL",
            "操作时间在未来": "occurred_at > $recorded_at + INTERVAL 1 HOUR",
        },
    )


def step(
    fact: tuple[str, Table],
    number: str | None,
    said: object,
    fields: Mapping[str, str],
    settle: Callable[[Row], Row] | None = None,
) -> Yielded:
    """One step under the number of its order; one that has no place in the row is rejected.

    `settle` tidies what does not come as the warehouse wants it.
    """
    name, declared = fact
    row = pick(said, fields) if isinstance(said, dict) else {}
    if lacking(row, ("seq",)):
        return reject("流转记录缺序号", said)
    row = {declared.key[0]: number, **row}
    return name, settle(row) if settle else row


def worded(row: Row, codes: Mapping[str, Mapping[str, str]]) -> Row:
    """The platform's codes as the words that users read; in place."""
    for column, words in codes.items():
        value = row.get(column)
        if value is not None:
            row[column] = words.get(value, value)
    return row
