"""Whether what is kept of a case may be opened: the policy's word for this caller and this case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
_HANDLERS: Final = ("unit", "unit_main", "main_unit", "squad")
# whose parties came to us about each other: for the handling unit and leaders, not for a village
# or a helping unit that may read the case
_OF_PARTIES: Final = frozenset({"petition_case", "mediation_case", "peoples_mediation_case"})


@dataclass(frozen=True, slots=True)
class Case:
    """What decides: fact, row, class in words, and whether it lies in the caller's scope."""

    fact: str
    row: Mapping[str, Any]
    is_own: bool
    class_words: str = ""

    @property
    def is_guarded(self) -> bool:
        """Whether it is about somebody whose name is kept even from leaders."""
        told = " ".join([self.class_words, *(str(self.row.get(name) or "") for name in _TOLD_IN)])
        return self.row.get("secret") is True or any(word in told for word in _GUARDED)


def may_open(right: Right, case: Case) -> bool:
    """Whether the caller may open what is kept of the case."""
    if case.is_guarded:
        return _handles(right, case)
    if right.opens is None:
        return True
    return case.is_own and (case.fact not in _OF_PARTIES or _handles(right, case))


def refusal(case: Case) -> str:
    """Why not, in one sentence."""
    if case.fact in _OF_PARTIES and not case.is_guarded:
        return "信访、调解当事人的信息只有承办单位和领导可以查看。"
    return "这件的当事人信息只有承办单位可以查看。"


def _handles(right: Right, case: Case) -> bool:
    if right.opens is None or not right.is_handler:
        return False
    if any(case.row.get(name) in right.opens.units for name in _HANDLERS):
        return True
    # a village's own committee mediates there: its people are the handlers
    is_village = "村" in str(case.row.get("committee_kind") or "")
    return is_village and case.row.get("community_code") in right.opens.communities
