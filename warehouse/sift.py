"""What a reader of a case table leaves in: words that are searched for, and filters by column.

Everything a person typed is a value: `%`, `_`, quotes and brackets stand for themselves.
"""

from dataclasses import dataclass, field
from typing import Any, Final

TITLES: Final = ("title", "summary", "name")
PLACES: Final = ("addr", "address", "place", "location")
TEXTS: Final = (
    *TITLES,
    *PLACES,
    "content",
    "reply_text",
    "description",
    "findings",
    "facts",
    "reason",
    "feedback",
    "note",
)
TEXT_TESTS: Final = ("contains", "not_contains", "equals", "not_equals", "starts", "ends")
ORDER_TESTS: Final = ("less", "at_most", "more", "at_least", "between")
TESTS: Final = (*TEXT_TESTS, *ORDER_TESTS, "among", "blank", "filled")
LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """One column and what its value must be; `values` holds what the test compares with.

    Where the column is empty the day counts that lies so many days after another column (`within`).
    """

    column: str
    test: str
    values: tuple[Any, ...] = ()
    within: tuple[str, int] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it looks at."""
        return (self.column, *(self.within or ())[:1])


@dataclass(frozen=True, slots=True)
class Sift:
    """The words of the search box and the filters; `full` searches in the long texts as well."""

    words: str = ""
    full: bool = False
    filters: tuple[Filter, ...] = field(default=())
    communities: tuple[str, ...] = ()  # places by code whose name holds the words
    grids: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nothing is left out."""
        return not self.words and not self.filters


EVERY: Final = Sift()  # nothing is left out


def looks_like_a_number(words: str) -> bool:
    """Whether someone searches for a case number: no Chinese, no blank, some digit."""
    return words.isascii() and not any(c.isspace() for c in words) and any(map(str.isdigit, words))
