"""The balance of every subject is that of the place, the unit or the class that was chosen."""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import product

import pytest

from warehouse.errors import UnknownParameter
from warehouse.named import load_queries, subjects

NOW = datetime(2026, 11, 23, 12, 0)
MONTH = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}
HERE, THERE = "320117005001", "320117005002"
FLOW = ("opening", "received", "closed", "withdrawn", "open")


@dataclass(frozen=True)
class Told:
    """How a platform calls what every matter has, and how it says that one does not count."""

    table: str
    key: str
    opened: str
    closed: str
    classes: tuple
    unit: str | None
    stock: str
    entered: str = ""
    ended: str = ""
    dropped: dict = field(default_factory=dict)
    done: dict = field(default_factory=dict)
    grid: bool = True
    base: dict = field(default_factory=dict)
    type: str = "class_code"


SUBJECTS = {
    "hotline": Told(
        "hotline_order",
        "order_no",
        "received_at",
        "closed_at",
        ("050203", "0301"),
        "unit_main",
        "hotline_open",
        "hotline_received",
        "hotline_closed",
        {"state": "已退单"},
    ),
    "mediation": Told(
        "mediation_case",
        "case_no",
        "accepted_at",
        "closed_at",
        ("02", "03"),
        "unit",
        "mediation_open",
        "",
        "mediation_closed",
        {"close_kind": "并案"},
        base={"line": "unit"},
        type="type_code",
    ),
    "grid": Told(
        "grid_event",
        "event_no",
        "reported_at",
        "closed_at",
        ("04001", "05001"),
        "unit",
        "grid_open",
        "grid_reported",
        "grid_closed",
        {"state": "作废"},
    ),
    "urban": Told(
        "urban_case",
        "case_no",
        "reported_at",
        "closed_at",
        ("20102", "30102"),
        "unit",
        "urban_open",
        "urban_reported",
        "urban_closed",
        {"state": "作废"},
    ),
    "linkage": Told(
        "linkage_order",
        "dispatch_no",
        "created_at",
        "closed_at",
        ("市容", "环保"),
        "main_unit",
        "linkage_open",
        "linkage_received",
        "",
        {"state": "作废"},
        type="category",
    ),
    "whistle": Told(
        "whistle",
        "whistle_no",
        "blown_at",
        "closed_at",
        ("市容", "环保"),
        None,
        "whistle_open",
        "whistle_blown",
        "",
        {"close_kind": "退哨"},
        grid=False,
        base={"kind": "工作推进哨", "drafted_at": "2026-10-01 08:00:00"},
        type="class_name",
    ),
    "land": Told(
        "land_clue",
        "clue_no",
        "found_at",
        "cleared_at",
        ("新增建筑", "硬化"),
        "unit",
        "land_open",
        "land_clue",
        "",
        type="change_type",
    ),
    "enforcement": Told(
        "enforcement_case",
        "case_no",
        "filed_at",
        "closed_at",
        ("市容环卫", "规划"),
        "squad",
        "enforcement_open",
        "enforcement_filed",
        "enforcement_closed",
        {"state": "撤案"},
        grid=False,
        type="domain",
    ),
    "petition": Told(
        "petition_case",
        "petition_no",
        "registered_at",
        "closed_at",
        ("土地", "劳资"),
        "unit",
        "petition_open",
        "petition_registered",
        "",
        grid=False,
        base={"form": "来访"},
        type="topic",
    ),
    "peoples_mediation": Told(
        "peoples_mediation_case",
        "case_no",
        "accepted_at",
        "settled_at",
        ("02", "03"),
        "committee",
        "",
        grid=False,
        type="type_code",
    ),
    "police": Told(
        "police_call",
        "alarm_no",
        "alarm_at",
        "closed_at",
        ("求助", "纠纷"),
        "passed_to",
        "",
        grid=False,
        type="kind",
    ),
    "hazard": Told(
        "safety_hazard",
        "hazard_no",
        "found_at",
        "fixed_at",
        ("消防", "燃气"),
        "unit",
        "hazard_open",
        "hazard_found",
        "",
        done={"passed": "true"},
        type="category",
    ),
    "service": Told(
        "service_case",
        "case_no",
        "accepted_at",
        "closed_at",
        ("社保", "户籍"),
        None,
        "",
        grid=False,
        type="theme",
    ),
}
UNITS = ("城管中队", "应急办")


def rows(told):
    """Matters over two places, units and classes: carried over, new, closed, dropped, open."""
    fates = (
        ("2026-10-20 08:00:00", None),
        ("2026-10-20 08:00:00", "2026-11-03 09:00:00"),
        ("2026-10-20 08:00:00", "2026-10-25 09:00:00"),
        ("2026-11-02 08:00:00", None),
        ("2026-11-02 08:00:00", "2026-11-09 09:00:00"),
        ("2026-11-04 08:00:00", "dropped"),
    )
    chosen = list(product((HERE, THERE), UNITS, told.classes))
    number = 0
    for index, (place, unit, kind) in enumerate(chosen):
        for opened, ended in fates[: len(fates) - index % 3] * (1 + index % 2):
            number += 1
            row = {
                told.key: f"N{number:03}", told.opened: opened, "community_code": place,
                told.type: kind, "updated_at": "2026-11-22 08:00:00", **told.base,
            }  # fmt: skip
            if told.unit:
                row[told.unit] = unit
            if told.grid:
                row["grid_code"] = f"{place}00{1 + index % 2}"
            if ended == "dropped":
                if not told.dropped:
                    continue
                row |= told.dropped
                row[told.closed] = "2026-11-05 08:00:00"
            elif ended:
                row |= {told.closed: ended, **told.done}
            yield row


