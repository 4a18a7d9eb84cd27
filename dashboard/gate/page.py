"""The gate's own small pages: login, password, and refusals; plain HTML that needs no script."""

from __future__ import annotations

import hashlib
import html
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from config.oidc import load_provider
from config.site import load_site
from dashboard import theme

ASSETS = Path(__file__).parents[1] / "assets" / "gate"


def login(message: str = "", name: str = "", following: str = "", *, at_desk: bool = False) -> str:
    """The login form, with the reason of the last refusal and the name that was typed.

    Where a desk has stood, there is a way to acknowledge an alarm that needs no login.
    """
    desk = '<p class="ways small"><a href="/desk/locked">值守席位：不登录，确认告警</a></p>'
    return document(
        "登录",
        f"""<h1>登录</h1>{reason(message)}
<form method="post" action="/login">
<input type="hidden" name="next" value="{html.escape(following)}">
<label for="name">用户名</label>
<input id="name" name="username" value="{html.escape(name)}" autocomplete="username"
 autocapitalize="none" spellcheck="false" maxlength="64" required{"" if name else " autofocus"}>
<label for="password">密码</label>
<input id="password" name="password" type="password" autocomplete="current-password"
 maxlength="128" required{" autofocus" if name else ""}>
<button>登录</button>
</form>{_other_way(following)}
{desk if at_desk else ""}
<p class="small">账号由系统管理员发放；连续多次失败需等待后再试。</p>""",
        script="login.js",
    )


def password(message: str = "", *, expired: bool = False, one_time: bool = False) -> str:
    """The form for one's own new password."""
    why = "密码已超过 90 天，请先更换。" if expired else ""
    why = "这是一次性密码，请先换成自己的密码。" if one_time else why
    return document(
        "更换密码",
        f"""<h1>更换密码</h1>{reason(message or why)}
<form method="post" action="/password">
<label for="old">原密码</label>
<input id="old" name="old" type="password" autocomplete="current-password" maxlength="128"
 required autofocus>
<label for="new">新密码</label>
<input id="new" name="new" type="password" autocomplete="new-password" minlength="10"
 maxlength="128" required aria-describedby="rule">
<label for="again">再输一遍新密码</label>
<input id="again" name="again" type="password" autocomplete="new-password" maxlength="128"
 required>
<button>更换</button>
</form>
<p class="small" id="rule">
至少 10 位，大写、小写、数字、其他字符中至少三种；不含用户名，
不用常见词加年份、键盘连号，不与最近五次相同。</p>
<form method="post" action="/logout"><button class="quiet">退出登录</button></form>
{"" if expired else '<p class="ways small"><a href="/factor">动态码</a></p>'}
{"" if expired else '<p class="ways small"><a href="/">返回首页</a></p>'}""",
    )


def factor(message: str = "") -> str:
    """The question for the second factor."""
    return document(
        "动态码",
        f"""<h1>动态码</h1>{reason(message)}
<form method="post" action="/login/factor">
<label for="code">身份验证器上的 6 位动态码</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="40"
 required autofocus>
<button>继续</button>
</form>
<p class="small">手机不在身边时，可输入一个备用码；每个只能用一次。</p>
<p class="ways small"><a href="/login">重新登录</a></p>""",
    )


def enrol(picture: str, secret: str, half_id: str, message: str = "", *, demanded: bool) -> str:
    """The QR code of a new second factor, and the question for its first code."""
    why = "系统管理员须先启用动态码，再做别的操作。" if demanded else ""
    grouped = " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
    return document(
        "启用动态码",
        f"""<h1>启用动态码</h1>{reason(message)}
<p>{why}用身份验证器应用扫描：</p>
<div class="qr">{picture}</div>
<p class="small">不能扫描时手工输入密钥：<code>{html.escape(grouped)}</code></p>
<form method="post" action="/factor">
<input type="hidden" name="half" value="{html.escape(half_id)}">
<label for="code">应用显示的 6 位动态码</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="10"
 required autofocus>
<button>启用</button>
</form>
<form method="post" action="/logout"><button class="quiet">退出登录</button></form>""",
    )


