import types
from datetime import datetime

import pytest

from config import clock
from dashboard.reports import command, making, xlsx
from dashboard.reports.content import to_json
from dashboard.reports.errors import NotReady, ReportFailed, UnknownReport
from warehouse.errors import NoSnapshot


@pytest.fixture
def state(tmp_path, monkeypatch):
    """A state folder of its own and a Monday to work on."""
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path / "var"))
    with clock.frozen(datetime(2026, 9, 28, 9)):
        yield tmp_path


@pytest.fixture
def quick(state, figures, monkeypatch):
    """The command with the figures of the example week instead of a warehouse."""
    data = types.SimpleNamespace(reader=types.SimpleNamespace(current=lambda: None))
    monkeypatch.setattr(command, "data", lambda: data)
    asked = []

    def collect(_data, period):
        asked.append(period.key)
        return figures

    monkeypatch.setattr(making, "collect", collect)
    return types.SimpleNamespace(folder=state, asked=asked, data=data)


def test_three_files_are_made_and_named(quick, capsys):
    out = quick.folder / "out"
    assert command.main(["--period", "2026-W39", "--out", str(out)]) == 0
    names = ["weekly-2026-W39.docx", "weekly-2026-W39.pdf", "weekly-2026-W39.xlsx"]
    assert sorted(path.name for path in out.iterdir()) == names
    assert capsys.readouterr().out.splitlines() == [str(out / name) for name in names]


def test_only_the_formats_asked_for_are_made(quick):
    out = quick.folder / "out"
    assert command.main(["--period", "2026-W39", "--format", "xlsx", "--out", str(out)]) == 0
    assert [path.suffix for path in out.iterdir()] == [".xlsx"]


def test_without_a_period_the_last_finished_week_is_taken(quick):
    assert command.main(["--format", "xlsx", "--out", str(quick.folder)]) == 0
    assert quick.asked == ["2026-W39"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--period", "2026-W60"], "2026-W60"),
        (["--period", "naechste Woche"], "naechste Woche"),
        (["--period", "2026-11"], "2026-W47 or 2026-W47-fri"),
        (["--format", "odt"], "docx, pdf, xlsx"),
        (["--format", ","], "docx, pdf, xlsx"),
        (["--kind", "monthly"], "weekly"),
        (["--colour", "red"], "--colour"),
    ],
)
def test_a_wrong_word_is_told_in_one_sentence(quick, capsys, words, named):
    assert command.main([*words, "--out", str(quick.folder / "out")]) == 2
    said = capsys.readouterr().err
    assert named in said
    assert said.count("\n") == 1
    assert "Traceback" not in said
    assert not (quick.folder / "out").exists()


def test_a_folder_that_cannot_be_written_is_told(quick, capsys):
    file = quick.folder / "file"
    file.write_text("x", encoding="utf-8")
    assert command.main(["--format", "xlsx", "--out", str(file / "below")]) == 2
    assert str(file / "below") in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotReady("later"), 75),
        (NoSnapshot(), 75),
        (ReportFailed("bad"), 78),
        (UnknownReport("no"), 2),
    ],
)
def test_exit_codes_say_what_to_do(quick, monkeypatch, error, code):
    def fail(*_args):
        raise error

    monkeypatch.setattr(making, "collect", fail)
    assert command.main(["--period", "2026-W39", "--out", str(quick.folder)]) == code


def test_nothing_is_left_behind_when_one_format_fails(quick, monkeypatch):
    def fail(_report):
        raise ReportFailed("the PDF cannot be set")

    monkeypatch.setattr(making, "RENDERERS", {"xlsx": xlsx.render, "pdf": fail})
    out = quick.folder / "out"
    assert command.main(["--format", "xlsx,pdf", "--out", str(out)]) == 78
    assert not out.exists()


def test_a_week_with_gaps_stays_a_draft_until_it_is_issued(quick):
    issued = quick.folder / "var" / "issued" / "weekly" / "2026-W39"
    period = making.periods.parse("2026-W39", clock.today())
    assert making.weekly(quick.data, period).draft
    assert not issued.exists()
    assert not making.weekly(quick.data, period, issue_now=True).draft
    assert [path.name for path in issued.iterdir()] == ["1.json"]


def test_an_issued_week_is_not_read_again(quick):
    period = making.periods.parse("2026-W39", clock.today())
    first = making.weekly(quick.data, period, issue_now=True)
    asked = len(quick.asked)
    assert to_json(making.weekly(quick.data, period)) == to_json(first)
    assert len(quick.asked) == asked


def test_a_report_is_refused_while_the_first_load_goes_on(quick, monkeypatch):
    waiting = [types.SimpleNamespace(key="gauge", phase="载入中")]
    monkeypatch.setattr(making, "first_load", lambda *_: waiting)
    data = types.SimpleNamespace(
        reader=types.SimpleNamespace(current=lambda: object()), store=None, platforms={}
    )
    period = making.periods.parse("2026-W39", clock.today())
    with pytest.raises(NotReady, match=r"first load is still going on \(gauge\)"):
        making.weekly(data, period)
