"""Codes of the second factor: those of the standard, each good once, within a small drift."""

import pytest

from cases import factor, users
from cases.errors import VaultLocked

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", the standard's own
NOW = 1_764_400_000.0
pytestmark = pytest.mark.sec


@pytest.fixture
def admin(store):
    users.add(store, "zhang", "admin", "Stone-Lake-2026-a")
    return store


def current(now=NOW, secret=SECRET):
    return factor.code(secret, int(now // factor.STEP_S))


@pytest.mark.parametrize(
    ("second", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
     (2000000000, "279037"), (20000000000, "353130")],
)  # fmt: skip
def test_the_codes_are_those_of_rfc_6238(second, digits):
    assert factor.code(SECRET, second // 30) == digits


def test_a_factor_is_in_use_after_one_right_code_and_gives_ten_spare_ones(admin):
    assert factor.enrol(admin, "zhang", SECRET, "000000", NOW) == []
    assert not users.find(admin, "zhang").has_factor
    spare = factor.enrol(admin, "zhang", SECRET, current(), NOW)
    assert len(set(spare)) == 10
    assert users.find(admin, "zhang").has_factor
    assert factor.spare_left(admin, "zhang") == 10


def test_a_code_is_good_once_even_by_the_clock_of_the_next_step(admin):
    factor.enrol(admin, "zhang", SECRET, current(NOW - 60), NOW - 60)
    assert factor.confirm(admin, "zhang", current(), NOW) == "code"
    assert factor.confirm(admin, "zhang", current(), NOW) == ""
    assert factor.confirm(admin, "zhang", current(), NOW + 29) == ""
    assert factor.confirm(admin, "zhang", current(NOW + 30), NOW + 30) == "code"


@pytest.mark.parametrize(
    ("drift", "good"), [(-60, ""), (-30, "code"), (0, "code"), (30, "code"), (60, "")]
)
def test_a_telephone_may_be_one_step_off_and_no_more(admin, drift, good):
    factor.enrol(admin, "zhang", SECRET, current(NOW - 300), NOW - 300)
    assert factor.confirm(admin, "zhang", current(NOW + drift), NOW) == good


def test_a_code_older_than_the_last_one_used_is_refused(admin):
    factor.enrol(admin, "zhang", SECRET, current(NOW - 300), NOW - 300)
    assert factor.confirm(admin, "zhang", current(NOW + 30), NOW) == "code"
    assert factor.confirm(admin, "zhang", current(NOW), NOW) == ""


def test_a_spare_code_opens_once_however_it_is_typed(admin):
    spare = factor.enrol(admin, "zhang", SECRET, current(), NOW)
    assert factor.confirm(admin, "zhang", f" {spare[3].upper()} ", NOW + 90) == "recovery"
    assert factor.confirm(admin, "zhang", spare[3], NOW + 90) == ""
    assert factor.confirm(admin, "zhang", spare[4].replace("-", ""), NOW + 90) == "recovery"
    assert factor.spare_left(admin, "zhang") == 8


@pytest.mark.parametrize("given", ["", "abcdef", "12345", "１２３４５６", "0" * 500, "-", "xxxxxx"])
def test_what_is_no_code_opens_nothing(admin, given):
    factor.enrol(admin, "zhang", SECRET, current(NOW - 300), NOW - 300)
    assert factor.confirm(admin, "zhang", given, NOW) == ""


def test_without_a_factor_no_code_opens(admin):
    assert factor.confirm(admin, "zhang", current(), NOW) == ""


def test_the_secret_lies_sealed_and_opens_for_its_owner_alone(admin):
    users.add(admin, "li", "admin", "Stone-Lake-2026-a")
    factor.enrol(admin, "zhang", SECRET, current(NOW - 300), NOW - 300)
    with admin.writing() as connection:
        row = factor._row(connection, "zhang")
        assert SECRET.encode() not in row.totp_sealed
        factor._set(connection, factor._row(connection, "li").id, {"totp_sealed": row.totp_sealed})
    with pytest.raises(VaultLocked):
        factor.confirm(admin, "li", current(), NOW)


def test_a_dropped_factor_is_enrolled_anew(admin):
    factor.enrol(admin, "zhang", SECRET, current(), NOW)
    factor.drop(admin, "zhang")
    assert factor.confirm(admin, "zhang", current(NOW + 30), NOW + 30) == ""
    assert not users.find(admin, "zhang").has_factor
