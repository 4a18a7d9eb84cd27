"""What can be wrong with a layout file.

LayoutError   names the file, the key, the wrong value and what is allowed
"""

from __future__ import annotations

from pathlib import Path


class LayoutError(ValueError):
    """A layout file that cannot be drawn; str() is one sentence for the person who edits it."""

    def __init__(self, file: Path, key: str, value: object, allowed: str) -> None:
        super().__init__(f"{file}: {key} is {value!r}; allowed: {allowed}")
        self.file, self.key, self.value, self.allowed = file, key, value, allowed
