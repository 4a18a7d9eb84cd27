"""Static files that are deflated once a process, not once a visitor: the charts' library is 1.5 MB
of text, and deflating it takes longer than everything else a first load of the wall asks for."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Final

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_LEVEL: Final = 9  # once a process it may take its time
_MOST_FILES: Final = 16


class PackedFiles(StaticFiles):
    """A folder of text files, ready for whoever takes gzip; others and parts are given as ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, packed if it may be."""
        answer = await super().get_response(path, scope)
        asked = Headers(scope=scope)
        takes = "gzip" in asked.get("accept-encoding", "") and "range" not in asked
        if not takes or scope["method"] != "GET" or not isinstance(answer, FileResponse):
            return answer
        file = Path(answer.path)
        content = await to_thread.run_sync(_packed, file, file.stat().st_mtime_ns)
        kept = {name: answer.headers[name] for name in ("etag", "last-modified")}
        told = {"content-encoding": "gzip", "vary": "accept-encoding", **kept}
        return Response(content, headers=told, media_type=answer.media_type)


@lru_cache(maxsize=_MOST_FILES)
def _packed(file: Path, _stamp: int) -> bytes:
    return gzip.compress(file.read_bytes(), _LEVEL, mtime=0)
