"""Print the figures of design section 13: `python -m benchmarks [NAME…]`, all by default.

`--rows N` sets how many cases the warehouse has where its size is the question (1,000,000);
`--seconds N` how long the crowd of L1 stays (120; 3600 is the hour that its figures ask for).

Machines differ and are shared: read the ratios, compare two states of the code in one run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile

QUESTIONS = (
    "load",
    "tiles",
    "cases",
    "live",
    "files",
    "transports",
    "alarms",
    "takeover",
    "walls",
    "crowd",
)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(QUESTIONS))
    parser.add_argument("--rows", type=int, default=1_000_000, help="cases in the warehouse")
    parser.add_argument("--seconds", type=int, default=120, help="how long the crowd stays")
    given = parser.parse_args(words)
    unknown = [name for name in given.names if name not in QUESTIONS]
    if unknown:
        print(f"{unknown[0]!r} is no benchmark; allowed: {', '.join(QUESTIONS)}", file=sys.stderr)
        return 2
    code = 0
    with tempfile.TemporaryDirectory(prefix="honglan-bench-") as shared:
        environment = {
            **os.environ,
            "HONGLAN_BENCH_CASES": str(given.rows),
            "HONGLAN_BENCH_FOLDER": shared,
            "HONGLAN_BENCH_SECONDS": str(given.seconds),
        }
        for name in given.names or QUESTIONS:
            print(f"\n== {name}", flush=True)
            command = [sys.executable, "-m", f"benchmarks.{name}"]
            code = subprocess.run(command, env=environment).returncode or code
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
