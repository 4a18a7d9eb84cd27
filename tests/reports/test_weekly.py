from dataclasses import replace

import pytest

from config import periods
from dashboard.reports import figures as f
from dashboard.reports.content import Paragraph, Table
from dashboard.reports.weekly import compose
from layouts.errors import LayoutError
from layouts.report import ReportLayout, load_report


def text(report, lead):
    blocks = (block for section in report.sections for block in section.blocks)
    return next(b.text for b in blocks if isinstance(b, Paragraph) and lead in b.lead)


def table(report, key):
    return next(t for t in report.tables if t.key == key)


def cells(made: Table, row: int):
    return [cell.text for cell in made.rows[row]]


def test_the_same_figures_give_the_same_content(figures):
    layout = load_report("weekly")
    assert compose(figures, layout) == compose(figures, layout)


def test_the_head_names_issue_total_and_day_of_issue(report):
    assert report.head == "智慧洪蓝指挥中心周报"
    assert report.issue == "第39期（总第143期）"
    assert (report.issuer, report.issued_on) == ("洪蓝街道指挥中心", "2026年9月28日")
    assert report.title == "2026年第39周运行情况"
    assert report.subtitle == "（9月21日—9月27日，截至9月27日24时）"
    assert report.demo
    assert [s.heading[:2] for s in report.sections] == ["一、", "二、", "三、", "四、"]


def test_requests_are_told_with_their_changes_and_their_stock(report):
    said = text(report, "群众诉求")
    assert said.startswith(
        "本周共受理市民诉求66件，日均9.4件，较上周下降12.0%，较去年同期下降7.0%。"
    )
    assert "应办结72件，按时办结68件，按时办结率94.4%，较上周降低0.6个百分点。" in said
    assert "期初在办31件，新增66件，办结64件，退单等2件，期末在办31件。" in said


def test_both_mediation_lines_stand_with_their_own_unit_and_are_not_added(report):
    said = text(report, "矛盾调处")
    assert "中心牵头受理3件次，各单位受理4起；其中警调2件、诉调1件、访调1件、专调1件。" in said
    assert "中心牵头受理88件次、完结64件次，完结率72.7%；" in said
    assert "各单位受理141起、完结136起，完结率96.5%。" in said
    assert "不合并计算" in said
    assert "229" not in said  # 88 + 141 is nobody's number


def test_the_article_s_pair_gives_97_2_beside_72_2(figures, written):
    lines = [
        replace(line, year_rate=f.Rate(pair, f.Pair(), f.Pair()))
        for line, pair in zip(
            figures.mediation.lines, (f.Pair(65, 90), f.Pair(139, 143)), strict=True
        )
    ]
    made = written(mediation=replace(figures.mediation, lines=tuple(lines)))
    assert "完结率72.2%" in text(made, "矛盾调处")
    assert "完结率97.2%" in text(made, "矛盾调处")


def test_levels_are_told_as_distance_from_the_warning_level(report, figures, written):
    assert text(report, "防汛水情") == (
        "9月27日24时，石臼湖蛇山站水位9.62米，距警戒0.78米，较周一8时涨0.11米。无超警戒站点。"
    )
    high = replace(figures.flood.gauges[0], highest=10.41, last=10.41)
    flood = replace(figures.flood, gauges=(high, *figures.flood.gauges[1:]))
    said = text(written(flood=flood), "防汛水情")
    assert "水位10.41米，超警戒0.01米" in said
    assert "1个站点超警戒：石臼湖蛇山站。" in said


def test_a_small_number_changes_by_cases_and_a_rate_by_points(report):
    main = table(report, "main")
    assert cells(main, 0)[4] == "下降12.0%"
    assert cells(main, 2) == ["期末超期在办", "件", "3", "4", "减1", "5", "减2"]
    assert cells(main, 3)[4] == "降0.6个百分点"
    assert cells(main, 6)[-1] == "持平"


def test_a_rate_of_fewer_than_ten_is_shown_as_a_pair(report):
    rows = {row[0].text: row for row in table(report, "places").rows}
    assert rows["梅岗社区"][5].text == "8/9"
    assert rows["梅岗社区"][5].number is None
    assert rows["清泉社区"][5].number == 90.0


def test_shares_of_the_classes_add_up_to_a_hundred(report):
    shares = [row[2].number for row in table(report, "classes").rows[:-1]]
    assert round(sum(shares), 1) == 100.0


def test_stock_and_flow_balance_to_zero_in_both_lines(report):
    rows = {row[0].text: row for row in table(report, "lines").rows}
    for place in (1, 2):
        parts = [
            rows[name][place].number
            for name in ("期初在办", "新增受理", "办理完结", "撤回并案等", "期末在办")
        ]
        assert parts[0] + parts[1] - parts[2] - parts[3] == parts[4]


def test_a_holiday_explains_the_week(report):
    said = text(report, "诉求分布")
    assert "本周含中秋假期3天，4个工作日，日均12.5件；上周6个工作日，日均11.7件。" in said
    assert report.charts[0].foot == "39周为本期；虚线为8周均值；39周含中秋假期。"


def test_overdue_matters_stand_in_codes_longest_first(report):
    overdue = table(report, "overdue")
    assert next(row[0].text for row in overdue.rows) == "HLTJ2026-0077"
    assert cells(overdue, 1)[-1] == "7天6时"


