"""The wall's app: what its page loads and which callbacks it has."""

import asyncio
import json
import re

import httpx
import pytest
from fastapi import FastAPI

from dashboard.wall import app as wall
from dashboard.wall.card import Card
from dashboard.wall.catalogue import CHARTS
from dashboard.wall.frame import changes, layout, panels, rooms
from dashboard.wall.picture import chosen


@pytest.fixture(scope="module")
def made():
    server = FastAPI()
    return wall.create(server), server


async def ask(server, path, **headers):
    transport = httpx.ASGITransport(app=server)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as visitor:
        return (await visitor.get(path, headers=headers)).text


@pytest.fixture(scope="module")
def page(made):
    return asyncio.run(ask(made[1], "/wall/frame/"))


def test_the_page_loads_nothing_that_only_the_pages_need(made, page):
    import dash_ag_grid  # noqa: F401 - the process of the pages has it too

    scripts = re.findall(r'<script src="([^"]+)"', asyncio.run(ask(made[1], "/wall/frame/")))
    assert not [s for s in scripts if re.search(r"ag_grid|leaflet|mantine|dash_table", s)]
    assert any("dash_svg" in s for s in scripts)
    assert any("plotly-basic" in s for s in scripts)
    assert all(s.startswith("/") for s in scripts)


def test_the_shells_script_is_not_loaded_inside_the_frame(page):
    assert "shell.js" not in page and "wall.js" in page


def test_the_plotly_bundle_comes_before_the_component_packages(page):
    scripts = re.findall(r'<script src="([^"]+)"', page)
    bundle = next(k for k, script in enumerate(scripts) if "plotly-basic" in script)
    assert bundle < next(k for k, script in enumerate(scripts) if "dash_core_components" in script)


def test_the_page_has_one_server_callback_with_a_rule(made):
    server_side = [
        spec for spec in made[0].callback_map.values() if spec.get("callback") is not None
    ]
    assert len([spec for spec in server_side if spec.get("websocket")]) == 1
    assert set(wall.CALLBACKS) == {"*persistent"}
    assert "wall" in wall.CALLBACKS["*persistent"]


def test_the_layout_holds_every_panel_of_every_scene():
    ids = [section.id for section in layout().children[0].children]
    assert ids == [*[f"card-{name}" for name in panels()], "takeover"]


def cards_given(server, page):
    given = json.loads(asyncio.run(ask(server, "/wall/frame/_dash-layout", referer=page)))
    stage = given["props"]["children"][0]["props"]["children"]
    return {one["props"]["data-panel"] for one in stage if "data-panel" in one["props"]}


def test_a_window_is_given_the_cards_of_its_own_scene(made):
    asked = "?profile=lcd_7x3&scene=hotline"
    given = cards_given(made[1], f"http://127.0.0.1/wall/frame/{asked}")
    assert given == set(rooms(*chosen(asked))) and len(given) < len(panels()) / 4


@pytest.mark.parametrize("page", ["", "http://127.0.0.1/", "http://127.0.0.1/x?scene=hotline"])
def test_a_window_that_does_not_say_which_it_is_is_given_every_card(made, page):
    assert cards_given(made[1], page) == set(panels())


def test_the_page_lets_the_browser_say_which_it_is_to_its_own_server_alone(page):
    assert '<meta name="referrer" content="same-origin">' in page


def test_a_change_names_elements_of_the_layout():
    made = layout().to_plotly_json()
    known = set(re.findall(r"id='([\w-]+)'", repr(layout())))
    empty = Card("card", None, None, None, None, None)
    for name in panels():
        for element, _, _ in changes(name, empty):
            assert element in known, (element, made["type"])


def test_charts_that_have_no_figure_are_hidden():
    empty = Card("card", None, None, None, None, None)
    for name in CHARTS:
        assert (
            dict((f"{element}.{prop}", value) for element, prop, value in changes(name, empty))[
                f"card-{name}.className"
            ]
            == "card no-chart"
        )


def test_the_page_has_the_places_of_the_scene_and_profile_it_was_asked_for(made):
    asked = "/wall/frame/?profile=lcd_7x3&scene=overview"
    text = asyncio.run(ask(made[1], asked))
    assert 'html[data-profile="lcd_7x3"] #stage>[data-panel="overdue"]{display:flex' in text
    assert 'data-profile="screen_16x9"]' not in text and "STYLE" not in text


def test_an_address_that_names_nothing_known_gets_the_overview_on_16_to_9(made):
    text = asyncio.run(ask(made[1], "/wall/frame/?profile=../x&scene=%3Cscript%3E"))
    assert 'data-profile="screen_16x9"]' in text and "<script>" not in text.split("</style>")[0]
