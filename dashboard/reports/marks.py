"""The small texts that every printed form bears: marks, notes, what a table leaves out."""

from __future__ import annotations

from dashboard.reports.content import Note, Report, Table

DEMO, DRAFT, SOURCES = "演示数据", "未定稿", "数据说明"


def marks(report: Report) -> list[str]:
    """The marks in the head of every page."""
    return [*([DEMO] if report.demo else []), *([DRAFT] if report.draft else [])]


def note_marks(numbers: tuple[int, ...]) -> str:
    """Note numbers as printed: 1—3、5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(
        f"{run[0]}—{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs
    )


def sources(report: Report) -> list[str]:
    """The notes as printed: what each figure is, its metric id and version, the data's time."""
    moment = report.as_of.replace("T", " ")[:16] or "—"
    made = f"数据截至{moment}（最早到达的来源），取自第{report.generation}次发布的数据。"
    return [*(_source(note, moment) for note in report.notes), made]


def _source(note: Note, moment: str) -> str:
    own = f"；数据截至{note.as_of}" if note.as_of[:13] > moment[:13] else ""
    return f"[{note.number}]{note.name}（{note.metric}，第{note.version}版）：{note.basis}{own}。"


def left_out(table: Table) -> str:
    """What stands below a table that is longer than its print."""
    return f"其余{table.left_out}件见电子表格。" if table.left_out else ""
