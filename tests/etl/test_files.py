"""Files dropped into a folder: taken when whole, put away when done."""

from __future__ import annotations

import os

import pytest

from etl.transports import files
from etl.transports.files import Folder


def drop(folder, name: str, content: bytes = b"x", age_s: float = 60.0):
    path = folder / name
    path.write_bytes(content)
    stamp = path.stat().st_mtime - age_s
    os.utime(path, (stamp, stamp))
    return path


def names(folder: Folder) -> list[str]:
    return [each.name for each in folder.finished()]


def test_finished_files_come_oldest_first(tmp_path):
    drop(tmp_path, "new.csv", age_s=60)
    drop(tmp_path, "old.csv", age_s=90)
    assert names(Folder("mediation", str(tmp_path))) == ["old.csv", "new.csv"]


def test_a_file_that_is_still_growing_is_left_alone(tmp_path, monkeypatch):
    moment = [100.0]
    monkeypatch.setattr(files.time, "monotonic", lambda: moment[0])
    folder = Folder("mediation", str(tmp_path))
    drop(tmp_path, "a.xlsx", b"1", age_s=0)
    assert names(folder) == []
    moment[0] += 2
    drop(tmp_path, "a.xlsx", b"12", age_s=0)
    assert names(folder) == []
    moment[0] += 2
    assert names(folder) == ["a.xlsx"]


@pytest.mark.parametrize("name", ["a.xlsx.part", ".a.xlsx", "~$a.xlsx", "a.tmp"])
def test_a_file_under_a_name_of_work_is_never_taken(tmp_path, name):
    drop(tmp_path, name)
    assert names(Folder("mediation", str(tmp_path))) == []


def test_a_link_and_a_folder_are_no_files(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.csv").symlink_to("/etc/passwd")
    assert names(Folder("mediation", str(tmp_path))) == []


def test_only_the_names_that_were_agreed_are_taken(tmp_path):
    drop(tmp_path, "a.xlsx")
    drop(tmp_path, "b.csv")
    assert names(Folder("mediation", str(tmp_path), "*.xlsx")) == ["a.xlsx"]


def test_done_and_refused_files_go_out_of_the_way_and_never_over_each_other(tmp_path):
    folder = Folder("mediation", str(tmp_path))
    for content in (b"1", b"2"):
        folder.done(str(drop(tmp_path, "a.xlsx", content)))
    folder.refuse(str(drop(tmp_path, "b.xlsx")), "no header row found")
    assert sorted(p.name for p in (tmp_path / "done").iterdir()) == ["2-a.xlsx", "a.xlsx"]
    said = (tmp_path / "refused" / "b.xlsx.txt").read_text()
    assert said == "no header row found\n"
    assert names(folder) == []


def test_a_folder_that_is_not_there_holds_nothing(tmp_path):
    assert names(Folder("mediation", str(tmp_path / "none"))) == []


def test_a_file_too_big_is_put_aside_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_FILE", 3)
    drop(tmp_path, "big.csv", b"12345")
    folder = Folder("mediation", str(tmp_path))
    with pytest.raises(files.Refused, match=r"big\.csv is larger"):
        names(folder)
    assert (tmp_path / "refused" / "big.csv").exists()
