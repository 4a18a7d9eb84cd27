"""What can be wrong with the site's facts.

ConfigError      a file, block or value that a person must mend; exit code 78
"""

from __future__ import annotations

from pathlib import Path


class ConfigError(Exception):
    """A setting that cannot be used: names file, key, the wrong value and what is allowed."""

    def __init__(self, file: str | Path, key: str, value: object, allowed: str) -> None:
        self.file = str(file)
        self.key = key
        self.value = value
        self.allowed = allowed
        super().__init__(f"{self.file}: {key} = {value!r} cannot be used; allowed: {allowed}")
