"""Whether one kept row may be opened: the policy's word for this caller and this very case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard.gate.policy import Right

# reports under the law's secrecy, minors and violence at home: for the unit that handles it alone
_GUARDED: Final = ("举报", "家暴", "家庭暴力", "未成年", "儿童", "虐待", "性侵")
_TOLD_IN: Final = (
    "req_type",
    "tags",
    "category",
    "class_name",
    "kind",
    "type_name",
    "title",
    "content",
    "reason",
    "summary",
)
_HANDLERS: Final = ("unit", "unit_main", "main_unit")


def is_guarded(row: Mapping[str, Any], class_words: str = "") -> bool:
    """Whether a case is about somebody whose name is kept even from leaders."""
    told = " ".join([class_words, *(str(row.get(name) or "") for name in _TOLD_IN)])
    return row.get("secret") is True or any(word in told for word in _GUARDED)


def may_open(right: Right, row: Mapping[str, Any], *, is_own: bool, class_words: str = "") -> bool:
    """Whether the caller may open the row; `is_own` says that it lies in the caller's scope."""
    if is_guarded(row, class_words):
        units = right.opens.units if right.opens is not None and right.is_handler else ()
        return any(row.get(name) in units for name in _HANDLERS)
    return right.opens is None or is_own
