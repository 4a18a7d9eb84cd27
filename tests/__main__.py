"""Run every test: the quick ones first, the browser and fault tests after, the warehouse twice.

Prints how many tests were left out because the real data folder is absent, and ends with one
line of totals. `python -m tests` takes no words; use pytest directly for a choice.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLD_DUCKDB = ROOT / ".venv" / "duckdb-1.5.6"
WEEK = "tests/demo/test_dirty_week.py"
ROUNDS: list[tuple[str, list[str], dict[str, str]]] = [
    ("quick", ["-n", "2", "-m", "not browser and not fault and not slow"], {}),
    ("warehouse on duckdb 1.5.6", ["tests/warehouse"], {"PYTHONPATH": str(OLD_DUCKDB)}),
    (
        "slow and faults",
        [
            "-n",
            "2",
            "--dist",
            "loadfile",
            "-m",
            "(fault or slow) and not browser",
            f"--ignore={WEEK}",
        ],
        {},
    ),
    ("a dirty week, whose books are printed", [WEEK], {}),
    ("browser", ["-m", "browser"], {}),
]


def main() -> int:
    """Exit 0 when every round passed."""
    totals = {"passed": 0, "failed": 0, "error": 0, "skipped": 0}
    code = 0
    for name, words, extra in ROUNDS:
        print(f"== {name}", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-rs", *words],
            cwd=ROOT,
            env=os.environ | extra,
            stdout=subprocess.PIPE,
            text=True,
        )
        print(done.stdout, flush=True)
        code = code or done.returncode
        last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
        for count, word in re.findall(r"(\d+) (passed|failed|error|skipped)", last):
            totals[word] += int(count)
    print(f"left out for want of the real data folder or a server: {totals['skipped']}")
    failed = totals["failed"] + totals["error"]
    print(f"{totals['passed']} passed, {failed} failed, {totals['skipped']} skipped")
    return code


if __name__ == "__main__":
    sys.exit(main())
