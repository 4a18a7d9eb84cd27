"""Every panel there is for the wall, by the name that layout files use."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.wall.panel import Panel
from dashboard.wall.subjects import (
    command,
    enforcement,
    flood,
    grid_urban,
    hotline,
    land,
    mediation,
    overview,
    video,
)

ROOMS = (overview, hotline, mediation, flood, grid_urban, land, enforcement, video, command)
PANELS: Mapping[str, Panel] = {name: panel for room in ROOMS for name, panel in room.PANELS.items()}
CHARTS = tuple(name for name, panel in PANELS.items() if panel.chart)


def panel(name: str) -> Panel:
    """The panel of a name; KeyError lists the names there are."""
    try:
        return PANELS[name]
    except KeyError:
        raise KeyError(f"{name} is no panel of the wall; there are: {', '.join(PANELS)}") from None
