"""Accounts, for the administrator: list, add, change role, shut, give a new password."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from cases import outside_logins, users
from config.oidc import load_provider
from dashboard import accounts
from dashboard.api.answers import ApiJson, asked
from dashboard.gate import caller
from dashboard.gate.refusal import Refused
from dashboard.source import data

routes = APIRouter(prefix="/api/v1/users", include_in_schema=False)
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")


class NewUser(BaseModel):
    """A new account; its password is made here and shown once."""

    model_config = ConfigDict(extra="forbid", strict=True)
    name: str
    role: str
    units: list[str] = []
    villages: list[str] = []


class Change(BaseModel):
    """What may be changed about an account; several at once."""

    model_config = ConfigDict(extra="forbid", strict=True)
    role: str | None = None
    units: list[str] = []
    villages: list[str] = []
    disabled: bool | None = None
    new_password: bool = False
    login: str | None = None


@routes.get("")
def everyone(request: Request) -> Response:
    """All accounts."""
    asked(request, ())
    return ApiJson({"users": [_shown(user) for user in users.everyone(data().store)]})


@routes.post("")
def add(new: NewUser) -> Response:
    """Add an account."""
    if not _NAME.fullmatch(new.name):
        raise Refused(
            400, "用户名不符合规定", "2 至 32 位小写字母、数字、点、横线、下划线，字母开头"
        )
    if new.role not in users.ROLES:
        raise Refused(400, f"没有角色 {new.role[:20]}", f"可用：{'、'.join(users.ROLES)}")
    user, password = accounts.add(data().store, new.name, new.role, new.units, new.villages)
    return ApiJson(_shown(user) | {"password": password}, 201)


@routes.patch("/{name}")
def change(name: str, wanted: Change) -> Response:
    """Change an account; its sessions end at once."""
    store = data().store
    users.find(store, name)
    if wanted.login is not None and wanted.login not in outside_logins.WAYS:
        allowed = "、".join(outside_logins.WAYS)
        raise Refused(400, f"没有登录方式 {wanted.login[:20]}", f"可用：{allowed}")
    if wanted.login == "oidc" and load_provider() is None:
        raise Refused(400, "本系统没有接入统一身份认证", "先在 site.toml 里写 [oidc]")
    closing = wanted.disabled or wanted.role is not None or wanted.login is not None
    if name == caller.current().name and closing:
        raise Refused(400, "不能停用或改换自己的账号", "请由另一名管理员操作")
    answer: dict[str, Any] = {}
    if wanted.role is not None:
        if wanted.role not in users.ROLES:
            raise Refused(400, f"没有角色 {wanted.role[:20]}", f"可用：{'、'.join(users.ROLES)}")
        accounts.give_role(store, name, wanted.role, wanted.units, wanted.villages)
    if wanted.disabled is not None:
        accounts.shut(store, name, shut_it=wanted.disabled)
    if wanted.login is not None:
        accounts.enter_by(store, name, wanted.login)
    if wanted.new_password:
        answer["password"] = accounts.new_password(store, name)
    return ApiJson(_shown(users.find(store, name)) | answer)


def _shown(user: users.User) -> dict[str, Any]:
    return {
        "name": user.name,
        "role": user.role,
        "units": [*user.units],
        "villages": [*user.villages],
        "created_at": user.created_at,
        "password_at": user.password_at,
        "login": user.login_by,
        "disabled": user.disabled_at is not None,
    }
