"""The comment block on top of a .sql file: what it is for people and what the runner needs.

The first line is `-- name: what it is`; then one `-- word: text` a line. A line that starts with
`--  ` (two spaces) goes on with the line above. `check` lines may come more than once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from warehouse.errors import BadDeclaration

_LINE = re.compile(r"--\s?(?P<word>[A-Za-z_][\w. ]*?):\s*(?P<text>.*)")


@dataclass(frozen=True)
class SqlFile:
    """A .sql file of ours: its name, its header words, its checks, its SELECT."""

    name: str
    title: str
    words: Mapping[str, str]
    checks: tuple[tuple[str, str], ...]
    sql: str
    path: Path

    def word(self, key: str, default: str | None = None) -> str:
        """A header word; BadDeclaration names file and word when it must be there and is not."""
        found = self.words.get(key, default)
        if found is None:
            raise BadDeclaration(self.name, f"{self.path.name}: the header has no line `{key}:`")
        return found


def read_sql(path: Path) -> SqlFile:
    """Read one file; BadDeclaration when its first line does not name it."""
    entries: list[list[str]] = []
    body: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if body or not line.startswith("--"):
            body.append(line)
        elif line.startswith("--   ") and entries:
            entries[-1][1] += line[2:].strip()
        elif match := _LINE.fullmatch(line):
            entries.append([match["word"], match["text"].strip()])
        else:
            raise BadDeclaration(
                path.stem, f"{path.name}: header line {line!r} has no `word: text`"
            )
    if not entries or entries[0][0] != path.stem:
        raise BadDeclaration(
            path.stem, f"{path.name}: the first line must be `-- {path.stem}: what it is`"
        )
    checks = tuple(
        (word.removeprefix("check "), text)
        for word, text in entries[1:]
        if word.startswith("check ")
    )
    words = {word: text for word, text in entries[1:] if not word.startswith("check ")}
    sql = "\n".join(body).strip().rstrip(";")
    if not sql:
        raise BadDeclaration(path.stem, f"{path.name}: no SELECT after the header")
    return SqlFile(path.stem, entries[0][1], words, checks, sql, path)


def read_folder(folder: Path) -> dict[str, SqlFile]:
    """All .sql files of a folder by name."""
    return {path.stem: read_sql(path) for path in sorted(folder.glob("*.sql"))}


@lru_cache(maxsize=512)
def tables_read(sql: str) -> frozenset[str]:
    """The core and mart tables that a SELECT names; every build asks this of every metric."""
    bare = re.sub(r"--[^\n]*", "", sql)
    return frozenset(re.findall(r"\b((?:core|mart)\.[a-z_][a-z0-9_]*)\b", bare))


def listed(text: str) -> tuple[str, ...]:
    """A header list, separated by commas."""
    return tuple(each.strip() for each in text.split(",") if each.strip())
