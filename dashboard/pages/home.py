"""The leader's home: one sentence, six quiet figures, then what changed, threatens, must act."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import html

from dashboard import wording
from dashboard.desk.ribbon import ribbon
from dashboard.pages import (
    chips,
    flood_proofs,
    home_cases,
    home_changes,
    home_lists,
    home_risks,
    home_sums,
    own_proof,
    picker,
    shell,
)
from dashboard.pages.frame import Feed
from dashboard.pages.home_rules import Count, Headline, Rules, headline
from dashboard.pages.marks import attrs, door, link, rank
from dashboard.pages.reading import Glass, pair_of
from dashboard.pages.state import PROOF, State
from dashboard.pages.water import stations
from dashboard.panels import due_wave, duty_list, eight_weeks, sentences, tiles
from dashboard.wall.water import StationNow, distance_words, over_warning
from layouts.page import load_page

PATH = "/"
TITLE = "总览"
SHORT = "总览"
FEEDS = ("hotline_12345", "mediation", "gauge", "weather")
CASES = home_cases.FEEDS
FILTERS = ()
PROOFS = {
    **home_sums.PROOFS,
    **home_lists.PROOFS,
    home_risks.STATIONS: flood_proofs.nearest,
}
METRICS = tuple(
    dict.fromkeys(
        (
            *home_changes.METRICS,
            *home_cases.METRICS,
            "gauge_over_warning",
            "platform_fresh",
        )
    )
)
AREAS = ("figures", "changed", "risk", "duty", "weeks", "wave", "late")
_NAMES = {"week": "本周", "month": "本月", "quarter": "本季", "ytd": "今年", "year": "全年"}


def options(data: Any) -> dict[str, dict[str, str]]:
    """Home has no filters but its period."""
    return {"class": {c.code: c.name for c in data.site.hotline_classes}}


def crumbs(_state: State, _want: Any) -> list[str]:
    """Home is the root."""
    return []


def rules() -> Rules:
    """What is worth a sentence, from the page's layout file."""
    return Rules(**load_page("home").settings["rules"])


def period_word(glass: Glass) -> str:
    """本周至今, 本月, or the period's own label."""
    span = glass.want.span
    word = _NAMES.get(span.period.kind, "") if span.running else ""
    return f"{word}至今" if word else span.period.label


def head(glass: Glass, copied: str) -> Any:
    """The ribbon of the highest rank in force, the sentence, and whose figures they are."""
    found = stations(glass)
    told = _headline(glass, found)
    feed = glass.feed(*FEEDS)
    plain = State(glass.state.path, glass.state.words).without(PROOF)
    line = [
        html.Span(f"{wording.full_day(glass.today)} {wording.weekday(glass.today)}"),
        html.Span("·"),
        html.Span(feed.told(chips.age_words) if feed else None, id="age"),
        html.Span("·"),
        html.Span("点数字看证据"),
    ]
    return html.Div(
        [
            html.P(
                feed.told(_printed) if feed else None,
                className="print-only print-head",
            ),
            ribbon(glass.data) or _ribbon(found, glass),
            html.Div(
                [
                    html.Div(
                        [
                            html.H1(told, className="statement", **attrs({"data-title": TITLE})),
                            html.Div(line, className="statement-line"),
                        ],
                        className="head-title stacked",
                    ),
                    html.Div(
                        [
                            *picker.picker(plain, glass.want),
                            shell.copy_button(copied),
                            shell.print_button("打印简报"),
                        ],
                        className="head-tools",
                    ),
                ],
                className="head-row home-head",
            ),
            chips.unknown_chips(glass.state, glass.want),
        ]
    )


def _printed(feed: Feed) -> str:
    day = feed.now.date()
    when = f"{wording.full_day(day)} {wording.weekday(day)} {wording.clock(feed.now)}"
    return f"智慧洪蓝 早会简报 · {when}"


