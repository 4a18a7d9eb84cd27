"""Whose kept data may be opened by whom: the whole table of roles, own cases and guarded ones."""

import pytest

from cases import users
from config.site import Unit
from dashboard.gate.caller import Caller
from dashboard.gate.guarded import Case, may_open, refusal
from dashboard.gate.policy import every_name, right_of

pytestmark = pytest.mark.sec
PLAIN = {"unit_main": "城管中队", "title": "路灯不亮"}
GUARDED = {"unit_main": "城管中队", "req_type": "举报"}
OWN = ("城管中队",)


def opens(role, row, *, fact="hotline_order", units=OWN, is_own=True, is_program=False):
    given = units if role in users.NARROW else ()
    return may_open(right_of(role, given, is_program=is_program), Case(fact, row, is_own))


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
    assert Case("hotline_order", row, is_own=True).is_guarded


def test_the_class_tells_it_too_and_an_ordinary_case_is_not_guarded():
    assert Case("hotline_order", {}, is_own=True, class_words="社会治安 家庭暴力").is_guarded
    assert not Case("hotline_order", PLAIN, is_own=True).is_guarded


@pytest.mark.parametrize("fact", ["petition_case", "mediation_case", "peoples_mediation_case"])
@pytest.mark.parametrize(
    ("role", "unit", "allowed"),
    [("leader", "水务站", True), ("unit", "城管中队", True), ("seat", "城管中队", True),
     ("unit", "水务站", False), ("seat", "水务站", False), ("admin", "城管中队", False)],
)  # fmt: skip
def test_parties_of_petition_and_mediation_are_for_the_handling_unit_and_leaders(
    fact, role, unit, allowed
):
    """A village or a helping unit reads the case (it is its own) and does not open it."""
    assert opens(role, {"unit": unit}, fact=fact) is allowed
    assert "承办单位和领导" in refusal(Case(fact, {"unit": unit}, is_own=True))


def test_a_unit_is_itself_under_every_name_that_platforms_know_it_by():
    units = (Unit("城管中队", "handling", ("一中队", "二中队")), Unit("水务站", "handling"))
    assert every_name(["城管中队", "水务站"], units) == ("城管中队", "一中队", "二中队", "水务站")
    assert every_name(["一中队"], units) == ("一中队",), "one squad alone stays one squad"
    assert every_name(["无此单位"], units) == ("无此单位",)


@pytest.mark.parametrize(
    ("role", "program", "answers"),
    [
        ("seat", False, {"苇荡社区", "水务站", "带班领导", "春和社区"}),
        ("leader", False, {"带班领导"}),
        ("unit", False, {"苇荡社区", "水务站"}),
        ("unit", True, set()),
        ("seat", True, set()),
        ("leader", True, set()),
        ("admin", False, set()),
        ("auditor", False, set()),
        ("wall", False, set()),
        ("nobody", False, set()),
    ],
)
def test_each_role_answers_for_its_own_posts_of_an_alarm(role, program, answers):
    right = right_of(role, ("水务站",), ("320117005006",), places=("苇荡社区",), is_program=program)
    every = ("苇荡社区", "水务站", "带班领导", "春和社区")
    assert {post for post in every if right.answers(post)} == answers


def test_a_village_answers_for_the_post_that_bears_its_name():
    village = Caller("zhou", "unit", "-", session=object(), villages=("320117005006",))
    assert village.right.posts == ("苇荡社区",)
    assert Caller("zhou", "unit", "-", villages=("320117005006",)).right.posts == ()


@pytest.mark.parametrize(
    ("kind", "place", "allowed"),
    [("村居", "320117005201", True), ("村居", "320117005202", False),
     ("街道", "320117005201", False)],
)  # fmt: skip
def test_what_a_villages_own_committee_mediates_is_opened_by_that_village(kind, place, allowed):
    row = {"committee_kind": kind, "community_code": place}
    right = right_of("unit", (), ("320117005201",))
    assert may_open(right, Case("peoples_mediation_case", row, is_own=True)) is allowed
