# ruff: noqa: S608 - names come from Table declarations, bits are numbers of ours
"""A sketch of the words in a row: 128 bits that tell which pairs of characters its texts have.

Chinese has no blanks, so a search looks for characters that stand side by side. Each pair sets one
bit; a row whose sketch lacks a bit of the searched words cannot hold them and its text need not be
read. A row that has all bits may hold them: the text decides, so what is found stays exact. The
sketch says no more than the text beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import duckdb
import numpy as np
import pyarrow as pa
from duckdb.sqltypes import UBIGINT, VARCHAR

from warehouse.assemble.text import name
from warehouse.sift import PLACES, TEXTS, TITLES

if TYPE_CHECKING:
    from warehouse.schema import Table

_VERSION: Final = 1  # another way to set the bits is another version: old rows are sketched anew
_FIRST_SEED, _SECOND_SEED = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77)
_NO_PAIR: Final = 128  # of 128 bits, counted from nought
_BITS = [1 << n for n in range(64)]
_BITS_A = np.array([*_BITS, *[0] * 64, 0], np.uint64)
_BITS_B = np.array([*[0] * 64, *_BITS, 0], np.uint64)
_CONTROL: Final = 32  # what is smaller than a blank parts two texts
_ROWS: Final = 1_000_000
WORDS: Final = ("_words_a", "_words_b")  # number, title and place
LONG: Final = ("_texts_a", "_texts_b")  # these and the long texts

Mask = tuple[int, int]


def shapes(table: Table) -> dict[str, str]:
    """The sketch columns of a fact and the text each is made of, as SQL; none without texts."""
    found: dict[str, str] = {}
    if table.partial:
        return found
    for columns, wanted in ((WORDS, (*TITLES, *PLACES)), (LONG, TEXTS)):
        there = [each for each in wanted if each in table.columns]
        if there and not (columns == LONG and set(there) <= {*TITLES, *PLACES}):
            text = f"concat_ws(chr(31), {', '.join(name(each) for each in there)})"
            found |= {each: f"struct_extract(sketch({text}), '{each[-1]}')" for each in columns}
    return found


def mark(table: Table) -> str:
    """A word that changes when rows must be sketched anew."""
    return f"{_VERSION} " + " ".join(sorted(shapes(table).values()))


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Make the functions known to the writer's connection."""
    both = duckdb.struct_type({"a": UBIGINT, "b": UBIGINT})
    con.create_function("sketch", _both, [VARCHAR], both, type="arrow")  # type: ignore[call-overload]


def _both(texts: Any) -> pa.StructArray:
    return pa.StructArray.from_arrays([pa.array(half) for half in sketch(texts)], ["a", "b"])


def fill(con: duckdb.DuckDBPyConnection, fact: str, table: Table) -> None:
    """Sketch the rows of a fact that have none, within the transaction that is open."""
    if made := shapes(table):
        con.execute(_update(fact, made))


def fill_in_parts(con: duckdb.DuckDBPyConnection, fact: str, table: Table) -> None:
    """The same for committed rows, a million at a time."""
    if not (made := shapes(table)):
        return
    row = con.execute(f"SELECT coalesce(max(rowid), -1) FROM core.{name(fact)}").fetchall()[0]
    for start in range(0, int(row[0]) + 1, _ROWS):
        con.execute(f"{_update(fact, made)} AND rowid >= {start} AND rowid < {start + _ROWS}")


def _update(fact: str, made: dict[str, str]) -> str:
    put = ", ".join(f"{name(each)} = {text}" for each, text in made.items())
    return f"UPDATE core.{name(fact)} SET {put} WHERE {name(next(iter(made)))} IS NULL"


def forget(con: duckdb.DuckDBPyConnection, fact: str, table: Table) -> None:
    """Take the sketches off the rows of a fact; until they have new ones their texts are read."""
    put = ", ".join(f"{name(each)} = NULL" for each in shapes(table))
    con.execute(f"UPDATE core.{name(fact)} SET {put}")


def mask(words: str) -> Mask:
    """The bits that a text with these words has; none for a single character."""
    one, two = sketch(pa.array([words]))
    return int(one[0]), int(two[0])


def sketch(texts: pa.Array | pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """Both halves of the sketch of each text."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    texts = texts.cast(pa.large_string()).fill_null("")
    if not len(texts):
        nothing = np.zeros(0, np.uint64)
        return nothing, nothing
    ends = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset :][: len(texts) + 1]
    data = texts.buffers()[2]
    held = b"" if data is None else data.to_pybytes()[ends[0] : ends[-1]]
    letters = np.frombuffer(held.decode("utf-8").encode("utf-32-le"), np.uint32)
    begun = np.flatnonzero((np.frombuffer(held, np.uint8) & 0xC0) != 0x80)  # bytes of letters
    place = np.searchsorted(begun, ends - ends[0])
    return _halves(letters, place)


def _halves(letters: np.ndarray, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bits of all pairs, brought together by text; `place` is where each begins and ends."""
    own: Any = np.append(letters, np.uint32(0))
    own[(own >= ord("a")) & (own <= ord("z"))] -= np.uint32(32)  # capital and small are one
    after: Any = np.append(own[1:], np.uint32(0))
    number = (own * _FIRST_SEED + after * _SECOND_SEED) >> np.uint32(25)
    number[(own < _CONTROL) | (after < _CONTROL)] = _NO_PAIR
    starts, ends = place[:-1], place[1:]
    is_empty = ends == starts
    number[ends[~is_empty] - 1] = _NO_PAIR  # what comes next is of another text
    found = []
    for bits in (_BITS_A, _BITS_B):
        joined = np.bitwise_or.reduceat(bits[number], starts)
        joined[is_empty] = 0
        found.append(joined)
    return found[0], found[1]


def condition(columns: tuple[str, str], masks: tuple[Mask, ...]) -> str | None:
    """Whether a row may hold one of some words; None when their bits say nothing."""
    parts = []
    for each in dict.fromkeys(masks):
        bits = [
            f"({column} & {half}::UBIGINT) = {half}::UBIGINT"
            for column, half in zip(columns, each, strict=True)
            if half
        ]
        if not bits:
            return None
        parts.append("(" + " AND ".join(bits) + ")")
    return f"({columns[0]} IS NULL OR {' OR '.join(parts)})"
