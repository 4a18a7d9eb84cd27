"""What a soak says of a window that grows, and of one that does not."""

from __future__ import annotations

from tests.soak.curve import Report, write
from tests.soak.growth import DAY, Sample, grown

EVERY = range(0, DAY + 1, 60)


def test_a_window_that_levels_off_after_its_first_hours_is_none_that_grows():
    samples = [Sample(n, 20 - 4 * 0.99**n, 2000 + n % 7, 835) for n in EVERY]
    assert grown(samples, "the day") == []


def test_a_listener_a_tick_is_found():
    samples = [Sample(n, 20, 2000, 835 + n) for n in EVERY]
    (said,) = grown(samples, "the day")
    assert said.startswith("the day: listeners 1195.0 to 3655.0") and "more than 10 %" in said


def test_a_single_moment_of_much_memory_is_no_growth_and_a_lasting_one_is():
    calm = [Sample(n, 20, 2000, 835) for n in EVERY]
    one = [*calm[:-2], Sample(DAY - 60, 40, 2000, 835), calm[-1]]
    assert grown(one, "the day") == []
    lasting = [*calm[:-3], *[Sample(n, 40, 2000, 835) for n in EVERY[-3:]]]
    assert "heap 20.0 to 40.0 (+100.0 %)" in grown(lasting, "the day")[0]


def test_a_run_that_took_too_few_samples_says_so():
    assert len(grown([Sample(1, 20, 2000, 835)], "scenes")) == 3


def test_the_page_says_how_many_ticks_it_stands_on(tmp_path):
    samples = [Sample(n, 20, 2000, 835) for n in range(0, 601, 60)]
    write(Report(samples, 1200, 60, samples, 50, 2), tmp_path)
    page = (tmp_path / "soak.md").read_text(encoding="utf-8")
    assert "600 data ticks, of the 2880 ticks of a day" in page and "+0.0 %" in page
    assert "<polyline" in (tmp_path / "soak.svg").read_text(encoding="utf-8")
