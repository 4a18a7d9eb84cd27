"""Colours by role, for everything that is drawn; the values stand in layouts/theme.toml."""

from __future__ import annotations

from layouts.theme import load_theme

RANK_WORDS = {1: "红色", 2: "橙色", 3: "黄色", 4: "蓝色"}
RANK_NUMERALS = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"}


def colour(role: str, medium: str = "wall") -> str:
    """One colour, such as colour("teal"); KeyError for a role the theme does not have."""
    return load_theme()[medium][role]


def css_variables(medium: str) -> str:
    """All colours of a medium as CSS custom properties: --teal:#2FBFB2;…"""
    return "".join(f"--{role}:{value};" for role, value in load_theme()[medium].items())
