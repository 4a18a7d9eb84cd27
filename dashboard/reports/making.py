"""Make a report: its content, once issued always the same, and its files, all of them or none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from cases.health import first_load
from config import clock, periods
from config.environment import environment
from config.periods import Period
from dashboard.gate.policy import OWN_ONLY
from dashboard.reports import docx, pdf, xlsx
from dashboard.reports.collect import WEEKS, collect
from dashboard.reports.content import Report
from dashboard.reports.errors import NotReady, UnknownReport
from dashboard.reports.issue import issue, issued
from dashboard.reports.weekly import KIND, compose
from dashboard.source import Data
from layouts.report import load_report

RENDERERS: Mapping[str, Callable[[Report], bytes]] = MappingProxyType(
    {"docx": docx.render, "pdf": pdf.render, "xlsx": xlsx.render}
)


def weekly(data: Data, period: Period, *, issue_now: bool = False) -> Report:
    """The week's report: the issue where there is one, else written from the current figures.

    A report of a running week, or with gaps in its data, is a draft and not kept; `issue_now` keeps
    that of a finished week in spite of gaps or of an earlier issue.
    """
    if period.kind not in WEEKS:
        raise UnknownReport(
            f"period {period.key!r} is not a week; a weekly report takes 2026-W47 or 2026-W47-fri"
        )
    if getattr(data.reader, "scope", None) is not None:
        return _own_only(compose(collect(data, period), load_report(KIND)))
    var = environment().var
    found = None if issue_now else issued(var, KIND, period.key)
    if found is not None:
        return found
    if data.reader.current() is not None:
        _refuse_while_loading(data)
    figures = collect(data, period)
    report = compose(figures, load_report(KIND))
    if issue_now and figures.finished:
        report = replace(report, draft=False)
    return report if report.draft else issue(var, report)


def _own_only(report: Report) -> Report:
    """A unit's own figures are never the street's issue, and say so on the first page."""
    told = f"{report.subtitle}（{OWN_ONLY}）"
    return replace(report, subtitle=told, draft=True)


def _refuse_while_loading(data: Data) -> None:
    """A report from half a history would be wrong without looking so."""
    waiting = first_load(data.store, data.platforms)
    if waiting is not None:
        names = ", ".join(one.key for one in waiting if one.phase != "已载入") or "publishing"
        raise NotReady(f"the first load is still going on ({names}); try again when it is done")


def render(report: Report, formats: Iterable[str], out: Path) -> list[Path]:
    """Write the files; all are made before the first one is put in place."""
    wanted = list(dict.fromkeys(formats))
    for each in wanted:
        if each not in RENDERERS:
            raise UnknownReport(f"format {each!r} is not known; allowed: {', '.join(RENDERERS)}")
    made = {each: RENDERERS[each](report) for each in wanted}
    try:
        out.mkdir(parents=True, exist_ok=True)
        return [_placed(out / f"{report.kind}-{report.period}.{e}", made[e]) for e in wanted]
    except OSError as error:
        raise UnknownReport(f"--out {out} cannot be written: {error.strerror}") from error


def _placed(target: Path, content: bytes) -> Path:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return target


def make_report(
    data: Data, period_key: str, formats: Iterable[str], out: Path, *, issue_now: bool = False
) -> list[Path]:
    """Make a week's files; without a key those of the last finished week."""
    today = clock.today()
    period = periods.parse(period_key or last_finished(), today)
    return render(weekly(data, period, issue_now=issue_now), formats, out)


def last_finished() -> str:
    """The key of the week before this one."""
    year, week, _ = clock.today().isocalendar()
    this = periods.parse(f"{year}-W{week:02d}", clock.today())
    return periods.step(this, -1)
