"""What goes over the line to a window: plain values with their JSON, made once for all windows.

A scene has some 1,500 components; `dashboard/components.py` writes them down.
"""

from __future__ import annotations

import json
from typing import Any

from dash import set_props
from dash.backends.ws import DashWebsocketCallback
from dash.development.base_component import Component
from plotly.utils import PlotlyJSONEncoder

from dashboard.components import described

Prop = tuple[str, str]
# nine of ten values; whether something is a component is a question to an abstract class
_AS_IT_IS = frozenset({str, int, float, bool, type(None)})


def plain(value: Any) -> tuple[str, Any]:
    """A value as it goes over the line, with its text to compare by."""
    made = _plain(value)
    return json.dumps(made, cls=PlotlyJSONEncoder, ensure_ascii=False), made


def _plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, Component):
        return _plain(described(value))
    return value


def send(socket: Any, prop: Prop, said: str, value: Any) -> None:
    """Set a property in a window from the JSON that is there already.

    Dash would make it again for each window, and fifty walls would pay fifty times for one update.
    """
    if not isinstance(socket, DashWebsocketCallback):  # not a window of the web's
        set_props(prop[0], {prop[1]: value})
        return
    queue = socket._get_outbound_queue()
    if queue is not None and not socket.is_shutdown:
        queue.sync_q.put_nowait(message(socket._renderer_id, prop, said))


def message(window: str, prop: Prop, said: str) -> str:
    """What Dash sends for a property that is set in a window."""
    element, name = json.dumps(prop[0]), json.dumps(prop[1])
    return (
        f'{{"type":"set_props","rendererId":{json.dumps(window)},'
        f'"payload":{{"componentId":{element},"props":{{{name}:{said}}}}}}}'
    )
