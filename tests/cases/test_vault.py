import stat

import pytest
from sqlalchemy import select, update

from cases import vault
from cases.errors import NotKnown, VaultLocked
from cases.schema import vault as table

ROWS = [("A1", {"caller_name": "欧阳震华", "caller_phone": "13812345678"}), ("A2", {"addr": None})]


def sealed(store):
    with store.reading() as connection:
        return {row.key: row.sealed for row in connection.execute(select(table))}


def test_what_was_put_can_be_revealed(store):
    vault.put(store, "demo:hotline_12345", "hotline_order", ROWS)
    shown = vault.reveal(store, "demo:hotline_12345", "hotline_order", "A1")
    assert shown == ROWS[0][1]
    assert vault.count(store) == 2


def test_the_same_content_again_changes_no_byte_and_a_change_replaces_it(store):
    vault.put(store, "s", "t", ROWS)
    before = sealed(store)
    vault.put(store, "s", "t", [*ROWS, *ROWS])
    assert sealed(store) == before
    vault.put(store, "s", "t", [("A1", {"caller_name": "王五"})])
    assert vault.reveal(store, "s", "t", "A1") == {"caller_name": "王五"}
    assert vault.count(store) == 2


def test_nothing_of_a_person_is_readable_in_the_file(store, tmp_path):
    vault.put(store, "s", "t", ROWS)
    blob = b"".join(sealed(store).values())
    assert "欧阳".encode() not in blob and b"13812345678" not in blob
    if store.is_sqlite:
        files = b"".join(file.read_bytes() for file in tmp_path.glob("cases.sqlite3*"))
        assert b"13812345678" not in files


def test_a_row_moved_under_another_key_does_not_open(store):
    vault.put(store, "s", "t", ROWS)
    with store.writing() as connection:
        connection.execute(
            update(table).where(table.c.key == "A2").values(sealed=sealed(store)["A1"])
        )
    with pytest.raises(VaultLocked):
        vault.reveal(store, "s", "t", "A2")


def test_keys_lie_in_their_own_files_that_only_the_owner_reads(store, tmp_path):
    vault.put(store, "s", "t", ROWS)
    names = {
        file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "secrets").iterdir()
    }
    assert names == {"vault.key": 0o600, "hash.key": 0o600}


def test_a_forgotten_row_is_gone(store):
    vault.put(store, "s", "t", ROWS)
    vault.forget(store, "s", "t", ["A1"])
    with pytest.raises(NotKnown):
        vault.reveal(store, "s", "t", "A1")


def test_a_keyed_hash_is_equal_for_equal_texts_and_needs_the_key(store, tmp_path, monkeypatch):
    first = vault.keyed_hash("13812345678")
    assert first == vault.keyed_hash("13812345678") != vault.keyed_hash("13812345679")
    assert len(first) == 64
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path / "elsewhere"))
    assert vault.keyed_hash("13812345678") != first
