# ruff: noqa: E501 - the program is one text
"""F12: what is small when it comes and huge when it is read is refused by name, in little memory.

Each bomb goes off in a process of its own, so that the memory it takes is its own; it is a fork of
one that has imported everything.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from config.environment import ROOT

MOST = 64  # MiB above what the process had, the bomb itself included
PROGRAM = """
import gzip, io, json, os, resource, sys, threading, zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from etl import registry
from etl.errors import EtlError
from etl.formats import markup, sheet, stored
from etl.transports.bounded import Ask, Web
import etl.formats.cell, etl.platforms.mediation, etl.platforms.weather

def squeezed(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, size, piece in members:
            with made.open(name, "w", force_zip64=True) as member:
                for _ in range(size // len(piece)):
                    member.write(piece)
    return out.getvalue()

TYPES = ("[Content_Types].xml", 10, b"<Types/>  ")
ZEROS, SPACES = bytes(1 << 20), b" " * (1 << 20)

def parse(payload, key="mediation"):
    for _ in registry.parser(key)(payload):
        pass

def answer(body):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        def log_message(self, *_):
            pass
    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Web().fetch("weather", Ask(f"http://127.0.0.1:{server.server_port}/"))

def dense(cells):
    rows = f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row><c r="{cells}"><v>1</v></c></row>'
    return squeezed(TYPES, ("xl/worksheets/sheet1.xml", len(rows), rows.encode()))

def lying():
    data = bytearray(squeezed(("a.csv", 8 << 20, ZEROS)))
    size = (8 << 20).to_bytes(4, "little")
    at = data.rfind(size)
    data[at:at + 4] = (100).to_bytes(4, "little")
    return bytes(data)

def endless(piece, size):
    class Endless(io.RawIOBase):
        left = size
        def readable(self):
            return True
        def readinto(self, buffer):
            n = min(len(buffer), self.left)
            buffer[:n] = (piece * (n // len(piece) + 1))[:n]
            self.left -= n
            return n
    return stored.Stored.behind(lambda: io.BufferedReader(Endless(), 1 << 20), size)

def packed(size):
    return gzip.compress(bytes(size), 9)

def json_file(payload):
    stored.judge("weather", payload)

LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha">' + "".join(
    f'<!ENTITY {chr(99 + n)} "{"&" + chr(98 + n) + ";" }{"&" + chr(98 + n) + ";" * 9}">' for n in range(9)
) + "]><a>&k;</a>"
BOMBS = {
    "gzip answer, 300 MB in 300 kB": lambda: answer(packed(300 << 20)),
    "gzip answer, 20 MB of text": lambda: answer(gzip.compress(b"0123456789abcdef" * (20 << 16), 1)),
    "zip, 400 MB of zeros": lambda: parse(squeezed(("a.csv", 400 << 20, ZEROS))),
    "zip, 100 members of 100 MB": lambda: parse(
        squeezed(*((f"{n}.csv", 100 << 20, ZEROS) for n in range(6)))),
    "zip, 2,000 members": lambda: parse(squeezed(*((f"{n}.csv", 1, b"x") for n in range(2000)))),
    "zip that lies about a size": lambda: parse(lying()),
    "zip in a zip": lambda: parse(
        squeezed(("a.zip", 1, squeezed(("b.csv", 1 << 20, ZEROS)))[:0] or
                 ("a.zip", len(squeezed(("b", 1, b"x"))), squeezed(("b", 1, b"x"))))),
    "xlsx, a sheet of 400 MB": lambda: parse(
        squeezed(TYPES, ("xl/worksheets/sheet1.xml", 400 << 20, SPACES))),
    "xlsx, 200 MB of shared strings": lambda: parse(
        squeezed(TYPES, ("xl/sharedStrings.xml", 200 << 20, SPACES))),
    "xlsx, one far cell": lambda: parse(dense("XFD1048576")),
    "xml, a billion laughs": lambda: markup.load_xml("camera_street", LAUGHS.encode()),
    "xml, an entity of 1 MB used 1,000 times": lambda: markup.load_xml("camera_street", (
        '<!DOCTYPE a [<!ENTITY b "' + "x" * (1 << 20) + '">]><a>' + "&b;" * 1000 + "</a>").encode()),
    "xml, an entity of a file": lambda: markup.load_xml(
        "camera_street", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    "xml, nested 100,000 deep": lambda: markup.load_xml("camera_street", b"<a>" * 100_000),
    "xml, 3 million elements": lambda: markup.load_xml(
        "camera_street", b"<a>" + b"<b/>" * 3_000_000 + b"</a>"),
    "json, nested 5 million deep": lambda: json_file(b"[" * 5_000_000 + b"]" * 5_000_000),
    "json, 5 million values": lambda: json_file(b"[" + b"1," * 5_000_000 + b"1]"),
    "json, 300 MB": lambda: json_file(endless(b'["a", ', 300 << 20)),
    "text, 300 MB in one line": lambda: parse(endless(b"x", 300 << 20)),
    "text, one quote that never ends": lambda: parse(endless(b'"a\\n', 300 << 20)),
    "text, 60 MB of blank lines": lambda: parse(endless(b"\\n", 60 << 20)),
    "text, 300 MB that is no text": lambda: parse(endless(b"\\xff\\xff\\n", 300 << 20)),
}

def high():
    return int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1]) / 1024

def go_off(name):
    before, cpu = high(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
    try:
        BOMBS[name]()
        said = ""
    except EtlError as error:
        said = str(error)
    cpu = resource.getrusage(resource.RUSAGE_SELF).ru_utime - cpu
    return [said, high() - before, cpu]

registry.module("mediation")
print(json.dumps(list(BOMBS)), flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.write(1, json.dumps(go_off(json.loads(line))).encode() + b"\\n")
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print("null", flush=True)
"""
NAMES = [
    line.partition('": lambda')[0].strip().lstrip('"')
    for line in PROGRAM.splitlines()
    if line.startswith('    "') and '": lambda' in line
]


@pytest.fixture(scope="module")
def nursery() -> Iterator[subprocess.Popen[str]]:
    """What a bomb needs is imported once; each bomb goes off in a fork of it."""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == NAMES, "every bomb is tried"
        yield process


def go_off(nursery: subprocess.Popen[str], name: str) -> tuple[str, float, float]:
    assert nursery.stdin is not None and nursery.stdout is not None
    print(json.dumps(name), file=nursery.stdin, flush=True)
    told = json.loads(nursery.stdout.readline())
    assert told is not None, f"{name}: the process has died"
    return tuple(told)


@pytest.mark.fault
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", NAMES)
def test_a_bomb_is_refused_by_name_and_takes_little_memory(nursery, name):
    said, rise, _ = go_off(nursery, name)
    print(f"{rise:.0f} MiB: {said}")
    assert said.startswith(("mediation: ", "weather: ", "camera_street: ")), said
    assert rise <= MOST, f"{rise:.0f} MiB: {said}"


@pytest.mark.fault
def test_every_bomb_is_tried(nursery):
    assert len(NAMES) == len(set(NAMES)) > 20
