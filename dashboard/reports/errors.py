"""What can go wrong with a report.

ReportError        str() is one sentence
├─ UnknownReport   a kind, a period or a format that is not known (exit 2)
├─ NotReady        no data to report from yet; try again (exit 75)
└─ ReportFailed    a file could not be made; nothing is left behind (exit 70)
"""

from __future__ import annotations


class ReportError(Exception):
    """A report that was not made."""


class UnknownReport(ReportError):
    """A kind, period or format that is not known; the sentence names what is allowed."""


class NotReady(ReportError):
    """There is nothing to report from yet."""


class ReportFailed(ReportError):
    """A file that could not be made."""
