"""Folders on other machines: a real SFTP server and a real S3 server on loopback."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from pathlib import Path

import asyncssh
import boto3
import pytest
from moto.server import ThreadedMotoServer

from config.errors import ConfigError
from config.platforms import Platform
from etl.errors import Refused, Retryable
from etl.transports import files

USER, PASSWORD = "street", "a-password-of-the-test"
SHEET = Path(__file__).parents[1] / "fixtures" / "platforms" / "mediation" / "payload.xlsx"


class Server(asyncssh.SSHServer):
    def __init__(self, lines: list) -> None:
        self._lines = lines

    def connection_made(self, conn) -> None:
        self._lines.append(conn)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


class ReadOnly(asyncssh.SFTPServer):
    """Lists and gives, changes nothing."""

    def mkdir(self, path, attrs):
        raise asyncssh.SFTPPermissionDenied("read only")

    def rename(self, oldpath, newpath):
        raise asyncssh.SFTPPermissionDenied("read only")

    posix_rename = rename


class Sftp:
    """An SFTP server in a thread, rooted in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.read_only = False
        self.reads = 0
        self._lines: list[asyncssh.SSHServerConnection] = []
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.fingerprint = self.key.get_fingerprint()
        self._client = asyncssh.generate_private_key("ssh-ed25519")
        self.client_key = self._client.export_private_key("openssh").decode()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = 0
        self.start()

    def start(self) -> None:
        self.port = self._call(self._listen()).get_port()

    async def _listen(self):
        keys = asyncssh.import_authorized_keys(self._client.export_public_key().decode())
        outer = self

        def folder(channel):
            kind = ReadOnly if outer.read_only else asyncssh.SFTPServer

            class Counted(kind):
                def open(self, path, pflags, attrs):
                    outer.reads += 1
                    return super().open(path, pflags, attrs)

            return Counted(channel, chroot=str(outer.root))

        self._server = await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_factory=lambda: Server(self._lines),
            server_host_keys=[self.key],
            authorized_client_keys=keys,
            sftp_factory=folder,
        )
        return self._server

    def stop(self) -> None:
        async def end():
            self._server.close()
            for line in self._lines:
                line.abort()
                await line.wait_closed()
            self._lines.clear()
            await self._server.wait_closed()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        self._call(end())

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


@pytest.fixture
def sftp(tmp_path, monkeypatch):
    root = tmp_path / "remote"
    (root / "out").mkdir(parents=True)
    server = Sftp(root)
    monkeypatch.setenv("SFTP_PASSWORD", PASSWORD)
    monkeypatch.setenv("SFTP_KEY", server.client_key)
    monkeypatch.setattr(files, "LOOK_S", 0.0)
    yield server
    server.close()


def platform(**options) -> Platform:
    every = timedelta(minutes=5)
    return Platform(
        "mediation", "台账", "台账", "矛调中心", "", "files", every, every, False, True, options
    )


def by_password(server: Sftp, **more) -> Platform:
    url = f"sftp://127.0.0.1:{server.port}/out"
    asked = {"url": url, "user": USER, "password_env": "SFTP_PASSWORD"}
    return platform(**{**asked, "host_key": server.fingerprint, **more})


def folder(of: Platform, tmp_path) -> files.Folder:
    files.check(of)
    return files.inbox(of, tmp_path / "var")[-1]


def drop(server: Sftp, name: str, content: bytes = b"x", age_s: float = 60) -> Path:
    import os

    path = server.root / "out" / name
    path.write_bytes(content)
    stamp = path.stat().st_mtime - age_s
    os.utime(path, (stamp, stamp))
    return path


