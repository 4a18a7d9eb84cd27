"""One value of a platform as text, and a JSON answer read without trusting it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from cases.faults import Fault
from etl.errors import BadRecord

REJECT: Final = "!"
Row = dict[str, str | None]
Yielded = tuple[str, Row]


def text(value: object) -> str | None:
    """A value as text without NUL and broken code points; blank is missing, lists are JSON."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    shown = value if isinstance(value, str) else _dump(value)
    if not shown.isascii():
        try:
            shown.encode()
        except UnicodeEncodeError:
            shown = shown.encode("utf-8", "replace").decode("utf-8")
    if "\x00" in shown:
        shown = shown.replace("\x00", "")
    return shown.strip() or None


def _dump(value: object) -> str:
    if not isinstance(value, dict | list):
        return str(value)
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "(nested too deeply)"


def reject(reason: str, row: object) -> Yielded:
    """A row that cannot be read, for quarantine, with as much of it as a person needs."""
    return REJECT, {"reason": reason, "row": (text(row) or "")[:4000]}


def load_json(platform: str, payload: bytes) -> Any:
    """A JSON answer with numbers kept as the text that was sent; BadRecord when it is none."""
    try:
        return json.loads(
            payload.decode("utf-8-sig"), parse_int=str, parse_float=str, parse_constant=str
        )
    except UnicodeDecodeError as error:
        raise BadRecord(
            platform, f"the answer is not UTF-8 (byte {error.start})", fault=Fault.ANSWER
        ) from None
    except RecursionError:
        raise BadRecord(platform, "the answer is nested too deeply", fault=Fault.ANSWER) from None
    except ValueError as error:
        raise BadRecord(platform, f"the answer is not JSON ({error})", fault=Fault.ANSWER) from None


def dig(platform: str, answer: Any, path: str) -> Any:
    """The part of an answer at a dotted path; BadRecord names the part that is missing."""
    for step in path.split("."):
        if not isinstance(answer, dict) or step not in answer:
            raise BadRecord(
                platform, f"the answer has no {path} (missing at {step})", fault=Fault.ANSWER
            )
        answer = answer[step]
    return answer


def records(platform: str, payload: bytes, path: str) -> list[Any]:
    """The list of records in a JSON answer, or the list itself when the file is a bare one."""
    answer = load_json(platform, payload)
    found = answer if isinstance(answer, list) else dig(platform, answer, path)
    if not isinstance(found, list):
        raise BadRecord(platform, f"{path} of the answer is not a list", fault=Fault.ANSWER)
    return found


def pick(record: Mapping[str, Any], fields: Mapping[str, str]) -> Row:
    """The known fields of a record under our names; what we do not know goes into extra."""
    get = record.get
    row: Row = {  # nearly every value is plain text, and a call each would cost more than the rest
        ours: None
        if (value := get(theirs)) is None
        else value.strip() or None
        if value.__class__ is str and value.isascii() and "\x00" not in value
        else text(value)
        for theirs, ours in fields.items()
    }
    if not record.keys() <= fields.keys():
        unknown = sorted(record.keys() - fields.keys())
        row["extra"] = text({key: record[key] for key in unknown})
    return row


def lacking(row: Row, key: Iterable[str]) -> str | None:
    """The first key column a row lacks, or None."""
    return next((name for name in key if row.get(name) is None), None)
