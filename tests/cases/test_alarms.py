"""What people may do with alarms, and what stays of it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import alarms, audit, raising
from cases.alarm import EVENTS, FLOOD, MACHINE
from cases.alarm_rows import changing
from cases.errors import NotAllowed, NotKnown
from cases.raising import Facts
from cases.schema import utc
from cases.transitions import PERSON, SYSTEM, Machine, Move

NOW = utc(datetime(2026, 7, 11, 2, 45))
MINUTE = timedelta(minutes=1)


def facts(subject="3201170001", rank=3, at=NOW, value=10.42, **more):
    return Facts(
        kind=FLOOD, subject=subject, rank=rank, limit_name="warning", threshold=10.4, value=value,
        observed_at=at, received_at=at, now=at, delay_ms=12, **more,
    )  # fmt: skip


def alarms_now(connection, subject="3201170001"):
    return raising.current(connection, FLOOD, subject)


def opened(store, *, is_raised=True, **about):
    with changing(store) as connection:
        number = raising.start(connection, facts(**about), is_raised=is_raised)
    return alarms.alarm(store, number)


def test_an_acknowledged_alarm_says_who_and_when_and_a_second_one_changes_nothing(store):
    one = opened(store)
    first = alarms.acknowledge(store, one.id, "王值班", NOW + MINUTE)
    before = alarms.version(store)
    second = alarms.acknowledge(store, one.id, "李值班", NOW + 2 * MINUTE)
    assert first == second
    assert (second.state, second.acknowledged_by) == ("acknowledged", "王值班")
    assert second.acknowledged_at == NOW + MINUTE
    assert alarms.version(store) == before
    assert [event.kind for event in alarms.events(store, one.id)] == ["raised", "acknowledged"]


def test_every_change_gives_another_version_and_the_alarm_carries_its_own(store):
    assert alarms.version(store) == 0
    one, other = opened(store), opened(store, subject="3201170002")
    seen = {alarms.version(store)}
    for act in (
        lambda: alarms.acknowledge(store, one.id, "王值班", NOW),
        lambda: alarms.mark_false(store, one.id, "王值班", "传感器检修", NOW),
        lambda: alarms.shelve(store, FLOOD, "3201170002", NOW + MINUTE, "检修", "王值班", NOW),
        lambda: alarms.unshelve(store, FLOOD, "3201170002", "王值班", NOW),
    ):
        act()
        assert alarms.version(store) not in seen
        seen.add(alarms.version(store))
    assert alarms.alarm(store, other.id).version == alarms.version(store)


def test_a_raise_a_rise_and_the_end_of_a_shelf_call_for_somebody_and_nothing_else_does(store):
    one, seen = opened(store, is_raised=False), []

    def call(kind):
        """The event by which it is heard now, when that is another one than before."""
        now, last = alarms.alarm(store, one.id), alarms.events(store, one.id)[-1]
        if not seen or now.called_by != seen[-1]:
            seen.append(now.called_by)
            return (kind, last.id == now.called_by)
        return (kind, None)

    def judged(do, rank):
        with changing(store) as connection:
            do(connection, alarms_now(connection), facts(rank=rank))

    told = [call("pending")]
    for kind, do, rank in (
        ("raised", raising.confirm, 3), ("reading", raising.follow, 3),
        ("rank_down", raising.rerank, 4), ("rank_up", raising.rerank, 3),
    ):  # fmt: skip
        judged(do, rank)
        told.append(call(kind))
    alarms.shelve(store, FLOOD, one.subject, NOW + MINUTE, "检修", "王值班", NOW)
    told.append(call("shelved"))
    alarms.unshelve(store, FLOOD, one.subject, "王值班", NOW)
    told.append(call("unshelved"))
    alarms.acknowledge(store, one.id, "王值班", NOW)
    told.append(call("acknowledged"))
    assert [kind for kind, is_call in told if is_call] == ["raised", "rank_up", "unshelved"]
    assert [is_call for _, is_call in told].count(None) == 4 and seen[0] is None


def test_only_the_first_window_that_shows_an_alarm_in_its_rank_is_written_down(store):
    one = opened(store)
    assert alarms.note_drawn(store, one.id, 3, NOW + timedelta(milliseconds=420))
    assert not alarms.note_drawn(store, one.id, 3, NOW + MINUTE)
    with changing(store) as connection:
        raising.rerank(connection, one, facts(rank=2, at=NOW + 2 * MINUTE, value=12.6))
    assert alarms.note_drawn(store, one.id, 2, NOW + 2 * MINUTE + timedelta(milliseconds=310))
    drawn = [event for event in alarms.events(store, one.id) if event.kind == "drawn"]
    assert [(event.rank, event.delay_ms) for event in drawn] == [(3, 420), (2, 310)]
    assert not alarms.note_drawn(store, 99, 1, NOW)


def test_a_false_alarm_needs_a_reason_and_stays_on_in_silence(store):
    one = opened(store)
    with pytest.raises(NotAllowed, match="须写明原因"):
        alarms.mark_false(store, one.id, "王值班", "  ", NOW)
    alarms.mark_false(store, one.id, "王值班", "传感器检修", NOW)
    alarms.mark_false(store, one.id, "李值班", "", NOW)
    (still,) = alarms.open_alarms(store, NOW)
    assert (still.state, still.is_on, still.is_loud) == ("false_alarm", True, False)
    assert alarms.events(store, one.id)[-1].note == "传感器检修；王值班 提出，李值班 复核"


def test_what_one_person_calls_false_goes_on_until_a_second_agrees_or_refuses(store):
    one = opened(store)
    called = alarms.mark_false(store, one.id, "王值班", "疑似漂移", NOW)
    assert (called.state, called.is_loud, called.is_called_false) == ("raised", True, True)
    again = alarms.mark_false(store, one.id, "王值班", "疑似漂移", NOW + MINUTE)
    assert again.version == called.version  # the same person is no second one
    alarms.acknowledge(store, one.id, "王值班", NOW)
    refused = alarms.refuse_false(store, one.id, "李值班", "现场水尺一致", NOW)
    assert (refused.state, refused.is_called_false) == ("acknowledged", False)
    assert alarms.refuse_false(store, one.id, "李值班", "", NOW).version == refused.version
    told = [(event.kind, event.by_name) for event in alarms.events(store, one.id)[1:]]
    assert told == [
        ("false_proposed", "王值班"), ("acknowledged", "王值班"), ("false_refused", "李值班"),
    ]  # fmt: skip


def test_a_rise_in_rank_ends_what_one_person_called_false(store):
    one = opened(store)
    alarms.mark_false(store, one.id, "王值班", "疑似漂移", NOW)
    with changing(store) as connection:
        raising.rerank(connection, alarms.alarm(store, one.id), facts(rank=2, value=12.51))
    assert not alarms.alarm(store, one.id).is_called_false


def test_nobody_acts_without_a_name_and_nothing_is_done_to_an_alarm_that_is_over(store):
    one = opened(store)
    with pytest.raises(NotAllowed, match="须署名"):
        alarms.acknowledge(store, one.id, " ", NOW)
    with changing(store) as connection:
        raising.clear(connection, one, facts(at=NOW + MINUTE, value=10.2))
    with pytest.raises(NotAllowed, match="已解除"):
        alarms.acknowledge(store, one.id, "王值班", NOW)
    with pytest.raises(NotKnown, match="no such alarm"):
        alarms.acknowledge(store, 99, "王值班", NOW)


def test_a_pending_alarm_is_not_acknowledged_before_it_is_raised(store):
    one = opened(store, is_raised=False)
    with pytest.raises(NotAllowed, match="待核实"):
        alarms.acknowledge(store, one.id, "王值班", NOW)
    assert not alarms.alarm(store, one.id).is_loud


def test_a_rise_in_rank_wants_notice_again_also_of_what_was_called_false(store):
    one = opened(store)
    alarms.acknowledge(store, one.id, "王值班", NOW)
    with changing(store) as connection:
        raising.rerank(connection, alarms.alarm(store, one.id), facts(rank=2, value=12.51))
    again = alarms.alarm(store, one.id)
    assert (again.state, again.rank, again.acknowledged_by) == ("raised", 2, None)
    for who in ("王值班", "李值班"):
        alarms.mark_false(store, one.id, who, "疑似漂移", NOW)
    with changing(store) as connection:
        raising.rerank(connection, alarms.alarm(store, one.id), facts(rank=1, value=13.1))
    assert alarms.alarm(store, one.id).is_loud


def test_what_is_shelved_is_shown_and_takes_nothing_until_its_time_has_come(store):
    one = opened(store)
    alarms.shelve(store, FLOOD, one.subject, NOW + 60 * MINUTE, "更换探头", "王值班", NOW)
    (seen,) = alarms.open_alarms(store, NOW)
    assert (seen.shelved_reason, seen.shelved_by, seen.is_loud) == ("更换探头", "王值班", False)
    (later,) = alarms.open_alarms(store, NOW + 61 * MINUTE)
    assert later.is_loud
    assert [shelf.subject for shelf in alarms.shelves(store, NOW)] == [one.subject]
    assert alarms.unshelve(store, FLOOD, one.subject, "王值班", NOW)
    assert not alarms.unshelve(store, FLOOD, one.subject, "王值班", NOW)
    assert alarms.open_alarms(store, NOW)[0].is_loud


def test_an_alarm_above_the_shelved_rank_ends_the_shelf_and_says_so(store):
    one = opened(store, rank=4)
    alarms.shelve(store, FLOOD, one.subject, NOW + 60 * MINUTE, "更换探头", "王值班", NOW)
    with changing(store) as connection:
        raising.rerank(connection, one, facts(rank=1, at=NOW + MINUTE, value=13.1))
    (risen,) = alarms.open_alarms(store, NOW + MINUTE)
    assert (risen.rank, risen.is_loud, risen.shelved_until) == (1, True, None)
    assert alarms.shelves(store, NOW) == []
    told = [(event.kind, event.note) for event in alarms.events(store, one.id)[1:]]
    assert told == [
        ("shelved", "更换探头"), ("unshelved", "报警 Ⅰ 级，高于停用的 Ⅳ 级"), ("rank_up", ""),
    ]  # fmt: skip


def test_a_shelf_holds_for_its_rank_and_below_and_ends_with_the_first_alarm_above(store):
    one = opened(store, rank=3)
    alarms.shelve(store, FLOOD, one.subject, NOW + 60 * MINUTE, "更换探头", "王值班", NOW)
    with changing(store) as connection:
        raising.rerank(connection, one, facts(rank=4))
        raising.rerank(connection, alarms_now(connection), facts(rank=3))
        raising.clear(connection, alarms_now(connection), facts())
    again = opened(store, rank=3)
    assert alarms.open_alarms(store, NOW)[0].shelved_by == "王值班"
    with changing(store) as connection:
        raising.clear(connection, again, facts())
    with changing(store) as connection:
        raising.start(connection, facts(rank=2), is_raised=True, drill_until=NOW + MINUTE)
    assert alarms.shelves(store, NOW)  # a drill touches nothing of it
    pending = opened(store, rank=2, is_raised=False)
    seen = {each.id: each for each in alarms.open_alarms(store, NOW)}[pending.id]
    assert (seen.state, seen.shelved_until) == ("pending", None)  # in sight, and not heard yet
    with changing(store) as connection:
        raising.confirm(connection, pending, facts(rank=2))
    assert alarms.shelves(store, NOW) == []
    assert alarms.alarm(store, pending.id, NOW).is_loud


def test_one_and_two_are_never_shelved_and_a_calm_subject_as_three(store):
    one = opened(store, rank=2)
    with pytest.raises(NotAllowed, match="Ⅰ、Ⅱ 级"):
        alarms.shelve(store, FLOOD, one.subject, NOW + MINUTE, "检修", "王值班", NOW)
    calm = alarms.shelve(store, FLOOD, "3201170002", NOW + MINUTE, "检修", "王值班", NOW)
    assert calm.rank == 3


@pytest.mark.parametrize(
    ("until", "reason", "by", "said"),
    [
        (NOW - MINUTE, "检修", "王值班", "截止时间"),
        (NOW + timedelta(days=31), "检修", "王值班", "30 天以内"),
        (NOW + MINUTE, "", "王值班", "写明原因"),
        (NOW + MINUTE, "检修", "", "署名"),
    ],
)
def test_a_shelf_needs_an_end_a_reason_and_a_name(store, until, reason, by, said):
    with pytest.raises(NotAllowed, match=said):
        alarms.shelve(store, FLOOD, "3201170001", until, reason, by, NOW)
    with pytest.raises(NotKnown, match="kind of alarm"):
        alarms.shelve(store, "thunder", "x", NOW + MINUTE, "检修", "王值班", NOW)


def test_what_people_do_stands_in_the_audit_trail_in_the_same_transaction(store):
    one = opened(store)
    alarms.acknowledge(store, one.id, "王值班", NOW)
    alarms.shelve(store, FLOOD, one.subject, NOW + MINUTE, "检修", "王值班", NOW)
    rows = audit.find(store, 10, who="王值班")
    assert [row.event for row in rows] == ["alarm.shelve", "alarm.acknowledge"]
    assert audit.verify(store) == 2


def test_one_subject_never_has_two_alarms_at_a_time_but_a_drill_beside_the_real_one(store):
    one = opened(store)
    with pytest.raises(Exception, match=r"(?i)unique"):
        opened(store)
    with changing(store) as connection:
        drill_id = raising.start(connection, facts(), is_raised=True, drill_until=NOW + MINUTE)
    drill = alarms.alarm(store, drill_id)
    assert [each.id for each in alarms.open_alarms(store, NOW)] == [one.id, drill.id]
    assert (drill.drill, one.drill) == (True, False)


def test_the_worst_comes_first_and_the_silent_last(store):
    pending = opened(store, subject="p", rank=1, is_raised=False)
    yellow, orange = opened(store, subject="y", rank=3), opened(store, subject="o", rank=2)
    red = opened(store, subject="r", rank=1)
    alarms.acknowledge(store, red.id, "王值班", NOW)
    order = [each.id for each in alarms.open_alarms(store, NOW)]
    assert order == [orange.id, yellow.id, red.id, pending.id]


def test_what_is_over_can_be_read_as_it_went(store):
    one = opened(store, is_raised=False)
    at = NOW
    for step, value in (("confirm", 10.5), ("follow", 10.6), ("clear", 10.2)):
        at += 5 * MINUTE
        with changing(store) as connection:
            known = alarms.alarm(store, one.id)
            getattr(raising, step)(connection, known, facts(at=at, value=value))
    assert alarms.open_alarms(store, at) == []
    assert [each.id for each in alarms.recent(store, at, NOW)] == [one.id]
    told = [(event.kind, event.value) for event in alarms.events(store, one.id)]
    assert told == [("pending", 10.42), ("raised", 10.5), ("reading", 10.6), ("cleared", 10.2)]


def test_a_machine_that_names_a_state_it_does_not_have_is_refused():
    step = Move("x", frozenset({"a"}), "nowhere", frozenset({SYSTEM}))
    with pytest.raises(ValueError, match="nowhere"):
        Machine("m", {"a": "甲"}, {"x": step})


def test_a_desk_offers_what_may_be_done_and_nothing_that_only_the_product_does():
    assert MACHINE.offered("raised") == ["acknowledge", "mark_false", "clear"]
    assert MACHINE.offered("cleared") == []
    with pytest.raises(NotAllowed, match="不能由人工进行"):
        MACHINE.after("pending", "raise", by=PERSON, who="王值班")


@given(moves=st.lists(st.sampled_from(sorted(MACHINE.moves)), max_size=12))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_tried_a_state_is_one_of_five_and_cleared_is_the_end(moves):
    state, was_cleared = "pending", False
    for move in moves:
        by = SYSTEM if SYSTEM in MACHINE.moves[move].by else PERSON
        try:
            state = MACHINE.after(state, move, by=by, who="王", note="因") or state
        except NotAllowed:
            continue
        assert state in MACHINE.states
        assert not (was_cleared and state != "cleared")
        was_cleared = state == "cleared"


def test_every_event_has_a_word_for_people():
    assert {"pending", "raised", "cleared", "withdrawn", "reading", "rank_up"} <= set(EVENTS)
