"""Answers put together from ready pieces: one gzip stream, the JSON that Dash would write."""

import gzip
import json
from datetime import date

import plotly.graph_objects as go
from dash import dcc, html
from dash._utils import to_json
from hypothesis import given
from hypothesis import strategies as st

from dashboard.pieces import Later, Piece, gzipped, joined, parts, text


@given(st.lists(st.tuples(st.binary(max_size=400), st.integers(0, 40), st.booleans()), max_size=6))
def test_pieces_in_any_order_are_one_gzip_stream_and_the_same_without(given_parts):
    raw = [some * times for some, times, _ in given_parts]
    parts = [
        Piece.of(whole) if is_kept else whole
        for whole, (_, _, is_kept) in zip(raw, given_parts, strict=True)
    ]
    assert gzip.decompress(gzipped(parts)) == b"".join(raw) == joined(parts)


def test_components_are_written_as_dash_writes_them():
    drawn = html.Div(
        [
            html.Span("洪蓝 <b> \u2028", className=None, **{"data-go": "1", "aria-label": "看"}),
            html.A(["一", 2, None], href="/hotline?a=b", style={"--share": 0.25}),
            dcc.Graph(id="g", figure={"data": [{"x": [date(2026, 9, 30)], "y": [1.5]}]}),
            dcc.Graph(id={"type": "g", "of": 1}, figure=go.Figure(go.Bar(x=["甲"], y=[3]))),
        ],
        id="body",
        tabIndex="-1",
    )
    told = {"multi": True, "response": {"body": {"children": [drawn, "\ud800"[:0]]}}}
    assert json.loads(text(told)) == json.loads(to_json(told))


def test_what_json_does_not_have_is_written_as_dash_does():
    for odd in ([float("nan"), 1.0], {"y": float("inf")}, ["\ud800"]):
        assert json.loads(text(odd)) == json.loads(to_json(odd))


def test_places_stay_open_where_they_stand_even_beside_a_number_that_json_does_not_have():
    first, second = Later(str, ("a",)), Later(str, ("b",))
    for odd in (1.0, float("nan")):
        said, places = parts({"x": html.Div([first, "\0 1", second]), "y": odd, "z": first})
        assert places == [first, second, first]
        words = [text(one.about[0]) for one in places]
        told = json.loads(b"".join(map(b"".join, zip(said, [*words, b""], strict=True))))
        assert told["x"]["props"]["children"] == ["a", "\0 1", "b"] and told["z"] == "a"