def _headline(glass: Glass, found: list[StationNow]) -> str:
    span = glass.want.span
    silent = [s.short for s in glass.platforms.values() if s.state in ("stale", "failed")]
    cases = home_cases.open_cases(glass)
    received = Count(
        "热线",
        glass.now_of("hotline_received").value or 0,
        glass.metric("hotline_received", span.previous.first, span.previous.last).value or 0,
    )
    ranks = [s.rank for s in found if s.rank]
    return headline(
        Headline(
            over_stations=over_warning(found),
            near_stations=sum(1 for s in found if s.rank == 4),
            top_rank=min(ranks) if ranks else None,
            silent=silent,
            overdue=sum(case.state == "over" for case in cases),
            due_soon=sum(case.state == "soon" for case in cases),
            received=received,
            holiday=home_risks.holiday_words(glass.today),
        ),
        rules(),
    )


def _ribbon(found: list[StationNow], glass: Glass) -> Any:
    top = next((s for s in found if s.rank and s.rank <= 3), None)
    if top is None:
        return None
    rivers = {s.code: s.river for s in glass.data.thresholds.stations}
    numeral = {1: "Ⅰ级 特别重大", 2: "Ⅱ级 重大", 3: "Ⅲ级 较大"}[top.rank or 3]
    at = wording.moment(top.observed_at, glass.today)
    told = (
        f"{top.name}（{rivers.get(top.code, '')}）{wording.fixed(top.level_m, 2)} m，"
        f"{distance_words(top)}；{at} 观测"
    )
    return html.Section(
        [
            rank(top.rank or 3),
            html.B(f"{numeral} · 防汛"),
            html.Span(told),
            link("看水情 →", f"/flood?station={top.code}", "button"),
        ],
        className=f"ribbon edge-{top.rank}",
        **attrs({"aria-label": "告警"}),
    )


def body(glass: Glass) -> Any:
    """The blocks of the page in reading order."""
    panels = [
        glass.panel("figures", "", lambda: tiles.view(_figures(glass))),
        glass.panel(
            "changed",
            "变了什么",
            lambda: sentences.view(home_changes.block(glass, period_word(glass), rules())),
            FEEDS[:2],
            show_time=False,
            aside="与同样天数相比",
        ),
        glass.panel(
            "risk",
            "险在哪里",
            lambda: sentences.view(home_risks.block(glass, rules())),
            (),
            aside="未来 72 小时",
        ),
        glass.panel(
            "duty",
            duty_list.TITLE,
            lambda: duty_list.view(home_cases.duties(glass)),
            FEEDS[:2],
            show_time=False,
            aside="先还来得及的，后已超期的",
        ),
        glass.panel(
            "weeks",
            eight_weeks.TITLE,
            lambda: eight_weeks.view(home_changes.weeks(glass), home_changes.week_names(glass)),
            FEEDS[:2],
            show_time=False,
            aside=home_changes.weeks_words(glass),
        ),
        glass.panel(
            "wave",
            due_wave.TITLE,
            lambda: due_wave.view(home_cases.wave(glass)),
            FEEDS[:2],
            show_time=False,
            aside="件，各平台合计",
        ),
        glass.panel(
            "late",
            "拖了什么",
            lambda: sentences.view(home_cases.late(glass)),
            FEEDS[:2],
            show_time=False,
            aside=partial(home_cases.late_words, glass),
        ),
    ]
    return shell.grid("home", panels, AREAS)


