"""What is said after a press on the administrator's pages, and what was typed before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from dash import html, no_update

from cases import users
from cases.errors import CaseError, NotAllowed, NotKnown
from cases.store import Store
from dashboard.source import data

Said = Any


def done(do: Callable[[Store], Said], listed: Callable[[Store], Any]) -> tuple[Said, Any]:
    """Do it and draw the list anew; what a rule forbids is said in one sentence."""
    store = data().store
    try:
        return do(store), listed(store)
    except (NotAllowed, NotKnown) as error:
        return f"没有办成：{words_of(error)}", no_update
    except CaseError:
        return "没有办成：业务库正忙，请再试。", no_update


def once(told: str, shown: str) -> Any:
    """What is shown this one time and kept nowhere."""
    return [told, html.Code(shown, className="once"), html.Span("　只显示这一次。")]


def words_of(error: CaseError) -> str:
    """A rule's refusal in the words of the page."""
    why = str(error)
    for part, words in _WORDS:
        if part in why:
            return words
    return "不符合规定，请检查后再试。"


_WORDS: Final = (
    ("cannot be a user name", "用户名须为 2 至 32 位小写字母、数字、点、横线、下划线，字母开头。"),
    ("is taken", "用户名已被使用。"),
    ("is the name of another screen", "已有同名大屏。"),
    ("is the name of another", "已有同名令牌。"),
    ("no such code", "没有这个配对码，可能已过五分钟；请看新屏上的最新配对码。"),
    ("too many wrong codes", "输错次数过多，请稍候再试。"),
    ("names no screen", "请填写名称，40 字以内。"),
    ("is no output", "所选版式没有这一路输出。"),
    ("is no address", "地址不对，应如 10.0.0.9。"),
    ("neither unit nor village", "单位角色至少选一个单位或社区（村）。"),
    ("has no units or villages", "只有席位、单位角色可以选单位和社区（村）。"),
    ("is no role", "请选择角色。"),
    (users.SEAT_STAYS, "席位须用本系统的密码确认告警，不能改用统一身份认证。"),
    (users.OUTSIDE_SEAT, "该账号用统一身份认证登录，不能作席位；请先改用密码登录。"),
    ("oneself", "不能对自己的账号做此操作，请由另一名管理员办理。"),
    ("one's own", "不能对自己的账号做此操作，请由另一名管理员办理。"),
    ("no such", "没有这一项，可能已被删除。"),
)


def text(value: Any) -> str:
    """What was typed, without its edges and at most 64 characters."""
    return value.strip()[:64] if isinstance(value, str) else ""


def texts(value: Any) -> list[str]:
    """What was chosen of a list."""
    given = value if isinstance(value, list) else []
    return [each[:64] for each in given[:40] if isinstance(each, str)]
