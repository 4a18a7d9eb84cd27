"""Colours by role, for everything that is drawn; the values stand in layouts/theme.toml.

A page carries the tokens of light and dark in its head as custom properties: it follows the device
(prefers-color-scheme) unless its reader chose one, and paper is light. The choice is put on the
html element by assets/gate/theme.js before anything is drawn.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from layouts.theme import load_theme

RANK_WORDS = {1: "红色", 2: "橙色", 3: "黄色", 4: "蓝色"}
RANK_NUMERALS = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"}
CHOICES = {"auto": "跟随设备", "light": "浅色", "dark": "深色"}
_SCRIPT = Path(__file__).parent / "assets" / "gate" / "theme.js"


def colour(role: str, medium: str = "wall") -> str:
    """One colour, such as colour("teal"); KeyError for a role the theme does not have."""
    return load_theme()[medium][role]


def css_variables(medium: str) -> str:
    """All colours of a medium as CSS custom properties: --teal:#2FBFB2;…"""
    return "".join(f"--{role}:{value};" for role, value in load_theme()[medium].items())


def at_night() -> dict[str, tuple[str, str]]:
    """The roles that the wall draws in another colour at night: by day, at night."""
    day, night = load_theme()["wall"], load_theme()["night"]
    return {role: (day[role], night[role]) for role in day if day[role] != night[role]}


@cache
def head() -> str:
    """What stands in the head of every page: the tokens, and the script that knows the choice."""
    digest = hashlib.sha256(_SCRIPT.read_bytes()).hexdigest()[:12]
    return (
        '<meta name="color-scheme" content="light dark">\n'
        f"<style>{_tokens()}</style>\n"
        f'<script src="/assets/gate/{_SCRIPT.name}?v={digest}"></script>'
    )


def _tokens() -> str:
    light, dark = css_variables("light"), css_variables("dark")
    return (
        f":root{{color-scheme:light;{light}}}"
        "@media screen{"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light])"
        f"{{color-scheme:dark;{dark}}}}}"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}"
        "}"
    )
