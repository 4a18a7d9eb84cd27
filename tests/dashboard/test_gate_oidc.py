"""Login at the site's identity provider (S4): a real provider process, true and lying."""

import json
import re
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import update

from cases import attempts, audit, outside_logins, sessions, users
from cases.errors import NotAllowed, NotKnown
from cases.schema import half_logins
from cases.schema import users as table
from cases.store import real_now
from config.errors import ConfigError
from config.oidc import parse
from dashboard.gate import caller
from dashboard.gate.oidc import BACK, START
from dashboard.pages.admin import account_calls, accounts, said
from dashboard.pages.admin.doubts import in_chinese
from tests.dashboard.conftest import OWN, Visitor
from tests.dashboard.identity_provider import CLIENT, SECRET

pytestmark = pytest.mark.sec
PROGRAM = Path(__file__).with_name("identity_provider.py")
CONFIG = Path(__file__).parents[2] / "config"


class Provider:
    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM)], stdout=subprocess.PIPE, text=True
        )
        self.issuer = self.process.stdout.readline().strip()

    def play(self, **how):
        httpx.put(f"{self.issuer}/play", content=json.dumps(how), trust_env=False)

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="module")
def running():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running):
    running.play()
    return running


def configured(folder, issuer):
    shutil.copytree(CONFIG, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    with (folder / "site.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[oidc]\nissuer = "{issuer}"\nclient_id = "{CLIENT}"\nlabel = "市民云"\n')
    return folder


@pytest.fixture(scope="module")
def with_provider(house, running, tmp_path_factory):
    """The gate of a site that has a provider."""
    opened, _, assets = house
    folder = configured(tmp_path_factory.mktemp("site") / "config", running.issuer)
    from tests.dashboard.conftest import small_house

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HONGLAN_CONFIG", str(folder))
        patch.setenv("HONGLAN_OIDC_SECRET", SECRET)
        yield small_house(opened, assets)


@pytest.fixture
def door(with_provider, provider, people, store):
    """A stranger before that gate; the leader's account is entered at the provider."""
    outside_logins.enter_by(store, "the-leader", "oidc")
    return Visitor(with_provider)


def cookies(answer):
    found = (value.partition(";")[0] for name, value in answer.headers if name == "set-cookie")
    return dict(each.partition("=")[::2] for each in found)


def begun(door, following=""):
    answer = door.get(START + (f"?next={following}" if following else ""))
    assert answer.status == 303, answer.body.decode()
    return answer.header("location"), f"honglan_half={cookies(answer)['honglan_half']}"


def sent_back(there):
    """Where the provider sends the browser to."""
    answer = httpx.get(there, trust_env=False)
    assert answer.status_code == 302
    return answer.headers["location"].removeprefix(OWN)


def whole(door, following=""):
    there, half = begun(door, following)
    return door.get(sent_back(there), headers={"cookie": half})


def why(store):
    row = audit.recent(store)[0]
    assert (row.event, row.outcome) == ("login", "refused")
    return json.loads(row.detail)["why"]


def test_the_provider_opens_the_account_that_an_administrator_made(door, store):
    answer = whole(door, "/hotline")
    assert answer.status == 200
    assert '<meta http-equiv="refresh" content="0;url=/hotline">' in answer.body.decode()
    given = cookies(answer)
    assert given["honglan_half"] == ""
    session = {"cookie": f"honglan_session={given['honglan_session']}"}
    assert door.get("/hotline", headers=session).status == 200
    assert door.get("/api/v1/metrics", headers=session).json()["role"] == "leader"
    row = audit.recent(store)[0]
    assert (row.event, row.outcome, json.loads(row.detail)) == ("login", "ok", {"by": "oidc"})


def test_what_is_asked_carries_pkce_state_and_nonce_and_names_us(door):
    there, _ = begun(door)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
    assert asked["redirect_uri"] == OWN + BACK
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["client_id"] == CLIENT and asked["scope"].split()[0] == "openid"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert SECRET not in there and begun(door)[0] != there


def test_a_key_on_a_curve_is_as_good(door, provider):
    provider.play(alg="ES256")
    assert whole(door).status == 200


def test_once_bound_the_person_counts_and_not_the_name(door, provider):
    assert whole(door).status == 200
    provider.play(claims={"preferred_username": "renamed"})
    assert whole(door).status == 200
    provider.play(claims={"sub": "person-2"})
    answer = whole(door)
    assert answer.status == 403, "another person of the same name does not get the account"
    assert "请联系系统管理员" in answer.body.decode()


def test_the_role_is_ours_whatever_the_provider_says(door, provider):
    provider.play(claims={"role": "admin", "roles": ["admin"], "groups": ["admin"]})
    session = {"cookie": f"honglan_session={cookies(whole(door))['honglan_session']}"}
    assert door.get("/api/v1/metrics", headers=session).json()["role"] == "leader"
    assert door.get("/api/v1/users", headers=session).status == 403


@pytest.mark.parametrize(
    ("how", "what"),
    [
        ({"claims": {"nonce": "another"}}, "nonce"),
        ({"claims": {"nonce": None}}, "nonce"),
        ({"claims": {"aud": "another"}}, "aud"),
        ({"claims": {"aud": [CLIENT, "another"]}}, "azp"),
        ({"claims": {"iss": "https://id.example"}}, "iss"),
        ({"claims": {"exp": 1_700_000_000}}, "expired"),
        ({"claims": {"exp": None}}, "exp"),
        ({"claims": {"sub": None}}, "sub"),
        ({"claims": {"sub": ""}}, "sub"),
        ({"alg": "none"}, ""),
        ({"alg": "HS256"}, ""),
        ({"alg": "stranger"}, "signature"),
        ({"back": {"state": "another"}}, "state"),
        ({"back": {"iss": "https://id.example"}}, "issuer"),
        ({"back": {"error": "access_denied"}}, "access_denied"),
        ({"back": {"code": "made-up"}}, "400"),
    ],
)
def test_an_answer_that_does_not_prove_it_opens_nothing(door, provider, store, how, what):
    provider.play(**how)
    answer = whole(door)
    assert answer.status == 401 and "没有通过" in answer.body.decode()
    assert "honglan_session" not in cookies(answer)
    assert sessions.open_ones(store) == []
    assert what in why(store)
    told = in_chinese(why(store))
    assert told and not re.search(r"[a-z]{3,} [a-z]{2,}", told), told


def test_a_way_back_is_good_once_in_the_browser_that_began_it_for_ten_minutes(door, store):
    there, half = begun(door)
    back = sent_back(there)
    assert door.get(back).status == 401, "another browser"
    _, other = begun(door)
    assert door.get(back, headers={"cookie": other}).status == 401, "another login"
    assert door.get(back, headers={"cookie": half}).status == 200
    assert door.get(back, headers={"cookie": half}).status == 401, "again"
    there, half = begun(door)
    with store.writing() as connection:
        connection.execute(update(half_logins).values(expires_at=real_now() - timedelta(seconds=1)))
    assert door.get(sent_back(there), headers={"cookie": half}).status == 401, "too late"


def test_nobody_registers_by_logging_in(door, provider, store):
    before = len(users.everyone(store))
    provider.play(claims={"preferred_username": "newcomer", "sub": "person-9"})
    assert whole(door).status == 403
    assert len(users.everyone(store)) == before and why(store) == "no open account"


def test_a_name_at_the_provider_never_takes_an_account_with_a_password(door, provider, store):
    provider.play(claims={"preferred_username": "the-seat"})
    assert whole(door).status == 403
    assert users.find(store, "the-seat").login_by == "own"


def test_a_shut_account_stays_shut_bound_or_not(door, store):
    users.disable(store, "the-leader")
    assert whole(door).status == 403, "not bound yet"
    users.enable(store, "the-leader")
    assert whole(door).status == 200
    users.disable(store, "the-leader")
    assert whole(door).status == 403, "bound"


def test_the_former_session_ends_and_the_password_opens_the_account_no_more(door, store):
    first = cookies(whole(door))["honglan_session"]
    answer = door.get(START, headers={"cookie": f"honglan_session={first}"})
    half = f"honglan_half={cookies(answer)['honglan_half']}"
    assert sessions.find(store, first), "until the new one is there"
    assert door.get(sent_back(answer.header("location")), headers={"cookie": half}).status == 200
    assert sessions.find(store, first) is None
    assert door.login("the-leader", "Honglan-2026-x").status == 401


def test_an_old_password_keeps_nobody_from_an_account_that_does_not_use_it(door, store):
    with store.writing() as connection:
        old = real_now() - timedelta(days=200)
        connection.execute(update(table).values(password_at=old, must_change=True))
    session = {"cookie": f"honglan_session={cookies(whole(door))['honglan_session']}"}
    assert door.get("/hotline", headers=session).status == 200


def test_an_administrator_is_asked_for_the_second_factor_all_the_same(door, provider, store):
    outside_logins.enter_by(store, "the-admin", "oidc")
    provider.play(claims={"preferred_username": "the-admin", "sub": "person-3"})
    answer = whole(door)
    assert (answer.status, answer.header("location")) == (303, "/login/factor")
    assert sessions.open_ones(store) == []


def test_many_beginnings_from_one_address_wait_for_seconds(door, one_moment):
    for _ in range(attempts.FREE):
        begun(door)
    answer = door.get(START)
    assert answer.status == 429 and 0 < int(answer.header("retry-after")) <= 6


@pytest.mark.parametrize(
    "how",
    [
        {"status": 500},
        {"offer": {"issuer": "https://id.example"}},
        {"offer": {"jwks_uri": "http://127.0.0.1:1/keys"}},
        {"offer": {"token_endpoint": "https://id.example/token"}},
        {"offer": {"authorization_endpoint": "javascript:alert(1)"}},
        {"offer": {"padding": "x" * 300_000}},
    ],
)
def test_a_provider_that_is_none_is_one_sentence(door, provider, how):
    provider.play(**how)
    answer = door.get(START)
    assert answer.status == 503 and "统一身份认证暂时不能用，请稍后再试。" in answer.body.decode()


def test_a_provider_that_is_down_is_one_sentence_and_passwords_go_on(
    house, people, tmp_path, monkeypatch, assembled
):
    gone = Provider()
    monkeypatch.setenv("HONGLAN_CONFIG", str(configured(tmp_path / "config", gone.issuer)))
    monkeypatch.setenv("HONGLAN_OIDC_SECRET", SECRET)
    door = Visitor(assembled(house[0], house[2]))
    there, half = begun(door)
    back = sent_back(there)
    gone.stop()
    began = time.monotonic()
    for answer in (door.get(START), door.get(back, headers={"cookie": half})):
        assert answer.status == 503 and "暂时不能用" in answer.body.decode()
    assert time.monotonic() - began < 10
    assert door.login("the-leader", "Honglan-2026-x").status == 303


def test_the_login_page_offers_it_only_where_there_is_one(door, visitor, monkeypatch):
    shown = door.get("/login?next=/hotline").body.decode()
    assert '<a href="/login/oidc?next=/hotline">用市民云登录</a>' in shown
    monkeypatch.setenv("HONGLAN_CONFIG", str(CONFIG))
    assert "/login/oidc" not in visitor().get("/login").body.decode()
    assert [visitor().get(path).status for path in (START, BACK)] == [404, 404]


def test_it_leads_to_no_other_site(door):
    answer = whole(door, "https://id.example/")
    assert 'content="0;url=/"' in answer.body.decode()


GOOD = {"issuer": "https://id.example/realm", "client_id": "board"}


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "http://id.example/realm"},
        {"issuer": "https://id.example/?x=1"},
        {"issuer": ""},
        {"client_secret": "never here"},
        {"label": 7},
    ],
)
def test_a_wrong_block_is_said_at_the_start_without_what_a_secret_is(changed):
    assert parse(Path("site.toml"), GOOD).origin == "https://id.example"
    with pytest.raises(ConfigError) as caught:
        parse(Path("site.toml"), GOOD | changed)
    assert "never here" not in str(caught.value)


