"""A delivery as a fixture: cut to a few records, everything that names people masked.

What is personal is known from the platform's own declaration: its parse says which values the
personal columns hold, and these are replaced wherever they stand in the payload.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from html import escape, unescape
from typing import Any, Final

from cases.faults import Fault
from etl import personal, registry
from etl.errors import Refused
from etl.formats.cell import REJECT
from etl.formats.workbook import is_book
from warehouse.schema import Table

RECORDS: Final = 5
_CELL = re.compile(r"<(v|t)((?:\s[^<>]*)?)>([^<>]+)<")  # a figure or a text
Mask = Callable[[str], str]


def masked(key: str, payload: bytes, ext: str, records: int = RECORDS) -> bytes:
    """The payload as it may lie in a repository; Refused when a number of a person is left."""
    mask = masking(key, payload)
    if not _may_name_people(key):
        mask = str  # telemetry in frames: nothing is there to be masked, nor could it be
    if is_book(payload):
        made = _book(payload, mask)
    elif ext == "jsonl":
        lines = payload.splitlines()[:records]
        made = b"".join(_dump(_walk(json.loads(line), mask)) + b"\n" for line in lines)
    elif payload.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        made = _dump(_walk(_cut(json.loads(payload.decode("utf-8-sig")), records), mask), 1) + b"\n"
    elif mask is str:
        made = payload
    else:
        made = _text(key, payload, mask, records, is_table=ext in ("csv", "txt"))
    said = made.decode("utf-8", "replace") + json.dumps(_rows(key, made), ensure_ascii=False)
    for pattern in (personal.MOBILE, personal.ID_CARD):
        if pattern.search(said):
            raise Refused(
                key,
                "a number of a person is left in the payload; mark its column as personal",
                fault=Fault.COMMAND,
            )
    return made


def masking(key: str, payload: bytes) -> Mask:
    """What becomes of a text of this payload."""
    tables: Mapping[str, Table] = registry.tables([key])[key]
    exact: dict[str, str] = {}
    people: set[str] = set()
    for name, row in registry.parser(key)(payload):
        for column, declared in tables[name].columns.items() if name != REJECT else ():
            value = row.get(column)
            if value and declared.personal:
                exact[value] = personal.MASKS[declared.personal](value)
                if declared.personal in ("name", "names"):
                    people |= {each for each in personal.each_name(value) if len(each) > 1}

    def mask(text: str) -> str:
        return exact.get(text.strip()) or personal.scrub(text, sorted(people, key=len)[::-1])

    return mask


def _may_name_people(key: str) -> bool:
    columns = (c for table in registry.tables([key])[key].values() for c in table.columns.values())
    return any(column.personal or column.scrub for column in columns)


def _rows(key: str, payload: bytes) -> list[Any]:
    return list(registry.parser(key)(payload))


def _walk(value: Any, mask: Mask) -> Any:
    """Every text and number of a JSON value masked; JSON inside a text too."""
    if isinstance(value, dict):
        return {name: _walk(each, mask) for name, each in value.items()}
    if isinstance(value, list):
        return [_walk(each, mask) for each in value]
    if isinstance(value, str):
        if value[:1] in ("{", "["):
            try:
                return json.dumps(_walk(json.loads(value), mask), ensure_ascii=False)
            except ValueError:
                pass
        return mask(value)
    if isinstance(value, int) and not isinstance(value, bool):
        said = mask(str(value))
        return value if said == str(value) else said
    return value


def _cut(answer: Any, records: int) -> Any:
    """The answer with no more records in each list of records than asked for."""
    if isinstance(answer, dict):
        return {name: _cut(each, records) for name, each in answer.items()}
    if isinstance(answer, list) and answer and isinstance(answer[0], dict):
        return [_cut(each, records) for each in answer[:records]]
    return answer


def _dump(value: Any, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=indent is None, indent=indent).encode()


def _book(payload: bytes, mask: Mask) -> bytes:
    """A workbook with its cells masked; a figure stays a figure, or the book could not be read."""

    def cell(found: re.Match[str]) -> str:
        tag, attributes, text = found[1], found[2], unescape(found[3])
        clean = mask(text)
        if tag == "v" and clean != text:
            clean = "1" + "0" * (len(text) - 1)
        return f"<{tag}{attributes}>{escape(clean, quote=False)}<"

    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(payload)) as book,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for part in book.infolist():
            content = book.read(part)
            if part.filename.startswith(("xl/sharedStrings", "xl/worksheets/")):
                content = _CELL.sub(cell, content.decode("utf-8")).encode("utf-8")
            if not part.filename.startswith("docProps/"):  # who wrote it is nobody's business
                made.writestr(zipfile.ZipInfo(part.filename), content)
    return out.getvalue()


def _text(key: str, payload: bytes, mask: Mask, records: int, *, is_table: bool) -> bytes:
    """A table in text, cell by cell; anything else only where it holds nothing to mask."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = payload.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused(
            key, "neither JSON, a workbook nor text: it cannot be masked", fault=Fault.COMMAND
        )
    if not is_table:
        if mask(text) != text:
            raise Refused(
                key, "holds personal data in a form that cannot be masked", fault=Fault.COMMAND
            )
        return payload
    rows = list(csv.reader(io.StringIO(text)))[: records + 5]  # titles above the header too
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([mask(cell) for cell in row] for row in rows)
    return out.getvalue().encode(encoding)
