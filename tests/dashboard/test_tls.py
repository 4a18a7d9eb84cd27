"""The product behind the shipped proxy with TLS, as a browser on the network meets it (S4, S15)."""

import os
import re
import shutil
import socket
import ssl
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from cases import users
from cases.store import migrate, open_store
from deploy import cert

ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
NAME = "board.honglan.local"
PASSWORD = "Stone-Lake-2026-a"
pytestmark = [
    pytest.mark.sec,
    pytest.mark.skipif(not Path(NGINX).exists(), reason="nginx is not installed"),
]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def configured(folder, tls, port, plain, behind):
    """The shipped file with this test's names, ports and paths, and nothing else changed."""
    text = (ROOT / "deploy" / "proxy" / "honglan.conf").read_text(encoding="utf-8")
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{plain};")
    text = text.replace("/etc/honglan/tls", str(tls)).replace(
        "127.0.0.1:8050", f"127.0.0.1:{behind}"
    )
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}} http {{ access_log off; {temporary}\n{text} }}",
        encoding="utf-8",
    )
    return conf


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    """Web process and proxy, with a leader's account; gives the port and the CA."""
    folder = tmp_path_factory.mktemp("tls")
    tls = folder / "tls"
    cert.make([NAME, "127.0.0.1"], tls)
    port, plain, behind = free_port(), free_port(), free_port()
    environment = {
        **os.environ,
        "HONGLAN_VAR": str(folder / "var"),
        "HONGLAN_PORT": str(behind),
        "HONGLAN_BEHIND_TLS_PROXY": "1",
        "HONGLAN_PUBLIC_HOST": NAME,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HONGLAN_VAR", environment["HONGLAN_VAR"])
        store = open_store()
        migrate(store)
        for role in ("leader", "wall"):
            users.add(store, role, role, PASSWORD)
        store.close()
    conf = configured(folder, tls, port, plain, behind)
    processes = [
        subprocess.Popen([sys.executable, "-m", "dashboard", "serve"], cwd=ROOT, env=environment),
        subprocess.Popen([NGINX, "-e", str(folder / "error.log"), "-c", str(conf)]),
    ]
    try:
        await_answer(port, tls)
        yield port, plain, tls
    finally:
        for process in processes:
            process.terminate()
            process.wait(60)


def opener(tls):
    """A client that believes the CA of the site alone and follows nothing."""
    context = ssl.create_default_context(cafile=str(tls / "ca.pem"))

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    return urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), Stay)


def ask(port, tls, path, body=None, headers=()):
    request = urllib.request.Request(
        f"https://127.0.0.1:{port}{path}", body, {"host": f"{NAME}:{port}", **dict(headers)}
    )
    try:
        answer = opener(tls).open(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return SimpleNamespace(status=answer.status, headers=answer.headers)


def await_answer(port, tls):
    until = time.monotonic() + 90
    while True:
        try:
            if ask(port, tls, "/healthz").status == 200:
                return
        except (urllib.error.URLError, OSError):
            pass
        assert time.monotonic() < until, "nothing answers behind the proxy"
        time.sleep(0.2)


def login(port, tls, **headers):
    own = {
        "origin": f"https://{NAME}:{port}",
        "sec-fetch-site": "same-origin",
        "content-type": "application/x-www-form-urlencoded",
    }
    body = f"username=leader&password={PASSWORD}".encode()
    return ask(port, tls, "/login", body, own | headers)


def test_the_keys_are_their_owners_alone_and_the_names_are_in_the_certificate(tmp_path):
    files = cert.make([NAME, "10.1.2.3"], tmp_path)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
    assert (modes["ca.key"], modes["server.key"]) == (0o600, 0o600)
    text = subprocess.run(
        ["openssl", "x509", "-in", tmp_path / "server.pem", "-noout", "-text"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert f"DNS:{NAME}, IP Address:10.1.2.3" in text
    before = (tmp_path / "ca.pem").read_bytes()
    cert.make([NAME], tmp_path)
    assert (tmp_path / "ca.pem").read_bytes() == before, "browsers know this CA already"
    subprocess.run(
        ["openssl", "verify", "-CAfile", tmp_path / "ca.pem", tmp_path / "server.pem"], check=True
    )


def test_the_login_gives_a_cookie_that_only_tls_carries(outside):
    port, _, tls = outside
    answer = login(port, tls)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-honglan_session=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(re.split("; ", cookie))
    assert "Domain" not in cookie
    page = ask(port, tls, "/hotline", headers={"cookie": cookie.partition(";")[0]})
    assert page.status == 200


@pytest.mark.parametrize(
    "path", ["/", "/login", "/nothing", "/assets/gate/gate.css", "/api/v1/metrics"]
)
def test_every_answer_demands_tls_for_a_year_and_names_no_server(outside, path):
    port, _, tls = outside
    headers = ask(port, tls, path).headers
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert not re.search(r"\d", headers.get("server", "")), "no version"


def test_plain_http_only_leads_to_tls(outside):
    _, plain, tls = outside
    request = urllib.request.Request(f"http://127.0.0.1:{plain}/hotline", headers={"host": NAME})
    with pytest.raises(urllib.error.HTTPError) as told:
        opener(tls).open(request, timeout=60)
    assert (told.value.code, told.value.headers["location"]) == (308, f"https://{NAME}/hotline")
    told.value.close()


def test_old_tls_is_refused(outside):
    port, _, tls = outside
    tried = {
        version: subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", f"-{version}",
             "-cipher", "ALL:@SECLEVEL=0", "-CAfile", tls / "ca.pem"],
            input=b"", capture_output=True, timeout=60,
        )
        for version in ("tls1_1", "tls1_2")
    }  # fmt: skip
    assert tried["tls1_1"].returncode != 0
    assert tried["tls1_2"].returncode == 0, tried["tls1_2"].stderr.decode()


def test_a_foreign_page_and_a_foreign_name_are_refused_through_the_proxy_too(outside):
    port, _, tls = outside
    assert login(port, tls, origin="https://elsewhere.example").status == 403
    assert ask(port, tls, "/login", headers={"host": "elsewhere.example"}).status == 421
