"""Text that everybody loads is deflated once, and given as it is to whoever cannot take that."""

import asyncio
import gzip
import os

import httpx
import pytest

from dashboard import packed
from dashboard.packed import PackedFiles

TEXT = b"const chart = 1;\n" * 200


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "charts.js").write_bytes(TEXT)
    packed._packed.cache_clear()
    return tmp_path


def ask(folder, **headers):
    """What the folder answers; the content as it came over the line."""

    async def asked():
        line = httpx.ASGITransport(app=PackedFiles(directory=folder))
        headers.setdefault("accept-encoding", "gzip")
        async with (
            httpx.AsyncClient(transport=line, base_url="http://here") as client,
            client.stream("GET", "/charts.js", headers=headers) as answer,
        ):
            return answer, b"".join([part async for part in answer.aiter_raw()])

    return asyncio.run(asked())


def test_a_file_is_deflated_once_and_anew_when_it_changed(folder):
    for _ in range(3):
        answer, content = ask(folder)
        assert answer.headers["content-encoding"] == "gzip"
        assert (
            answer.headers["vary"] == "accept-encoding"
            and "javascript" in answer.headers["content-type"]
        )
        assert gzip.decompress(content) == TEXT and len(content) < len(TEXT) / 10
    assert packed._packed.cache_info().misses == 1
    (folder / "charts.js").write_bytes(TEXT + b"// new")
    os.utime(folder / "charts.js", (1, 1))
    assert gzip.decompress(ask(folder)[1]) == TEXT + b"// new"


@pytest.mark.parametrize(
    ("headers", "status", "content"),
    [({"accept-encoding": "identity"}, 200, TEXT), ({"range": "bytes=0-4"}, 206, TEXT[:5])],
)
def test_whoever_takes_no_gzip_or_wants_a_part_gets_the_file_as_it_is(
    folder, headers, status, content
):
    answer, found = ask(folder, **headers)
    assert (answer.status_code, found) == (status, content)
    assert "content-encoding" not in answer.headers


def test_who_has_it_already_is_told_so(folder):
    have = ask(folder)[0].headers["etag"]
    answer, content = ask(folder, **{"if-none-match": have})
    assert (answer.status_code, content) == (304, b"")
