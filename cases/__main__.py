"""Commands on the case store: `python -m cases migrate | verify | rotate-key`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from cases import audit, rotation
from cases.errors import Busy, CaseError
from cases.store import migrate, open_store
from config.errors import ConfigError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m cases", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    verbs.add_parser("migrate", help="bring the case store's layout up to this version")
    verbs.add_parser("verify", help="check that the audit trail was not changed")
    verbs.add_parser("rotate-key", help="seal the kept personal data under a new key")
    verb = parser.parse_args(arguments).verb
    try:
        store = open_store()
        if verb == "migrate":
            migrate(store)
        elif verb == "rotate-key":
            done = rotation.rotate(store)
            print(f"{done.seen} rows lie under the new key, {done.sealed} were sealed anew")
        else:
            print(f"audit trail unbroken: {audit.verify(store)} rows")
    except Busy as error:
        return _refuse(error, 75)
    except ConfigError as error:
        return _refuse(error, 78)
    except CaseError as error:
        return _refuse(error, 1)
    return 0


def _refuse(error: Exception, code: int) -> int:
    print(error, file=sys.stderr)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