def test_files_come_from_a_server_with_the_key_that_was_agreed(sftp, tmp_path):
    drop(sftp, "b.csv", b"2" * 300_000, age_s=60)
    drop(sftp, "a.csv", b"1", age_s=90)
    drop(sftp, "c.csv.part", b"3")
    at = folder(by_password(sftp), tmp_path)
    found = list(at.finished())
    assert [(each.name, len(each.payload)) for each in found] == [("a.csv", 1), ("b.csv", 300_000)]
    at.done(found[0].path)
    at.refuse(found[1].path, "no header row found")
    out = sftp.root / "out"
    assert (out / "done" / "a.csv").exists()
    assert (out / "refused" / "b.csv.txt").read_text() == "no header row found\n"
    assert list(at.finished()) == []
    at.close()


def test_a_key_opens_the_door_as_a_password_does(sftp, tmp_path):
    drop(sftp, "a.csv")
    known = tmp_path / "known_hosts"
    public = sftp.key.export_public_key().decode()
    known.write_text(f"[127.0.0.1]:{sftp.port} {public}")
    url = f"sftp://127.0.0.1:{sftp.port}/out"
    at = folder(platform(url=url, user=USER, key_env="SFTP_KEY", known_hosts=str(known)), tmp_path)
    assert [each.name for each in at.finished()] == ["a.csv"]
    at.close()


def test_a_server_with_another_key_is_not_talked_to(sftp, tmp_path):
    at = folder(by_password(sftp, host_key="SHA256:" + "A" * 43), tmp_path)
    with pytest.raises(
        Refused, match=f"key is {sftp.fingerprint.replace('+', '.')} .* not the one"
    ):
        list(at.finished())


def test_a_wrong_password_is_for_a_person_to_mend(sftp, tmp_path, monkeypatch):
    monkeypatch.setenv("SFTP_PASSWORD", "wrong")
    with pytest.raises(Refused, match="does not let us in"):
        list(folder(by_password(sftp), tmp_path).finished())


def test_a_folder_that_is_not_there_is_told_and_not_taken_for_an_empty_one(sftp, tmp_path):
    url = f"sftp://127.0.0.1:{sftp.port}/none"
    with pytest.raises(Refused, match="the folder is not there"):
        list(folder(by_password(sftp, url=url), tmp_path).finished())


def test_where_nothing_may_be_moved_nothing_is_read_twice_even_after_a_restart(sftp, tmp_path):
    sftp.read_only = True
    drop(sftp, "a.csv", b"1")
    drop(sftp, "bad.csv", b"2")
    at = folder(by_password(sftp), tmp_path)
    for each in at.finished():
        if each.name == "bad.csv":
            at.refuse(each.path, "no header row found")
        else:
            at.done(each.path)
    assert list(at.finished()) == []
    at.close()
    again = folder(by_password(sftp), tmp_path)
    assert list(again.finished()) == []
    assert sftp.reads == 2
    drop(sftp, "a.csv", b"12", age_s=30)  # another delivery under the same name
    assert [each.payload for each in again.finished()] == [b"12"]
    again.close()


def test_a_server_that_went_away_is_asked_again_and_comes_back(sftp, tmp_path):
    drop(sftp, "a.csv")
    at = folder(by_password(sftp), tmp_path)
    assert len(list(at.finished())) == 1
    sftp.stop()
    with pytest.raises(Retryable):
        list(at.finished())
        list(at.finished())
    sftp.start()
    assert len(list(at.finished())) == 1
    at.close()


