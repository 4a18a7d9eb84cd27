"""The wall for the 2,880 data ticks of a day, scenes that change, reloads: `python -m tests.soak`.

The real product and a real browser. The demo town is loaded at its usual pace, then its clock runs
sixty times as fast, so that a data tick is due twice a second; the next one is sent when the last
is drawn. Ends with 1 and says why when memory after a collection, nodes or listeners grow by more
than a tenth, a beat is acknowledged that is not on the screen, the newest state is not drawn, or
reloads leave loops behind. A whole run writes docs/soak.md and its curve.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Browser

from config.environment import FASTEST
from tests.browser.product import ROOT
from tests.soak.curve import Report, write
from tests.soak.day import day
from tests.soak.growth import DAY, Sample, grown
from tests.soak.stand import Stand, standing
from tests.soak.windows import loops, turns


def main() -> int:
    """Exit 0 when the wall is after a day as it was at its beginning."""
    asked = words().parse_args()
    with standing(asked.state) as (stand, browser):
        report, wrong = watched(stand, browser, asked)
    if asked.out and not wrong:
        write(report, Path(asked.out))
    for each in wrong:
        print(f"FAILED: {each}")
    print("soak: " + ("failed" if wrong else "passed"))
    return 1 if wrong else 0


def words() -> argparse.ArgumentParser:
    """What may be asked for; a run that is not whole writes no page unless told where."""
    made = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    made.add_argument("--ticks", type=int, default=DAY, help="data ticks to draw")
    made.add_argument("--speed", type=float, default=FASTEST, help="times the town's usual pace")
    made.add_argument("--minutes", type=float, default=180, help="most minutes for the ticks")
    made.add_argument("--turns", type=int, default=60, help="scenes to change to")
    made.add_argument("--reloads", type=int, default=50, help="times to load a window anew")
    made.add_argument("--state", help="a filled HONGLAN_VAR to begin from (copied), not a new one")
    made.add_argument(
        "--leak", action="store_true", help="leak listeners with each beat: has to fail"
    )
    made.add_argument(
        "--out", default=str(ROOT / "docs"), help="where soak.md goes; empty: nowhere"
    )
    return made


def watched(stand: Stand, browser: Browser, asked: argparse.Namespace) -> tuple[Report, list[str]]:
    """Load, then the three parts one after the other."""
    stand.load()
    stand.fast(asked.speed)
    samples, took, wrong = day(stand, browser, asked.ticks, asked.minutes, leak=asked.leak)
    wrong += grown(samples, "the day")
    swapped: list[Sample] = []
    left = 0.0
    if not wrong:
        swapped, said = turns(stand, browser, asked.turns)
        left, more = loops(stand, browser, asked.reloads)
        wrong += [*said, *more]
    return Report(samples, took, asked.speed, swapped, asked.reloads, left), wrong


if __name__ == "__main__":
    sys.exit(main())
