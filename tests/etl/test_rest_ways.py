"""Every way to turn pages with every way to say who asks, against a server on the loopback."""

from __future__ import annotations

import itertools
import json
from datetime import datetime

import pytest
import stamina
from starlette.responses import JSONResponse

from config.errors import ConfigError
from config.platforms import load_platforms
from etl.errors import Refused, Retryable
from etl.transports import rest
from tests.etl.district import CLIENT, SECRET, District, Served

NOW = datetime(2026, 11, 23, 12, 0, 0)
HEAD = """
[grid_event]
name = "网格"
owner = "网格中心"
transport = "rest"
every = "5m"
[grid_event.rest]
records = "data.list"
ok_field = "code"
ok_value = 0
size = 10
token_env = "DISTRICT_TOKEN"
"""
PAGES = {
    "number": 'page = "number"\ntotal = "data.total"\n',
    "offset": 'page = "offset"\npage_param = "offset"\ntotal = "data.total"\n',
    "cursor": 'page = "cursor"\npage_param = "token"\nnext = "data.next"\n',
    "link": 'page = "link"\n',
    "body": 'page = "link"\nnext = "data.url"\n',
}
AUTHS = {
    "none": 'auth = "none"\n',
    "bearer": 'auth = "bearer"\n',
    "header": 'auth = "header:X-Token"\n',
    "hmac": 'auth = "hmac"\nkey_id = "k1"\nsign_headers = { nonce = "X-Random" }\n',
    "oauth2": f'auth = "oauth2"\nclient_id = "{CLIENT}"\ntoken_url = "URL/token"\n',
}


@pytest.fixture(scope="module")
def served():
    district = District()
    server = Served(district.app())
    yield district, server.url
    server.close()


@pytest.fixture
def district(served):
    served[0].__init__()
    return served[0]


@pytest.fixture
def ask(served, configure, monkeypatch):
    monkeypatch.setenv("DISTRICT_TOKEN", SECRET)
    opened = []

    def make(page: str = "number", auth: str = "none", more: str = "") -> rest.Asking:
        text = f'{HEAD}url = "{served[1]}/{auth}/{page}"\n{PAGES[page]}{AUTHS[auth]}{more}'
        configure(text.replace("URL", served[1]))
        platform = load_platforms()["grid_event"]
        rest.check(platform)
        opened.append(rest.poll(platform))
        return opened[-1]

    with stamina.set_testing(True, attempts=3, cap=True):
        yield make
    for each in opened:
        each.close()


def events(count: int, start: int = 0) -> list[dict]:
    return [
        {"no": n, "changed": f"2026-11-20T10:{n % 60:02d}:00", "version": str(n)}
        for n in range(start, start + count)
    ]


def numbers(answers) -> list[int]:
    return [r["no"] for answer in answers for r in json.loads(answer.payload)["data"]["list"]]


@pytest.mark.parametrize(("page", "auth"), list(itertools.product(PAGES, AUTHS)))
def test_all_pages_come_whoever_asks(ask, district, page, auth):
    district.records = events(35)
    answers = list(ask(page, auth).pages(None, NOW))
    assert numbers(answers) == list(range(35))
    assert [answer.records for answer in answers] == [10, 10, 10, 5]


@pytest.mark.parametrize("auth", AUTHS)
@pytest.mark.parametrize("page", ["number", "offset", "cursor"])
def test_a_platform_may_want_its_parameters_as_a_json_body(ask, district, page, auth):
    district.records = events(25)
    more = 'method = "POST"\nparams = { street = "洪蓝", open = true }\n'
    assert numbers(ask(page, auth, more).pages(None, NOW)) == list(range(25))
    assert district.asked[0]["street"] == "洪蓝"
    assert district.asked[0]["open"] is True
    assert district.asked[0]["size"] == 10


@pytest.mark.parametrize("auth", ["bearer", "header", "hmac", "oauth2"])
def test_a_wrong_secret_is_refused_at_once(ask, district, auth, monkeypatch):
    asking = ask("number", auth)
    monkeypatch.setenv("DISTRICT_TOKEN", "another")
    with pytest.raises(Refused, match="does not accept our"):
        list(asking.pages(None, NOW))
    assert district.asked == []


