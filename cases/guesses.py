"""Passwords that are tried first: common words with a year behind them, runs of the keyboard.

A list of whole passwords would never be complete under our rule of three kinds of characters;
what people do to fulfil the rule is always the same, so it is undone before the word is looked up.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_WORDS: Final = frozenset(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split())
_ROWS: Final = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz",
                "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "!@#$%^&*()")  # fmt: skip
_READS: Final = str.maketrans("0134578@$!|", "oleastbasil")
_RUN = 5


def guessable(password: str) -> bool:
    """Whether the password is one of those tried first, its disguise taken off."""
    plain = password.lower()
    letters = "".join(char for char in plain if char.isalpha())
    read = "".join(char for char in plain.translate(_READS) if char.isalpha())
    bare = "".join(char for char in plain.rstrip("0123456789!@#$%^&*?.-_").translate(_READS)
                   if char.isalpha())  # fmt: skip
    words = {letters, read, bare}
    halves = {word[: len(word) // 2] for word in words}
    doubled = {half for half in halves if half and half * 2 in words}
    if (words | doubled) & _WORDS:
        return True
    return len(set(plain)) <= 4 or 2 * _in_runs(plain) > len(plain)


def _in_runs(text: str) -> int:
    """How many characters stand in runs of the keyboard or the alphabet, either way."""
    rows = [*_ROWS, *(row[::-1] for row in _ROWS)]
    covered, start = 0, 0
    while start < len(text):
        longest = 0
        for end in range(start + _RUN - 1, len(text) + 1):
            if any(text[start:end] in row for row in rows):
                longest = end - start
        covered += longest
        start += longest or 1
    return covered
