# ruff: noqa: S608 - names come from Table declarations, bits are numbers of ours
"""A sketch of the words in a row: bits that tell which pairs of characters its texts have.

Number, title and place have 128 bits; all texts together 512, since a long text has a hundred pairs
and of 128 bits half would be set. Chinese has no blanks, so a search looks for characters that
stand side by side. Each pair sets one bit; a row whose sketch lacks a bit of the searched words
cannot hold them and its text need not be read. A row that has all bits may hold them: the text
decides, so what is found stays exact. The sketch says no more than the text beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import duckdb
import numpy as np
import pyarrow as pa
from duckdb.sqltypes import UBIGINT, VARCHAR

from warehouse.assemble.text import name
from warehouse.sift import PLACES, TEXTS, TITLES

if TYPE_CHECKING:
    from warehouse.schema import Table

_VERSION: Final = 2  # another way to set the bits is another version: old rows are sketched anew
_FIRST_SEED, _SECOND_SEED = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77)
_HASHED: Final = 32  # bits of a pair's hash; the first of them tell its bit in the sketch
_PART: Final = 64
_CONTROL: Final = 32  # what is smaller than a blank parts two texts
_ROWS: Final = 1_000_000
WORDS: Final = ("_words_a", "_words_b")  # number, title and place
LONG: Final = tuple(f"_long_{each}" for each in "abcdefgh")  # these and the long texts
OUTDATED: Final = ("_texts_a", "_texts_b")  # what an older core has instead

Mask = tuple[int, ...]


def shapes(table: Table) -> dict[str, str]:
    """The sketch columns of a fact and the text each is made of, as SQL; none without texts."""
    found: dict[str, str] = {}
    if table.partial:
        return found
    for columns, wanted in ((WORDS, (*TITLES, *PLACES)), (LONG, TEXTS)):
        there = [each for each in wanted if each in table.columns]
        if there and not (columns == LONG and set(there) <= {*TITLES, *PLACES}):
            text = f"concat_ws(chr(31), {', '.join(name(each) for each in there)})"
            made = f"sketch_{len(columns)}({text})"
            found |= {each: f"struct_extract({made}, '{each[-1]}')" for each in columns}
    return found


def mark(table: Table) -> str:
    """A word that changes when rows must be sketched anew."""
    return f"{_VERSION} " + " ".join(sorted(shapes(table).values()))


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Make the functions known to the writer's connection."""
    for columns in (WORDS, LONG):
        names = [each[-1] for each in columns]
        shape = duckdb.struct_type(dict.fromkeys(names, UBIGINT))
        made, called = partial(_struct, names), f"sketch_{len(names)}"
        con.create_function(called, made, [VARCHAR], shape, type="arrow")  # type: ignore[call-overload]


def _struct(names: list[str], texts: Any) -> pa.StructArray:
    return pa.StructArray.from_arrays([pa.array(each) for each in sketch(texts, len(names))], names)


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


def mask(words: str, parts: int) -> Mask:
    """The bits that a text with these words has; none for a single character."""
    return tuple(int(each[0]) for each in sketch(pa.array([words]), parts))


def sketch(texts: pa.Array | pa.ChunkedArray, parts: int) -> list[np.ndarray]:
    """The sketch of each text in parts of 64 bits."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    texts = texts.cast(pa.large_string()).fill_null("")
    if not len(texts):
        return [np.zeros(0, np.uint64)] * parts
    ends = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset :][: len(texts) + 1]
    data = texts.buffers()[2]
    held = b"" if data is None else data.to_pybytes()[ends[0] : ends[-1]]
    letters = np.frombuffer(held.decode("utf-8").encode("utf-32-le"), np.uint32)
    begun = np.flatnonzero((np.frombuffer(held, np.uint8) & 0xC0) != 0x80)  # bytes of letters
    place = np.searchsorted(begun, ends - ends[0])
    return _joined(letters, place, parts)


def _joined(letters: np.ndarray, place: np.ndarray, parts: int) -> list[np.ndarray]:
    """The bits of all pairs, brought together by text; `place` is where each begins and ends."""
    own: Any = np.append(letters, np.uint32(0))
    own[(own >= ord("a")) & (own <= ord("z"))] -= np.uint32(32)  # capital and small are one
    after: Any = np.append(own[1:], np.uint32(0))
    size = parts * _PART
    number = (own * _FIRST_SEED + after * _SECOND_SEED) >> np.uint32(
        _HASHED - size.bit_length() + 1
    )
    number[(own < _CONTROL) | (after < _CONTROL)] = size  # no pair
    starts, ends = place[:-1], place[1:]
    number[ends[ends > starts] - 1] = size  # what comes next is of another text
    width = size + 1
    is_set = np.zeros((len(starts), width), np.bool_)
    rows = np.repeat(np.arange(len(starts)) * width, ends - starts)
    is_set.ravel()[rows + number[: len(rows)]] = True
    packed = np.packbits(is_set[:, :size], axis=1, bitorder="little").view("<u8")
    return [np.ascontiguousarray(packed[:, part]) for part in range(parts)]


def condition(columns: Sequence[str], masks: Iterable[Mask]) -> str | None:
    """Whether a row may hold one of some words; None when their bits say nothing."""
    asked = ""
    parts = []
    for each in dict.fromkeys(masks):
        named = [(column, bits) for column, bits in zip(columns, each, strict=True) if bits]
        if not named:
            return None
        asked = asked or named[0][0]
        bits = [f"({column} & {half}::UBIGINT) = {half}::UBIGINT" for column, half in named]
        parts.append("(" + " AND ".join(bits) + ")")
    return f"({asked} IS NULL OR {' OR '.join(parts)})"
