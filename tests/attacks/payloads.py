"""What attackers write: texts that a browser, a spreadsheet, a log or a file system might obey."""

from __future__ import annotations

WEB = ["<b>x</b>"]
