"""What goes over the line to a window is what Dash itself would send, made once for all windows."""

import json
import queue
import threading
from datetime import datetime
from types import SimpleNamespace

from dash import html
from dash._utils import to_json
from dash.backends.ws import DashWebsocketCallback
from dash_svg import Path, Svg

from dashboard.wall.over_line import plain, send

TREE = html.Div(
    [
        html.Span("静海路 <1>", className="value", **{"data-since": "7"}),
        Svg([Path(d="M0 0L1 1Z")], viewBox="0 0 1 1"),
        None,
        "text",
    ],
    style={"left": "1rem"},
    className=None,
)
FIGURE = {"data": [{"x": (datetime(2026, 11, 29, 8),), "y": [float("nan")]}], "layout": {}}


def as_dash(value):
    return json.loads(to_json(value))


def window():
    line = SimpleNamespace(sync_q=queue.Queue())
    return DashWebsocketCallback({}, "window-1", line, threading.Event()), line.sync_q


def test_components_and_figures_are_written_as_dash_writes_them():
    for value in (TREE, [TREE, "x"], FIGURE, None, "words", 4):
        assert json.loads(plain(value)[0]) == as_dash(value)


def test_a_window_gets_the_same_message_from_ready_json_as_from_dash():
    socket, sent = window()
    said, value = plain(TREE)
    send(socket, ("body-rain", "children"), said, value)
    socket.set_prop_sync("body-rain", "children", TREE)
    ours, theirs = sent.get_nowait(), sent.get_nowait()
    assert json.loads(ours) == json.loads(theirs)


def test_a_window_that_is_gone_is_sent_nothing():
    socket, sent = window()
    socket._shutdown_event.set()
    send(socket, ("a", "children"), '"x"', "x")
    assert sent.empty()