def _figures(glass: Glass) -> list[tiles.Tile]:
    span, to = glass.want.span, glass.doors.to
    word = period_word(glass)
    received = glass.now_of("hotline_received").value
    before = glass.metric("hotline_received", span.previous.first, span.previous.last).value
    today = glass.want.span.today
    still = glass.metric("hotline_open", today, today).value
    cases = home_cases.open_cases(glass)
    reported = glass.now_of("grid_reported").value
    reported_before = glass.metric("grid_reported", span.previous.first, span.previous.last).value
    on_time = pair_of(glass.now_of("hotline_on_time_rate"))
    found = stations(glass)
    small = wording.is_small(on_time[1])
    return [
        tiles.Tile(
            name=f"热线受理 {word}",
            shown=wording.count(received),
            unit="件",
            href=to("hotline_received", span.first, span.last),
            silent=_silent(glass, "hotline_12345"),
            extra=_then(glass, "hotline_received", before),
        ),
        tiles.Tile(
            name=f"网格上报 {word}",
            shown=wording.count(reported),
            unit="件",
            href=to("grid_reported", span.first, span.last),
            silent=_silent(glass, "grid_event"),
            extra=_then(glass, "grid_reported", reported_before),
        ),
        tiles.Tile(
            name="在办 各平台",
            shown=wording.count(len(cases)),
            unit="件",
            href=own_proof.href(glass, "open"),
            extra=_note(
                "其中超期 ",
                door(
                    str(sum(case.state == "over" for case in cases)),
                    own_proof.href(glass, "late"),
                    about="超期 各平台",
                ),
                "；热线 ",
                door(wording.count(still), to("hotline_open", today, today), about="热线在办"),
            ),
        ),
        tiles.Tile(
            name=f"按时办结 {word}应办",
            shown=wording.ratio(*on_time) if on_time[1] else wording.NONE,
            href=to("hotline_on_time_rate", span.first, span.last),
            silent=_silent(glass, "hotline_12345"),
            extra=_note("" if small or not on_time[1] else wording.rate(*on_time)),
        ),
        _mediation(glass),
        tiles.Tile(
            name="水位超警戒 此刻",
            shown=wording.count(glass.metric("gauge_over_warning", today, today).value),
            unit=f"/{len(found)} 站",
            href=to("gauge_over_warning", today, today),
            silent=_silent(glass, "gauge"),
            extra=_note(f"{found[0].name} {distance_words(found[0])}" if found else ""),
        ),
        _platforms(glass),
    ]


def _silent(glass: Glass, *keys: str) -> str:
    """How long one of the platforms behind a figure has been silent past its limit, in words."""
    feed = glass.feed(*keys)
    return wording.age(feed.age) if feed is not None and feed.stale else ""


def _then(glass: Glass, metric: str, before: float | None) -> list[Any]:
    """The same days of the period before, a door to the change with both its sides."""
    span = glass.want.span
    both = glass.doors.change(metric, (span.first, span.last), span.previous)
    return _note("上期同样天数 ", door(wording.count(before), both, about="上期同样天数"))


def _mediation(glass: Glass) -> tiles.Tile:
    """Both lines since New Year, beside each other and never added."""
    today = glass.want.span.today
    first = today.replace(month=1, day=1)
    shown: list[Any] = []
    rates = []
    for line, name in (("centre", "中心"), ("unit", "单位")):
        pair = pair_of(glass.metric("mediation_completion_rate", first, today, line=line))
        href = glass.doors.to("mediation_completion_rate", first, today, line=line)
        shown += [html.Span(" · ", className="dot-between")] if shown else []
        shown.append(door(wording.ratio(*pair), href, about=f"{name}完结率"))
        rates.append(f"{name} {wording.rate(*pair)}")
    return tiles.Tile(
        name="矛调完结 今年累计",
        shown=html.Span(shown),
        silent=_silent(glass, "mediation"),
        extra=_note(" · ".join(rates)),
    )


def _platforms(glass: Glass) -> tiles.Tile:
    """Who reports in time; a figure that is no longer true says of when it is, and what is now."""
    today = glass.want.span.today
    fresh = glass.metric("platform_fresh", today, today)
    enabled = [s for s in glass.platforms.values() if s.state != "off"]
    silent = [s.short for s in enabled if s.state in ("stale", "failed", "late")]
    heard = len(enabled) - len(silent)
    old = fresh.value is not None and int(fresh.value) != heard
    return tiles.Tile(
        name=f"平台 {wording.clock(fresh.as_of)} 时" if old else "平台 此刻",
        shown=wording.count(fresh.value),
        unit=f"/{len(enabled)} 正常",
        href=glass.doors.to("platform_fresh", today, today),
        extra=_note(f"此刻 {heard} 个正常" if old else _silent_words(silent)),
    )


def _silent_words(silent: list[str]) -> str:
    """The first two that are silent by name."""
    if not silent:
        return "全部按时到数"
    some = "、".join(silent[:2])
    return f"{some}等 {len(silent)} 个未按时到数" if len(silent) > 2 else f"{some}未按时到数"


def _note(*parts: Any) -> list[Any]:
    return [html.Div(list(parts), className="tile-note")] if any(parts) else []
