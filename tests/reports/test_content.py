import dataclasses

import pytest

from dashboard.reports.content import Cell, Report, from_json, to_json


def test_a_report_comes_back_from_json_as_it_went(report):
    assert from_json(to_json(report)) == report


def test_equal_reports_give_equal_bytes(report):
    assert to_json(report) == to_json(from_json(to_json(report)))


def test_a_report_cannot_be_changed(report):
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.title = "另一个"


def test_the_first_sentence_is_what_the_text_begins_with(report):
    assert report.first_sentence.startswith("本周共受理市民诉求66件")
    assert report.first_sentence.endswith("。")


def test_a_cell_without_a_number_stays_a_text():
    assert Cell("3/4").number is None


def test_what_is_not_a_report_is_refused():
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_json('{"kind": "weekly"}')
    assert dataclasses.is_dataclass(Report)
