"""Commands on the case store: `python -m cases run | migrate | verify | rotate-key | drill`."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from datetime import timedelta

from cases import audit, drill, process, rotation
from cases.errors import Busy, CaseError, NotAllowed, NotKnown, NotMigrated
from cases.schema import local
from cases.store import migrate, open_store
from config import clock
from config.alarm_rules import LIMITS
from config.errors import ConfigError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m cases", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    verbs.add_parser("run", help="watch over silent platforms, stations and dead processes")
    verbs.add_parser("migrate", help="bring the case store's layout up to this version")
    verbs.add_parser("verify", help="check that the audit trail was not changed")
    verbs.add_parser("rotate-key", help="seal the kept personal data under a new key")
    drilling = verbs.add_parser("drill", help="raise an alarm of a gauge for practice")
    drilling.add_argument("station", metavar="STATION", help="its code or its name")
    drilling.add_argument("--limit", default="warning", choices=list(LIMITS["flood"]))
    drilling.add_argument("--minutes", type=int, default=10, help="it ends by itself (10)")
    drilling.add_argument("--by", default=getpass.getuser(), metavar="NAME", help="who holds it")
    given = parser.parse_args(arguments)
    verb = given.verb
    try:
        store = open_store()
        if verb == "run":
            process.run(store)
        elif verb == "migrate":
            migrate(store)
        elif verb == "drill":
            lasts, now = timedelta(minutes=given.minutes), clock.now()
            made = drill.start(store, given.station, given.limit, lasts, given.by, now)
            print(f"drill {made.id} at {made.subject} is on until {local(made.until or now):%H:%M}")
        elif verb == "rotate-key":
            done = rotation.rotate(store)
            print(f"{done.seen} rows lie under the new key, {done.sealed} were sealed anew")
        else:
            print(f"audit trail unbroken: {audit.verify(store)} rows")
    except NotMigrated as error:
        return _refuse(error, 78)
    except Busy as error:
        return _refuse(error, 75)
    except ConfigError as error:
        return _refuse(error, 78)
    except (NotKnown, NotAllowed) as error:
        return _refuse(error, 2)
    except CaseError as error:
        return _refuse(error, 1)
    return 0


def _refuse(error: Exception, code: int) -> int:
    print(error, file=sys.stderr)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
