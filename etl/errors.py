"""What can go wrong between a platform and the warehouse, split by what to do about it.

EtlError(platform)              names the platform, or the room that could not go on
├─ Retryable(after)             the line or the platform is down: ask again later
├─ Refused                      a person must act: token, address, contract, wrong word
│  └─ Unaccepted                our key or token; one that expires may be fetched anew, once
└─ BadRecord                    what was sent cannot be read: quarantine
   └─ Damaged                   what was received is gone or changed on our own disk
"""

import errno
from typing import Final

from cases.faults import Fault as Fault  # errors and their kinds come from here
from config.errors import ConfigError

# as the libraries say it: libc, SQLite, DuckDB after a failed commit
_BROKEN: Final = ("Input/output error", "disk I/O error", "fsync failed", "FATAL Error:")
_FULL: Final = ("No space left", "Disk quota")  # passes, and is dealt with where it is met


class EtlError(Exception):
    """An error of one platform; str() is one sentence that begins with its key.

    `fault` is its kind, for which cases/faults.py has the words of the people on duty.
    """

    def __init__(self, platform: str, what: str, *, fault: Fault = Fault.UNKNOWN) -> None:
        super().__init__(f"{platform}: {what}")
        self.platform = platform
        self.what = what
        self.fault = fault


class Retryable(EtlError):
    """The platform did not answer properly; the same question may succeed later."""

    def __init__(
        self,
        platform: str,
        what: str,
        after: float | None = None,
        *,
        fault: Fault = Fault.UNKNOWN,
    ) -> None:
        super().__init__(platform, what, fault=fault)
        self.after = after


class Refused(EtlError):
    """Asking again will not help before a person has mended something."""


class Unaccepted(Refused):
    """The platform does not accept who we say we are."""


class BadRecord(EtlError):
    """The bytes are not what the platform's contract says; they go to quarantine whole."""


class Damaged(BadRecord):
    """A raw file is not what was received, or not there any more."""


def fault_of(error: BaseException) -> Fault:
    """The kind of any error that ends a run."""
    if isinstance(error, EtlError):
        return error.fault
    if isinstance(error, ConfigError):
        return Fault.CONFIG
    if is_broken_disk(error):
        return Fault.DISK_BROKEN
    return Fault.PROGRAM


def is_broken_disk(error: BaseException | None) -> bool:
    """Whether a disk failed under this error. What was written before it may be lost without a
    word (a second sync says all is well), so only a new start that reads again can be trusted."""
    while error is not None:
        if isinstance(error, OSError) and error.errno == errno.EIO:
            return True
        said = str(error)
        if any(words in said for words in _BROKEN) and not any(words in said for words in _FULL):
            return True
        error = error.__cause__ or error.__context__
    return False
