"""How far an export is, whose it is, and how it is stopped."""

import os
import time

import pytest

from dashboard.exports import child, progress
from dashboard.exports.order import Order
from dashboard.exports.progress import Progress
from warehouse.read import MetricQuery, Sift

JOB = "A" * 22


class Blocks:
    """A reader of four blocks; stops the export after the second where it is told to."""

    def __init__(self, folder, stop_after=None):
        self.folder, self.stop_after, self.seen = folder, stop_after, []

    def every(self, *_args, **_options):
        for number in range(4):
            yield [{"key": f"NJ{number}{n}"} for n in range(5)]
            found = progress.read(self.folder, JOB, "user:li")
            self.seen.append((found.rows, found.state))
            if number == self.stop_after:
                progress.stop(self.folder, JOB)

    def close(self):
        pass


@pytest.fixture
def order(tmp_path):
    from datetime import date

    query = MetricQuery(date(2026, 9, 1), date(2026, 9, 30))
    return Order("csv", "hotline_received", query, None, None, Sift(), 1, [("key", "编号")], {},
                 var=str(tmp_path), job=JOB, by="user:li", total=20)  # fmt: skip


def test_the_rows_written_so_far_are_told_to_their_owner_alone(order, tmp_path, monkeypatch):
    reader = Blocks(tmp_path)
    monkeypatch.setattr(child, "Reader", lambda *_, **__: reader)
    child._tell(order, tmp_path, 0, progress.WAITING)
    assert sum(len(block) for block in child.rows(order, tmp_path)) == 20
    assert reader.seen == [(5 * n, "writing") for n in (1, 2, 3, 4)]
    assert progress.read(tmp_path, JOB, "user:wang") is None
    assert progress.read(tmp_path, "B" * 22, "user:li") is None


def test_an_export_that_is_stopped_ends_after_its_block(order, tmp_path, monkeypatch):
    monkeypatch.setattr(child, "Reader", lambda *_, **__: Blocks(tmp_path, stop_after=1))
    blocks = child.rows(order, tmp_path)
    assert len(next(blocks)) == 5 and len(next(blocks)) == 5
    with pytest.raises(progress.Stopped):
        next(blocks)


def test_what_old_exports_left_is_forgotten(tmp_path):
    for job in (JOB, "B" * 22):
        progress.note(tmp_path, job, Progress(1, 2, progress.DONE, "user:li"))
        progress.stop(tmp_path, job)
    for path in tmp_path.glob(f"{JOB}.*"):
        os.utime(path, (time.time() - 7200,) * 2)
    progress.forget_old(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{'B' * 22}.progress", f"{'B' * 22}.stop",
    ]  # fmt: skip
