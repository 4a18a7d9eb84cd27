"""XML of other systems, read without trusting it: no entities, no bombs, any Chinese encoding.

The parser of Python refuses multi-byte encodings it does not know (GB2312, GBK), so the bytes are
decoded first, by what the prolog declares, and the declaration is cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as Safe
from defusedxml import DefusedXmlException

from cases.faults import Fault
from etl.errors import BadRecord
from etl.formats import encoding
from etl.formats.cell import text

MAX_BYTES: Final = 16 << 20  # a tree takes ten times as much
MAX_DEPTH: Final = 64
MAX_TAGS: Final = 500_000  # an element takes 200 bytes, whatever it says
_PROLOG = re.compile(rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def load_xml(platform: str, payload: bytes) -> Element:
    """The root of a document; BadRecord when it is none, or not to be trusted."""
    if len(payload) > MAX_BYTES:
        raise BadRecord(
            platform, f"the XML is larger than {MAX_BYTES >> 20} MiB", fault=Fault.TOO_LARGE
        )
    declared = _PROLOG.match(payload[:1024].removeprefix(b"\xef\xbb\xbf"))
    name = declared[1].decode("ascii") if declared else None
    if name is not None and not encoding.is_known(name):
        raise BadRecord(
            platform, f"the XML declares {name}, which is no encoding", fault=Fault.FILE_ENCODING
        )
    content = encoding.decode(platform, payload, name)
    body = _DECLARATION.sub("", content, count=1)
    if body.count("<") > MAX_TAGS:
        raise BadRecord(platform, f"the XML has more than {MAX_TAGS:,} tags", fault=Fault.TOO_LARGE)
    _judge_depth(platform, body)
    try:
        root: Element = Safe.fromstring(body, forbid_dtd=True)
    except ParseError as error:
        raise BadRecord(
            platform, f"the XML is not well-formed ({error})", fault=Fault.FILE_UNREADABLE
        ) from None
    except DefusedXmlException as error:
        raise BadRecord(
            platform, f"the XML defines entities or a DTD ({error})", fault=Fault.FILE_UNREADABLE
        ) from None
    except (ValueError, RecursionError) as error:
        raise BadRecord(
            platform, f"the XML cannot be read ({error})", fault=Fault.FILE_UNREADABLE
        ) from None
    return root


def leaf(element: Element, path: str) -> str | None:
    """The text of a part, without blanks around it; None when it is absent or empty."""
    found = element.find(path)
    said = None if found is None or found.text is None else found.text.strip()
    return said or None


def is_xml(payload: bytes) -> bool:
    """Whether the bytes begin like a document."""
    return payload[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def fields(element: Element, prefix: str = "") -> Iterator[tuple[str, str | None]]:
    """The parts of an element by name; those of a part are called part.field."""
    for part in element:
        if len(part):
            yield from fields(part, f"{prefix}{part.tag}.")
        else:
            yield f"{prefix}{part.tag}", text(part.text)


_TAG = re.compile(r"<(/?)[A-Za-z_\u4e00-\u9fff][^<>]*?(/?)>")


def _judge_depth(platform: str, body: str) -> None:
    """A tree as deep as memory allows breaks who walks it."""
    depth = 0
    for tag in _TAG.finditer(body):
        depth += -1 if tag[1] else 0 if tag[2] else 1
        if depth > MAX_DEPTH:
            raise BadRecord(
                platform, f"the XML is nested deeper than {MAX_DEPTH}", fault=Fault.TOO_LARGE
            )
