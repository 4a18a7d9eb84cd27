import json

import pytest
from sqlalchemy import delete, func, select, update

from cases import audit
from cases.errors import ChainBroken
from cases.schema import audit as table


def trail(store, rows=6):
    for number in range(rows):
        audit.record(store, audit.Entry("login", f"user{number}", detail={"n": number}))


def test_an_untouched_trail_is_whole(store):
    assert audit.verify(store) == 0
    trail(store)
    assert audit.verify(store) == 6
    assert [row.subject for row in audit.recent(store, 2)] == ["user5", "user4"]


@pytest.mark.parametrize(
    "column",
    ["who", "role", "address", "event", "subject", "outcome", "detail", "digest"],
)
@pytest.mark.parametrize("row", [1, 3, 6])
def test_every_edited_row_is_found(store, column, row):
    trail(store)
    with store.writing() as connection:
        connection.execute(update(table).where(table.c.seq == row).values({column: "x"}))
    with pytest.raises(ChainBroken) as broken:
        audit.verify(store)
    assert broken.value.row == row


@pytest.mark.parametrize("row", [1, 3, 5])
def test_every_removed_row_is_found(store, row):
    trail(store)
    with store.writing() as connection:
        connection.execute(delete(table).where(table.c.seq == row))
    with pytest.raises(ChainBroken) as broken:
        audit.verify(store)
    assert broken.value.row == row


def test_rows_that_changed_places_are_found(store):
    trail(store)
    with store.writing() as connection:
        for seq, to in ((2, 99), (3, 2), (99, 3)):
            connection.execute(update(table).where(table.c.seq == seq).values(seq=to))
    with pytest.raises(ChainBroken):
        audit.verify(store)


def test_a_trail_cut_off_at_its_end_is_found_by_the_note_outside(store):
    trail(store)
    newest = audit.recent(store, 1)[0]
    note = store.var / "audit" / "heads.jsonl"
    note.unlink()
    audit.note_head(store, newest.seq, newest.digest)
    with store.writing() as connection:
        connection.execute(delete(table).where(table.c.seq > 4))
    with pytest.raises(ChainBroken, match="cut off") as broken:
        audit.verify(store)
    assert broken.value.row == 5


def test_a_trail_written_anew_without_the_key_is_found(store, monkeypatch):
    trail(store)
    with store.writing() as connection:
        connection.execute(delete(table))
    monkeypatch.setenv(audit.KEY_FILE, "another key of an intruder")
    trail(store)
    monkeypatch.delenv(audit.KEY_FILE)
    with pytest.raises(ChainBroken):
        audit.verify(store)


def test_the_head_is_noted_at_most_once_a_minute(store):
    trail(store)
    lines = (store.var / "audit" / "heads.jsonl").read_text().splitlines()
    assert [json.loads(line)["seq"] for line in lines] == [1]


def test_an_entry_of_a_change_that_failed_is_not_kept(store):
    with pytest.raises(ZeroDivisionError), store.writing() as connection:
        audit.append(connection, audit.Entry("reveal", "A1"))
        raise ZeroDivisionError
    with store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 0


def test_what_a_visitor_typed_stays_one_printable_line(store):
    audit.record(store, audit.Entry("login", 'a\r\n{"event":"x"}\x1b[31m' + "名" * 400))
    subject = audit.recent(store, 1)[0].subject
    assert subject.isprintable() and len(subject) == 200
