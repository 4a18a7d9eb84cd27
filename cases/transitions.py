"""One small state machine for all case modules: which move leads from where to where, by whom.

A machine is a table and nothing else; the module that owns the rows stamps them and writes the
event. A move to the state that is there already is no fault: whoever pressed twice, or came second,
is told that nothing was left to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cases.errors import NotAllowed

SYSTEM: Final = "system"  # judged by the product itself
PERSON: Final = "person"  # by name


@dataclass(frozen=True, slots=True)
class Move:
    """One move: from which states, to which, who may make it, whether it needs a reason."""

    label: str  # what people call it
    sources: frozenset[str]
    to: str
    by: frozenset[str]
    needs_note: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """The allowed moves between the states of one kind of row; `states` gives people's words."""

    name: str
    states: Mapping[str, str]
    moves: Mapping[str, Move]

    def __post_init__(self) -> None:
        for name, move in self.moves.items():
            unknown = {*move.sources, move.to} - set(self.states)
            if unknown:
                raise ValueError(f"{self.name}.{name} names unknown states: {sorted(unknown)}")

    def after(self, state: str, move: str, *, by: str, who: str = "", note: str = "") -> str | None:
        """The state after a move; None when it is there already; NotAllowed says why it cannot."""
        step = self.moves[move]
        if by not in step.by:
            raise NotAllowed(self.name, f"{step.label}不能由{_BY[by]}进行")
        if by == PERSON and not who.strip():
            raise NotAllowed(self.name, f"{step.label}须署名", "操作人姓名")
        if step.needs_note and not note.strip():
            raise NotAllowed(self.name, f"{step.label}须写明原因", "一句话说明")
        if state == step.to and state not in step.sources:
            return None
        if state not in step.sources:
            allowed = "、".join(word for key, word in self.states.items() if key in step.sources)
            raise NotAllowed(
                self.name, f"当前为“{self.states[state]}”，不能{step.label}", f"{allowed}时可以"
            )
        return step.to

    def offered(self, state: str, by: str = PERSON) -> list[str]:
        """The moves that may be made from a state, for buttons."""
        return [name for name, m in self.moves.items() if state in m.sources and by in m.by]


_BY: Final = {SYSTEM: "系统", PERSON: "人工"}
