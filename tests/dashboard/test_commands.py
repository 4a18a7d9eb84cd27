"""The shell's commands: one sentence for a mistake, secrets printed once (S1)."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cases import audit, sessions, tokens, users
from cases.store import migrate, open_store
from dashboard.__main__ import main

ROOT = Path(__file__).parents[2]
GOOD = "Honglan-2026-x"


def run(*arguments, **env):
    """A command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "dashboard", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=60, env=os.environ | env,
    )  # fmt: skip


def test_first_credentials_are_printed_once_and_let_in(store, capsys):
    assert main(["credentials"]) == 0
    printed = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert set(printed) == {"leader", "wall"}
    for name, password in printed.items():
        assert users.authenticate(store, name, password).role == name
    assert main(["credentials"]) == 0
    assert capsys.readouterr().out == ""


def test_an_account_is_added_with_a_password_that_is_shown_once(store, capsys, monkeypatch):
    assert main(["user", "add", "zhang", "--role", "admin"]) == 0
    name, password = capsys.readouterr().out.split()
    assert users.authenticate(store, name, password).role == "admin"
    monkeypatch.setattr(sys, "stdin", io.StringIO(GOOD + "\n"))
    assert main(["user", "add", "li", "--role", "leader", "--password-stdin"]) == 0
    assert capsys.readouterr().out == ""
    assert users.authenticate(store, "li", GOOD)
    assert main(["user", "list"]) == 0
    listed = capsys.readouterr().out
    assert "zhang\tadmin\topen" in listed and password not in listed


def test_shutting_an_account_or_changing_it_ends_its_sessions(store, capsys):
    user = users.add(store, "zhang", "leader", GOOD)
    for command in (
        ["user", "password", "zhang"],
        ["user", "role", "zhang", "wall"],
        ["user", "disable", "zhang"],
    ):
        session_id = sessions.start(store, user.id, users.find(store, "zhang").role)
        assert sessions.find(store, session_id)
        assert main(command) == 0
        assert sessions.find(store, session_id) is None
    assert main(["user", "disable", "zhang", "--undo"]) == 0
    assert users.find(store, "zhang").disabled_at is None
    assert {row.who for row in audit.recent(store)} == {"shell"}
    assert audit.verify(store) == 4


def test_a_token_is_printed_alone_and_works_until_revoked(store, capsys):
    assert main(["token", "create", "--role", "leader", "--name", "district"]) == 0
    (token,) = capsys.readouterr().out.splitlines()
    assert tokens.find(store, token).role == "leader"
    assert main(["token", "list"]) == 0
    assert token not in capsys.readouterr().out
    assert main(["token", "revoke", "district"]) == 0
    assert tokens.find(store, token) is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "COMMAND"),
        (["fly"], "'fly'"),
        (["user"], "VERB"),
        (["user", "add", "zhang"], "--role"),
        (["user", "add", "zhang", "--role", "root"], "leader"),
        (["user", "add", "张三", "--role", "leader"], "a-z"),
        (["user", "password", "nobody"], "nobody: no such user"),
        (["token", "create", "--role", "root"], "leader"),
        (["token", "revoke", "nothing"], "nothing: no such token"),
        (["serve", "--workers", "0"], "1 to 32"),
        (["user", "add", "a b", "--role", "leader"], "a b"),
    ],
)
def test_wrong_words_get_one_sentence_and_exit_two(store, capsys, arguments, says):
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and says in error and "Traceback" not in error


def test_a_weak_password_from_stdin_is_refused_without_being_repeated(store, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("hunter2\n"))
    assert main(["user", "add", "zhang", "--role", "leader", "--password-stdin"]) == 2
    error = capsys.readouterr().err
    assert "10 to 128" in error and "hunter2" not in error
    assert users.everyone(store) == []


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"HONGLAN_HOST": "0.0.0.0"}, "HONGLAN_BEHIND_TLS_PROXY=1"),
        ({"HONGLAN_HOST": "192.168.1.9"}, "192.168.1.9"),
        ({"HONGLAN_PORT": "many"}, "HONGLAN_PORT"),
        ({"HONGLAN_CASES_URL": "mysql://a/b"}, "postgresql://"),
    ],
)
@pytest.mark.sec
def test_the_server_refuses_a_bad_configuration_with_one_sentence(tmp_path, env, says):
    done = run("serve", **{"HONGLAN_VAR": str(tmp_path)} | env)
    assert done.returncode == 78
    assert done.stderr.count("\n") == 1 and says in done.stderr and "Traceback" not in done.stderr


def test_a_store_that_was_never_migrated_is_named_with_the_command(tmp_path):
    done = run("serve", HONGLAN_VAR=str(tmp_path), HONGLAN_HOST="127.0.0.1")
    assert done.returncode == 78
    assert "python -m cases migrate" in done.stderr


@pytest.mark.sec
def test_a_key_file_that_others_may_read_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    migrate(open_store())
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "audit.key").write_text("known to all")
    (tmp_path / "secrets" / "audit.key").chmod(0o644)
    assert main(["user", "add", "zhang", "--role", "leader"]) == 78
    assert "0600" in capsys.readouterr().err
