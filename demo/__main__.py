"""`python -m demo serve | draw`: the demo town at work, and its map drawn."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from config.environment import environment
from config.errors import ConfigError
from config.log import configure
from config.site import load_site

DONE, WRONG_WORDS, TRY_AGAIN, CONFIGURATION = 0, 2, 75, 78


def main(words: list[str] | None = None) -> int:
    """Run one command and give its exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="the demo town")
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="stand in for every platform marked demo")
    serving.add_argument(
        "--speed", type=_speed, help="how many times as fast time runs (1 to 3600)"
    )
    serving.add_argument("--date", type=_day, help="found the town on this day: 2026-11-23")
    commands.add_parser("draw", help="draw the map into config/area.geojson")
    asked = parser.parse_args(words)
    configure("demo")
    try:
        if asked.command == "draw":
            return _draw()
        return _serve(asked.date, asked.speed)
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


def _serve(day: str | None, speed: float | None) -> int:
    from demo.serve import CannotServe, serve

    environment()
    try:
        serve(day, speed)
    except CannotServe as error:
        print(error, file=sys.stderr)
        return TRY_AGAIN if "HONGLAN_DEMO_PORT" in str(error) else CONFIGURATION
    return DONE


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 1 <= speed <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} cannot be used; allowed: 1 to 3600")
    return speed


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} cannot be used; allowed: a day such as 2026-11-23"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
