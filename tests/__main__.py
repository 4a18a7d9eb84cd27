"""Run every test: the quick ones first, slow ones and faults, the browser, the warehouse twice.

Prints how long each round took and how much of a processor, how many tests were left out because
the real data folder is absent, and ends with one line of totals. `python -m tests` takes no words;
use pytest directly for a choice.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLD_DUCKDB = ROOT / ".venv" / "duckdb-1.5.6"
GIVES_WAY = 5  # as nice(1) counts
WEEK = "tests/demo/test_dirty_week.py"
LONGEST = ("tests/etl/test_failpoints.py", "tests/etl/test_kill.py")  # so they are first
Round = tuple[str, list[str], dict[str, str]]
Lane = tuple[int, Round]  # how far the round gives way to what goes on beside it
# a run starts hundreds of processes: what one has compiled the next one need not compile again
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
OURS = [  # what our own code decides above the engine, whichever that is
    f"--ignore=tests/warehouse/test_{name}.py"
    for name in ("scope", "definitions", "commands", "turns")
]
TESTS = ["pytest", "-rs", "--durations=12"]
IN_ORDER = ["--dist", "loadfile", "--no-loadscope-reorder"]
WHOLE = ["--dist", "worksteal"]  # what a file of tests shares is made once, not by each worker


def stages(filled: Path) -> list[list[Lane]]:
    """One after the other; the lanes of a stage side by side, where they mostly wait.

    The quick tests come first: they find most of what is wrong. A browser and what it looks at
    wait for each other; the engine's tests, which only compute, take the time they leave.
    """
    quick = [*TESTS, "-n", "2", *WHOLE, "-m", "not browser and not fault and not slow"]
    slow = sorted(marked("fault", "slow"), key=lambda file: file not in LONGEST)
    slow.remove(WEEK)
    faults = [*TESTS, "-n", "2", *IN_ORDER, "-m", "(fault or slow) and not browser", *slow]
    browser = [*TESTS, "-n", "2", *WHOLE, "-m", "browser", *marked("browser")]
    old = [*TESTS, "tests/warehouse", *OURS]
    return [
        [
            (0, ("quick", quick, {})),
            (0, ("first load of the demo town", ["tests.browser.product", str(filled)], {})),
        ],
        [
            (0, ("slow and faults", faults, {})),
            (0, ("a dirty week, whose books are printed", [*TESTS, WEEK], {})),
        ],
        [
            (0, ("browser", browser, {"HONGLAN_FILLED": str(filled)})),
            (GIVES_WAY, ("warehouse on duckdb 1.5.6", old, {"PYTHONPATH": str(OLD_DUCKDB)})),
        ],
    ]


def marked(*marks: str) -> list[str]:
    """The files that bear one of the marks, so that a round need not read all the others."""
    bears = re.compile(rf"mark\.({'|'.join(marks)})\b")
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(each.relative_to(ROOT)) for each in files if bears.search(each.read_text("utf-8"))]


def main() -> int:
    """Exit 0 when every round passed."""
    totals = Counter[str]()
    codes: list[int] = []
    tells = threading.Lock()

    def walk(lane: Lane) -> None:
        gives_way, one = lane
        code, text = run(one, gives_way)
        last = " ".join(text.strip().splitlines()[-2:])
        with tells:
            print(f"== {one[0]}\n{text}", flush=True)
            codes.append(code)
            for count, word in re.findall(r"(\d+) (passed|failed|error|skipped)", last):
                totals[word] += int(count)

    with tempfile.TemporaryDirectory(prefix="honglan-tests-") as folder:
        for side_by_side in stages(Path(folder) / "filled"):
            with ThreadPoolExecutor(len(side_by_side)) as pool:
                list(pool.map(walk, side_by_side))
    print(f"left out for want of the real data folder or a server: {totals['skipped']}")
    failed = totals["failed"] + totals["error"]
    print(f"{totals['passed']} passed, {failed} failed, {totals['skipped']} skipped")
    return max(codes, key=abs)


def run(one: Round, gives_way: int) -> tuple[int, str]:
    """One round in a process of its own: its code and what it said."""
    _, words, extra = one
    began = time.monotonic()
    process = subprocess.Popen(
        ["nice", "-n", str(gives_way), sys.executable, "-m", *words],
        cwd=ROOT,
        env=os.environ | COMPILED | extra,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)  # with all the processes it has started itself
    process.returncode = os.waitstatus_to_exitcode(status)
    took = f"{time.monotonic() - began:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of a processor"
    return process.returncode, f"{said}{took}\n"


if __name__ == "__main__":
    sys.exit(main())
