"""Run every test: the quick ones first, the browser and fault tests after, the warehouse twice.

Prints how many tests were left out because the real data folder is absent, and ends with one
line of totals. `python -m tests` takes no words; use pytest directly for a choice.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLD_DUCKDB = ROOT / ".venv" / "duckdb-1.5.6"
WEEK = "tests/demo/test_dirty_week.py"
Round = tuple[str, list[str], dict[str, str]]
SLOW = "(fault or slow) and not browser"
APART = [  # these wait for no first load
    "tests/attacks/test_script.py",
    *(f"tests/browser/test_{name}.py" for name in ("kiosk", "pairing", "takeover", "tls")),
    "tests/browser/test_wall_faults.py",
]
OURS = [  # what our own code decides above the engine, whichever that is
    f"--ignore=tests/warehouse/test_{name}.py" for name in ("scope", "definitions", "commands")
]
WHOLE = ["--dist", "worksteal"]  # what a file of tests shares is made once, not by each worker
QUICK: Round = ("quick", ["-n", "2", *WHOLE, "-m", "not browser and not fault and not slow"], {})
FAULTS: Round = (
    "slow and faults",
    ["-n", "3", "--dist", "loadfile", "-m", SLOW, f"--ignore={WEEK}"],
    {},
)
DIRTY: Round = ("a dirty week, whose books are printed", [WEEK], {})
BROWSER: Round = ("browser", ["-m", "browser", *(f"--ignore={each}" for each in APART)], {})
SMALL: Round = ("browser, with a small product of its own", ["-m", "browser", *APART], {})
OLD: Round = (
    "warehouse on duckdb 1.5.6",
    ["tests/warehouse", *OURS],
    {"PYTHONPATH": str(OLD_DUCKDB)},
)
# one stage after the other; the lanes of a stage side by side, since they mostly wait
STAGES: list[list[list[Round]]] = [[[QUICK]], [[FAULTS], [DIRTY, OLD]], [[BROWSER], [SMALL]]]


def main() -> int:
    """Exit 0 when every round passed."""
    totals = {"passed": 0, "failed": 0, "error": 0, "skipped": 0}
    code = 0
    for lanes in STAGES:
        with ThreadPoolExecutor(len(lanes)) as pool:
            told = [
                each for lane in pool.map(lambda lane: [*map(run, lane)], lanes) for each in lane
            ]
        for name, ended, text in told:
            code = ended or code
            print(f"== {name}\n{text}", flush=True)
            last = text.strip().splitlines()[-1] if text.strip() else ""
            for count, word in re.findall(r"(\d+) (passed|failed|error|skipped)", last):
                totals[word] += int(count)
    print(f"left out for want of the real data folder or a server: {totals['skipped']}")
    failed = totals["failed"] + totals["error"]
    print(f"{totals['passed']} passed, {failed} failed, {totals['skipped']} skipped")
    return code


def run(one: Round) -> tuple[str, int, str]:
    """One round of pytest in a process of its own: its name, its code and what it said."""
    name, words, extra = one
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rs", "--durations=12", *words],
        cwd=ROOT,
        env=os.environ | extra,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return name, done.returncode, done.stdout


if __name__ == "__main__":
    sys.exit(main())
