"""One address, one spelling: whatever is not written the plain way does not exist."""

from __future__ import annotations

import re

from starlette.types import Scope

_PLAIN = re.compile(rb"/[A-Za-z0-9._~@+=,:\-/]*")
LONGEST_PATH = 512
LONGEST_QUERY = 4096


def is_plain(scope: Scope) -> bool:
    """Whether gate, router and browser cannot read this path differently.

    No percent signs, semicolons, backslashes, empty or dotted segments, other characters.
    """
    path: str = scope["path"]
    raw: bytes = scope.get("raw_path") or path.encode()
    return (
        len(raw) <= LONGEST_PATH
        and len(scope.get("query_string", b"")) <= LONGEST_QUERY
        and _PLAIN.fullmatch(raw) is not None
        and raw == path.encode()
        and b"//" not in raw
        and not {b".", b".."} & set(raw.split(b"/"))
        and not scope.get("root_path")
    )
