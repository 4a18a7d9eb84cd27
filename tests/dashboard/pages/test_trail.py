"""The trail names platforms, metrics and columns as people call them."""

import json

import pytest

from dashboard.pages.admin import trail_words

LABELS = {"hotline_order": {"caller_name": "诉求人", "caller_phone": "联系电话"}}


@pytest.fixture
def names(served):
    served.town.labels = lambda fact: LABELS.get(fact, {})
    return trail_words.names_of(served.data)


def told(names, event, subject, **detail):
    text = json.dumps(detail)
    return (
        trail_words.subject(event, subject, names),
        trail_words.detail(event, subject, text, names),
    )


def test_an_opened_row_is_told_by_platform_number_and_the_columns_that_were_seen(names):
    about, detail = told(
        names, "reveal", "demo:hotline_12345/hotline_order/NJ1",
        reason="核实 ok", columns=["caller_name", "caller_phone"],
    )  # fmt: skip
    assert about == "12345热线 NJ1"
    assert detail == "事由 核实 ok；栏 诉求人、联系电话"


def test_an_export_is_told_by_the_name_of_its_metric_and_its_filtered_columns(names):
    about, detail = told(names, "export", "hotline_received", rows=3, filters=["community"])
    assert (about, detail) == ("热线受理量", "行数 3；筛选栏 社区（村）")


def test_the_address_of_a_report_stands_in_no_list(names):
    about, _ = told(names, "report_made", "A" * 43, period="2026-W47")
    assert "A" * 9 not in about
