import re
from pathlib import Path

import pytest
from fastapi import FastAPI

from dashboard import theme
from dashboard.gate.rules import PEOPLE
from dashboard.pages import app
from dashboard.pages.places import standing
from dashboard.pages.state import State
from layouts.page import load_page
from layouts.theme import load_theme

ASSETS = Path(app.__file__).parents[1] / "assets" / "pages"
NAMES = {"/": "home", "/hotline": "hotline", "/mediation": "mediation", "/flood": "flood",
         "/platforms": "platforms", "/reports": "reports", "/grid": "grid", "/urban": "urban",
         "/whistle": "whistle", "/land": "land", "/enforcement": "enforcement",
         "/video": "video", "/people": "people", "/services": "services",
         "/map": "map", "/case": "case", "/admin/users": "admin",
         "/admin/screens": "screens", "/admin/audit": "audit",
         "/admin/wall": "walls", "/desk/wall": "desk_wall",
         "/desk/alarms": "desk_alarms", "/desk/alarm": "desk_alarm",
         "/desk/posts": "desk_posts", "/desk/response": "desk_response"}  # fmt: skip

OF_A_MARK = {"--wide", "--medium", "--share", "--shade", "--on", "--nm", "--label", "--step"}
OF_A_SCRIPT = {"--exports"}
DRAWN = [p for p in app.PAGES if p.SHORT and not hasattr(p, "standing")]  # from the warehouse


@pytest.fixture(scope="module")
def made():
    return app.create(FastAPI())


def test_every_callback_has_a_rule_and_every_rule_a_callback(made):
    assert set(made.callback_map) == set(app.CALLBACKS)
    assert all(roles <= PEOPLE for roles in app.CALLBACKS.values())


def test_no_callback_is_written_into_the_page(made):
    assert made._inline_scripts == []


SHEETS = [*sorted(ASSETS.glob("*.css")), ASSETS.parent / "gate" / "gate.css"]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_style_sheets_hold_no_colour_but_the_tokens_of_the_theme(sheet):
    css = sheet.read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b(?!\s*\{)", css)) <= {"#FFFFFF"}  # under a QR code
    sheets = "".join(each.read_text(encoding="utf-8") for each in SHEETS)
    own = set(re.findall(r"(--[\w-]+):", sheets)) | OF_A_MARK | OF_A_SCRIPT
    used = set(re.findall(r"var\((--[\w-]+)", css)) - own
    assert used <= {f"--{role}" for role in load_theme()["light"]}


def test_a_page_brings_its_tokens_and_the_readers_choice_before_anything_is_drawn(made):
    head = made.index_string.partition("{%css%}")[0]
    assert theme.head() in head
    assert "prefers-color-scheme:dark" in head and ":root[data-theme=dark]" in head
    assert head.index(":root{color-scheme:light") < head.index("@media screen")  # paper is light
    assert head.index("/assets/gate/theme.js") < head.index("fonts.css")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_nothing_below_twelve_pixels_is_written(sheet):
    wide = sheet.read_text(encoding="utf-8").split("@media (max-width: 719px) {\n")[0]
    sizes = [float(size) for size in re.findall(r"font-size: (\.\d+|\d\.\d+)rem", wide)]
    assert min(sizes, default=1.0) * 14 >= 12


@pytest.mark.parametrize("page", app.PAGES, ids=lambda page: page.PATH)
def test_a_page_and_its_layout_name_the_same_panels(page):
    layout = load_page(NAMES[page.PATH])
    areas = {*page.AREAS, *getattr(page, "ONE_AREAS", ())}  # of the list and of one account
    if page.PATH == "/mediation":
        areas |= {"line-centre", "line-unit"}
    assert layout.path == page.PATH
    for grid in layout.grids.values():
        assert set(grid.panels) == areas


@pytest.mark.parametrize("name", sorted(file.name for file in ASSETS.glob("*.js")))
def test_scripts_of_the_pages_ask_no_other_host_and_evaluate_nothing(name):
    text = (ASSETS / name).read_text(encoding="utf-8")
    assert "http://" not in text and "https://" not in text
    assert "eval(" not in text and "new Function" not in text and "innerHTML" not in text


@pytest.mark.parametrize("page", DRAWN, ids=lambda page: page.PATH)
def test_a_page_names_the_metrics_it_draws(served, monkeypatch, page):
    if page.PATH != "/":  # whose matters the bar of every page counts, once for all of them
        served.render.page(served.pages, State("/reports", ()))
    asked = set()
    metric, rows = served.town.metric, served.town.rows

    def note_metric(name, *args, **more):
        asked.add(name)
        return metric(name, *args, **more)

    def note_rows(name, *args, **more):
        asked.add(name)
        return rows(name, *args, **more)

    monkeypatch.setattr(served.town, "metric", note_metric)
    monkeypatch.setattr(served.town, "rows", note_rows)
    served.render.page(served.pages, State(page.PATH, (("period", "2026-ytd"), ("more", "1"))))
    assert asked == set(page.METRICS)


def test_a_proof_says_where_else_the_metric_stands():
    assert standing(app.PAGES, "mediation_completion_rate") == [
        ("大屏“运行总览”“矛盾调处”", None),
        ("总览页", "/"),
        ("矛盾纠纷调处页", "/mediation"),
    ]
    assert standing(app.PAGES, "moon") == []


def test_a_page_says_at_its_foot_what_its_figures_mean(served):
    *_, foot, _ = served.render.page(served.pages, State("/hotline", ()))
    terms = foot[0].children[1].children
    told = {str(term.children): str(meaning.children) for term, meaning in zip(
        terms[::2], terms[1::2], strict=True)}  # fmt: skip
    known = served.data.reader.definitions()
    page = next(page for page in app.PAGES if page.PATH == "/hotline")
    for name in page.METRICS:
        assert told[known[name].name].startswith(known[name].formula.rstrip("。"))