def test_the_way_of_an_account_is_one_of_two(store, people):
    with pytest.raises(NotAllowed):
        outside_logins.enter_by(store, "the-leader", "ldap")
    with pytest.raises(NotKnown):
        outside_logins.enter_by(store, "nobody", "oidc")


def test_a_seat_keeps_a_password_of_its_own_and_is_never_entered_from_outside(store, people):
    """By it an alarm is acknowledged at a locked desk; the provider's word cannot do that."""
    with pytest.raises(NotAllowed) as one:
        outside_logins.enter_by(store, "the-seat", "oidc")
    assert "不能改用统一身份认证" in said.words_of(one.value)
    outside_logins.enter_by(store, "the-unit", "oidc")
    with pytest.raises(NotAllowed) as other:
        users.set_role(store, "the-unit", "seat")
    assert "不能作席位" in said.words_of(other.value)
    assert users.find(store, "the-unit").role == "unit"
    outside_logins.enter_by(store, "the-unit", "own")
    users.set_role(store, "the-unit", "seat")
    assert users.find(store, "the-unit").role == "seat"


def test_the_page_and_the_api_give_an_account_its_way_where_there_is_a_provider(
    with_provider, people, store, monkeypatch, tmp_path, running
):
    admin = caller.Caller("the-admin", "admin", "-", sessions.find(
        store, sessions.start(store, people["admin"].id, "admin")))  # fmt: skip
    user = people["leader"]
    to_provider, back = (accounts.SHUT, accounts.OUTSIDE), (accounts.SHUT, accounts.OWN)
    monkeypatch.setenv("HONGLAN_CONFIG", str(CONFIG))
    with caller.asking(admin):
        without = account_calls._change(store, user, "one-way", (), to_provider)
        assert "没有接入" in without and users.find(store, user.name).login_by == "own"
        folder = configured(tmp_path / "config", running.issuer)
        monkeypatch.setenv("HONGLAN_CONFIG", str(folder))
        assert "统一身份认证" in account_calls._change(store, user, "one-way", (), to_provider)
        entered = users.find(store, user.name)
        assert entered.login_by == "oidc" and "统一身份认证" in accounts.stands(entered)
        assert "密码" in account_calls._change(store, entered, "one-way", (), back)
        assert users.find(store, user.name).login_by == "own"
        with pytest.raises(NotAllowed, match="one's own"):
            account_calls._change(store, people["admin"], "one-way", (), to_provider)
    told = str(accounts._one(store, user))
    assert "改用统一身份认证登录" in told and "hidden=True" not in told
    monkeypatch.setenv("HONGLAN_CONFIG", str(CONFIG))
    assert "hidden=True" in str(accounts._one(store, user))
    noted = [row.event for row in audit.recent(store) if row.event == "user_login"]
    assert len(noted) == 2
