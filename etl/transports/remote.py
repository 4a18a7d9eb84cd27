"""A folder on another machine, by SFTP or S3: opened with pinned keys and secrets by name.

An address never holds a user or a password. An SFTP server is known by its key, named in the
platform's block or in a known-hosts file; a server with another key is not talked to.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import fsspec
import paramiko
from botocore.exceptions import BotoCoreError, ClientError

from cases.faults import Fault
from config.environment import secret
from config.platforms import Platform
from etl.errors import Refused, Retryable
from etl.transports.answer import wrong

_CONNECT_S: Final = 10.0
_SILENT_S: Final = 30.0
_OPTIONS: Final = {
    "sftp": {"user", "password_env", "key_env", "passphrase_env", "host_key", "known_hosts"},
    "s3": {"access_env", "secret_env", "endpoint", "region"},
}
_NEEDED: Final = {"sftp": ("user",), "s3": ("access_env", "secret_env")}
_KEY_KINDS: Final = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class WrongHostKeyError(paramiko.SSHException):  # type: ignore[misc]
    """The server has another key than the one that was agreed."""


def options(url: str) -> set[str]:
    """The settings that an address of this kind takes."""
    return _OPTIONS.get(urlsplit(url).scheme, set())


def check(platform: Platform, url: str) -> None:
    """ConfigError when the folder on another machine cannot be reached with these settings."""
    given = platform.options
    address = urlsplit(url)
    if address.username or address.password:
        shown = address._replace(netloc=f"***@{address.hostname}").geturl()
        raise wrong(platform, "url", shown, "an address without user or password")
    if not address.hostname:
        raise wrong(platform, "url", url, f"{address.scheme}://<server>/<folder>")
    for name in _NEEDED[address.scheme]:
        if name not in given:
            raise wrong(platform, name, None, "a text; secrets by the name of their variable")
    if address.scheme == "sftp":
        _check_sftp(platform)
    else:
        endpoint = urlsplit(given.get("endpoint", "https://s3"))
        is_here = endpoint.scheme == "http" and endpoint.hostname in _LOOPBACK
        if endpoint.scheme != "https" and not is_here:
            raise wrong(platform, "endpoint", given["endpoint"], "https://… (http on loopback)")
    for name in given:
        if name.endswith("_env"):
            secret(given[name])


def _check_sftp(platform: Platform) -> None:
    given = platform.options
    if ("password_env" in given) == ("key_env" in given):
        raise wrong(platform, "password_env", given.get("password_env"), "it or key_env")
    if ("host_key" in given) == ("known_hosts" in given):
        allowed = '"SHA256:…" as ssh-keygen -lf shows it, or known_hosts with a file'
        raise wrong(platform, "host_key", given.get("host_key"), allowed)
    for key in given.get("host_key", "SHA256:").split():
        if not key.startswith("SHA256:"):
            raise wrong(platform, "host_key", key, '"SHA256:…" as ssh-keygen -lf shows it')


def connect(platform: Platform, url: str) -> tuple[Any, str]:
    """The file system of an address and the folder in it; Retryable or Refused when it is not."""
    address = urlsplit(url)
    with speaking(platform.key):
        if address.scheme == "sftp":
            return _sftp(platform, address.hostname or "", address.port or 22), address.path
        return _s3(platform), f"{address.hostname}{address.path}".rstrip("/")


@contextmanager
def speaking(platform: str) -> Iterator[None]:
    """What may go wrong with another machine, told by what to do about it."""
    try:
        yield
    except WrongHostKeyError as error:
        raise Refused(platform, str(error), fault=Fault.HOST_KEY) from None
    except (paramiko.AuthenticationException, PermissionError) as error:
        raise Refused(
            platform, f"the server does not let us in ({_short(error)})", fault=Fault.UNACCEPTED
        ) from None
    except FileNotFoundError as error:
        raise Refused(
            platform, f"the folder is not there ({_short(error)})", fault=Fault.FOLDER
        ) from None
    except (OSError, EOFError, paramiko.SSHException, BotoCoreError, ClientError) as error:
        raise Retryable(
            platform, f"the folder cannot be read ({_short(error)})", fault=Fault.FOLDER
        ) from None


class _Pinned(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Lets a server in whose key was agreed, and nobody else."""

    def __init__(self, fingerprints: list[str], known_hosts: str | None, port: int) -> None:
        self._fingerprints = fingerprints
        self._known = paramiko.HostKeys(known_hosts) if known_hosts else None
        self._port = port

    def missing_host_key(
        self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey
    ) -> None:
        """Compare the key that the server shows."""
        shown = "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode()
        shown = shown.rstrip("=")
        if shown in self._fingerprints:
            return
        if self._known is not None and self._known.check(hostname, key):
            return
        raise WrongHostKeyError(
            f"the server's key is {shown} ({key.get_name()}), which is not the one agreed"
        )


def _sftp(platform: Platform, host: str, port: int) -> Any:
    given = platform.options
    known_hosts = given.get("known_hosts")
    if known_hosts and not Path(known_hosts).is_file():
        raise Refused(
            platform.key, f"the file of known hosts {known_hosts} is not there", fault=Fault.CONFIG
        )
    files = fsspec.filesystem(
        "sftp",
        host=host,
        port=port,
        username=given["user"],
        password=secret(given["password_env"]) if "password_env" in given else None,
        pkey=_private_key(platform) if "key_env" in given else None,
        host_key_policy=_Pinned(given.get("host_key", "").split(), known_hosts, port),
        allow_agent=False,
        look_for_keys=False,
        timeout=_CONNECT_S,
        banner_timeout=_CONNECT_S,
        auth_timeout=_CONNECT_S,
        skip_instance_cache=True,
    )
    files.ftp.get_channel().settimeout(_SILENT_S)
    return files


def _private_key(platform: Platform) -> paramiko.PKey:
    name = platform.options["key_env"]
    content = secret(name)
    if not content.startswith("-----BEGIN"):
        raise Refused(
            platform.key, f"the secret {name} is no private key in PEM form", fault=Fault.CONFIG
        )
    phrase = platform.options.get("passphrase_env")
    for kind in _KEY_KINDS:
        try:
            key: paramiko.PKey = kind.from_private_key(
                io.StringIO(content), password=secret(phrase) if phrase else None
            )
        except (paramiko.SSHException, ValueError):
            continue
        return key
    raise Refused(
        platform.key, f"the secret {name} is no private key that can be opened", fault=Fault.CONFIG
    )


def _s3(platform: Platform) -> Any:
    given = platform.options
    return fsspec.filesystem(
        "s3",
        key=secret(given["access_env"]),
        secret=secret(given["secret_env"]),
        endpoint_url=given.get("endpoint"),
        client_kwargs={"region_name": given.get("region", "us-east-1")},
        config_kwargs={
            "connect_timeout": _CONNECT_S,
            "read_timeout": _SILENT_S,
            "retries": {"max_attempts": 2},
        },
        use_listings_cache=False,
        skip_instance_cache=True,
    )


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
