"""Search by sketches finds what a plain look into every text finds, whatever the words."""

import random
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from warehouse import core, listing, sketch
from warehouse.read import MetricQuery, Scope, Sift

EVER = MetricQuery(date(2020, 1, 1), date(2026, 12, 31))
LETTERS = "路灯井盖电梯噪音春溪abAB019０１Ａｂ ß\u0130ﬁ\U0001f4a1\u0301％%_'\"\\·，\x7f中"
SEED = 20261129
SKETCHES = (*sketch.WORDS, *sketch.LONG)


def _text(chance, most):
    return "".join(chance.choice(LETTERS) for _ in range(chance.randrange(most)))


def _words(chance, texts):
    """Pieces of what is there, two thirds of them in another spelling, and words made up."""
    for n in range(60):
        text = chance.choice(texts) if n % 3 else _text(chance, 6)
        start = chance.randrange(len(text) + 1)
        piece = text[start : start + chance.choice((1, 1, 2, 3, 4, 6, 9))]
        yield (piece, piece.lower(), piece.upper())[n % 3]


def fill(town, order):
    """Three hundred orders with odd texts, loaded by two deliveries that overlap."""
    chance = random.Random(SEED)
    made = [
        order(
            n,
            f"2026-11-{1 + n % 20:02} 08:00:00",
            title=_text(chance, 14),
            addr=_text(chance, 8),
            content=_text(chance, 60),
            unit_main=f"单位{n % 2}",
        )
        for n in range(300)
    ]
    town.load("hotline_order", made[:200])
    later = {"updated_at": "2026-11-22 00:00:00"}
    newer = [row | later | {"title": row["title"] + "新"} for row in made[150:]]
    town.load("hotline_order", newer)
    town.publish()
    return town


@pytest.fixture(scope="module")
def rows(shared_town, order):
    """They in a town that is only read."""
    return fill(shared_town, order)


@pytest.fixture
def changing(town, order):
    """They in a town to be changed."""
    return fill(town, order)


def _plain(rows, words, columns):
    spelled = {words, words.upper()}
    return {
        row["key"] for row in rows if any(w in (row[c] or "") for c in columns for w in spelled)
    }


def test_what_is_found_is_what_the_texts_hold(rows, monkeypatch):
    whole = rows.reader.rows("hotline_received", EVER, limit=1000).rows
    texts = [row[c] or "" for row in whole for c in ("title", "addr", "content")]
    chance = random.Random(SEED)
    for n, words in enumerate(each for each in _words(chance, texts) if each.strip()):
        # texts are read twice, at some places, as the number of rows says, once
        monkeypatch.setattr(listing, "_FEW", (0, 600, 30, 0)[n % 4])
        monkeypatch.setattr(listing, "_MANY", (0, 600, 600, 600)[n % 4])
        full = n % 3 == 0
        columns = ("title", "addr", "content") if full else ("title", "addr")
        if words.isascii():
            columns = ("key", *columns)
        if not full and any(row["key"].startswith((words, words.upper())) for row in whole):
            continue  # the number of a case goes first
        expected = _plain(whole, words, columns)
        found = rows.reader.rows("hotline_received", EVER, limit=1000, sift=Sift(words, full))
        assert {row["key"] for row in found.rows} == expected, repr(words)
        assert found.total == len(expected)
        page = rows.reader.rows("hotline_received", EVER, limit=7, offset=3, sift=Sift(words, full))
        assert [row["key"] for row in page.rows] == [row["key"] for row in found.rows[3:10]]


def test_a_place_is_found_by_its_name_beside_what_the_texts_hold(rows):
    whole = rows.reader.rows("hotline_received", EVER, limit=1000).rows
    codes = tuple({row["community"] for row in whole})
    found = rows.reader.rows("hotline_received", EVER, sift=Sift("路灯井盖电", communities=codes))
    assert found.total == len(whole) == 300


def test_a_unit_finds_its_own_alone(rows):
    scoped = MetricQuery(EVER.first, EVER.last, scope=Scope(("单位1",), ()))
    mine = rows.reader.rows("hotline_received", scoped, limit=1000, sift=Sift("新新", full=True))
    every = rows.reader.rows("hotline_received", scoped, limit=1000)
    assert {r["key"] for r in mine.rows} == _plain(every.rows, "新新", ("title", "content", "addr"))


