"""Why an identity provider's answer was not believed, in the words of the trail's readers.

The trail keeps the exact English reason; these are its translations, the longest fitting first.
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = (
    ("no login was begun in this browser", "不是本浏览器发起的登录，或已超过十分钟"),
    ("state is not that of this login", "返回的 state 与本次登录不符"),
    ("the answer names another issuer", "返回的签发方不是所配置的认证平台"),
    ("the answer holds no code", "返回中没有授权码"),
    ("token: the answer holds no id_token", "认证平台没有给出身份令牌"),
    ("token: the provider answered", "认证平台不认这个授权码"),
    ("the provider answered access_denied", "本人在认证平台取消，或平台不同意"),
    ("the provider answered login_required", "本人在认证平台没有登录"),
    ("the provider answered", "认证平台报错"),
    ("id_token: sub is no text", "身份令牌里没有可用的用户标识"),
    ("id_token: expired", "身份令牌已过期"),
    ("id_token: bad_signature", "身份令牌的签名不对"),
    ("id_token: unsupported_algorithm", "身份令牌的签名算法不是 RS256 或 ES256"),
    ("id_token: missing_claim", "身份令牌缺少必需的内容"),
    ("id_token: invalid_claim", "身份令牌的内容与本系统不符"),
    ("id_token: invalid_token", "身份令牌的时间不对"),
    ("id_token:", "身份令牌无法核实"),
)
_TOLD: Final = 60


def in_chinese(why: str) -> str | None:
    """The reason in Chinese with the provider's own code behind it; None for no reason of these."""
    for start, words in _WORDS:
        if why.startswith(start):
            rest = why[len(start) :].strip(" :,.")
            code = f"（{rest[:_TOLD]}）" if rest.isascii() and _is_code(rest) else ""
            return words + code
    return None


def _is_code(rest: str) -> bool:
    """A number or a bare word such as 400 or server_error; sentences say nothing more."""
    return bool(rest) and rest.replace("_", "").replace("-", "").isalnum()