def test_a_server_that_is_down_is_looked_at_less_and_less(sftp, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LOOK_S", 30.0)
    moment = [1000.0]
    monkeypatch.setattr(files.time, "monotonic", lambda: moment[0])
    sftp.stop()
    at = folder(by_password(sftp), tmp_path)
    looks = 0
    for _ in range(3600):
        moment[0] += 1
        if at.is_ready:
            looks += 1
            with pytest.raises(Retryable):
                list(at.finished())
    assert 6 <= looks <= 12
    sftp.start()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"url": "sftp://u:p@h/x"}, "without user or password"),
        ({"url": "sftp://h/x"}, r"files\.user"),
        ({"url": "sftp://h/x", "user": "u"}, r"files\.password_env"),
        ({"url": "sftp://h/x", "user": "u", "password_env": "P"}, r"files\.host_key"),
        (
            {"url": "sftp://h/x", "user": "u", "password_env": "P", "host_key": "ab:cd"},
            "SHA256",
        ),
        ({"url": "sftp:///x", "user": "u"}, "<server>"),
        ({"url": "ftp://h/x"}, "sftp://… or s3://…"),
        ({"url": "sftp://h/x", "password": "x"}, r"files\.password "),
        ({"url": "s3://b/x"}, r"files\.access_env"),
        (
            {"url": "s3://b", "access_env": "A", "secret_env": "S", "endpoint": "http://10.0.0.1"},
            "https://…",
        ),
        ({"url": "/data", "user": "u"}, r"files\.user"),
    ],
)
def test_settings_that_cannot_be_used_are_named(options, named, var):
    with pytest.raises(ConfigError, match=named):
        files.check(platform(**options))


@pytest.fixture
def s3(monkeypatch):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    monkeypatch.setenv("S3_ACCESS", "street")
    monkeypatch.setenv("S3_SECRET", "a-secret-of-the-test")
    monkeypatch.setattr(files, "LOOK_S", 0.0)
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="street",
        aws_secret_access_key="a-secret-of-the-test",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="district")
    yield client, endpoint
    client.close()
    server.stop()


def in_bucket(endpoint: str, url: str = "s3://district/out") -> Platform:
    return platform(url=url, access_env="S3_ACCESS", secret_env="S3_SECRET", endpoint=endpoint)


def test_files_come_from_a_bucket_and_are_put_away_in_it(s3, tmp_path, monkeypatch):
    client, endpoint = s3
    monkeypatch.setattr(files, "QUIET_S", 0.0)
    at = folder(in_bucket(endpoint), tmp_path)
    assert list(at.finished()) == []  # a bucket without files has no folder
    client.put_object(Bucket="district", Key="out/a.csv", Body=b"1" * 100_000)
    client.put_object(Bucket="district", Key="out/b.csv", Body=b"2")
    found = {each.name: each for each in at.finished()}
    assert len(found["a.csv"].payload) == 100_000
    at.done(found["a.csv"].path)
    at.refuse(found["b.csv"].path, "no header row found")
    assert list(at.finished()) == []
    keys = [each["Key"] for each in client.list_objects_v2(Bucket="district")["Contents"]]
    assert keys == ["out/done/a.csv", "out/refused/b.csv", "out/refused/b.csv.txt"]


def test_a_bucket_that_is_not_there_is_told(s3, tmp_path):
    _, endpoint = s3
    with pytest.raises((Refused, Retryable)):
        list(folder(in_bucket(endpoint, "s3://none/out"), tmp_path).finished())


def test_a_file_from_a_server_is_loaded_once_and_its_bytes_lie_in_raw(sftp, configure, place, core):
    drop(sftp, "台账.xlsx", SHEET.read_bytes())
    configure(f"""
[mediation]
name = "矛盾纠纷调处化解平台"
owner = "矛调中心"
transport = "files"
every = "5m"

[mediation.files]
url = "sftp://127.0.0.1:{sftp.port}/out"
pattern = "*.xlsx"
user = "{USER}"
password_env = "SFTP_PASSWORD"
host_key = "{sftp.fingerprint}"
""")
    at = place()
    feed = at.feeds["mediation"]
    tally = at.turn("mediation", "files", feed.sweep, wait=True)
    assert tally.loaded > 0
    drop(sftp, "the same.xlsx", SHEET.read_bytes())
    again = at.turn("mediation", "files", feed.sweep, wait=True)
    assert (again.rows_in, again.loaded) == (0, 0)
    assert not list((sftp.root / "out").glob("*.xlsx"))
    ((loaded,),) = core(at, "SELECT count(*) FROM core.mediation_case")
    assert loaded == tally.loaded
    feed.close()
