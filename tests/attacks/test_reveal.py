"""Opening what is kept, of a case: its row, its steps, rows named by two codes (S3, S13)."""

import pytest

from cases import audit, sessions, users
from dashboard import source
from dashboard.gate import caller
from dashboard.pages import reveal
from dashboard.pages.case_address import href
from dashboard.pages.state import parse
from tests.attacks.conftest import (
    ALIEN,
    NAME,
    OTHER_PLACE,
    OTHER_UNIT,
    OWN,
    OWN_NAME,
    OWN_UNIT,
    PHONE,
)

pytestmark = pytest.mark.sec


def opened(who, key, number):
    path, _, search = href(f"demo:{key}", number).partition("?")
    with caller.asking(who):
        said, shown = reveal.opened(parse(path, search and f"?{search}"), "回访核实地址")
    return said, str(shown)


def person(store, role, units=(), villages=()):
    name = f"{role}-{len(users.everyone(store))}"
    user = users.add(store, name, role, "Honglan-2026-x", units=units, villages=villages)
    session = sessions.find(store, sessions.start(store, user.id, role))
    return caller.Caller(name, role, "::1", session, units, villages)


def number_of(fact, column, mark=ALIEN):
    sql = f"SELECT {column} AS n FROM core.{fact} WHERE {column} LIKE '{mark}-%' ORDER BY 1"
    return source.data()._reader.sql(sql).to_pylist()[0]["n"]


def test_the_steps_of_a_case_are_opened_with_it_in_one_row_of_the_trail(store):
    number = number_of("enforcement_step", "case_no")
    said, shown = opened(person(store, "leader"), "enforcement", number)
    assert said == "" and NAME in shown and "经办人（1）" in shown and "经办人（2）" in shown
    (row,) = audit.recent(store)
    assert row.event == "reveal" and '"rows": 3' in row.detail and NAME not in row.detail


def test_the_keeper_of_one_item_in_one_store_is_opened_by_both_codes(store):
    sql = "SELECT store_code || '/' || item_code AS n FROM core.flood_supply ORDER BY 1"
    number = source.data()._reader.sql(sql).to_pylist()[0]["n"]
    assert number.startswith(ALIEN)
    said, shown = opened(person(store, "leader"), "flood_supplies", number)
    assert said == "" and NAME in shown and PHONE in shown
    assert "flood_supply/" + number.replace("/", "|") in audit.recent(store)[0].subject
    said, shown = opened(person(store, "seat", (OTHER_UNIT,)), "flood_supplies", number)
    assert NAME not in shown, "it lies with no unit"


@pytest.mark.parametrize(
    ("key", "fact", "column"),
    [("petition", "petition_case", "petition_no"), ("mediation", "mediation_case", "case_no")],
)
def test_parties_are_opened_by_the_handling_unit_and_leaders_and_not_by_the_village(
    store, key, fact, column
):
    number = number_of(fact, column)
    for role, units, villages, allowed in (
        ("leader", (), (), True),
        ("unit", (OTHER_UNIT,), (), True),
        ("unit", (), (OTHER_PLACE,), False),
        ("seat", (), (OTHER_PLACE,), False),
        ("unit", (OWN_UNIT,), (), False),
        ("admin", (), (), False),
    ):
        _, shown = opened(person(store, role, units, villages), key, number)
        assert (NAME in shown) is allowed, (role, units, villages)


def test_a_unit_finds_and_opens_what_a_platform_sent_under_another_name_of_it(store):
    number = number_of("enforcement_case", "case_no", OWN)
    who = person(store, "unit", (OWN_UNIT,))
    with caller.asking(who):
        found = source.data().reader.case("demo:enforcement", number)
    assert found.row["squad"] == OWN_NAME
    with caller.asking(person(store, "unit", (OTHER_UNIT,))):
        assert source.data().reader.case("demo:enforcement", number) is None
    said, _ = opened(who, "enforcement", number)
    assert said in ("", "没有留存当事人信息，或已过保存期限。")