def test_rows_without_a_sketch_are_looked_into(changing):
    found = changing.reader.rows("hotline_received", EVER, sift=Sift("新")).total
    some = changing.reader.rows("hotline_received", EVER, limit=1).rows[0]["title"][-3:]
    before = changing.reader.rows("hotline_received", EVER, sift=Sift(some)).total
    changing.warehouse.connection.execute(
        "UPDATE core.hotline_order SET _words_a = NULL, _words_b = NULL"
    )
    changing.warehouse._core_changed = True
    changing.publish()
    assert changing.reader.rows("hotline_received", EVER, sift=Sift("新")).total == found == 150
    assert changing.reader.rows("hotline_received", EVER, sift=Sift(some)).total == before > 0


def test_an_older_core_gets_its_sketches_when_it_is_opened(changing):
    con = changing.warehouse.connection
    asked = f"SELECT order_no, {', '.join(SKETCHES)} FROM core.hotline_order"
    before = sorted(con.execute(asked).fetchall())
    assert sum(any(row[1:3]) and any(row[3:]) for row in before) > 250
    for column in SKETCHES:
        con.execute(f"ALTER TABLE core.hotline_order DROP COLUMN {column}")
    for column in sketch.OUTDATED:
        con.execute(f"ALTER TABLE core.hotline_order ADD COLUMN {column} UBIGINT")
    con.execute("DELETE FROM core.setting WHERE starts_with(name, 'sketch of')")
    changing.warehouse.close()
    changing.open()
    assert sorted(changing.sql(asked)) == before
    named = "SELECT column_name FROM duckdb_columns() WHERE table_name = 'hotline_order'"
    assert not {column for (column,) in changing.sql(named)} & set(sketch.OUTDATED)
    core.set_setting(changing.warehouse.connection, "sketch of hotline_order", "0 another way")
    changing.sql("UPDATE core.hotline_order SET _words_a = 7")
    changing.warehouse.close()
    changing.open()
    assert sorted(changing.sql(asked)) == before


def test_rows_that_come_back_from_a_seal_have_their_sketches(town, order, tmp_path):
    town.load("hotline_order", [order(n, title=f"路灯{n}不亮") for n in range(20)])
    asked = f"SELECT order_no, {', '.join(SKETCHES)} FROM core.hotline_order"
    before = sorted(town.sql(asked))
    town.warehouse.seal(tmp_path / "seal", "hotline_12345", ["hotline_order"])
    town.warehouse.forget_source("hotline_12345")
    assert town.warehouse.unseal(tmp_path / "seal", ["hotline_order"], []) == 20
    assert sorted(town.sql(asked)) == before


@pytest.mark.parametrize("parts", [len(sketch.WORDS), len(sketch.LONG)])
def test_the_sketch_of_a_text_has_all_bits_of_its_pieces(parts):
    chance = random.Random(SEED)
    texts = [_text(chance, 40) for _ in range(400)] + ["", "路", None]
    array = pa.array(texts)
    made = sketch.sketch(array, parts)
    for n, text in enumerate(texts):
        for length in (2, 3, 7):
            start = chance.randrange(max(1, len(text or "")))
            asked = sketch.mask((text or "")[start : start + length], parts)
            assert all(bits & int(part[n]) == bits for bits, part in zip(asked, made, strict=True))
    some = sketch.sketch(array.slice(100, 50), parts)
    assert all((a == b[100:150]).all() for a, b in zip(some, made, strict=True))
    assert sketch.mask("路", parts) == (0,) * parts
    bits = [sum(a.bit_count() for a in sketch.mask(each, parts)) for each in ("路灯", "路灯不亮")]
    assert bits == [1, 3]
    assert all(int(part.max()).bit_length() > 56 for part in made), "every part is used"


def test_of_long_texts_a_sketch_leaves_few_that_do_not_hold_the_words():
    chance = random.Random(SEED)
    letters = [chr(0x4E00 + n) for n in range(3000)]
    texts = ["".join(chance.choices(letters, k=90)) for _ in range(1000)]
    made = sketch.sketch(pa.array(texts), len(sketch.LONG))
    left = 0
    for each in texts[:100]:
        asked = sketch.mask(each[40:44], len(sketch.LONG))
        fits = [(part & np.uint64(bits)) == bits for bits, part in zip(asked, made, strict=True)]
        left += int(np.logical_and.reduce(fits).sum()) - 1
    assert left < 0.01 * 100 * 1000
