"""What can go wrong in what the centre itself owns.

CaseError(subject)
├─ Busy          the store is held by another writer for too long: try again (exit 75)
├─ NotMigrated   the store has an older or no layout: run the migration first (exit 78)
├─ NotKnown      no such user, token or row; names what there is
├─ NotAllowed    a rule forbids it: a weak password, a name already taken
├─ VaultLocked   a kept row cannot be opened with this installation's key
└─ ChainBroken   the audit trail was changed after it was written
"""

from __future__ import annotations

from collections.abc import Iterable


class CaseError(Exception):
    """Something in the case store; `subject` names the user, token, row or file it is about."""

    def __init__(self, subject: str, message: str) -> None:
        self.subject = subject
        super().__init__(f"{subject}: {message}")


class Busy(CaseError):
    """Another process held the store longer than five seconds."""


class NotMigrated(CaseError):
    """The store's layout is not the one this version reads."""


class NotKnown(CaseError):
    """Asked for something that is not there."""

    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        names = ", ".join(sorted(known))
        self.kind = kind
        super().__init__(name, f"no such {kind}" + (f"; known: {names}" if names else ""))


class NotAllowed(CaseError):
    """A rule forbids it; `allowed` says what would be accepted."""

    def __init__(self, subject: str, message: str, allowed: str = "") -> None:
        self.allowed = allowed
        super().__init__(subject, message + (f"; allowed: {allowed}" if allowed else ""))


class VaultLocked(CaseError):
    """The key file does not fit the row, or the row was altered."""


class ChainBroken(CaseError):
    """An audit row was edited, removed or cut off; `row` is the first one that does not fit."""

    def __init__(self, row: int, message: str) -> None:
        self.row = row
        super().__init__(f"audit row {row}", message)
