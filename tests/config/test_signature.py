"""Signatures: the same text on both ends, and nothing else agrees."""

from __future__ import annotations

import time

import pytest

from config import signature

SECRET = "a-secret-of-the-test"


def test_a_question_signs_method_path_sorted_query_time_nonce_and_body():
    text = signature.question(
        "get", "/a/list", [("size", "5"), ("name", "洪 蓝"), ("a", "")], "1", "n", b""
    )
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    said = "GET\n/a/list\na=&name=%E6%B4%AA%20%E8%93%9D&size=5\n1\nn\n" + empty
    assert text.decode() == said


def test_a_signature_is_the_published_hmac_sha256():
    # RFC 4231, test case 2
    assert signature.sign("Jefe", b"what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


@pytest.mark.parametrize(
    ("secret", "at", "nonce", "body"),
    [
        ("another", "1", "n", b"{}"),
        (SECRET, "2", "n", b"{}"),
        (SECRET, "1", "m", b"{}"),
        (SECRET, "1", "n", b"{ }"),
    ],
)
def test_whatever_is_changed_the_signature_no_longer_agrees(secret, at, nonce, body):
    made = signature.sign(SECRET, signature.message("1", "n", b"{}"))
    assert signature.agrees(SECRET, signature.message("1", "n", b"{}"), f" {made.upper()} ")
    assert not signature.agrees(secret, signature.message(at, nonce, body), made)


@pytest.mark.parametrize("made", ["", "签名", "0" * 64, "\udc80"])
def test_what_is_no_signature_does_not_agree(made):
    assert not signature.agrees(SECRET, b"{}", made)


@pytest.mark.parametrize(
    ("shift", "good"), [(0, True), (290, True), (-290, True), (310, False), (-310, False)]
)
def test_a_signature_is_good_for_five_minutes(shift, good):
    assert signature.is_current(str(int(time.time()) + shift)) is good


@pytest.mark.parametrize("at", ["", "soon", "-5", "1e9", "9" * 400, "１７"])
def test_what_is_no_time_is_not_current(at):
    assert not signature.is_current(at)
