"""What lies ahead on a curve: the expected way to a limit with its band, and the limit passed."""

from __future__ import annotations

from dashboard.theme import colour
from dashboard.wall.charts import Figure
from dashboard.wall.rise import Rise


def projection(rise: Rise, target: float, now: float, end: float) -> list[Figure]:
    """The band between the slow and the fast slope, the dashed line, and where it ends.

    `now` is the hour of the last reading on the axis, `end` the last hour there is room for.
    """
    ahead = end - now

    def upto(per_hour: float) -> tuple[float, float]:
        hours = min(ahead, (target - rise.level) / per_hour if per_hour > 0 else ahead)
        return now + hours, rise.level + per_hour * hours

    fast = upto(max(rise.fast, rise.per_hour))
    middle = upto(rise.per_hour)
    slow = now + ahead, rise.level + min(rise.slow, rise.per_hour) * ahead
    corner = [(end, target)] if fast[0] < end else []
    band = [(now, rise.level), fast, *corner, slow, (now, rise.level)]
    drawn: list[Figure] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [x for x, _ in band],
            "y": [y for _, y in band],
            "fill": "toself",
            "fillcolor": alpha(colour("cyan"), 0.16),
            "line": {"width": 0},
            "cliponaxis": False,
        },
        {
            "type": "scatter",
            "mode": "lines",
            "x": [now, middle[0]],
            "y": [rise.level, middle[1]],
            "line": {"color": colour("cyan"), "width": 0.2, "dash": "dash"},
            "cliponaxis": False,
        },
    ]
    if middle[1] >= target - 1e-6:
        drawn.append(dot(middle[0], target, filled=False))
    return drawn


def dot(x: float, y: float | None, *, filled: bool) -> Figure:
    """A reading, or a hollow one for what is only expected."""
    cyan, ground = colour("cyan"), colour("panel")
    line = {"color": cyan, "width": 0.16}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x],
        "y": [y],
        "marker": {
            "color": colour("text") if filled else ground,
            "size": 0.75,
            **({} if filled else {"line": line}),
        },
        "cliponaxis": False,
    }


def passed(limit: float, top: float, rank: int) -> list[Figure]:
    """The limit as a solid line in its rank's colour, the area above it tinted."""
    hue = colour(f"rank-{rank}")
    across = {"xref": "paper", "x0": 0, "x1": 1}
    return [
        {
            "type": "rect",
            **across,
            "y0": limit,
            "y1": top,
            "fillcolor": alpha(hue, 0.08),
            "line": {"width": 0},
            "layer": "below",
        },
        {
            "type": "line",
            **across,
            "y0": limit,
            "y1": limit,
            "line": {"color": hue, "width": 0.16},
        },
    ]


def alpha(hue: str, share: float) -> str:
    """A colour that lets so much of the ground through."""
    red, green, blue = (int(hue[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
