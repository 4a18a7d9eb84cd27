"""Real servers of Debian's packages, each in a folder of its own on loopback, ended by its number.

Database servers refuse to run as root; where the tests do, they run as nobody.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pymysql
import pytest
import trustme
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

PASSWORD = "a-password-of-the-test"
USER = "reader"


def program(name: str, *folders: str) -> str:
    """Where a server's program is; skips the test where its package is not installed."""
    found = shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", "")]))
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def unprivileged() -> dict[str, object]:
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder that the unprivileged user may reach; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="honglan-test-"))
    who = unprivileged()
    if who:
        os.chown(folder, who["user"], who["group"])  # type: ignore[arg-type]
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(command: list[str], log: Path, answers: Callable[[], object]) -> Iterator[int]:
    """The server, once it answers; the number of its process."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, cwd="/", **unprivileged()
        )
    try:
        until = time.monotonic() + 60
        while True:
            try:
                answers()
                break
            except (psycopg.Error, pymysql.Error, OSError) as error:
                if process.poll() is not None or time.monotonic() > until:
                    said = log.read_text(errors="replace")[-2000:]
                    raise AssertionError(f"{command[0]} does not answer: {error}; {said}") from None
                time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def prepare(command: list[str], log: Path) -> None:
    with log.open("ab") as out:
        done = subprocess.run(command, stdout=out, stderr=out, cwd="/", **unprivileged())
    assert done.returncode == 0, log.read_text(errors="replace")[-2000:]


@contextmanager
def postgresql() -> Iterator[dict[str, object]]:
    """A PostgreSQL server; the address of its database and how its owner says SQL to it."""
    homes = sorted(str(each) for each in Path("/usr/lib/postgresql").glob("*/bin"))[::-1]
    initdb, postgres = program("initdb", *homes), program("postgres", *homes)
    with own_folder() as folder:
        data, log, port = folder / "data", folder / "log", free_port()
        prepare([initdb, "-D", str(data), "-U", "owner", "--auth=trust", "-E", "UTF8", "-N"], log)
        rules = "local all all trust\nhost all owner 127.0.0.1/32 trust\n"
        (data / "pg_hba.conf").write_text(rules + "host all all 127.0.0.1/32 scram-sha-256\n")

        def say(sql: str) -> None:
            with psycopg.connect(
                host="127.0.0.1", port=port, user="owner", dbname="postgres", autocommit=True
            ) as owner:
                owner.execute(sql)

        command = [postgres, "-D", str(data), "-p", str(port), "-k", str(folder)]
        settings = ("listen_addresses=127.0.0.1", "fsync=off", "timezone=UTC")
        command += [word for each in settings for word in ("-c", each)]
        with running(command, log, lambda: say("SELECT 1")):
            say(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")
            # more rights than a reader needs: it is the session that must not write
            say(f"GRANT CREATE ON SCHEMA public TO {USER}")
            say(f"ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO {USER}")
            yield {"port": port, "database": "postgres", "say": say}


@contextmanager
def mariadb() -> Iterator[dict[str, object]]:
    """A MariaDB server, in the same terms."""
    install = program("mariadb-install-db")
    server = program("mariadbd", "/usr/sbin")
    with own_folder() as folder:
        data, log, port = folder / "data", folder / "log", free_port()
        common = ["--no-defaults", f"--datadir={data}"]
        prepare(
            [install, *common, "--auth-root-authentication-method=normal", "--skip-test-db"], log
        )

        def say(sql: str) -> None:
            (folder / "socket").stat()  # the driver leaves a socket behind where there is no door
            with pymysql.connect(
                unix_socket=str(folder / "socket"), user="root", autocommit=True, charset="utf8mb4"
            ) as owner:
                for each in filter(str.strip, sql.split(";")):
                    owner.cursor().execute(each)

        command = [
            server, *common, f"--port={port}", "--bind-address=127.0.0.1",
            f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}",
            "--innodb-flush-log-at-trx-commit=0", "--default-time-zone=+00:00",
        ]  # fmt: skip
        with running(command, log, lambda: say("SELECT 1")):
            say(
                "CREATE DATABASE street CHARACTER SET utf8mb4;"
                f"CREATE USER '{USER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';"
                f"GRANT ALL ON street.* TO '{USER}'@'127.0.0.1'"
            )
            yield {"port": port, "database": "street", "say": say}


class Broker:
    """A mosquitto with a user, and TLS by a test authority where asked; it can be restarted."""

    def __init__(self, folder: Path, tls: bool = False) -> None:
        self.folder, self.port = folder, free_port()
        self.ca = folder / "ca.pem" if tls else None
        self._stack = ExitStack()
        passwords = folder / "passwords"
        make = program("mosquitto_passwd")
        prepare([make, "-b", "-c", str(passwords), USER, PASSWORD], folder / "log")
        lines = [
            f"listener {self.port} 127.0.0.1", "allow_anonymous false", "persistence true",
            f"password_file {passwords}", f"persistence_location {folder}/", "autosave_interval 1",
            "autosave_on_changes true", "log_type all", "max_queued_messages 100000",
        ]  # fmt: skip
        if tls:
            authority = trustme.CA()
            authority.cert_pem.write_to_path(str(self.ca))
            server = authority.issue_cert("127.0.0.1", "localhost")
            server.private_key_pem.write_to_path(str(folder / "key.pem"))
            server.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
            (folder / "key.pem").chmod(0o644)
            lines += [f"keyfile {folder / 'key.pem'}", f"certfile {folder / 'cert.pem'}"]
        (folder / "conf").write_text("\n".join(lines) + "\n")

    def begin(self) -> None:
        command = [program("mosquitto", "/usr/sbin"), "-c", str(self.folder / "conf")]
        self._stack.enter_context(running(command, self.folder / "log", self._answers))

    def end(self) -> None:
        self._stack.close()

    def _answers(self) -> None:
        socket.create_connection(("127.0.0.1", self.port), 1).close()

    def publish(self, topic: str, *bodies: bytes, qos: int = 1) -> None:
        """As a device would; comes back when the broker has acknowledged all."""
        device = paho.Client(CallbackAPIVersion.VERSION2, client_id="device")
        device.username_pw_set(USER, PASSWORD)
        if self.ca:
            device.tls_set(str(self.ca))
        device.max_queued_messages_set(0)
        device.connect("localhost" if self.ca else "127.0.0.1", self.port)
        device.loop_start()
        said = [device.publish(topic, body, qos=qos) for body in bodies]
        until = time.monotonic() + 120
        for each in said:
            each.wait_for_publish(max(0.0, until - time.monotonic()))
            assert each.is_published(), f"the broker did not acknowledge {topic} within 120 s"
        device.disconnect()
        device.loop_stop()


@contextmanager
def mosquitto(*, tls: bool = False) -> Iterator[Broker]:
    with own_folder() as folder:
        broker = Broker(folder, tls)
        broker.begin()
        try:
            yield broker
        finally:
            broker.end()
