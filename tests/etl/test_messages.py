"""Messages as a stream keeps them: line by line, without loss, read back as what was sent."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import BadRecord
from etl.formats.cell import text
from etl.formats.messages import line, messages, whole

AT = datetime(2026, 11, 23, 8, 0, 1)


def read(payload: bytes) -> list:
    return list(messages("iot_device", payload))


def test_a_message_comes_back_with_its_time_and_topic_and_numbers_as_text():
    kept = line(AT, b'{"v": 1.50, "id": 7}', "iot/7/up") + line(AT, b'{"v": null}')
    assert read(kept) == [
        ({"at": "2026-11-23T08:00:01", "topic": "iot/7/up"}, {"v": "1.50", "id": "7"}),
        ({"at": "2026-11-23T08:00:01"}, {"v": None}),
    ]


def test_line_breaks_in_a_body_stay_in_one_line():
    kept = line(AT, '{"v":\n"甲\u2028乙"}'.encode())
    assert kept.count(b"\n") == 1
    assert read(kept)[0][1] == {"v": "甲\u2028乙"}


def test_a_body_that_is_no_json_comes_as_its_text_and_the_next_is_read():
    kept = line(AT, b"hello \x00") + line(AT, b"{}")
    assert [body for _, body in read(kept)] == ["hello \x00", {}]


def test_a_body_in_gb18030_is_read_as_such():
    kept = line(AT, '{"名称": "井盖㙓"}'.encode("gb18030"))
    assert read(kept)[0][1] == {"名称": "井盖㙓"}


@given(st.binary(max_size=200))
def test_whatever_bytes_come_they_are_kept_without_loss_and_never_break_a_line(body):
    kept = line(AT, body, "t")
    assert kept.endswith(b"\n") and kept.count(b"\n") == 1
    assert json.loads(kept)["body"].encode("utf-8", "surrogateescape") == body
    for _, said in read(kept):
        (text(said) or "").encode()


@pytest.mark.parametrize("payload", [b"", b"\n", b"[]\n", b'{"body": 1}\n', b'{"at"', b"\xff\n"])
def test_a_file_that_is_not_made_of_messages_is_refused(payload):
    with pytest.raises(BadRecord, match=r"^iot_device: (line 1|the file) "):
        read(payload)


def test_of_a_segment_cut_off_the_whole_lines_remain():
    one, two = line(AT, b"{}"), line(AT, b'{"a": 1}')
    assert whole(one + two[:-1]) == one
    assert whole(one + two) == one + two
    assert whole(two[:-1]) == b""