@pytest.fixture(scope="module")
def filled(shared_street):
    for told in SUBJECTS.values():
        shared_street.load(told.table, list(rows(told)))
    shared_street.publish(NOW)
    return shared_street


def ask(street, name, **params):
    return street.reader.query(name, params).to_pylist()


def values(told):
    """What may be chosen of each dimension that a subject has; a class with all below it."""
    found = {"community": (HERE, THERE), "class": {"hotline": ("05", "03")}.get(told.table[:7])}
    found["class"] = found["class"] or tuple(path_of(told, code) for code in told.classes)
    if told.unit:
        found["unit"] = UNITS
    if told.grid:
        found["grid"] = tuple(f"{place}00{n}" for place in (HERE, THERE) for n in (1, 2))
    return found


def path_of(told, code):
    head = {"grid_event": 2, "urban_case": 3}.get(told.table)
    return code[:head]


def test_every_subject_of_the_balance_is_tried_here():
    for name in ("matter_flow", "matter_ended"):
        assert set(subjects(load_queries()[name])) == set(SUBJECTS)


CASES = [
    (subject, dimension)
    for subject, told in SUBJECTS.items()
    for dimension in ("community", "grid", "unit", "class")
    if dimension in values(told)
]


@pytest.mark.parametrize(("subject", "dimension"), CASES)
def test_the_balance_is_that_of_what_was_chosen_and_holds_there(filled, subject, dimension):
    told = SUBJECTS[subject]
    (whole,) = ask(filled, "matter_flow", subject=subject, **MONTH)
    assert all(whole[name] for name in FLOW if name != "withdrawn" or told.dropped), whole
    parts = []
    for value in values(told)[dimension]:
        given = {"subject": subject, dimension: value, **MONTH}
        (part,) = ask(filled, "matter_flow", **given)
        held = part["opening"] + part["received"] - part["closed"] - part["withdrawn"]
        assert held == part["open"] > 0
        for dropped, name in ((True, "withdrawn"), (False, "closed")):
            ended = ask(filled, "matter_ended", withdrawn=dropped, limit=500, **given)
            assert len(ended) == part[name]
            assert all((row["reason"] is not None) == dropped for row in ended)
        word = {"class_path" if dimension == "class" else dimension: value}
        word |= {"line": "unit"} if subject == "mediation" else {}
        proofs = ((told.stock, "open"), (told.entered, "received"), (told.ended, "closed"))
        for metric, name in proofs:
            assert not metric or filled.ask(metric, **word).numerator == part[name], metric
        parts.append(part)
    assert {name: sum(part[name] for part in parts) for name in FLOW} == {
        name: whole[name] for name in FLOW
    }
    assert len({part["received"] for part in parts}) > 1  # or a filter that does nothing would pass


@pytest.mark.parametrize("dimension", ["community", "grid", "unit", "class"])
def test_each_line_of_mediation_balances_within_what_was_chosen(filled, dimension):
    whole = {row["line"]: row for row in ask(filled, "mediation_flow", **MONTH)}
    names = ("opening", "accepted", "closed", "withdrawn", "open")
    found = dict.fromkeys(names, 0)
    for value in values(SUBJECTS["mediation"])[dimension]:
        centre, unit = ask(filled, "mediation_flow", **{dimension: value}, **MONTH)
        assert not any(centre[name] for name in names)
        held = unit["opening"] + unit["accepted"] - unit["closed"] - unit["withdrawn"]
        assert 0 < held == unit["open"] < whole["unit"]["open"]
        found = {name: found[name] + unit[name] for name in names}
    assert found == {name: whole["unit"][name] for name in names}


def test_what_has_no_place_is_chosen_as_unknown_and_a_set_apart_by_its_name(street):
    base = {"reported_at": "2026-11-02 08:00:00", "updated_at": "2026-11-02 08:00:00"}
    own = [{**base, "event_no": f"N{n}"} for n in range(3)]
    street.load("grid_event", [*own, {**base, "event_no": "P", "community_code": HERE}])
    street.load("grid_event", own[:2], source="2025")
    street.publish(NOW)
    told = {"subject": "grid", **MONTH}
    (nowhere,) = ask(street, "matter_flow", community="unknown", **told)
    (apart,) = ask(street, "matter_flow", source="2025", **told)
    (whole,) = ask(street, "matter_flow", **told)
    assert (whole["open"], nowhere["open"], apart["open"]) == (4, 3, 2)


def test_a_choice_is_a_value_and_never_text_of_the_question(filled):
    given = {"subject": "grid", **MONTH}
    (none,) = ask(filled, "matter_flow", unit="x' OR 1=1 --", **given)
    assert not any(none[name] for name in FLOW)
    with pytest.raises(UnknownParameter, match="colour"):
        ask(filled, "matter_flow", colour="red", **given)
