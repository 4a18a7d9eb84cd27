"""Logging for every process: one event, one JSON line, on standard error."""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import Any, Final

import structlog

# besides what JSON itself escapes: what ends a line, steers a terminal or turns the direction of
# writing in a viewer, and halves of characters that no encoding takes
_UNSEEN: Final = re.compile(
    "[\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def configure(process: str) -> None:
    """Log as JSON lines, ours and those of libraries; no text in them can forge a line."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    rendered = structlog.processors.JSONRenderer(serializer=line)
    structlog.configure(
        processors=[*shared, rendered],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)
    theirs = logging.StreamHandler(sys.stderr)
    theirs.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, rendered],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[theirs], force=True)


def line(event: Any, **words: Any) -> str:
    """An event as one line of JSON that any reader of lines sees as one."""
    text = json.dumps(event, ensure_ascii=False, **words)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
