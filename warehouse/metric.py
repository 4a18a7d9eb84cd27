"""Metric definitions: what a figure means, read from the header of its .sql file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from warehouse.errors import BadDeclaration
from warehouse.header import SqlFile, listed, read_folder
from warehouse.scope import CASES, REACHES

FOLDER = Path(__file__).parent / "metrics"
KINDS: Final = ("count", "rate", "mean", "sum", "median", "level", "stock")
BASES: Final = ("accepted", "due", "completed", "moment")
PER: Final = ("people", "officers")
POLARITIES: Final = ("up", "down", "none")
CASE_COLUMNS: Final = (
    "source",
    "key",
    "on_day",
    "on_hour",
    "community",
    "grid",
    "unit",
    "class_path",
    "line",
    "num",
    "den",
    "value",
    "excluded_reason",
    "on_at",
)
SPELL_COLUMNS: Final = ("from_day", "until_day", "from_at", "until_at")


@dataclass(frozen=True)
class Revision:
    """One version of a definition: since when it counts and what it changed."""

    version: int
    since: date
    what: str


@dataclass(frozen=True)
class MetricDefinition:
    """One metric: name, formula in words, basis, exclusions and how it is to be read."""

    id: str
    name: str
    formula: str
    basis: str
    exclusions: str
    unit: str
    polarity: str
    small_n: int
    version: int
    changed: date
    document: str
    owner: str
    kind: str
    lines: tuple[tuple[str, str], ...]
    fact: str | None
    platforms: tuple[str, ...]
    classes: str | None
    spread: int
    history: tuple[Revision, ...]
    about_persons: bool
    sql: str
    reach: str = CASES
    quantile: float = 0.5
    per: str = ""
    times: int = 1

    @property
    def adds_up(self) -> bool:
        """Whether days and parts of it may be added."""
        return self.kind in ("count", "rate", "mean", "sum")

    @property
    def has_parts(self) -> bool:
        """Whether the figures of its parts make up the whole; no mean and no median do."""
        return self.kind not in ("mean", "median")

    @property
    def digits(self) -> int:
        """How many decimals people read; what is counted has none."""
        return 0 if self.has_parts else 1

    @property
    def middle(self) -> str:
        """What a median is of its values, in words; nothing for other kinds."""
        if self.kind != "median":
            return ""
        return "中位数" if self.quantile == 0.5 else f"第 {100 * self.quantile:.0f} 百分位数"

    @property
    def is_spell(self) -> bool:
        """Whether a case counts from one moment until another."""
        return self.kind in ("level", "stock")

    @property
    def is_cohort(self) -> bool:
        """Whether its cases enter the numerator later than the period: older cohorts look better.

        Such a SELECT says when (`num_at`), so that two periods can be held at the same age.
        """
        return self.kind == "rate" and self.basis == "accepted"

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """The columns its SELECT gives beside the common ones."""
        if self.is_spell:
            return SPELL_COLUMNS
        if self.is_cohort:
            return ("num_at",)
        return ("due_at",) if self.basis == "due" else ()

    def line_label(self, line: str) -> str:
        """How users read a line."""
        return dict(self.lines).get(line, line)

    def to_json(self) -> dict[str, Any]:
        """What the API says of it."""
        return {
            "id": self.id,
            "name": self.name,
            "unit": self.unit,
            "kind": self.kind,
            "version": self.version,
            "changed": self.changed.isoformat(),
            "history": [
                {"version": each.version, "since": each.since.isoformat(), "what": each.what}
                for each in self.history
            ],
            "about_persons": self.about_persons,
            "basis": self.basis,
            "definition": self.formula,
            "exclusions": self.exclusions,
            "polarity": self.polarity,
            "small_n": self.small_n,
            "source_document": self.document,
            "owner": self.owner,
            "lines": [{"key": key, "label": label} for key, label in self.lines],
            "platforms": list(self.platforms),
            "rows": self.fact,
        }


def load_metrics(folder: Path = FOLDER) -> Mapping[str, MetricDefinition]:
    """All definitions by id, read once a process."""
    return _load(folder)


@lru_cache(maxsize=4)
def _load(folder: Path) -> Mapping[str, MetricDefinition]:
    return {each: _definition(file) for each, file in read_folder(folder).items()}


def _definition(file: SqlFile) -> MetricDefinition:
    lines = tuple(
        (each.split(" ", 1)[0], each.split(" ", 1)[1].strip())
        for each in listed(file.word("lines", ""))
    )
    return MetricDefinition(
        id=file.name,
        name=file.title,
        formula=file.word("formula"),
        basis=_one_of(file, "basis", BASES),
        exclusions=file.word("exclusions"),
        unit=file.word("unit"),
        polarity=_one_of(file, "polarity", POLARITIES),
        small_n=int(file.word("small_n")),
        version=int(file.word("version")),
        changed=date.fromisoformat(file.word("changed")),
        document=file.word("document"),
        owner=file.word("owner"),
        kind=_one_of(file, "kind", KINDS),
        lines=lines,
        fact=file.words.get("rows"),
        platforms=listed(file.word("platforms", "")),
        classes=file.words.get("classes"),
        spread=int(file.word("spread", "0")),
        history=_history(file),
        about_persons=_one_of(file, "about_persons", ("yes", "no"), "no") == "yes",
        sql=file.sql,
        reach=_one_of(file, "scope", REACHES, CASES),
        quantile=float(file.word("quantile", "0.5")),
        per=_one_of(file, "per", PER, "") if "per" in file.words else "",
        times=int(file.word("times", "1")),
    )


def _history(file: SqlFile) -> tuple[Revision, ...]:
    """Every version with its day and what it changed, oldest first, from `version N: day what`."""
    newest, changed = int(file.word("version")), date.fromisoformat(file.word("changed"))
    if newest == 1 and "version 1" not in file.words:
        return (Revision(1, changed, "首次定义"),)
    found = []
    for number in range(1, newest + 1):
        since, _, what = file.word(f"version {number}").partition(" ")
        found.append(Revision(number, date.fromisoformat(since), what.strip()))
    if found[-1].since != changed:
        raise BadDeclaration(
            file.name, f"{file.path.name}: version {newest} is since {found[-1].since}, changed"
            f" says {changed}; both are the day of the newest version"
        )  # fmt: skip
    return tuple(found)


def _one_of(file: SqlFile, word: str, allowed: tuple[str, ...], default: str | None = None) -> str:
    found = file.word(word, default)
    if found not in allowed:
        raise BadDeclaration(
            file.name, f"{file.path.name}: {word} {found} is not one of {', '.join(allowed)}"
        )
    return found
