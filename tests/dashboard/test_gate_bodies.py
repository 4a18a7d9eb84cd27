"""Sizes: what is too large is refused while it arrives, never held (S16)."""

import json

import pytest

pytestmark = pytest.mark.sec
MB = 1024 * 1024
PIECE = b"x" * 65_536


def endless():
    while True:
        yield PIECE


@pytest.mark.parametrize(
    ("path", "limit"),
    [("/_dash-update-component", MB), ("/api/v1/reports", MB), ("/session/seen", 8192)],
)
def test_a_stream_without_end_is_cut_off_at_the_limit(visitor, path, limit):
    leader = visitor("leader")
    headers = {"content-type": "application/json", "transfer-encoding": "chunked"}
    answer = leader.post(path, headers=headers, chunks=endless())
    assert answer.status == 413
    assert leader.took <= limit + len(PIECE)
    assert answer.header("connection") == "close"


def test_the_login_takes_eight_kilobytes_from_strangers(visitor):
    stranger = visitor()
    assert stranger.post("/login", chunks=endless()).status == 413
    assert stranger.took <= 8192 + len(PIECE)
    small = visitor()
    assert small.post("/login", b"x" * 8192).status == 401


def test_a_declared_size_is_refused_before_the_first_byte(visitor):
    leader = visitor("leader")
    for size in ("209715200", "1048577", "9" * 30):
        answer = leader.post("/api/v1/reports", headers={"content-length": size}, chunks=endless())
        assert answer.status == 413
    assert leader.took == 0


@pytest.mark.parametrize("size", ["-1", "1e3", "０", "0x10", "1 2"])
def test_a_size_that_is_no_number_is_refused(visitor, size):
    headers = {"content-length": size.encode("utf-8").decode("latin-1")}
    assert visitor("leader").post("/api/v1/reports", b"{}", headers=headers).status == 400


def test_a_body_without_rights_is_not_read_at_all(visitor):
    stranger = visitor()
    assert stranger.post("/api/v1/reports", chunks=endless()).status == 401
    assert stranger.post("/_dash-update-component", chunks=endless()).status == 401
    assert stranger.took == 0


def test_a_get_with_a_large_body_is_refused_and_a_small_one_ignored(visitor):
    leader = visitor("leader")
    assert leader.get("/hotline", headers={"content-length": "200000000"}).status == 413
    assert leader.get("/api/v1/metrics", body=b"{}").status == 200


def test_a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not(visitor):
    leader = visitor("leader")
    kind = {"content-type": "application/json"}
    whole = json.dumps({"x": "y" * MB})[:MB].encode()
    assert leader.post("/api/v1/reports", whole, headers=kind).json() == {"bytes": MB}
    assert leader.post("/api/v1/reports", whole + b"x", headers=kind).status == 413


def test_long_paths_and_queries_are_refused(visitor):
    leader = visitor("leader")
    assert leader.get("/" + "a" * 600).status == 404
    assert leader.get("/hotline?" + "a" * 5000).status == 404
