"""A screen of the wall with a key of its own: the wall and nothing else, until it is withdrawn."""

import base64
import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cases import devices, pairing

JSON = {"content-type": "application/json"}


class Screen:
    """A browser without a session that speaks as our own page does."""

    def __init__(self, visitor):
        self.visitor = visitor()
        self.private = ec.generate_private_key(ec.SECP256R1())
        raw = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public = base64.b64encode(raw).decode()

    def post(self, path, body, **more):
        return self.visitor.post(path, json.dumps(body).encode(), headers=JSON, **more)

    def code(self):
        return self.post("/wall/pair/code", {"key": self.public}).json()

    def sign(self, asked):
        text = devices.PROOF + asked.encode()
        halves = decode_dss_signature(self.private.sign(text, ec.ECDSA(hashes.SHA256())))
        return base64.b64encode(b"".join(half.to_bytes(32, "big") for half in halves)).decode()

    def enter(self, **more):
        number = self.code()["device"]
        asked = self.post("/wall/pair/challenge", {"device": number}).json()["challenge"]
        given = {"device": number, "challenge": asked, "signature": self.sign(asked)} | more
        answer = self.post("/wall/pair/enter", given)
        cookie = answer.header("set-cookie")
        if cookie:
            self.visitor.headers["cookie"] = cookie.partition(";")[0]
        return answer


@pytest.fixture
def screen(visitor, store):
    """Paired and entered."""
    made = Screen(visitor)
    pairing.approve(store, made.code()["code"], "一号屏", "the-admin", profile="lcd_7x3", output=3)
    assert made.enter().json() == {"entered": True}
    return made


def test_a_screen_opens_the_wall_and_no_other_address_whatever_the_method(screen, gate):
    for (method, path), rule in sorted(gate.rules.exact.items()):
        if rule.is_public:
            continue
        answer = (
            screen.visitor.get(path)
            if method == "GET"
            else screen.visitor.ask(
                method, path, b"{}", {"origin": "http://127.0.0.1:8050", **JSON}
            )
        )
        if "wall" not in rule.roles:
            assert answer.status in {403, 405}, (method, path, answer.status)
        elif method == "GET":
            assert answer.status != 403, path
    assert screen.visitor.get("/wall").status == 200
    assert screen.visitor.get("/wall/frame/").status == 200


def test_no_callback_of_the_pages_answers_a_screen(screen, gate):
    names = [*gate.rules.exact[("POST", "/_dash-update-component")].calls.roles]
    assert names
    for name in names:
        assert screen.visitor.call({"output": name, "inputs": []}).status == 403, name


def test_the_cookie_has_no_end_and_is_out_of_reach_for_scripts(screen):
    cookie = screen.enter().header("set-cookie")
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    assert "Max-Age" not in cookie and "Expires" not in cookie


def test_without_a_key_the_wall_leads_to_the_code_and_nothing_is_kept_in_the_address(visitor):
    answer = visitor().get("/wall?profile=lcd_7x3&output=2")
    assert answer.status == 303
    assert answer.header("location") == "/wall/pair?profile=lcd_7x3&output=2"
    assert visitor().get("/wall/pair").status == 200


@pytest.mark.parametrize(
    "given", [{"signature": "AAAA"}, {"challenge": "x"}, {"signature": 7}, {"challenge": None}]
)
def test_a_wrong_proof_enters_nothing(screen, given):
    answer = screen.enter(**given)
    assert answer.json() == {"entered": False}
    assert answer.header("set-cookie") is None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/wall/pair/code", {}),
        ("/wall/pair/code", {"key": "AAAA"}),
        ("/wall/pair/code", []),
        ("/wall/pair/challenge", {"device": "1"}),
        ("/wall/pair/challenge", {"device": True}),
        ("/wall/pair/enter", {"device": -1}),
    ],
)
def test_a_wrong_body_is_refused_by_name(visitor, path, body):
    answer = Screen(visitor).post(path, body)
    assert answer.status == 400
    assert answer.json()["error"]["hint"].startswith("应为")


def test_a_foreign_page_cannot_ask_for_a_code(visitor):
    answer = visitor().ask("POST", "/wall/pair/code", b"{}", {"origin": "http://evil", **JSON})
    assert answer.status == 403


def test_a_withdrawn_screen_is_refused_with_its_next_request(screen, store):
    devices.revoke(store, "一号屏")
    assert screen.visitor.get("/wall").status == 303
    assert screen.visitor.get("/wall/frame/").status == 303


def test_a_screen_tells_how_it_is_and_only_what_is_known_is_kept(screen, store):
    said = {"up": 60, "heap": 41, "scene": "flood", "more": "x" * 99, "errors": "many"}
    assert screen.post("/wall/health", said).status == 204
    (kept,) = devices.every(store)
    assert kept.windows[0].said == {"up": 60, "heap": 41, "scene": "flood"}
    assert kept.health_at is not None


def test_each_output_of_a_screen_tells_how_it_is(screen, store):
    for output in (1, 2):
        assert screen.post("/wall/health", {"output": output, "drawn": output}).status == 204
    for wrong in (-1, 99, "1", True, 1.0):
        assert screen.post("/wall/health", {"output": wrong, "drawn": 9}).status == 204
    (kept,) = devices.every(store)
    told = {output: one.said["drawn"] for output, one in kept.windows.items()}
    assert told == {0: 9, 1: 1, 2: 2}
