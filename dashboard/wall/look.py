"""The wall's generated style: colours, type size and card places of one scene on one profile."""

from __future__ import annotations

from dashboard.theme import at_night, css_variables
from dashboard.wall import overlay
from dashboard.wall.arranged import fitted
from layouts.wall import Box, Output, WallProfile, WallScene


def style(profile: WallProfile, scene: WallScene) -> str:
    """CSS of one window: its canvas and a place for each card of its scene; no other card shows."""
    parts = [f":root{{{css_variables('wall')}}}", _night(), _canvas(profile)]
    parts.append("#stage>*{display:none}")
    boxes = fitted(profile, scene).boxes
    parts += [_place(profile, panel, box) for panel, box in boxes.items()]
    parts.append(overlay.style(profile, boxes))
    for one in profile.outputs:
        parts.append(_output(profile, one))
        parts += [
            f'{_own(profile, one)} #stage>[data-panel="{panel}"]{{display:none}}'
            for panel, box in boxes.items()
            if not _reaches(box, profile, one)
        ]
    return "\n".join(parts)


def _night() -> str:
    """Less light while the beat says that it is night; what tells an alarm keeps all of it."""
    told = at_night()
    by_day = "".join(f"--{role}:{day};" for role, (day, _) in told.items())
    by_night = "".join(f"--{role}:{night};" for role, (_, night) in told.items())
    dark = 'html[data-light="night"]'
    return (
        f"{dark}{{{by_night}}}{dark} #takeover,{dark} .ribbon.in-force{{{by_day}color:var(--text)}}"
    )


def _own(profile: WallProfile, output: Output | None = None) -> str:
    part = f'[data-output="{output.number}"]' if output else ""
    return f'html[data-profile="{profile.key}"]{part}'


def _canvas(profile: WallProfile) -> str:
    own, wide = _own(profile), f"{profile.columns:.4f}"
    if profile.stretch != 1.0:  # pixels wider than high: draw the true shape, then squeeze it
        size = f"calc(100vh/{profile.rems})"
        place = f"left:0;top:0;transform-origin:0 0;{_squeeze(profile)}"
    else:
        size = f"min(calc(100vh/{profile.rems}),calc(100vw/{wide}))"
        place = f"left:calc((100vw - {wide}rem)/2);top:calc((100vh - {profile.rems}rem)/2)"
    return (
        f"{own}{{font-size:{size}}}\n"
        f"{own} #stage{{width:{wide}rem;height:{profile.rems}rem;{place}}}"
    )


def _output(profile: WallProfile, one: Output) -> str:
    """One window of several: its part of the canvas fills it, the rest lies outside."""
    own = _own(profile, one)
    left, top = profile.columns * one.left, profile.rems * one.top
    place = f"left:-{left:.4f}rem;top:-{top:.4f}rem;"
    if profile.stretch != 1.0:
        place += f"transform-origin:{left:.4f}rem {top:.4f}rem;{_squeeze(profile)}"
    return (
        f"{own}{{font-size:calc(100vh/{profile.rems * one.height:.4f})}}\n{own} #stage{{{place}}}"
    )


def _squeeze(profile: WallProfile) -> str:
    return f"transform:scaleX({1 / profile.stretch:.6f})"


def _reaches(box: Box, profile: WallProfile, one: Output) -> bool:
    """Whether a card stands at least partly in an output."""
    left, top = profile.columns * one.left, profile.rems * one.top
    right, bottom = left + profile.columns * one.width, top + profile.rems * one.height
    return box.left < right and box.right > left and box.top < bottom and box.bottom > top


def _place(profile: WallProfile, panel: str, box: Box) -> str:
    own = f'{_own(profile)} #stage>[data-panel="{panel}"]'
    return (
        f"{own}{{display:flex;left:{box.left:.4f}rem;top:{box.top:.4f}rem;"
        f"width:{box.width:.4f}rem;height:{box.height:.4f}rem}}"
    )
