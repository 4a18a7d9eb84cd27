"""One street for all attacks: two units with cases on every platform, and one who wrote attacks.

Rows are told apart by how their numbers begin: OWN of the unit that asks, ALIEN of another one in
another village, and WEB, which hold an attack in every text that people or platforms write.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil

import pytest
from argon2 import PasswordHasher

from cases import users
from cases.schema import metadata
from cases.store import open_store
from dashboard import server
from tests.attacks.payloads import WEB
from tests.attacks.seeded import PLACES, UNITS, build, free_texts, installed
from tests.dashboard.conftest import *  # noqa: F403 - the visitor and the roles of the gate's tests

OWN, ALIEN, WEBBED = "OWN", "ALIEN", "WEB"
OWN_UNIT, OTHER_UNIT = "城管中队", "水务站"
OWN_NAME = "二中队"  # another name of the own unit in the site's file
OWN_PLACE, OTHER_PLACE = "320117005001", "320117005002"
SECRET = "外单位机密"
# what names people: each kind once, planted in every row of the other unit; not written out whole,
# since the repository holds no number of a person
NAME, PHONE, CARD = "欧阳震华", "139" + "87654321", "320117" + "199102033456"
ADDRESS = "紫薇花园77幢909室"
PLANTED = {"name": NAME, "names": NAME, "phone": PHONE, "id_no": CARD, "address": ADDRESS}


def planted(key, name, table, row):
    """The variants of one recorded row."""
    column = table.key[0]
    number = row[column] or ""
    web = {each: next(attacks) for each in free_texts(table)}
    if column == "station" or any(column in rule for rule in table.rules.values()):
        yield row | web  # a number with a form of its own
        return
    for mark, unit, place in (
        (OWN, OWN_UNIT, OWN_PLACE),
        (ALIEN, OTHER_UNIT, OTHER_PLACE),
    ):
        yield marked(table, row, f"{mark}-{number}", unit, place) | (
            secrets(table) if mark == ALIEN else {}
        )
    yield marked(table, row, f"{WEBBED}-{number}", OTHER_UNIT, OTHER_PLACE) | web


attacks = itertools.cycle(WEB)


def marked(table, row, number, unit, place):
    """The row under another number, of a unit and a place."""
    given = {
        name: unit
        for name in UNITS
        if name in table.columns and "计量" not in table.columns[name].label
    }
    if "squad" in given and unit == OWN_UNIT:
        given["squad"] = OWN_NAME
    given |= {name: place for name in PLACES if name in table.columns}
    if "grid_code" in table.columns:
        given["grid_code"] = f"{place}001"
    for name in ("department", "co_units"):
        if name in table.key or name == "co_units":
            given.pop(name, None)
    if "co_units" in table.columns:
        given["co_units"] = None
    return row | given | {table.key[0]: number}


def secrets(table):
    """Personal columns with what is planted, free texts with both secret and numbers."""
    found = {}
    for name, column in table.columns.items():
        if column.personal in PLANTED:
            found[name] = PLANTED[column.personal]
        elif column.scrub:
            # a name is known by the row's own columns alone; who else is named cannot be told
            named = any(each.personal in ("name", "names") for each in table.columns.values())
            who = NAME if named else ""
            found[name] = f"{SECRET}，{who}电话{PHONE}，证{CARD}，住{ADDRESS}"
    return found


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """The state folder of that street, with everything published.

    Made once for all processes that share a run of tests; each works on its own copy.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = shared / "attacked"
    with (shared / "attacked.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            build(shared / "attacked.new", planted)
            (shared / "attacked.new").rename(made)
    return shutil.copytree(made, base / "attacked-here")


@pytest.fixture(scope="module")
def house(town):
    """The product's own server over it."""
    with installed(town), pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)
        patch.setattr(users, "_HASHER", cheap)
        opened = open_store()
        yield opened, server.build(), None
        opened.close()


PEOPLES = ("case_view", "audit", "attempts", "half_logins", "sessions", "tokens", "users")


@pytest.fixture
def store(house):
    """The store without any account, session, token or view of the test before."""
    with house[0].writing() as connection:
        for name in PEOPLES:
            connection.execute(metadata.tables[name].delete())
    shutil.rmtree(house[0].var / "audit", ignore_errors=True)  # the notes of the trail that went
    return house[0]