def test_a_long_list_is_printed_in_part_and_says_so(figures, written):
    matter = figures.hotline.overdue_list[0]
    many = tuple(replace(matter, no=f"NJ{n}") for n in range(30))
    hotline = replace(figures.hotline, overdue=f.Count(30, 4, 5), overdue_list=many)
    made = written(hotline=hotline)
    overdue = table(made, "overdue")
    assert (len(overdue.rows), len(overdue.printed), overdue.left_out) == (31, 10, 21)
    assert "表6列超期最久的10件，其余21件见电子表格。" in text(made, "超期未结")


def test_a_confidential_matter_is_counted_but_not_listed(figures, written):
    made = written(hotline=replace(figures.hotline, overdue=f.Count(5, 4, 5)))
    assert "热线超期未结5件" in text(made, "超期未结")
    assert "另有保密事项2件不列表。" in text(made, "超期未结")


def test_next_week_names_its_peak_and_its_holiday(report):
    assert "到期热线10件、调处1件，其中9月29日（周二）最多，共6件" in text(report, "到期事项")
    assert "国庆节放假4天（10月1日—4日）" in text(report, "工作安排")


def test_an_empty_week_is_told_without_a_rate(figures, written):
    nothing = f.Count(0, 0, 0)
    hotline = f.Hotline(
        received=nothing, closed=nothing, on_time=f.Rate(), response=f.Rate(),
        resolution=f.Rate(), satisfaction=f.Rate(), days=f.Count(), repeat=f.Rate(),
        overdue=nothing, flow=None, classes=(), repeat_classes=(), places=(), weeks=(),
        per_workday=f.Count(), overdue_list=(), due_next=(),
    )  # fmt: skip
    flood = replace(figures.flood, gauges=(), warnings=())
    mediation = f.Mediation(lines=(), links=(), overdue_list=())
    made = written(hotline=hotline, flood=flood, mediation=mediation)
    said = text(made, "群众诉求")
    assert said.startswith("本周共受理市民诉求0件，日均0.0件，较上周持平")
    assert "%" not in said
    assert "本周无到期应办结件。" in said
    assert text(made, "防汛水情") == "本周无水位数据。"
    assert "无到期事项" in text(made, "到期事项")


def test_a_running_week_is_a_draft_compared_like_for_like(figures, written):
    made = written(finished=False, until=figures.until.replace(day=24, hour=10, minute=30))
    assert made.draft
    assert made.subtitle == "（9月21日—9月27日，截至9月24日10时30分）"
    assert "较上周同期下降12.0%" in text(made, "群众诉求")
    assert made.issued_on == "2026年9月24日"


def test_a_week_with_a_silent_gauge_or_a_late_platform_is_a_draft(report, figures, written):
    assert report.draft  # one gauge of the fixture gave nothing
    gauges = tuple(g for g in figures.flood.gauges if g.highest is not None)
    flood = replace(figures.flood, gauges=gauges)
    assert not written(flood=flood).draft
    late = replace(figures.feeds[0], complete=False)
    made = written(flood=flood, feeds=(late, *figures.feeds[1:]))
    assert made.draft
    assert "12345热线（截至9月28日8时）的数据未覆盖至9月27日24时" in text(made, "数据到达")


def test_silent_gauges_are_named_the_rest_by_number(report, figures, written):
    assert "新桥河蒲塘站本周无水位数据，请水务部门核查" in text(report, "数据到达")
    silent = tuple(replace(g, highest=None, last=None) for g in figures.flood.gauges[1:])
    made = written(flood=replace(figures.flood, gauges=(figures.flood.gauges[0], *silent)))
    assert "石臼湖西圩站、胭脂河口站、胭脂河天生桥站等5个站点本周无水位数据" in text(
        made, "数据到达"
    )


def test_every_note_is_cited_and_every_citation_has_its_note(report):
    blocks = [block for section in report.sections for block in section.blocks]
    cited = {number for block in blocks for number in block.notes}
    assert cited == {note.number for note in report.notes}
    assert {note.metric for note in report.notes} >= {"hotline_received", "gauge_over_warning"}


def test_a_week_from_friday_to_thursday_has_the_number_of_its_thursday(figures, written):
    period = periods.parse("2026-W39-fri", figures.period.last)
    made = written(period=period)
    assert made.title == "2026年第39周运行情况"
    assert made.subtitle.startswith("（9月18日—9月24日")


def test_a_sentence_with_an_unknown_place_names_file_key_and_what_is_known(figures):
    layout = load_report("weekly")
    words = {**layout.words, "hotline.overdue": "超期{how_many}件。"}
    broken = ReportLayout(layout.name, layout.file, words, layout.closing)
    with pytest.raises(LayoutError, match=r"weekly\.toml: hotline\.overdue .*\{count\}"):
        compose(figures, broken)


def test_no_sentence_keeps_an_unfilled_place(report):
    blocks = [block for section in report.sections for block in section.blocks]
    texts = [b.text for b in blocks if isinstance(b, Paragraph)]
    texts += [t.remark for t in report.tables] + [c.foot for c in report.charts]
    assert not [said for said in texts if "{" in said or "—%" in said]
