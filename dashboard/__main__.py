"""Commands of the web: `python -m dashboard serve | report | user | token | wall | credentials`.

Exit codes: 0 done, 2 wrong words, 75 try again, 78 configuration.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from cases import audit, devices, factor, outside_logins, tokens, users
from cases.errors import Busy, CaseError, NotAllowed, NotKnown, NotMigrated
from cases.store import Store, demand_current, open_store
from config.environment import environment
from config.errors import ConfigError
from config.outlines import load_outlines
from config.site import load_site
from dashboard import accounts
from dashboard.gate import caller

DONE, WRONG, AGAIN, CONFIGURATION = 0, 2, 75, 78
FIRST_USERS = ("leader", "wall")
Words = argparse.Namespace


class _Wrong(Exception):
    """Words that are not understood."""


class _Parser(argparse.ArgumentParser):
    """Wrong words get one sentence, not a page of usage."""

    def error(self, message: str) -> NoReturn:
        raise _Wrong(f"{self.prog}: {message}")


def main(arguments: Sequence[str]) -> int:
    """Run one command; gives the exit code."""
    if arguments[:1] == ["report"]:
        from dashboard.reports.command import main as report

        return report(list(arguments[1:]))
    try:
        words = _parser().parse_args(arguments)
        run: Callable[[Words], int] = words.run
        return run(words)
    except (_Wrong, NotAllowed, NotKnown) as error:
        return _refuse(error, WRONG)
    except Busy as error:
        return _refuse(error, AGAIN)
    except (ConfigError, NotMigrated, CaseError) as error:
        return _refuse(error, CONFIGURATION)


def _serve(words: Words) -> int:
    import uvicorn

    from dashboard.gate.origins import from_environment

    from_environment()  # says what is wrong before a worker starts
    load_outlines(load_site())
    demand_current(open_store())
    settings = environment()
    uvicorn.run(
        "dashboard.server:worker",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=words.workers,
        lifespan="on",
        server_header=False,
        proxy_headers=False,  # the gate itself decides whose word counts
        access_log=False,
        log_config=None,
        limit_concurrency=1000,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        ws_max_size=256 * 1024,
        ws_ping_interval=20,
        ws_ping_timeout=20,
    )
    return DONE


def _user_add(words: Words) -> int:
    store = _store()
    password = _asked_password(words) or users.generate_password()
    own = {"units": words.unit, "villages": words.village}
    user = users.add(store, words.name, words.role, password, **own)
    _note(store, "user_add", user.name, {"role": user.role, **own})
    if not words.password_stdin:
        print(f"{user.name} {password}")
    return DONE


def _user_list(_words: Words) -> int:
    for user in users.everyone(_store()):
        state = "disabled" if user.disabled_at else "open"
        print(f"{user.name}\t{user.role}\t{state}\t{user.created_at:%Y-%m-%d}")
    return DONE


def _user_disable(words: Words) -> int:
    store = _store()
    (users.enable if words.undo else users.disable)(store, words.name)
    _note(store, "user_enable" if words.undo else "user_disable", words.name)
    return DONE


def _user_role(words: Words) -> int:
    store = _store()
    users.set_role(store, words.name, words.role, words.unit, words.village)
    told = {"role": words.role, "units": words.unit, "villages": words.village}
    _note(store, "user_role", words.name, told)
    return DONE


def _user_password(words: Words) -> int:
    store = _store()
    password = _asked_password(words) or users.generate_password()
    users.set_password(store, words.name, password)
    _note(store, "user_password", words.name)
    if not words.password_stdin:
        print(f"{words.name} {password}")
    return DONE


def _user_login(words: Words) -> int:
    store = _store()
    outside_logins.enter_by(store, words.name, words.way)
    _note(store, "user_login", words.name, {"by": words.way})
    return DONE


def _user_factor(words: Words) -> int:
    store = _store()
    factor.drop(store, words.name)
    _note(store, "factor_drop", words.name)
    return DONE


def _token_create(words: Words) -> int:
    store = _store()
    own = {"units": words.unit, "villages": words.village}
    token = tokens.create(store, words.role, words.name, **own)
    _note(store, "token_create", words.name or "-", {"role": words.role, **own})
    print(token)
    return DONE


def _token_list(_words: Words) -> int:
    for token in tokens.every(_store()):
        state = "revoked" if token.revoked_at else "open"
        print(f"{token.name}\t{token.role}\t{state}\t{token.created_at:%Y-%m-%d}")
    return DONE


def _token_revoke(words: Words) -> int:
    store = _store()
    tokens.revoke(store, words.name)
    _note(store, "token_revoke", words.name)
    return DONE


def _wall_pair(words: Words) -> int:
    record = words.profile, words.output, words.scene, words.address
    with caller.asking(caller.MACHINE):
        made = accounts.pair_screen(_store(), words.code, words.name, *record)
    print(f"{made.name} is a screen of the wall")
    return DONE


def _wall_list(_words: Words) -> int:
    for device in devices.every(_store()):
        state = "revoked" if device.revoked_at else "open"
        seen = f"{device.seen_at:%Y-%m-%dT%H:%MZ}" if device.seen_at else "never"
        print(f"{device.name}\t{device.profile or 'auto'}\t{state}\t{seen}\t{device.seen_from}")
    return DONE


def _wall_revoke(words: Words) -> int:
    with caller.asking(caller.MACHINE):
        accounts.end_screen(_store(), words.name)
    return DONE


def _credentials(_words: Words) -> int:
    """One-time credentials for an installation that has no account yet."""
    store = _store()
    if users.everyone(store):
        return DONE
    for name in FIRST_USERS:
        password = users.generate_password()
        users.add(store, name, name, password)
        _note(store, "user_add", name, {"role": name})
        print(f"{name} {password}")
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m dashboard", description="The web side of the product.")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = _verb(verbs, "serve", _serve, "serve pages, wall and API")
    serve.add_argument("--workers", type=_workers, default=1, help="processes; default 1")
    verbs.add_parser("report", help="make a report: --period --kind --format --out")
    _verb(verbs, "credentials", _credentials, "first accounts, printed once, while there is none")
    user = verbs.add_parser("user", help="accounts").add_subparsers(required=True, metavar="VERB")
    add = _verb(user, "add", _user_add, "add an account; prints its password once")
    add.add_argument("name")
    add.add_argument("--role", required=True, choices=users.ROLES)
    _verb(user, "list", _user_list, "all accounts")
    disable = _verb(user, "disable", _user_disable, "shut an account and end its sessions")
    disable.add_argument("name")
    disable.add_argument("--undo", action="store_true", help="open it again")
    role = _verb(user, "role", _user_role, "give an account another role")
    role.add_argument("name")
    role.add_argument("role", choices=users.ROLES)
    way = _verb(user, "login", _user_login, "log in by password (own) or at the provider (oidc)")
    way.add_argument("name")
    way.add_argument("way", choices=outside_logins.WAYS)
    factor_off = _verb(user, "factor", _user_factor, "take the second factor away")
    factor_off.add_argument("name")
    password = _verb(user, "password", _user_password, "new password; ends the sessions")
    password.add_argument("name")
    for each in (add, password):
        each.add_argument("--password-stdin", action="store_true", help="read it from stdin")
    token = verbs.add_parser("token", help="API tokens").add_subparsers(required=True)
    create = _verb(token, "create", _token_create, "a new token; prints it alone")
    create.add_argument("--role", required=True, choices=users.ROLES)
    create.add_argument("--name", help="how it is called in lists; default: role and a number")
    for each in (add, role, create):
        each.add_argument("--unit", action="append", default=[], help="own unit; may come again")
        each.add_argument("--village", action="append", default=[], help="own community, by code")
    _verb(token, "list", _token_list, "all tokens, without their secrets")
    _verb(token, "revoke", _token_revoke, "make a token worthless").add_argument("name")
    wall = verbs.add_parser("wall", help="screens of the wall").add_subparsers(required=True)
    pair = _verb(wall, "pair", _wall_pair, "make the browser that shows CODE a screen")
    pair.add_argument("code")
    pair.add_argument("--name", default="大屏", help="how it is called in lists")
    pair.add_argument("--profile", default="", help="wall profile; default: by its window")
    pair.add_argument("--output", type=int, help="which output of the profile; default: all of it")
    pair.add_argument("--scene", action="append", default=[], help="only this; may come again")
    pair.add_argument("--address", action="append", default=[], help="only from here")
    _verb(wall, "list", _wall_list, "all screens")
    _verb(wall, "revoke", _wall_revoke, "withdraw a screen").add_argument("name")
    return parser


def _verb(
    group: argparse._SubParsersAction[_Parser],
    name: str,
    run: Callable[[Words], int],
    text: str,
) -> argparse.ArgumentParser:
    parser = group.add_parser(name, help=text)
    parser.set_defaults(run=run)
    return parser


def _workers(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 32:
        raise argparse.ArgumentTypeError(f"{text!r} cannot be used; allowed: 1 to 32")
    return int(text)


def _asked_password(words: Words) -> str:
    return sys.stdin.readline().rstrip("\r\n") if words.password_stdin else ""


def _store() -> Store:
    store = open_store()
    demand_current(store)
    return store


def _note(store: Store, event: str, subject: str, detail: dict[str, Any] | None = None) -> None:
    """Who used the shell is the machine's affair; that it was used stands in the trail."""
    audit.record(store, audit.Entry(event, subject, "shell", "shell", "-", "ok", detail))


def _refuse(error: Exception, code: int) -> int:
    print(error, file=sys.stderr)
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
