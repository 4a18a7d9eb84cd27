import pytest

from dashboard.pages.home import rules
from dashboard.pages.home_rules import (
    Count,
    Headline,
    Rate,
    Risk,
    Rules,
    deviation,
    headline,
    lead_of,
    ordered_risks,
    rate_lead,
    rate_worth_saying,
    worth_saying,
)


@pytest.mark.parametrize(
    ("now", "before", "weeks", "told"),
    [
        (34, 39, (), True),  # five cases and 12.8 %
        (35, 39, (), False),  # four cases are no news
        (104, 99, (), False),  # five cases, but half a tenth
        (104, 99, (98, 99, 100, 99, 98, 100, 99, 99), True),  # far off eight steady weeks
        (9, 0, (), True),
        (4, 0, (), False),
        (0, 0, (), False),
    ],
)
def test_a_change_is_told_by_share_and_cases_or_by_deviation(now, before, weeks, told):
    assert worth_saying(Count("热线", now, before, weeks), Rules()) is told


def test_weeks_that_are_all_alike_have_no_deviation():
    assert deviation(Count("热线", 10, 9, (8,) * 8)) is None
    assert deviation(Count("热线", 10, 9, (8, 9))) is None


def test_a_sentence_begins_with_what_happened():
    assert lead_of(Count("热线", 34, 39)) == "热线少了 5 件。"
    assert lead_of(Count("占道经营", 9, 4)) == "占道经营翻倍。"
    assert lead_of(Count("占道经营", 6, 1)) == "占道经营多了 5 件。"
    assert lead_of(Count("噪声扰民", 9, 0)) == "噪声扰民新出现 9 件。"


def test_a_rate_is_told_in_points_and_never_on_few_cases():
    assert rate_worth_saying(Rate("满意率", (65, 90), (62, 96)), Rules())
    assert rate_lead(Rate("满意率", (65, 90), (62, 96))) == "满意率提高 7.6 个百分点。"
    assert not rate_worth_saying(Rate("满意率", (3, 4), (62, 96)), Rules())
    assert not rate_worth_saying(Rate("满意率", (65, 90), (1, 9)), Rules())
    assert not rate_worth_saying(Rate("满意率", (0, 0), (0, 0)), Rules())


def test_risks_stand_by_rank_then_time_then_size():
    risks = [Risk(9, 0, 5), Risk(4, 30, 1), Risk(3, 99, 0.01), Risk(4, 2, 1), Risk(9, 0, 8)]
    assert ordered_risks(risks) == [risks[2], risks[3], risks[1], risks[4], risks[0]]


def test_the_headline_says_water_first_and_at_most_three_things():
    told = Headline(
        over_stations=1,
        top_rank=3,
        silent=["视频"],
        overdue=6,
        received=Count("热线", 34, 39),
        holiday="明天起放假 7 天",
    )
    assert headline(told, Rules()) == "水位过警戒，视频断数，明天起放假 7 天。"


def test_the_headline_of_a_calm_day_says_so():
    assert headline(Headline(), Rules()) == "水情平稳，没有超期，各平台正常。"
    calm = Headline(received=Count("热线", 30, 31))
    assert headline(calm, Rules()) == "水情平稳，没有超期，各平台正常。"


def test_the_headline_counts_stations_platforms_and_cases():
    told = Headline(over_stations=2, top_rank=2, silent=["热线", "气象"], due_soon=4)
    assert headline(told, Rules()) == "2 站水位超保证，2 个平台断数，4 件两个工作日内到期。"
    moved = Headline(near_stations=1, received=Count("热线", 34, 39))
    assert headline(moved, Rules()) == "1 站水位接近警戒或超设防，热线比上期少 5 件。"


def test_the_thresholds_come_from_the_layout_of_the_page():
    assert rules() == Rules(change_share=0.1, change_cases=5, deviations=2.0, points=2.0, most=4)
