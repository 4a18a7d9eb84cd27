"""The commands: what they print, how they end, and that only one process writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from config.environment import ROOT
from etl import backup, jobs
from etl.__main__ import main
from etl.jobs import Answer
from etl.lock import Lock
from warehouse.read import Reader

SHEET = "gdbh,slsj,gxsj\nHL1,2026-11-20 08:05:00,2026-11-20 09:00:00\n"


@pytest.fixture(autouse=True)
def installation(configure, blocks, hotline):
    configure(blocks["hotline"].format(url=hotline.url, size=20) + blocks["mediation"])


@pytest.fixture
def say(capsys):
    def run(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out.strip(), said.err.strip()

    return run


def csv(tmp_path: Path, text: str = SHEET, name: str = "export.csv") -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "COMMAND"),
        (["improt"], "invalid choice: 'improt'"),
        (["import", "hotline"], "FILE"),
        (["import", "hotline", "x"], "hotline is not a platform; use hotline_12345, mediation"),
        (["once", "gauge"], "gauge is not a platform; use hotline_12345, mediation"),
        (["backup"], "DIR"),
        (["status", "--jason"], "--jason"),
    ],
)
def test_wrong_words_get_one_sentence_and_exit_2(say, words, said):
    code, out, err = say(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert "\n" not in err


def test_a_file_is_imported_into_the_platforms_own_source_and_published(say, var, tmp_path):
    code, out, _ = say("import", "hotline_12345", csv(tmp_path))
    assert code == 0
    assert out == (
        "export.csv: as hotline_12345, 1 rows in, 1 loaded, 0 unchanged, 0 in quarantine;"
        " published generation 1"
    )
    assert Reader(var).current().number == 1
    code, out, _ = say("import", "hotline_12345", csv(tmp_path))
    assert code == 0
    assert "already loaded as hotline_12345" in out


def test_with_a_source_name_a_file_makes_a_set_apart(say, var, tmp_path):
    code, out, _ = say("import", "hotline_12345", csv(tmp_path), "--source", "trial")
    assert (code, "as trial" in out) == (0, True)
    sources = {state.source: state for state in Reader(var).current().sources}
    assert sources["trial"].own is False
    _, out, _ = say("status", "--json")
    assert json.loads(out)["platforms"][0]["last_success"] is None


@pytest.mark.parametrize(
    ("text", "words", "code", "said"),
    [
        (None, [], 2, "export.csv: cannot be read (No such file or directory)"),
        ("a,b\n1,2\n", [], 2, "no header row found; it should have"),
        ("gdbh,slsj\n", [], 2, "has a header but no rows"),
        (SHEET, ["--source", "weather one"], 2, "weather one cannot name a set"),
        (SHEET, ["--source", "hotline_12345"], 2, "hotline_12345 cannot name a set"),
        (SHEET, ["--mapping", "none.toml"], 2, "none.toml: cannot be read"),
        (SHEET, ["--mapping", "wrong.toml"], 78, "wrong.toml: key = None cannot be used; allowed"),
        (SHEET, ["--mapping", "other.toml"], 78, "other.toml: key = 'mediation' cannot be used"),
    ],
)
def test_a_wrong_import_is_told_in_one_sentence_and_leaves_nothing(
    say, var, tmp_path, monkeypatch, text, words, code, said
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.toml").write_text("a = 1\n".replace("a = 1", ""))
    other = 'key = "mediation"\nsource = "x"\n[fields]\ncase_no = "gdbh"\n'
    (tmp_path / "other.toml").write_text(other)
    file = tmp_path / "export.csv" if text is None else csv(tmp_path, text)
    found, out, err = say("import", "hotline_12345", file, *words)
    assert (found, out) == (code, "")
    assert said in err
    assert "\n" not in err
    assert not list((var / "raw").glob("*/*/*"))
    assert Reader(var).current() is None


def test_a_mended_mapping_takes_the_place_of_the_one_before(say, var, tmp_path):
    text = 'key = "hotline_12345"\nsource = "trial"\n[fields]\norder_no = "No"\n'
    mapping = tmp_path / "m.toml"
    file = csv(tmp_path, "No,Opened,Closed\nA1,2026-01-02,2026-01-05\nA2,2026-01-03,\n")
    mapping.write_text(text + 'received_at = "Closed"\n')
    assert (
        "1 loaded, 0 unchanged, 1 in quarantine (缺受理时间 1)"
        in say("import", "hotline_12345", file, "--mapping", mapping)[1]
    )
    mapping.write_text(text + 'received_at = "Opened"\nclosed_at = "Closed"\n')
    assert (
        "2 loaded, 0 unchanged, 0 in quarantine"
        in say("import", "hotline_12345", file, "--mapping", mapping)[1]
    )
    code, out, _ = say("rebuild")
    assert (code, "2 rows in, 2 loaded" in out) == (0, True)


def test_once_asks_every_platform_and_the_others_go_on_when_one_fails(
    say, hotline, make_order, monkeypatch
):
    hotline.records = [make_order(1, "2026-11-20T10:00:00")]
    code, out, err = say("once")
    assert code == 0
    assert "hotline_12345: 3 rows in, 3 loaded" in out
    assert "mediation: 0 rows in" in out
    monkeypatch.setenv("HOTLINE_TOKEN", "wrong")
    code, out, err = say("once")
    assert code == 78
    assert "mediation: 0 rows in" in out
    assert err == "hotline_12345: HTTP 401: the platform does not accept our token"
    _, out, _ = say("status", "--json")
    states = {each["key"]: each for each in json.loads(out)["platforms"]}
    assert states["hotline_12345"]["state"] == "failed"
    assert "令牌" in states["hotline_12345"]["hint"]


def test_status_gives_each_platform_as_agreed(say):
    code, out, _ = say("status", "--json")
    assert code == 0
    for each in json.loads(out)["platforms"]:
        assert list(each) == [
            "key", "name", "state", "last_success", "age_s", "limit_s", "rows_today",
            "quarantined", "hint",
        ]  # fmt: skip
    code, out, _ = say("status")
    assert (code, len(out.splitlines())) == (0, 2)


def test_a_wrong_setting_ends_with_78_and_names_file_and_key(say, configure, blocks, hotline):
    configure(blocks["hotline"].format(url=hotline.url, size=0))
    code, _, err = say("once")
    assert code == 78
    assert "platforms.toml: hotline_12345.rest.size = 0 cannot be used; allowed: 1 to 10000" in err


def test_a_second_etl_ends_with_75_at_once(say, var):
    holder = Lock(var)
    assert holder.take()
    code, _, err = say("run")
    assert code == 75
    assert f"process {os.getpid()}" in err
    code, _, err = say("restore", var)
    assert (code, "stop it first" in err) == (75, True)
    holder.give_back()
    assert Lock(var).take()


def test_a_lock_ends_with_the_process_that_held_it(var):
    program = "import sys; from pathlib import Path; from etl.lock import Lock;"
    program += "Lock(Path(sys.argv[1])).take(); print('held', flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(var)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline() == b"held\n"
    assert not Lock(var).take()
    holder.kill()
    holder.communicate()
    assert Lock(var).take()


def test_a_command_without_the_lock_is_done_by_the_running_etl(say, var, tmp_path, place):
    from etl.__main__ import _job

    holder = Lock(var)
    assert holder.take()
    at = place()
    at.mend()
    ended = threading.Event()

    def serve() -> None:
        while not ended.wait(0.05):
            jobs.work(var, lambda words: _job(at, words))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        code, out, _ = say("import", "hotline_12345", csv(tmp_path))
        assert (code, "1 loaded" in out) == (0, True)
        code, _, err = say("import", "hotline_12345", csv(tmp_path, "a\n1\n", "bad.csv"))
        assert (code, "no header row found" in err) == (2, True)
    finally:
        ended.set()
        thread.join()
        holder.give_back()
    assert list(jobs.folder(var).iterdir()) == []


def test_a_job_of_an_etl_that_died_is_taken_back_and_done_here(var):
    job = jobs.leave(var, ["rebuild"])
    assert jobs.wait(job, lambda: True) is None
    assert not job.exists()


def test_a_job_under_way_at_a_sudden_end_is_done_after_the_start(var):
    job = jobs.leave(var, ["rebuild"])
    job.replace(job.with_suffix(".taken"))
    jobs.clear(var)
    said = []
    jobs.work(var, lambda words: said.append(words) or Answer(0))
    assert said == [["rebuild"]]


def test_a_backup_comes_back_whole_on_another_machine(say, var, tmp_path, monkeypatch):
    for number in range(3):
        text = SHEET.replace("HL1", f"HL{number}")
        say("import", "hotline_12345", csv(tmp_path, text, f"{number}.csv"))
    issued = var / "issued" / "weekly" / "2026-W47" / "1.json"
    issued.parent.mkdir(parents=True)
    issued.write_text("{}")
    pictures = "raw/hotline_12345/pictures"
    (var / pictures / "3201170001").mkdir(parents=True)
    names = [
        f"{pictures}/{each}" for each in ("3201170001/a.jpg", "3201170001/b.png", "index.jsonl")
    ]
    for name in names:
        (var / name).write_bytes(b"picture")
    target = tmp_path / "backup"
    code, out, _ = say("backup", target)
    assert code == 0, out
    code, _, err = say("backup", target)
    assert (code, "is not empty" in err) == (2, True)
    assert not (target / "raw" / "hotline_12345" / "segments").exists()
    other = tmp_path / "other"
    monkeypatch.setenv("HONGLAN_VAR", str(other))
    code, out, err = say("restore", target, "--verify")
    assert code == 0, err
    assert "verified: rebuilt from raw, no row is missing" in out
    from cases import vault
    from cases.store import open_store

    assert vault.count(open_store()) == vault.count(open_store(f"sqlite:///{var}/cases.sqlite3"))
    assert (other / "issued" / "weekly" / "2026-W47" / "1.json").read_text() == "{}"
    assert [(other / name).read_bytes() for name in names] == [b"picture"] * 3
    assert Reader(other).current().number >= 3
    _, out, _ = say("import", "hotline_12345", tmp_path / "0.csv")
    assert "already loaded" in out


def test_a_backup_made_while_others_write_is_consistent(say, var, tmp_path, place):
    at = place()
    at.mend()
    ended = threading.Event()

    def write() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            payload = SHEET.replace("HL1", f"HL{number}").encode()
            at.loader.take("hotline_12345", payload, ext="csv", source="hotline_12345")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            backup.backup(var, at.store, tmp_path / f"backup{number}")
    finally:
        ended.set()
        writer.join()
    for number in range(3):
        backup.check(tmp_path / f"backup{number}")


@pytest.mark.parametrize("damage", ["changed", "missing", "no index"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(say, var, tmp_path, damage):
    say("import", "hotline_12345", csv(tmp_path))
    target = tmp_path / "backup"
    say("backup", target)
    if damage == "no index":
        (target / "backup.json").unlink()
    else:
        file = next((target / "raw").rglob("*.gz"))
        file.unlink() if damage == "missing" else file.write_bytes(b"x")
    before = sorted(str(p) for p in var.rglob("*"))
    code, _, err = say("restore", target)
    assert code == 2
    assert str(target) in err
    assert "\n" not in err
    assert sorted(str(p) for p in var.rglob("*")) == before


def test_a_command_prints_nothing_but_its_answer(var, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "etl", "import", "hotline_12345", str(csv(tmp_path))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""
