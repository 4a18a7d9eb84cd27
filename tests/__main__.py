"""Run every test: the quick ones first, the browser and fault tests after, the warehouse twice.

Prints how many tests were left out because the real data folder is absent, and ends with one
line of totals. `python -m tests` takes no words; use pytest directly for a choice.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

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
ROUNDS: list[list[Round]] = [  # those of one list run side by side: they mostly wait
    [("quick", ["-n", "2", *WHOLE, "-m", "not browser and not fault and not slow"], {})],
    [
        ("slow and faults", ["-n", "2", "--dist", "loadfile", "-m", SLOW, f"--ignore={WEEK}"], {}),
        ("a dirty week, whose books are printed", [WEEK], {}),
        ("warehouse on duckdb 1.5.6", ["tests/warehouse", *OURS], {"PYTHONPATH": str(OLD_DUCKDB)}),
    ],
    [
        ("browser", ["-m", "browser", *(f"--ignore={each}" for each in APART)], {}),
        ("browser, with a small product of its own", ["-m", "browser", *APART], {}),
    ],
]


def main() -> int:
    """Exit 0 when every round passed."""
    totals = {"passed": 0, "failed": 0, "error": 0, "skipped": 0}
    code = 0
    for rounds in ROUNDS:
        for name, out, running in [(name, *begin(words, extra)) for name, words, extra in rounds]:
            code = running.wait() or code
            out.seek(0)
            told = out.read()
            out.close()
            print(f"== {name}\n{told}", flush=True)
            last = told.strip().splitlines()[-1] if told.strip() else ""
            for count, word in re.findall(r"(\d+) (passed|failed|error|skipped)", last):
                totals[word] += int(count)
    print(f"left out for want of the real data folder or a server: {totals['skipped']}")
    failed = totals["failed"] + totals["error"]
    print(f"{totals['passed']} passed, {failed} failed, {totals['skipped']} skipped")
    return code


def begin(words: list[str], extra: dict[str, str]) -> tuple[IO[str], subprocess.Popen[bytes]]:
    """One round of pytest in a process of its own, and the file it writes to."""
    out = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed once it is read
    running = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-rs", *words],
        cwd=ROOT,
        env=os.environ | extra,
        stdout=out,
    )
    return out, running


if __name__ == "__main__":
    sys.exit(main())