@pytest.mark.parametrize("auth", ["bearer", "hmac", "oauth2"])
def test_a_secret_that_is_not_there_stops_this_platform_and_no_other(ask, auth, monkeypatch):
    asking = ask("number", auth)
    monkeypatch.delenv("DISTRICT_TOKEN")
    with pytest.raises(Refused, match="set the variable DISTRICT_TOKEN or write the secret"):
        list(asking.pages(None, NOW))


def test_a_token_is_fetched_once_and_kept(ask, district):
    district.records = events(35)
    asking = ask("number", "oauth2")
    list(asking.pages(None, NOW))
    list(asking.pages(None, NOW))
    assert district.given == 1


def test_the_client_may_say_its_name_in_the_form(ask, district):
    district.records = events(5)
    more = 'client_in = "body"\nscope = "read"\n'
    assert len(numbers(ask("number", "oauth2", more).pages(None, NOW))) == 5


def test_a_token_that_was_withdrawn_is_fetched_anew_once(ask, district):
    district.records = events(35)
    asking = ask("number", "oauth2")
    answers = asking.pages(None, NOW)
    next(answers)
    district.tokens.clear()
    assert len(numbers(answers)) == 25
    assert district.given == 2


def test_a_token_that_is_never_good_is_not_fetched_for_ever(ask, district):
    district.records = events(5)
    district.before = lambda request: JSONResponse({}, 401)
    with pytest.raises(Refused, match="HTTP 401"):
        list(ask("number", "oauth2").pages(None, NOW))
    assert district.given == 2


def test_a_token_near_its_end_is_fetched_anew_before_it_is_refused(ask, district):
    district.records = events(5)
    asking = ask("number", "oauth2")
    list(asking.pages(None, NOW))
    asking._caller._auth._until -= 3545
    list(asking.pages(None, NOW))
    assert district.given == 2
    assert len(district.asked) == 2


def test_versions_are_asked_for_by_number(ask, district):
    district.records = events(35)
    more = 'since_param = "version"\nsince_kind = "version"\ncursor_field = "version"\n'
    asking = ask("number", "none", more)
    answers = list(asking.pages(None, NOW))
    assert numbers(answers) == list(range(1, 35))
    assert answers[-1].cursor == "34"
    district.records += events(5, 35)
    later = list(asking.pages("34", NOW))
    assert numbers(later) == list(range(35, 40))
    assert later[-1].cursor == "39"


def test_versions_may_overlap_where_numbers_are_given_before_they_are_stored(ask, district):
    district.records = events(35)
    more = 'since_param = "version"\nsince_kind = "version"\ncursor_field = "version"\noverlap = 5'
    assert numbers(ask("number", "none", more).pages("34", NOW)) == [30, 31, 32, 33, 34]


@pytest.mark.parametrize(
    ("shape", "sent"),
    [
        ("", "2026-11-20T09:50:00"),
        ("%Y-%m-%d %H:%M:%S", "2026-11-20 09:50:00"),
        ("epoch", "1795139400"),
        ("epoch_ms", "1795139400000"),
    ],
)
def test_the_time_is_sent_in_the_shape_the_platform_wants(ask, district, shape, sent):
    more = f'since_param = "since"\ncursor_field = "changed"\nsince_format = "{shape}"\n'
    list(ask("number", "none", more).pages("2026-11-20T10:00:00", NOW))
    assert district.asked[0]["since"] == sent


def test_a_cursor_of_epoch_times_is_kept_as_local_time(ask, district):
    data = {"list": [{"no": 1, "changed": 1795139400000}], "total": 1}
    district.before = lambda request: JSONResponse({"code": 0, "data": data})
    more = 'since_param = "since"\ncursor_field = "changed"\nsince_format = "epoch_ms"\n'
    (answer,) = ask("number", "none", more).pages(None, NOW)
    assert answer.cursor == "2026-11-20T09:50:00"


@pytest.mark.parametrize("page", ["cursor", "link"])
def test_where_only_the_platform_knows_the_next_page_the_cursor_moves_at_the_end(
    ask, district, page
):
    district.records = events(25)
    more = 'since_param = "since"\ncursor_field = "changed"\n'
    cursors = [a.cursor for a in ask(page, "none", more).pages(None, NOW)]
    assert cursors == [None, None, "2026-11-20T10:24:00"]


