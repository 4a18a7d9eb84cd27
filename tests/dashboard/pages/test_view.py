"""What a browser sends of a case table is taken word by word; the rest is as if not said."""

import pytest

from config.site import load_site
from dashboard.pages import case_table, proof, rows, view
from dashboard.pages.state import parse
from warehouse.read import Filter

TYPES = {
    "title": "text",
    "rework_no": "integer",
    "received_at": "timestamp",
    "community": "text",
    "secret": "boolean",
}
ADDRESS = "?proof=hotline_received&from=2026-09-01&to=2026-09-30&rows=1"


def filters(model):
    return view.sift(load_site(), view.parsed({"filters": model}), TYPES).filters


def text(kind, value):
    return {"filterType": "text", "type": kind, "filter": value}


def test_a_text_filter_is_taken_as_it_is():
    assert filters({"title": text("notContains", "100%_'\"")}) == (
        Filter("title", "not_contains", ("100%_'\"",)),
    )


def test_what_makes_no_sense_is_not_said():
    for model in (
        {"caller_phone": text("contains", "1")},
        {"title": text("regex", ".*")},
        {"title": text("contains", 7)},
        {"title": "contains"},
        {"rework_no": {"type": "lessThan", "filter": "1; DROP"}},
        {"rework_no": {"type": "inRange", "filter": 1}},
        {"rework_no": {"type": "equals", "filter": True}},
        {"received_at": {"type": "equals", "dateFrom": "gestern"}},
        {"received_at": {"type": "inRange", "dateFrom": "2026-11-01", "dateTo": None}},
    ):
        assert filters(model) == ()
    for body in (None, 7, [], {"filters": []}, {"sort": "x"}, {"sort": ["a", "sideways"]}):
        assert view.parsed(body) == view.ALL


def test_days_are_whole_days():
    (found,) = filters({"received_at": {"type": "equals", "dateFrom": "2026-11-03 00:00:00"}})
    assert [str(each) for each in found.values] == [
        "2026-11-03 00:00:00",
        "2026-11-03 23:59:59.999999",
    ]


def test_a_place_is_filtered_by_the_name_that_is_seen():
    site = load_site()
    one = site.communities[0]
    (found,) = filters({"community": text("equals", one.name)})
    assert found == Filter("community", "among", (one.code,))
    assert filters({"secret": text("equals", "是")}) == (Filter("secret", "among", (True,)),)
    assert filters({"community": text("equals", "nowhere")}) == (Filter("community", "among"),)


def press(served, button, address=ADDRESS, **given):
    told = {"words": "", "options": [], "chosen": None, "name": None, "filters": {}, "columns": []}
    state = parse("/hotline", address)
    return case_table.changed(served.pages, state, pressed=button, **{**told, **given})


def test_search_words_stand_behind_an_id_and_never_in_the_address(served):
    search, _ = press(served, "case-find", words=" 路灯 ", options=["full"])
    assert "路灯" not in search and "%E8" not in search
    found = view.opened(served.data.store, parse("/", search).get("view"), "hotline_received")
    assert found.words == "路灯" and found.full and not found.everywhere
    block = rows.block(served.pages, parse("/hotline", search), {"startRow": 0, "endRow": 50})
    assert block["rowData"] and all("路灯" in row["title"] for row in block["rowData"])


def test_a_view_needs_a_name_to_be_saved(served):
    search, wrong = press(served, "case-save", name="  ")
    assert not isinstance(search, str) and wrong == "请先给视图起名。"
    search, _ = press(served, "case-save", name="路灯类", words="路灯")
    assert parse("/", search).get("view")


def test_chosen_columns_are_the_ones_that_are_seen(served):
    search, _ = press(served, "case-choose", chosen=["key", "title"])
    found = view.opened(served.data.store, parse("/", search).get("view"), "hotline_received")
    assert found.columns == ("key", "title")


def test_a_view_of_another_table_leaves_everything_in(served):
    search, _ = press(served, "case-find", words="路灯")
    view_id = parse("/", search).get("view")
    assert view.opened(served.data.store, view_id, "mediation_accepted") == view.ALL
    assert view.opened(served.data.store, "../../etc", "hotline_received") == view.ALL


def test_a_saved_view_is_taken_away_by_its_owner_and_its_links_say_so(served, words):
    search, _ = press(served, "case-save", name="路灯类", words="路灯")
    state = parse("/hotline", search)
    here, _, listed = case_table.dropped(served.pages, state, state.get("view"))
    assert "view=" not in here and "还没有保存的视图" in words(listed)
    text = words(proof.sheet(served.pages, state)[0])
    assert "链接里的视图已删去" in text


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_doors_to_files_hold_what_the_grid_shows(served, form):
    state = parse("/hotline", ADDRESS)
    model = {"title": text("contains", "路灯")}
    columns = [{"colId": "key", "sort": "desc"}, {"colId": "title", "hide": False}]
    xlsx, csv, copied, said = case_table.followed(served.pages, state, model, columns)
    href = {"xlsx": xlsx, "csv": csv}[form]
    assert href.startswith(f"/api/v1/metrics/hotline_received/export?form={form}&")
    assert "sort=-key" in href and "view=" in href and "路灯" not in href
    assert "view=" in copied and "件" in said
