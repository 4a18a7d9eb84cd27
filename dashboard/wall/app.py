"""The wall as a Dash app of its own: one page, one loop for each window, no other callback."""

from __future__ import annotations

import html as html_text
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, html
from fastapi import FastAPI

from dashboard.gate.rules import VIEWERS
from dashboard.theme import at_night
from dashboard.wall import early, frame, loop, overlay
from dashboard.wall.catalogue import CHARTS
from dashboard.wall.look import style
from dashboard.wall.picture import chosen

PREFIX = "/wall/frame/"
ASSETS = Path(__file__).parent.parent / "assets" / "wall"
CALLBACKS = {"*persistent": VIEWERS}
PACKAGES = {"dash", "dash_svg"}  # what the wall's page loads, whatever else the process imported
UNUSED = "dash_table/"

# what the page will want and the browser learns of late: both weights of the type when the first
# words are drawn, the charts' own part when the first chart is
_FONTS = ("noto-sans-sc-400-common", "noto-sans-sc-700-common")
_AHEAD = "\n".join(
    [
        *(
            f'<link rel="preload" href="/assets/fonts/{name}.woff2" as="font" type="font/woff2"'
            " crossorigin>"
            for name in _FONTS
        ),
        f'<link rel="preload" href="{PREFIX}_dash-component-suites/dash/dcc/async-graph.js"'
        ' as="script">',
    ]
)

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN" data-wall="1" data-night="NIGHT">
<head>
{%metas%}
<meta name="referrer" content="same-origin">
<title>{%title%}</title>
{%favicon%}
{%css%}
AHEAD
<style>STYLE</style>
</head>
<body>
{%app_entry%}
<footer class="hidden">{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>
"""


class WallDash(Dash):
    """Dash without the component packages that only the pages need: the wall loads little."""

    def _collect_and_register_resources(
        self, resources: Sequence[Any], *args: Any, **more: Any
    ) -> list[Any]:
        kept = [
            one
            for one in resources
            if one.get("namespace", "dash") in PACKAGES
            and not str(one.get("relative_package_path", "")).startswith(UNUSED)
        ]
        return list(super()._collect_and_register_resources(kept, *args, **more))

    def interpolate_index(  # type: ignore[override] # Dash gives every part by its name
        self, **parts: Any
    ) -> str:
        """The page with the style of the profile and scene that its address names."""
        profile, scene = chosen(str(self.backend.request_adapter().url).partition("?")[2])
        early.begin(profile, scene)
        index: str = super().interpolate_index(**parts)
        return index.replace("STYLE", style(profile, scene), 1)

    def cards(self) -> html.Div:
        """The layout of the window that asks: a card for each panel of its scene.

        All of them would be six hundred components to a browser that shows eighty. Which scene it
        is stands in the address of the page, which the browser names when it asks for the layout;
        one that does not gets every card there is, of which the page's style shows those it needs.
        """
        asking = self.backend.request_adapter()
        page = asking.headers.get("referer", "") if asking else ""
        where, _, words = page.partition("?")
        if not where.endswith(PREFIX):
            return frame.layout()
        return frame.layout(names=frame.rooms(*chosen(words)))


def _night_of_charts() -> str:
    """The colours of a chart's figure by day with those at night, as the page's root tells them."""
    return html_text.escape(json.dumps(dict(at_night().values())), quote=True)


def create(server: FastAPI) -> Dash:
    """The wall's app on the server that carries everything else."""
    app = WallDash(
        "dashboard.wall",
        server=server,  # type: ignore[arg-type] # dash types its Flask server only
        routes_pathname_prefix=PREFIX,
        requests_pathname_prefix=PREFIX,
        assets_folder=str(ASSETS),
        assets_ignore="shell",
        external_scripts=["/assets/lib/plotly-basic-4.1.1.min.js", "/assets/gate/sound.js"],
        external_stylesheets=["/assets/fonts/fonts.css"],
        serve_locally=True,
        update_title="",
        title="智慧洪蓝 · 大屏",
        index_string=_PAGE.replace("AHEAD", _AHEAD).replace("NIGHT", _night_of_charts()),
        websocket_inactivity_timeout=0,
        suppress_callback_exceptions=True,  # a window holds the charts of its scene alone
    )
    app.layout = app.cards
    for name in (*CHARTS, *overlay.CHARTS):
        app.clientside_callback(
            ClientsideFunction("wall", "chart"),
            Output(f"graph-{name}", "figure"),
            Input(f"chart-{name}", "data"),
        )
    app.callback(persistent=True, websocket=True)(loop.run)
    return app
