"""The wall's generated style: colours, type size and card places of every profile."""

from __future__ import annotations

from dashboard.theme import css_variables
from layouts.wall import Box, WallProfile, WallScene, load_profiles


def style(scene: WallScene) -> str:
    """CSS for all profiles: the profile's key on the html element chooses among them."""
    parts = [f":root{{{css_variables('wall')}}}"]
    for profile in load_profiles().values():
        parts.append(_canvas(profile))
        boxes = scene.grids[profile.family].boxes(profile)
        for panel in scene.panels:
            parts.append(_place(profile, panel, boxes.get(panel)))
    return "\n".join(parts)


def _canvas(profile: WallProfile) -> str:
    own = f'html[data-profile="{profile.key}"]'
    wide = f"{profile.columns:.4f}"
    if profile.stretch != 1.0:  # pixels wider than high: draw the true shape, then squeeze it
        size = f"calc(100vh/{profile.rems})"
        squeeze = f"left:0;top:0;transform-origin:0 0;transform:scaleX({1 / profile.stretch:.6f})"
    else:
        size = f"min(calc(100vh/{profile.rems}),calc(100vw/{wide}))"
        squeeze = f"left:calc((100vw - {wide}rem)/2);top:calc((100vh - {profile.rems}rem)/2)"
    return (
        f"{own}{{font-size:{size}}}\n"
        f"{own} #stage{{width:{wide}rem;height:{profile.rems}rem;{squeeze}}}"
    )


def _place(profile: WallProfile, panel: str, box: Box | None) -> str:
    own = f'html[data-profile="{profile.key}"] [data-panel="{panel}"]'
    if box is None:
        return f"{own}{{display:none}}"
    return (
        f"{own}{{left:{box.left:.4f}rem;top:{box.top:.4f}rem;"
        f"width:{box.width:.4f}rem;height:{box.height:.4f}rem}}"
    )
