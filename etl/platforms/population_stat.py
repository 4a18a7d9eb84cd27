"""人口统计: people and flats of each community by category, a weekly CSV in GB18030, no persons.

The police aggregate before they send: fewer than five people are written as "<5" and stay
unknown here. The last line sums the file up; a file without it was cut off on its way.
"""

from __future__ import annotations

from collections.abc import Iterator

from etl.errors import BadRecord, Fault
from etl.formats import sheet
from etl.formats.cell import Row, Yielded, lacking, reject
from etl.formats.ledger import of_line
from warehouse.schema import Column, Table

COUNT = Table(
    label="人口统计",
    key=("counted_on", "community_code", "category_code"),
    version=None,
    columns={
        "counted_on": Column("date", "统计日期", wall=True),
        "community_code": Column("text", "社区代码", wall=True),
        "category_code": Column("text", "类别代码", wall=True),
        "category": Column("text", "类别", wall=True),
        "quantity": Column("integer", "数量", wall=True),
        "suppressed": Column("boolean", "少于5不公布", wall=True),
        "unit": Column("text", "计量单位", wall=True),
    },
    rules={
        "统计日期在未来": "counted_on > $recorded_at + INTERVAL 1 HOUR",
        "数量为负": "quantity < 0",
        "缺数量": "quantity IS NULL AND NOT suppressed",
    },
)
TABLES = {"population_count": COUNT}
FIELDS = {
    "TJRQ": "counted_on", "SQDM": "community_code", "LBDM": "category_code", "LBMC": "category",
    "SL": "quantity", "DW": "unit",
}  # fmt: skip
CATEGORIES = {
    "01": "常住人口", "02": "户籍人口", "03": "流动人口", "04": "60岁及以上", "05": "80岁及以上",
    "06": "持证残疾人", "07": "低保对象", "08": "出租房屋", "09": "社区矫正对象",
}  # fmt: skip
CLOSING = "合计"
FEW = ("<5", "＜5", "*")


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield one figure a row; BadRecord when the file does not come to its own sum."""
    called = sheet.names(COUNT.columns, FIELDS)
    closing: str | None = None
    total, is_whole = 0, True
    for line in sheet.read("population_stat", payload, called):
        row = of_line(line, COUNT, called)
        row.pop("extra", None)  # the community's name, which the site knows
        if row["counted_on"] == CLOSING:
            closing = row["quantity"] or ""
            continue
        missing = lacking(row, COUNT.key)
        if line.fault or missing:
            is_whole = False
            yield reject(line.fault or f"缺{COUNT.columns[missing or ''].label}", line.cells)
            continue
        row = _plain(row)
        quantity = row["quantity"] or "0"
        is_whole = is_whole and quantity.isdecimal()
        total += int(quantity) if quantity.isdecimal() else 0
        yield "population_count", row
    if closing is None:
        raise BadRecord(
            "population_stat",
            "the file has no closing 合计 line, so it was cut off",
            fault=Fault.FILE_CUT,
        )
    if is_whole and closing != str(total):
        raise BadRecord(
            "population_stat",
            f"合计 says {closing}, the lines add up to {total}",
            fault=Fault.FILE_TOTAL,
        )


def _plain(row: Row) -> Row:
    few = row["quantity"] in FEW
    row["suppressed"] = "true" if few else "false"
    if few:
        row["quantity"] = None
    code = (row["category_code"] or "").zfill(2)
    row["category_code"] = code
    row["category"] = CATEGORIES.get(code) or row["category"]
    return row
