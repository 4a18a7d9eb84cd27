"""`python -m dashboard report`: the weekly report as files, one sentence where it cannot be.

Exit codes: 0 done, 2 wrong words, 75 try again, 78 configuration.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from cases.errors import Busy, CaseError
from config.errors import ConfigError
from config.periods import UnknownPeriod
from dashboard.gate import caller
from dashboard.reports.errors import NotReady, ReportError, UnknownReport
from dashboard.reports.making import RENDERERS, make_report
from dashboard.source import data
from layouts.errors import LayoutError
from layouts.report import report_kinds
from warehouse.errors import UnknownParameter, WarehouseError

DONE, WRONG, AGAIN, CONFIGURATION = 0, 2, 75, 78


class _Words(argparse.ArgumentParser):
    """Wrong words get one sentence, not a page of usage."""

    def error(self, message: str) -> NoReturn:
        raise UnknownReport(f"{self.prog}: {message}")


def main(args: Sequence[str]) -> int:
    """Run the command and say the exit code."""
    try:
        words = _parser().parse_args(args)
        formats, folder = _formats(words.format), Path(words.out)
        with caller.asking(caller.MACHINE):
            files = make_report(data(), words.period, formats, folder, issue_now=words.issue)
    except (UnknownReport, UnknownPeriod, UnknownParameter) as error:
        return _said(error, WRONG)
    except (NotReady, WarehouseError, Busy) as error:
        return _said(error, AGAIN)
    except (ConfigError, LayoutError, CaseError, ReportError) as error:
        return _said(error, CONFIGURATION)
    sys.stdout.write("".join(f"{file}\n" for file in files))
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = _Words(
        prog="python -m dashboard report", description="Make a report as DOCX, PDF and XLSX."
    )
    parser.add_argument(
        "--period", default="", help="2026-W47 or 2026-W47-fri; default: the last finished week"
    )
    parser.add_argument("--kind", choices=report_kinds(), default="weekly")
    parser.add_argument("--format", default=",".join(RENDERERS), help="docx,pdf,xlsx")
    parser.add_argument("--out", default="out", help="folder for the files")
    parser.add_argument(
        "--issue",
        action="store_true",
        help="issue a finished week from today's figures, again or in spite of gaps",
    )
    return parser


def _formats(text: str) -> list[str]:
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    if not wanted:
        raise UnknownReport(f"format {text!r} is not known; allowed: {', '.join(RENDERERS)}")
    return wanted


def _said(error: Exception, code: int) -> int:
    sys.stderr.write(f"{' '.join(str(error).split())}\n")
    return code