def spare_codes(spare: list[str]) -> str:
    """The codes for a lost telephone, shown this once."""
    lines = "".join(f"<li><code>{html.escape(each)}</code></li>" for each in spare)
    return document(
        "动态码已启用",
        f"""<h1>动态码已启用</h1>
<p>备用码只显示这一次。手机丢失时，每个可代替一次动态码，请抄写后妥善保管。</p>
<ol class="spare">{lines}</ol>
<p class="ways"><a href="/">进入系统</a></p>""",
    )


def factor_in_use(left: int) -> str:
    """The second factor is in use already."""
    return document(
        "动态码",
        f"""<h1>动态码</h1><p>已启用，还剩 {left} 个备用码。更换手机请联系系统管理员重置。</p>
<p class="ways small"><a href="/password">更换密码</a><a href="/">返回首页</a></p>""",
    )


def onward(address: str) -> str:
    """A page that leads on at once, by our own doing and not by another site's."""
    where = html.escape(address)
    return document(
        "已登录",
        f'<h1>已登录</h1><p class="ways"><a href="{where}">进入系统</a></p>',
        onward=address,
    )


def _other_way(following: str) -> str:
    """The way in by the site's identity provider, where there is one."""
    provider = load_provider()
    if provider is None:
        return ""
    address = "/login/oidc" + (f"?next={quote(following, safe='/')}" if following else "")
    label = html.escape(provider.label)
    return f'<p class="other"><a href="{html.escape(address)}">用{label}登录</a></p>'


def pairing() -> str:
    """What a screen shows that is not known yet: its code, large enough to be read from afar."""
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>智慧洪蓝 · 大屏 · 大屏配对</title>
<link rel="icon" href="{address("mark.svg")}" type="image/svg+xml">
<link rel="stylesheet" href="/assets/fonts/fonts.css">
<link rel="stylesheet" href="{address("pair.css")}">
<script src="{address("pair.js")}" defer></script>
</head>
<body>
<main>
<h1>大屏配对</h1>
<p id="code" aria-live="polite"><span></span><span></span></p>
<p id="say" role="status">正在打开</p>
<p class="how">请系统管理员在「大屏设备」页输入上面的配对码，本机即成为大屏。</p>
<p class="how"><a id="login" href="/login?next=/wall">用账号登录</a></p>
</main>
</body>
</html>
"""


def notice(title: str, content: str) -> str:
    """A page that says one thing."""
    return document(title, f"<h1>{html.escape(title)}</h1>{content}")


def document(title: str, content: str, script: str = "", onward: str = "") -> str:
    """A whole page of the gate around its content."""
    name = html.escape(load_site().name)
    tag = f'<script src="{address(script)}" defer></script>' if script else ""
    if onward:
        tag = f'<meta http-equiv="refresh" content="0;url={html.escape(onward)}">'
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)} · {name}</title>
{theme.head()}
<link rel="icon" href="{address("mark.svg")}" type="image/svg+xml">
<link rel="stylesheet" href="/assets/fonts/fonts.css">
<link rel="stylesheet" href="{address("gate.css")}">
{tag}
</head>
<body>
<header><img src="{address("mark.svg")}" alt="" width="22" height="22"><b>{name}</b>
{_switch()}</header>
<main>{content}</main>
</body>
</html>
"""


def _switch() -> str:
    """Light, dark or as the device has it."""
    buttons = "".join(
        f'<button type="button" class="choice" data-theme-choice="{key}">{words}</button>'
        for key, words in theme.CHOICES.items()
    )
    return (
        '<details class="theme-switch"><summary aria-label="外观" title="外观">'
        f'<span class="half"></span></summary><div class="menu">{buttons}</div></details>'
    )


def reason(message: str) -> str:
    """Why it did not go; nothing without a message."""
    return f'<p class="reason" role="alert">{html.escape(message)}</p>' if message else ""


@lru_cache(maxsize=16)
def address(name: str) -> str:
    """The asset's address with its content's hash, so that browsers keep it for good."""
    digest = hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:12]
    return f"/assets/gate/{name}?v={digest}"
