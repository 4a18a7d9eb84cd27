"""Print the figures of design section 13: `python -m benchmarks [NAME…]`, all by default.

Machines differ and are shared: read the ratios, compare two states of the code in one run.
"""

from __future__ import annotations

import subprocess
import sys

QUESTIONS = ("load", "tiles", "live", "files", "transports")


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in QUESTIONS]
    if unknown:
        print(f"{unknown[0]!r} is no benchmark; allowed: {', '.join(QUESTIONS)}", file=sys.stderr)
        return 2
    code = 0
    for name in names or QUESTIONS:
        print(f"\n== {name}", flush=True)
        code = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"]).returncode or code
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
