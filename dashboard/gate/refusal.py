"""Every way the gate says no, as JSON for programs and as a small page for people."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping

from starlette.responses import Response

from dashboard.gate import page

_TEXTS = {
    400: ("bad_request", "请求内容无法识别", "检查参数后重试"),
    401: ("unauthorized", "未登录或登录已失效", "请重新登录，或检查令牌"),
    403: ("forbidden", "无权使用此功能", "请使用有相应权限的账号"),
    404: ("not_found", "没有这个地址", "检查地址是否正确"),
    405: ("method_not_allowed", "此地址不支持这种请求方式", "检查请求方法"),
    408: ("timeout", "请求内容迟迟未发完", "检查网络后重试"),
    413: ("too_large", "请求内容过大", "减小内容后重试"),
    415: ("unsupported_type", "请求内容的类型不受支持", "使用 application/json"),
    421: ("wrong_host", "请求的主机名不属于本系统", "使用本系统公布的地址访问"),
    429: ("too_many_requests", "请求过于频繁", "稍后再试"),
    500: ("internal_error", "系统内部出错，已记录", "稍后重试；如持续出现请联系系统管理员"),
    503: ("busy", "系统繁忙", "稍后再试"),
}


class Refused(Exception):
    """The gate's no: a status, and words where the usual ones do not fit."""

    def __init__(
        self,
        status: int,
        message: str = "",
        hint: str = "",
        code: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message
        self.hint = hint
        self.code = code
        self.headers = dict(headers or {})


def error_body(refused: Refused) -> dict[str, dict[str, str]]:
    """The error object of the API: code, message and hint."""
    code, message, hint = _TEXTS.get(refused.status, _TEXTS[400])
    return {
        "error": {
            "code": refused.code or code,
            "message": refused.message or message,
            "hint": refused.hint or hint,
        }
    }


def answer(refused: Refused, *, for_person: bool) -> Response:
    """The response that carries a refusal."""
    if refused.status < 400:
        return Response(status_code=refused.status, headers=refused.headers)
    if for_person:
        error = error_body(refused)["error"]
        body = page.notice(
            f"{error['message']}（{refused.status}）",
            f"<p>{html.escape(error['hint'])}</p>"
            '<p class="ways"><a href="/">回到首页</a><a href="/login">重新登录</a></p>',
        )
        media = "text/html"
    else:
        body = json.dumps(error_body(refused), ensure_ascii=False)
        media = "application/json"
    return Response(body, refused.status, refused.headers, media_type=media)
