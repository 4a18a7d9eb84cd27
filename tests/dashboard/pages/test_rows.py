import pytest
from dash import no_update

from dashboard.pages import case_address, hotline, rows
from dashboard.pages.state import parse
from warehouse.errors import QueryStopped
from warehouse.read import Rows

STATE = parse("/hotline", "?proof=hotline_received&from=2026-09-01&to=2026-09-30&gen=48217")


def ask(served, **request):
    return rows.block(served.pages, STATE, request)


def test_blocks_follow_each_other_without_gap_or_double(served):
    whole = ask(served, startRow=0, endRow=200)
    parts = [ask(served, startRow=n, endRow=n + 50)["rowData"] for n in range(0, 200, 50)]
    assert [row for part in parts for row in part] == whole["rowData"]
    assert whole["rowCount"] > 200


def test_a_column_of_the_table_may_sort_and_nothing_else(served):
    model = [{"colId": "key", "sort": "desc"}]
    found = ask(served, startRow=0, endRow=5, sortModel=model)["rowData"]
    keys = [row["key"] for row in found]
    assert keys == sorted(keys, reverse=True)
    plain = ask(served, startRow=0, endRow=5)
    for evil in ("key; DROP TABLE x", "1=1", "caller_phone", None, 7):
        model = [{"colId": evil, "sort": "desc"}]
        assert ask(served, startRow=0, endRow=5, sortModel=model) == plain
    assert ask(served, startRow=0, endRow=5, sortModel=[{"colId": "key", "sort": "x"}]) == plain


@pytest.mark.parametrize(
    "request_",
    [{}, {"startRow": "a", "endRow": 5}, {"startRow": None}, {"startRow": -5, "endRow": 5}],
)
def test_a_request_without_sense_is_answered_with_nothing(served, request_):
    assert rows.block(served.pages, STATE, request_) is no_update


def test_a_request_for_everything_gets_one_block(served):
    assert len(ask(served, startRow=0, endRow=10**9)["rowData"]) <= 500


def test_a_block_that_failed_says_why_offers_to_try_again_and_keeps_the_rows_there_are(
    served, words, nodes, monkeypatch
):
    def stopped(*_, **__):
        raise QueryStopped("rows", 5.0)

    monkeypatch.setattr(type(served.town), "rows", stopped)
    for first, count in ((0, 0), (300, None)):
        said = []
        request = {"startRow": first, "endRow": first + 100}
        found = rows.block(served.pages, STATE, request, said.append)
        assert found == {"rowData": [], "rowCount": count}
        assert "5 秒没算完，已停下" in words(said)
        (again,) = [n for n in nodes(said) if words(n) == "重试"]
        assert again.to_plotly_json()["props"][rows.AGAIN]


def test_text_with_markup_stays_text(served):
    found = ask(served, startRow=0, endRow=500)["rowData"]
    assert any(row["title"] == "<img src=x onerror=alert(1)> 路灯不亮" for row in found)


def test_no_cell_of_the_grid_is_read_as_markup(served):
    columns = served.town.rows("hotline_received", _query(), limit=0).columns
    grid = rows.table(columns).to_plotly_json()["props"]
    assert not grid.get("dangerously_allow_code")
    for column in grid["columnDefs"]:
        # one of our own, which sets text and the address that the server made
        assert column.get("cellRenderer") == ("CaseLink" if column["field"] == "key" else None)
        assert not set(column) & {"valueFormatter", "valueGetter", "cellStyle"}


def test_the_number_of_a_row_has_the_address_of_its_case_and_a_row_of_no_case_has_none(served):
    row, *_ = ask(served, startRow=0, endRow=1)["rowData"]
    assert row[rows.CASE] == f"/case/demo:hotline_12345/{row['key']}"
    served.town.numbered = ()
    assert ask(served, startRow=0, endRow=1)["rowData"][0] == {**row, rows.CASE: None}


@pytest.mark.parametrize(
    ("numbered", "row", "expected"),
    [
        (("no",), {"no": "A1"}, "/case/s/A1"),
        (("store", "item"), {"store": "C1", "item": "P2"}, "/case/s/-?no=C1%2FP2"),
        (("no",), {"no": "溧1号"}, "/case/s/-?no=%E6%BA%A71%E5%8F%B7"),
        (("no",), {"no": "javascript:x"}, "/case/s/javascript:x"),
        (("no",), {"no": "A1", "source": None}, None),
        (("store", "item"), {"store": "C1", "item": None}, None),
        ((), {"key": "ST01"}, None),
    ],
)
def test_an_address_is_made_of_what_names_the_case(numbered, row, expected):
    found = Rows((), [], 1, 0, 0, numbered=numbered)
    assert case_address.of(found, {"source": "s", **row}) == expected


def test_a_view_with_its_address_has_no_column_for_the_address(served):
    columns = served.town.rows("hotline_received", _query(), limit=0).columns
    names = [
        column["field"] for column in rows.table(columns).to_plotly_json()["props"]["columnDefs"]
    ]
    assert names and not any(name.startswith("_") for name in names)


def _query():
    from datetime import date

    from warehouse.read import MetricQuery

    return MetricQuery(first=date(2026, 9, 1), last=date(2026, 9, 30))


def test_telling_columns_stand_first_and_technical_ones_are_left_out():
    names = ["source", "on_hour", "num", "state", "key", "order_no", "unit", "_batch", "line"]
    assert rows.ordered(names) == ["key", "line", "unit", "state", "num"]
    assert "line" not in rows.ordered(names, lines=False)


def test_values_read_as_people_write_them(served):
    view = served.render.glass(hotline, STATE)
    assert rows.shown(view, "community", "320117005001") == "清泉社区"
    assert rows.shown(view, "class_path", "05/0503/050301") == "城乡建设 › 市政设施 › 路灯故障"
    assert rows.shown(view, "line", "unit") == "常轮随驻单位"
    assert rows.shown(view, "community_code", "320117005001") == "清泉社区"
    assert rows.called("community_code", "社区编码") == "社区（村）"
    assert rows.shown(view, "type_code", "15") == "消费"
    assert rows.shown(view, "excluded", True) == "是"
    assert rows.shown(view, "value", None) == ""
