from dataclasses import replace

import pytest

from dashboard.reports.content import to_json
from dashboard.reports.errors import ReportFailed
from dashboard.reports.issue import issue, issued
from etl import backup


def test_an_issue_stays_as_it_was_first_made(tmp_path, report):
    assert issued(tmp_path, "weekly", report.period) is None
    first = issue(tmp_path, report)
    assert to_json(issued(tmp_path, "weekly", report.period)) == to_json(first) == to_json(report)


def test_a_new_issue_is_marked_and_the_old_one_is_kept(tmp_path, report):
    issue(tmp_path, report)
    again = issue(tmp_path, replace(report, generation=8))
    assert again.revision == 2
    assert again.issue == "第39期（总第143期）（更正）"
    folder = tmp_path / "issued" / "weekly" / report.period
    assert sorted(path.name for path in folder.iterdir()) == ["1.json", "2.json"]
    assert issued(tmp_path, "weekly", report.period) == again


def test_an_issue_is_readable_by_its_owner_only(tmp_path, report):
    issue(tmp_path, report)
    file = tmp_path / "issued" / "weekly" / report.period / "1.json"
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_damaged_issue_is_named(tmp_path, report):
    issue(tmp_path, report)
    file = tmp_path / "issued" / "weekly" / report.period / "1.json"
    file.write_text('{"kind": 1}', encoding="utf-8")
    with pytest.raises(ReportFailed, match=r"1\.json"):
        issued(tmp_path, "weekly", report.period)


def test_issues_go_into_every_backup(tmp_path, report):
    issue(tmp_path, report)
    names = [name for _, name in backup._sources(tmp_path)]
    assert f"issued/weekly/{report.period}/1.json" in names
