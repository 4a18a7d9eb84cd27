"""The product over TLS in a real browser that trusts the site's own CA and nothing else (S15).

The certificate is that of `make cert`, the proxy nginx with the shipped file; the browser gets the
CA as a workstation does, through its certificate store, and ignores no error.
"""

import os
import shutil
import subprocess

import pytest
from playwright.sync_api import Error, expect

from tests.browser.conftest import QUIET, login
from tests.dashboard.test_tls import NAME, NGINX, PASSWORD, outside  # noqa: F401 - a fixture

CERTUTIL = shutil.which("certutil")
BEATEN = """() => [...document.querySelectorAll('iframe')].some(frame => {
  const beat = frame.contentDocument?.getElementById('tick')?.textContent || '';
  return Number(beat.split(' ')[0]) >= 2;
})"""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.sec,
    pytest.mark.skipif(
        CERTUTIL is None or not os.access(NGINX, os.X_OK), reason="nginx or certutil is missing"
    ),
]


@pytest.fixture(scope="module")
def address(outside):  # noqa: F811 - the fixture
    return f"https://{NAME}:{outside[0]}"


def launched(playwright, home, ca=None):
    """Chromium of somebody whose certificate store holds the CA, or does not."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    words = [CERTUTIL, "-d", f"sql:{store}"]
    subprocess.run([*words, "-N", "--empty-password"], check=True)
    if ca is not None:
        subprocess.run([*words, "-A", "-t", "C,,", "-n", "site", "-i", str(ca)], check=True)
    return playwright.chromium.launch(
        executable_path="/usr/bin/chromium",
        args=[*QUIET, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"],
        env=os.environ | {"HOME": str(home)},
    )


def test_a_browser_with_the_sites_ca_logs_in_and_the_wall_lives_over_tls(
    outside,  # noqa: F811 - the fixture
    address,
    playwright,
    tmp_path,
):
    trusting = launched(playwright, tmp_path / "trusts", outside[2] / "ca.pem")
    context = trusting.new_context(locale="zh-CN")
    page = context.new_page()
    login(page, address, "leader", PASSWORD)
    assert page.url == f"{address}/"
    expect(page.locator(".top-bar").first).to_be_visible()
    answer = page.goto(f"{address}/hotline")
    assert answer.status == 200
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    cookie = next(each for each in context.cookies() if "session" in each["name"])
    assert cookie["name"] == "__Host-honglan_session" and cookie["secure"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and cookie["path"] == "/"
    assert page.evaluate("document.cookie") == "" and page.evaluate("isSecureContext")

    wall = trusting.new_context(locale="zh-CN").new_page()
    login(wall, address, "wall", PASSWORD)
    wall.goto(f"{address}/wall")
    # a second beat is sent only after the browser answered the first one over the socket
    wall.wait_for_function(BEATEN, timeout=60_000)
    trusting.close()

    doubting = launched(playwright, tmp_path / "doubts")
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        doubting.new_page().goto(f"{address}/login")
    doubting.close()
