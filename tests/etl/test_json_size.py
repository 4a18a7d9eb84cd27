"""What is too large to be read is told from the text, and nothing else is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.formats import json_size
from etl.formats.json_size import excess

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=30,
)


def depth(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        return 0
    return 1 + max(map(depth, inner), default=0)


@settings(max_examples=300)
@given(value=VALUES, compact=st.booleans(), escaped=st.booleans())
def test_the_depth_told_from_the_text_is_that_of_the_value(value, compact, escaped):
    text = json.dumps(value, indent=None if compact else 2, ensure_ascii=escaped)
    payload = text.encode("utf-8", "surrogatepass")
    deep = depth(value)
    assert not json_size._is_deeper(payload, deep)
    assert deep == 0 or json_size._is_deeper(payload, deep - 1)


@settings(max_examples=300)
@given(payload=st.binary(max_size=200) | st.text('[]{}"\\,: 1', max_size=200).map(str.encode))
def test_whatever_comes_is_judged_without_an_error(payload):
    assert excess(payload) in (None, "is nested deeper than 64 levels")


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (b"[" * 64 + b"]" * 64, None),
        (b"[" * 65 + b"]" * 65, "is nested deeper than 64 levels"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "is nested deeper than 64 levels"),
        (b'["' + b"[" * 500 + b'"]', None),
        (b'["\\"' + b"[" * 500 + b'"]', None),
        (b"[" + b"1," * 999_998 + b"1]", None),
        (b"[" + b"1," * 1_000_000 + b"1]", "holds more than 1,000,000 values"),
    ],
)
def test_the_limits_are_exact(payload, said):
    assert excess(payload) == said
