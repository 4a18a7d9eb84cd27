"""Search words and filters as conditions; what was typed goes in as parameters, never as text."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from warehouse import sketch
from warehouse.sift import PLACES, TITLES, Filter, Sift

Column = Callable[[str], str]  # a column's place in the SELECT
_KEY = "key"
_ORDER = {"less": "<", "at_most": "<=", "more": ">", "at_least": ">="}


class Conditions:
    """The conditions of a sift over a SELECT, with their parameters."""

    def __init__(self, column: Column) -> None:
        self._column = column
        self.parameters: dict[str, Any] = {}

    def of(self, sift: Sift, searched: Sequence[str], sketched: Collection[str] = ()) -> str:
        """All of it: every filter holds, and one of the searched columns has the words.

        Where rows have sketches in the columns `sketched`, texts are read only if these allow it.
        """
        parts = [self._filter(each) for each in sift.filters]
        if sift.words:
            parts.append(self._search(sift, searched, self._sketch(sift, searched, sketched)))
        return " AND ".join(parts) or "TRUE"

    def near(self, sift: Sift, searched: Sequence[str], sketched: Collection[str]) -> str | None:
        """What every row fulfils that `of` leaves in, without a look at texts; None when no sketch
        tells anything."""
        bits = self._sketch(sift, searched, sketched)
        if not sift.words or bits is None:
            return None
        parts = [self._filter(each) for each in sift.filters]
        others = self._contained([each for each in searched if each == _KEY], sift)
        parts.append(f"({' OR '.join([bits, *others, *self._lying(sift)])})")
        return " AND ".join(parts)

    def of_number(self, number: str) -> str:
        """The case of this number, or those whose numbers begin with it."""
        key = self._column("key")
        found = [
            f"{key} = {self._value(each)} OR starts_with({key}, {self._value(each)})"
            for each in dict.fromkeys((number, number.upper()))
        ]
        return f"({' OR '.join(found)})"

    def _search(self, sift: Sift, searched: Sequence[str], bits: str | None) -> str:
        texts = self._contained([each for each in searched if each != _KEY], sift)
        found = self._contained([each for each in searched if each == _KEY], sift)
        if bits is not None and texts:  # the engine would look into the texts first
            texts = [f"CASE WHEN {bits} THEN {' OR '.join(texts)} ELSE FALSE END"]
        found += [*texts, *self._lying(sift)]
        return f"({' OR '.join(found)})" if found else "FALSE"

    def _contained(self, columns: Sequence[str], sift: Sift) -> list[str]:
        words = [self._value(each) for each in _spelled(sift.words)] if columns else []
        return [f"contains({self._column(column)}, {each})" for column in columns for each in words]

    def _lying(self, sift: Sift) -> list[str]:
        """The places whose names hold the words."""
        places = (("community", sift.communities), ("grid", sift.grids))
        return [f"{self._column(c)} IN ({self._values(codes)})" for c, codes in places if codes]

    def _sketch(self, sift: Sift, searched: Sequence[str], sketched: Collection[str]) -> str | None:
        is_short = {_KEY, *TITLES, *PLACES}.issuperset(searched)
        columns = sketch.WORDS if is_short else sketch.LONG
        if columns[0] not in sketched:
            return None
        masks = [sketch.mask(each, len(columns)) for each in _spelled(sift.words)]
        return sketch.condition([self._column(each) for each in columns], masks)

    def _filter(self, wanted: Filter) -> str:
        column, test = self._column(wanted.column), wanted.test
        if wanted.within:
            since, days = wanted.within
            later = f"CAST({self._column(since)} AS DATE) + {int(days)}"
            column = f"coalesce({column}, {later})"
        text = f"CAST({column} AS VARCHAR)"
        if test in ("blank", "filled"):
            return f"({column} IS {'' if test == 'blank' else 'NOT '}NULL)"
        if test == "among":
            return f"({column} IN ({self._values(wanted.values)}))" if wanted.values else "FALSE"
        if test == "between":
            low, high = wanted.values
            return f"({column} >= {self._value(low)} AND {column} <= {self._value(high)})"
        value = self._value(wanted.values[0])
        if test in _ORDER:
            return f"({column} {_ORDER[test]} {value})"
        if test == "equals":
            return f"({column} = {value})"
        if test == "not_equals":
            return f"({column} IS NULL OR {column} <> {value})"
        said = {
            "contains": f"contains({text}, {value})",
            "not_contains": f"({column} IS NULL OR NOT contains({text}, {value}))",
            "starts": f"starts_with({text}, {value})",
            "ends": f"ends_with({text}, {value})",
        }
        return said[test]

    def _values(self, values: Sequence[Any]) -> str:
        return ", ".join(self._value(each) for each in values)

    def _value(self, value: Any) -> str:
        key = f"sift_{len(self.parameters)}"
        self.parameters[key] = value
        return f"${key}"


def _spelled(words: str) -> tuple[str, ...]:
    """The words as typed and in capitals."""
    return tuple(dict.fromkeys((words, words.upper())))