@pytest.mark.parametrize(
    "target", ["http://elsewhere.example/x", "//127.0.0.1:1/x", "https://127.0.0.1/x", "file:///x"]
)
def test_a_next_page_on_another_host_is_refused_and_never_asked_for(ask, district, target):
    data = {"code": 0, "data": {"list": [{"no": 1}]}}
    district.before = lambda request: JSONResponse(data, headers={"Link": f"<{target}>; rel=next"})
    with pytest.raises(Refused, match="on another host"):
        list(ask("link", "bearer").pages(None, NOW))


def test_pages_that_lead_round_in_a_circle_are_refused(ask, district):
    pages = itertools.count()

    def circle(request):
        number = next(pages)
        data = {"list": [{"no": number}], "next": f"t{number % 3}"}
        return JSONResponse({"code": 0, "data": data})

    district.before = circle
    with pytest.raises(Refused, match="leads back"):
        list(ask("cursor", "none").pages(None, NOW))


def test_a_flag_that_says_there_is_no_more_ends_the_pages(ask, district):
    data = {"list": [{"no": 1}], "next": "t1", "more": False}
    district.before = lambda request: JSONResponse({"code": 0, "data": data})
    answers = list(ask("cursor", "none", 'more = "data.more"\n').pages(None, NOW))
    assert len(answers) == 1


def test_a_platform_that_gives_smaller_pages_than_asked_for_is_read_whole(ask, district):
    district.records = events(35)
    asking = ask("offset", "none")
    asking.asked.options["size"] = 500
    assert numbers(asking.pages(None, NOW)) == list(range(35))


def test_the_answer_itself_may_be_the_list(ask, district):
    district.before = lambda request: JSONResponse([{"no": 1}, {"no": 2}])
    asking = ask("number", "none")
    asking.asked.options.update(records="$", ok_field="", total="")
    assert [answer.records for answer in asking.pages(None, NOW)] == [2]


def test_a_token_address_that_is_down_is_asked_again(ask, district, monkeypatch):
    asking = ask("number", "oauth2")
    asking._caller._auth._options["token_url"] = "http://127.0.0.1:9/token"
    with pytest.raises(Retryable, match="no token was given: the connection failed"):
        list(asking.pages(None, NOW))


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('page = "cursor"\nPAGE', "grid_event.rest.next = None"),
        ('auth = "hmac"\nAUTH', "grid_event.rest.key_id = None"),
        ('auth = "oauth2"\nAUTH', "grid_event.rest.token_url = None"),
        ('auth = "header:"\nAUTH', "grid_event.rest.auth = 'header:'"),
        ('auth = "hmac"\nkey_id = "k"\nsign_headers = { at = "X" }\nAUTH', "rest.sign_headers ="),
        ('since_kind = "versions"', "rest.since_kind = 'versions'"),
        ('since_param = "since"', "rest.cursor_field = None"),
        ('since_format = "iso"', "rest.since_format = 'iso'"),
        ('since_kind = "version"\noverlap = "10m"', "rest.overlap = '10m'"),
        ('first_since = "soon"', "rest.first_since = 'soon'"),
        ('method = "PUT"', "rest.method = 'PUT'"),
        ('timeout = "5m"', "rest.timeout = '5m'"),
        ('ca = "district.pem"', "rest.ca = 'district.pem'"),
        ("first_page = 7", "rest.first_page = 7"),
        ("params = 3", "rest.params = 3"),
        ("size_param = 3", "rest.size_param = 3"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(ask, configure, line, named):
    page = "" if "PAGE" in line else PAGES["number"]
    auth = "" if "AUTH" in line else AUTHS["none"]
    line = line.replace("\nPAGE", "").replace("\nAUTH", "")
    configure(f'{HEAD}url = "http://127.0.0.1:9/x"\n{page}{auth}{line}\n')
    with pytest.raises(ConfigError) as wrong:
        rest.check(load_platforms()["grid_event"])
    assert named in str(wrong.value)
    assert "allowed: " in str(wrong.value)
