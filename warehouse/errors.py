"""What can go wrong between the raw archive and an answer, split by what to do about it.

WarehouseError(name)            names the model, metric, query or file
├─ Locked                       another process holds the writer's lock: try again
├─ NeedsRebuild                 a file was damaged and is in quarantine: rebuild core from raw
├─ BadDeclaration               a .sql header or a Table contradicts itself: mend the file
├─ CheckFailed(rule, count)     marts break a check: the old generation stays
├─ NoSnapshot                   nothing has been published yet: load first
├─ GenerationGone(generation)   the asked generation is no longer kept: ask for the current one
├─ UnknownParameter(value, allowed)  a wrong word: correct the question
└─ QueryFailed                  the engine stopped the query: too big, damaged, or not allowed
   └─ QueryStopped(seconds)     it ran longer than a reader may: ask for less
"""

from collections.abc import Iterable
from pathlib import Path


class WarehouseError(Exception):
    """An error of the warehouse; name says which model, metric, query or file it is about."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class Locked(WarehouseError):
    """Another process holds the writer's lock."""


class NeedsRebuild(WarehouseError):
    """A warehouse file could not be opened and was moved aside; core must be rebuilt from raw."""

    def __init__(self, file: Path, moved_to: Path, cause: str) -> None:
        super().__init__(
            file.name,
            f"{file.name} was damaged ({cause}) and moved to {moved_to}; rebuild from raw",
        )
        self.file = file
        self.moved_to = moved_to


class BadDeclaration(WarehouseError):
    """A table declaration or the header of a .sql file is wrong."""


class CheckFailed(WarehouseError):
    """A model or metric breaks one of its checks; the old generation stays published."""

    def __init__(self, name: str, rule: str, count: int) -> None:
        super().__init__(name, f"{name}: {count} rows break {rule}")
        self.rule = rule
        self.count = count


class NoSnapshot(WarehouseError):
    """Nothing has been published yet."""

    def __init__(self) -> None:
        super().__init__("snapshot", "no snapshot has been published yet; load data first")


class GenerationGone(WarehouseError):
    """The asked generation is no longer kept."""

    def __init__(self, generation: int) -> None:
        super().__init__(
            "generation", f"generation {generation} is no longer kept; ask for the current one"
        )
        self.generation = generation


class UnknownParameter(WarehouseError):
    """A parameter has a value that is not allowed; allowed lists what is."""

    def __init__(self, name: str, value: object, allowed: Iterable[str] | str) -> None:
        self.value = value
        self.allowed = (allowed,) if isinstance(allowed, str) else tuple(allowed)
        super().__init__(name, f"{name}={value} is not allowed; use {', '.join(self.allowed)}")


class QueryFailed(WarehouseError):
    """The engine stopped a query: it ran too long, needed too much, or is not allowed."""


class QueryStopped(QueryFailed):
    """A query ran longer than its reader allows and was interrupted."""

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(name, f"{name}: stopped after {seconds:g} s")
        self.seconds = seconds
