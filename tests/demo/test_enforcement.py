"""Penalty cases: as many as thirteen officers can open, on time, behind a token, read by ours."""

from datetime import date, datetime, timedelta

import pytest

from config import clock
from config.platforms import load_platforms
from demo.penalties import SPAN, cases_on
from tests.demo.readers import ask, days, door, rows

TOKEN, LIST = "/enforcement/oauth/token", "/enforcement/openapi/case/list"
ASKED = {"grant_type": "client_credentials"}


@pytest.fixture
def app(var, town, monkeypatch):
    monkeypatch.setenv("ENFORCEMENT_SECRET", "the word")
    return door(town, "enforcement")


def token(app, word="the word"):
    client = load_platforms()["enforcement"].options["client_id"]
    from httpx import BasicAuth

    return ask(app, TOKEN, method="POST", data=ASKED, auth=BasicAuth(client, word))


def test_one_to_five_cases_a_day_and_nearly_all_decided_within_ninety_days(town):
    lives = [life for day in days(date(2026, 1, 5), 120) for life in cases_on(town, day)]
    assert lives == [life for day in days(date(2026, 1, 5), 120) for life in cases_on(town, day)]
    assert 1 <= len(lives) / 120 <= 5
    ends = [life.row(datetime(2027, 6, 1)) for life in lives]
    full = [row for row in ends if row["cxlx"] == "2" and row.get("jdsj")]
    in_time = sum(row["jdsj"].date() <= row["jdqx"] for row in full)
    assert 0.85 < in_time / len(full) <= 1
    for row in ends:
        if row["cxlx"] == "1":
            assert row.get("fkje", 0) <= (200 if row["dsrlx"] == "1" else 3000)
    contested = [row["fyss"] for row in ends if row["fyss"] != "0"]
    assert 0 < len(contested) < 0.1 * len(ends) and {"1", "2", "3", "4"} >= set(contested)
    assert all(row.get("jdsj") for row in ends if row["fyss"] != "0")
    handed = [row for row in ends if row["ajzt"] == "91"]
    assert handed and all(row["cljg"] == "5" and not row.get("jdsj") for row in handed)
    for life in lives:
        assert life.steps[-1].at - life.steps[0].at < timedelta(days=SPAN)


def test_without_a_token_nothing_is_told_and_a_wrong_word_gets_none(app, now):
    with clock.frozen(now):
        assert ask(app, LIST).status_code == 401
    assert token(app, "another").status_code == 401
    assert ask(app, TOKEN, method="POST", data={"grant_type": "password"}).status_code == 400


def test_the_products_reader_takes_every_case_and_step(app, now):
    given = token(app).json()
    assert given["token_type"] == "Bearer"
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    with clock.frozen(now):
        answer = ask(app, LIST, {"gxsjq": "2026-09-01T00:00:00", "pageSize": "500"}, headers)
    found = rows("enforcement", answer.content)
    cases, steps = found["enforcement_case"], found["enforcement_step"]
    assert len(cases) == answer.json()["data"]["total"] > 150
    assert len(steps) > 2 * len(cases)
    assert all(int(row["officer_count"]) >= 2 for row in cases)
    by_case = {}
    for step in steps:
        by_case.setdefault(step["case_no"], []).append(int(step["seq"]))
        assert step["occurred_at"] <= now.isoformat()
    assert all(seqs == list(range(1, len(seqs) + 1)) for seqs in by_case.values())
