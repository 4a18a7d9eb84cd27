"""The page of the locked seat: counts by rank, what waits, and the form that acknowledges."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.alarm import Alarm
from dashboard import alarm_words
from dashboard.gate.page import address, document, reason


@dataclass(frozen=True, slots=True)
class Standing:
    """By rank how many wait and how many are on, which wait, what is to be heard."""

    now: datetime
    counts: Mapping[int, tuple[int, int]]
    waiting: tuple[Alarm, ...]
    sound: str


def told(standing: Standing) -> dict[str, Any]:
    """The same for the page's own script."""
    return {
        "known": True,
        "now": int(standing.now.timestamp() * 1000),
        "counts": _count_rows(standing),
        "waiting": _options(standing),
        "sound": standing.sound,
    }


def page(standing: Standing, *, said: str = "", wrong: str = "", name: str = "") -> str:
    """The whole page; it works without its script, which only keeps it new."""
    done = f'<p class="done" role="status">{html.escape(said)}</p>' if said else ""
    sound = html.escape(standing.sound, quote=True)
    return document(
        "席位已锁定",
        f"""<h1>席位已锁定</h1>{reason(wrong)}{done}
<p class="small no-sound" hidden>声音未开启：点一下页面任何地方。</p>
<table class="counts"><thead><tr><th>级别</th><th>未确认</th><th>当前</th></tr></thead>
<tbody id="counts">{_count_rows(standing)}</tbody></table>
<form method="post" action="/desk/locked">
<label for="alarm">待确认的告警</label>
<select id="alarm" name="alarm">{_options(standing)}</select>
<label for="name">用户名</label>
<input id="name" name="username" value="{html.escape(name)}" autocomplete="off"
 autocapitalize="none" spellcheck="false" maxlength="64" required>
<label for="password">密码</label>
<input id="password" name="password" type="password" autocomplete="off" maxlength="128" required>
<button>确认告警</button>
</form>
<p class="small">确认只记您的姓名，不打开席位。锁定期间告警照响。</p>
<p class="ways small"><a href="/login?next=/desk/alarms">登录席位</a></p>
<div id="heard" data-sound="{sound}" hidden></div>
<script src="{address("sound.js")}" defer></script>""",
        script="locked.js",
    )


def _count_rows(standing: Standing) -> str:
    rows = []
    for rank, (loud, every) in standing.counts.items():
        grade = f"{'ⅠⅡⅢⅣ'[rank - 1]}级 {alarm_words.GRADES[rank]}"
        cls = ' class="loud"' if loud else ""
        rows.append(f"<tr{cls}><th>{grade}</th><td>{loud}</td><td>{every}</td></tr>")
    return "".join(rows)


def _options(standing: Standing) -> str:
    """What waits, by rank, kind and time; where and what it is about stays locked."""
    options = []
    for one in standing.waiting:
        at = alarm_words.local(one.raised_at or one.first_at)
        words = (
            f"{'ⅠⅡⅢⅣ'[one.rank - 1]}级 {alarm_words.kind(one)} {at:%H:%M:%S}"
            f"{' 演练' if one.drill else ''}"
        )
        options.append(f'<option value="{one.id}">{words}</option>')
    return "".join(options) or '<option value="">没有待确认的告警</option>'
