"""Which button was pressed: Dash asks for those that were only drawn, too, and for both in one."""

from __future__ import annotations

from typing import Any

from dash import ctx


def pressed() -> Any:
    """The id of what was pressed, None where buttons were only drawn.

    A press while a list is drawn anew comes in one question with the buttons of that list, which
    have no value yet and stand before it.
    """
    ids = ctx.triggered_prop_ids
    return next((ids.get(one["prop_id"]) for one in ctx.triggered if one["value"]), None)
