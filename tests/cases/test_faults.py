"""Every kind of trouble has its words, and every error of the ETL names its kind."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest

from cases import quarantine, runs
from cases.faults import ENGINEER, FAULTS, NOBODY, OWNER, Fault, told
from cases.hint import hint
from config.platforms import load_platforms

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"EtlError", "Retryable", "Refused", "Unaccepted", "BadRecord", "Damaged"}
LATIN = re.compile(r"[A-Za-z]{2,}")
WORDS_THEY_KNOW = {"UTF", "GB"}  # names of encodings, as they stand in every office program


def calls(room: str):
    for file in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
                yield f"{file.relative_to(ROOT)}:{node.lineno}", name, node


@pytest.mark.parametrize("fault", list(Fault))
def test_every_kind_says_in_chinese_what_it_means_what_to_do_and_who_does_it(fault):
    said = FAULTS[fault]
    for sentence in (said.means, said.todo):
        assert re.search("[一-龥]{3}", sentence)
        assert set(LATIN.findall(sentence)) <= WORDS_THEY_KNOW
        assert not sentence.endswith(("。", "；"))
    assert said.who in (OWNER, ENGINEER, NOBODY)


def test_there_are_no_words_for_kinds_that_nothing_raises():
    source = "".join(
        file.read_text(encoding="utf-8")
        for room in ("etl", "cases")
        for file in (ROOT / room).rglob("*.py")
        if file.name != "faults.py"
    )
    assert {f"Fault.{fault.name}" for fault in Fault} <= set(re.findall(r"Fault\.\w+", source))


def test_every_error_that_the_etl_raises_names_its_kind():
    made = [(where, node) for where, name, node in calls("etl") if name in KINDS]
    assert len(made) > 100
    unnamed = [
        where for where, node in made if not any(word.arg == "fault" for word in node.keywords)
    ]
    assert unnamed == []


def test_every_kind_of_run_has_a_name():
    used = set()
    for _, name, node in calls("etl"):
        if name in ("turn", "run", "_apart") or (name == "start" and len(node.args) == 3):
            used |= {
                each.value
                for each in node.args
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            }
    assert {"poll", "files", "stream", "listen", "import", "backfill", "totals"} <= used
    assert used <= set(runs.KINDS)


def test_a_word_that_an_older_or_newer_version_kept_is_not_an_error():
    assert told("melted") == told(None) == FAULTS[Fault.UNKNOWN]


def test_a_failed_platform_says_whom_to_ring_only_where_they_can_help():
    platform = load_platforms()["hotline_12345"]
    theirs = hint(platform, "failed", timedelta(0), Fault.UNACCEPTED)
    ours = hint(platform, "failed", timedelta(0), Fault.DISK_FULL)
    assert platform.owner in theirs and platform.owner not in ours
    assert "磁盘" in ours


@pytest.mark.parametrize(
    "reason",
    ["整批漂移", "整份读不懂", "整列缺失：标题", "读不懂：金额", "缺主键：编号", "办结早于受理"],
)
def test_every_reason_of_quarantine_has_something_to_do(reason):
    assert re.search("请.*(回放|重传)", quarantine.advice(reason))
