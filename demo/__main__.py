"""`python -m demo serve | draw`: the demo town at work, and its map drawn."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import NoReturn

from config.environment import FASTEST, SCENARIOS, environment
from config.errors import ConfigError
from config.log import configure
from config.site import load_site

DONE, WRONG_WORDS, TRY_AGAIN, CONFIGURATION = 0, 2, 75, 78


class _Words(argparse.ArgumentParser):
    """Wrong words get one sentence and exit code 2, not a page of usage."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line."""
        self.exit(WRONG_WORDS, f"{self.prog}: {message}\n")


def main(words: list[str] | None = None) -> int:
    """Run one command and give its exit code."""
    parser = _Words(prog="python -m demo", description="the demo town")
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="stand in for every platform marked demo")
    serving.add_argument(
        "--scenario", type=_scenario, help=f"what the town is like: {', '.join(SCENARIOS)}"
    )
    serving.add_argument("--speed", type=_speed, help=f"times as fast time runs (1 to {FASTEST})")
    serving.add_argument("--years", type=_years, help="whole years of history (0 to 2)")
    serving.add_argument("--date", type=_day, help="found the town on this day: 2026-11-23")
    commands.add_parser("draw", help="draw the map into config/area.geojson")
    asked = parser.parse_args(words)
    configure("demo")
    try:
        if asked.command == "draw":
            return _draw()
        return _serve(asked)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return CONFIGURATION
    except KeyboardInterrupt:
        return DONE


def _draw() -> int:
    from demo.outline import write

    path = load_site().area
    write(path)
    print(path)
    return DONE


def _serve(asked: argparse.Namespace) -> int:
    from demo.serve import CannotServe, serve

    env = environment()
    try:
        serve(
            asked.date,
            env.demo_speed if asked.speed is None else asked.speed,
            env.demo_scenario if asked.scenario is None else asked.scenario,
            asked.years,
        )
    except CannotServe as error:
        print(error, file=sys.stderr)
        return TRY_AGAIN if "HONGLAN_DEMO_PORT" in str(error) else CONFIGURATION
    return DONE


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 1 <= speed <= FASTEST:
        raise argparse.ArgumentTypeError(f"{text!r} cannot be used; allowed: 1 to {FASTEST}")
    return speed


def _scenario(text: str) -> str:
    if text not in SCENARIOS:
        allowed = ", ".join(SCENARIOS)
        raise argparse.ArgumentTypeError(f"{text!r} cannot be used; allowed: {allowed}")
    return text


def _years(text: str) -> int:
    if text not in ("0", "1", "2"):
        raise argparse.ArgumentTypeError(f"{text!r} cannot be used; allowed: 0, 1, 2")
    return int(text)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} cannot be used; allowed: a day such as 2026-11-23"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
