"""The vault's key is changed in pieces; a run killed anywhere is started again, nothing is lost."""

import inspect
import os
import re
import subprocess
import sys

import pytest
from sqlalchemy import select

from cases import audit, rotation, sealing, vault
from cases.errors import VaultLocked
from cases.schema import vault as table

POINTS = re.findall(r"""failpoint.reach\("(.+?)"\)""", inspect.getsource(rotation))
ROWS = [(f"A{n:04}", {"caller_name": f"张{n}", "caller_phone": f"138{n:08}"}) for n in range(1_200)]


@pytest.fixture
def filled(store):
    vault.put(store, "demo:hotline_12345", "hotline_order", ROWS)
    return store


def everything(store):
    return {key: vault.reveal(store, "demo:hotline_12345", "hotline_order", key) for key, _ in ROWS}


def lies_under(store, name):
    key = sealing.key_of(name)
    with store.reading() as connection:
        return sum(
            sealing.opened(key, row.sealed, vault.address(row.source, row.fact, row.key))
            is not None
            for row in connection.execute(select(table))
        )


def keys(store):
    return {path.name for path in (store.var / "secrets").glob("vault.key*")}


def test_after_a_change_every_row_lies_under_the_new_key_and_the_former_one_is_gone(filled):
    former = sealing.key_of(vault.KEY_FILE)
    done = rotation.rotate(filled)
    assert (done.sealed, done.seen) == (len(ROWS), len(ROWS))
    assert sealing.key_of(vault.KEY_FILE) != former
    assert keys(filled) == {"vault.key"}
    assert lies_under(filled, vault.KEY_FILE) == len(ROWS)
    assert everything(filled) == dict(ROWS)
    assert audit.recent(filled)[0].event == "vault_rotate"


@pytest.mark.fault
@pytest.mark.parametrize("point", POINTS)
def test_a_run_killed_at_any_step_leaves_every_row_readable_and_is_finished_by_the_next(
    filled, point
):
    if not filled.is_sqlite:
        pytest.skip("the killed process opens the SQLite file")
    environment = {**os.environ, "HONGLAN_FAILPOINT": point}
    killed = subprocess.run(
        [sys.executable, "-m", "cases", "rotate-key"], env=environment, capture_output=True
    )
    assert killed.returncode == -9, killed.stderr.decode()
    assert everything(filled) == dict(ROWS)
    assert subprocess.run([sys.executable, "-m", "cases", "rotate-key"]).returncode == 0
    assert everything(filled) == dict(ROWS)
    assert keys(filled) == {"vault.key"} and lies_under(filled, vault.KEY_FILE) == len(ROWS)


def test_what_arrives_while_the_key_is_changed_is_kept_under_the_new_one(filled, monkeypatch):
    late = [("B1", {"caller_name": "李四"})]
    whole = rotation._pass

    def busy(store, to, former):
        answer = whole(store, to, former)
        if to.endswith(".next"):  # a delivery between the first pass and the swap
            vault.put(store, "demo:hotline_12345", "hotline_order", late)
        return answer

    monkeypatch.setattr(rotation, "_pass", busy)
    rotation.rotate(filled)
    assert vault.reveal(filled, "demo:hotline_12345", "hotline_order", "B1") == late[0][1]
    assert lies_under(filled, vault.KEY_FILE) == len(ROWS) + 1


def test_a_row_that_no_key_opens_is_named_and_stops_the_change(filled):
    (filled.var / "secrets" / "vault.key").unlink()
    with pytest.raises(VaultLocked, match="opens with neither key"):
        rotation.rotate(filled)
