"""Whose kept data may be opened by whom: the whole table of roles, own cases and guarded ones."""

import pytest

from cases import users
from dashboard.gate.guarded import is_guarded, may_open
from dashboard.gate.policy import right_of

pytestmark = pytest.mark.sec
PLAIN = {"unit_main": "城管中队", "title": "路灯不亮"}
GUARDED = {"unit_main": "城管中队", "req_type": "举报"}
OWN = ("城管中队",)


def opens(role, row, *, units=OWN, is_own=True, is_program=False):
    given = units if role in users.NARROW else ()
    return may_open(right_of(role, given, is_program=is_program), row, is_own=is_own)


@pytest.mark.parametrize(
    ("role", "own", "others", "guarded_own", "guarded_others"),
    [
        ("leader", True, True, False, False),
        ("seat", True, False, True, False),
        ("unit", True, False, True, False),
        ("wall", False, False, False, False),
        ("admin", False, False, False, False),
        ("auditor", False, False, False, False),
        ("-", False, False, False, False),
    ],
)
def test_each_role_opens_what_its_right_says(role, own, others, guarded_own, guarded_others):
    found = (
        opens(role, PLAIN, is_own=role in users.NARROW),
        opens(role, PLAIN | {"unit_main": "水务站"}, is_own=False),
        opens(role, GUARDED, is_own=role in users.NARROW),
        opens(role, GUARDED | {"unit_main": "水务站"}, is_own=True),
    )
    assert found == (own, others, guarded_own, guarded_others)


@pytest.mark.parametrize("role", users.ROLES)
def test_a_token_opens_nothing_whatever_its_role(role):
    assert not opens(role, PLAIN, is_own=False, is_program=True)
    assert not opens(role, GUARDED, is_own=False, is_program=True)


@pytest.mark.parametrize(
    "row",
    [
        {"req_type": "举报"},
        {"tags": "敏感,未成年人"},
        {"title": "邻居长期家暴"},
        {"secret": True},
        {"content": "反映某单位虐待老人"},
    ],
)
def test_reports_minors_and_violence_at_home_are_guarded(row):
    assert is_guarded(row)


def test_the_class_tells_it_too_and_an_ordinary_case_is_not_guarded():
    assert is_guarded({}, class_words="社会治安 家庭暴力")
    assert not is_guarded(PLAIN)
