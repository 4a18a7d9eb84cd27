"""Search words and filters as conditions; what was typed goes in as parameters, never as text."""

from collections.abc import Callable, Sequence
from typing import Any

from warehouse.sift import Filter, Sift

Column = Callable[[str], str]  # a column's place in the SELECT
_ORDER = {"less": "<", "at_most": "<=", "more": ">", "at_least": ">="}


class Conditions:
    """The conditions of a sift over a SELECT, with their parameters."""

    def __init__(self, column: Column) -> None:
        self._column = column
        self.parameters: dict[str, Any] = {}

    def of(self, sift: Sift, searched: Sequence[str]) -> str:
        """All of it: every filter holds, and one of the searched columns has the words."""
        parts = [self._filter(each) for each in sift.filters]
        if sift.words:
            parts.append(self._search(sift, searched))
        return " AND ".join(parts) or "TRUE"

    def of_number(self, number: str) -> str:
        """The case of this number, or those whose numbers begin with it."""
        key = self._column("key")
        found = [
            f"{key} = {self._value(each)} OR starts_with({key}, {self._value(each)})"
            for each in dict.fromkeys((number, number.upper()))
        ]
        return f"({' OR '.join(found)})"

    def _search(self, sift: Sift, searched: Sequence[str]) -> str:
        words = [self._value(each) for each in dict.fromkeys((sift.words, sift.words.upper()))]
        found = [
            f"contains({self._column(column)}, {each})" for column in searched for each in words
        ]
        for column, codes in (("community", sift.communities), ("grid", sift.grids)):
            if codes:
                found.append(f"{self._column(column)} IN ({self._values(codes)})")
        return f"({' OR '.join(found)})" if found else "FALSE"

    def _filter(self, wanted: Filter) -> str:
        column, test = self._column(wanted.column), wanted.test
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
