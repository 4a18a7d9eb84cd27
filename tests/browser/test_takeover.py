"""An alarm on the wall and at the desk, in a real browser: a web process and nothing else.

Alarms are written as the judge of water levels writes them; nothing is loaded, so the tests also
show that a takeover needs no published data.
"""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from cases import alarms, raising, users
from cases.alarm_rows import changing
from cases.schema import sessions
from cases.store import open_store, real_now
from config import clock
from tests.browser.conftest import PATIENCE_MS, QUIET, come_in
from tests.browser.product import PASSWORDS
from tests.browser.test_waiting import ASKS
from tests.browser.test_wall import CUT_OFF, OUTSIDE, SMALL, faults_of
from tests.browser.test_wall_seams import BOXES, overlaps
from tests.browser.wall_look import rested, show

pytestmark = pytest.mark.browser
STATION, OTHER = "3201170005", "3201170006"
WALLS = {"lcd_7x3": (13440, 3240), "screen_16x9": (3840, 2160), "screen_1080": (1920, 1080)}
TAKEN = "() => document.querySelector('#takeover.taking .alarm-bar') !== null"
IN_SHELL = """() => document.querySelector('iframe.shown')?.contentDocument
  ?.querySelector('#takeover.taking .alarm-bar')?.offsetWidth > 0"""
COVERED = """() => {
  const seen = one => one.offsetWidth > 0 && getComputedStyle(one).visibility !== 'hidden';
  const frame = document.getElementById('takeover-frame').getBoundingClientRect();
  return [...document.querySelectorAll('#stage > [data-panel]')].filter(seen)
    .filter(card => { const box = card.getBoundingClientRect();
      return box.left < frame.right - 1 && box.right > frame.left + 1 &&
             box.top < frame.bottom - 1 && box.bottom > frame.top + 1; })
    .map(card => card.dataset.panel);
}"""


HIDDEN = """() => [...document.querySelectorAll('#stage [data-panel]')]
  .filter(e => getComputedStyle(e).visibility === 'hidden').map(e => e.dataset.panel)"""


SIZED = """() => {
  const card = document.getElementById('card-alarm_curve');
  const wide = one => card.querySelector(one).getBoundingClientRect().width;
  return Math.abs(wide('.main-svg') - wide('.chart')) < 4;
}"""
WIDER = """() => {
  const wide = document.documentElement.scrollWidth;
  return wide <= 390 ? [] : [wide, ...[...document.querySelectorAll('#pages *')]
    .filter(e => e.getBoundingClientRect().right > 391).map(e => e.id || e.className).slice(0, 9)];
}"""


class Post:
    """The watch post: a web process, its store, and alarms as the judge writes them."""

    def __init__(self, product, chromium):
        self.product, self.chromium = product, chromium
        self.store = open_store(f"sqlite:///{product.var / 'cases.sqlite3'}")
        self.contexts = []

    def window(self, role, width, height, browser=None, password=""):
        context = (browser or self.chromium).new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        page = context.new_page()
        page.said = []
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("console", lambda m: m.type in ("error", "warning") and page.said.append(m.text))
        come_in(context, self.product.address, role, password)
        return page

    def wall(self, profile, browser=None):
        """The frame of the wall, drawn, in a window of its own."""
        page = self.window("wall", *WALLS[profile], browser)
        show(page, self.product.address, f"profile={profile}&scene=overview")
        return page

    def facts(self, level, rank, limit, subject, ago=0.0):
        now = clock.now() - timedelta(minutes=ago)
        return raising.Facts(
            kind="flood", subject=subject, now=now, observed_at=now - timedelta(seconds=1),
            received_at=now, delay_ms=40, rank=rank, limit_name=limit, threshold=9.1, value=level,
        )  # fmt: skip

    def raise_flood(self, subject=STATION, rank=3, limit="warning", drill=None):
        with changing(self.store) as connection:
            number = raising.start(
                connection,
                self.facts(8.8, 4, "near", subject, 50),
                is_raised=False,
                drill_until=drill,
            )
            for step in range(1, 10):
                alarm = alarms_of(connection, subject, drill)
                facts = self.facts(8.8 + 0.04 * step, 4, "near", subject, 50 - 5 * step)
                raising.follow(connection, alarm, facts)
            raising.confirm(
                connection,
                alarms_of(connection, subject, drill),
                self.facts(9.18, rank, limit, subject),
            )
        return number

    def change(self, subject, do, level, rank, limit):
        with changing(self.store) as connection:
            facts = self.facts(level, rank, limit, subject)
            do(connection, alarms_of(connection, subject, None), facts)

    def calm(self):
        """End every alarm, so that the next test begins with a calm wall."""
        for one in alarms.open_alarms(self.store, clock.now()):
            with changing(self.store) as connection:
                facts = raising.Facts("flood", one.subject, clock.now(), clock.now())
                raising.clear(connection, one, facts)
        with self.store.writing() as connection:  # else 解除 stays for ten minutes
            from cases.schema import alarms as rows

            connection.execute(update(rows).values(cleared_at=real_now() - timedelta(hours=1)))


def alarms_of(connection, subject, drill):
    return raising.current(connection, "flood", subject, drill=drill is not None)


@pytest.fixture(scope="module")
def started(small, chromium):
    return Post(small, chromium)


@pytest.fixture
def post(started):
    yield started
    started.calm()
    for context in started.contexts:
        context.close()
    started.contexts.clear()


@pytest.mark.parametrize("profile", WALLS)
def test_an_alarm_takes_the_wall_without_a_reload_and_everything_fits(post, profile):
    frame = post.wall(profile)
    frame.evaluate("window.kept = true")
    number = post.raise_flood()
    frame.wait_for_function(TAKEN)
    frame.wait_for_selector("#card-alarm_curve .js-line", state="attached")
    frame.wait_for_function(SIZED)
    assert frame.evaluate("window.kept") is True
    inside = OUTSIDE.replace("'[data-panel]'", "'#takeover [data-panel]'")
    assert faults_of(frame, [COVERED, CUT_OFF, inside, SMALL]) == []

    def on_each_other():
        hidden = set(frame.evaluate(HIDDEN))
        _, found = frame.evaluate(BOXES)
        return list(overlaps([one for one in found if one[0] not in hidden]))

    assert rested(frame, on_each_other, bool) == []
    for words in ("洪水告警", "春和闸站", "超警戒", "9.18", "未确认", "处置时间线", "报警"):
        expect(frame.locator("#takeover")).to_contain_text(words, use_inner_text=True)
    first = frame.inner_text(".alarm-clock")
    frame.wait_for_function(
        "was => document.querySelector('.alarm-clock').textContent !== was", arg=first
    )
    assert "received_today" in frame.evaluate(
        "[...document.querySelectorAll('#stage > [data-panel]')]"
        ".filter(e => getComputedStyle(e).visibility !== 'hidden' && e.offsetWidth)"
        ".map(e => e.dataset.panel).join(' ')"
    )
    end = time.monotonic() + 60
    while not any(e.kind == "drawn" for e in alarms.events(post.store, number)):
        assert time.monotonic() < end, "no window said that it had drawn the alarm"
        time.sleep(0.05)
    assert frame.said == []


def test_the_shell_shows_the_alarm_and_tells_the_player_to_wake_the_screen(post):
    page = post.window("wall", 1920, 1080)
    page.goto(f"{post.product.address}/wall")
    page.wait_for_selector("iframe.shown")
    post.raise_flood(rank=2, limit="guarantee")
    page.wait_for_function(IN_SHELL)
    page.wait_for_function("() => document.title.includes('告警')")
    assert page.said == []


def test_acknowledged_by_every_post_it_is_a_ribbon_a_rise_takes_the_wall_again_and_the_end_is_told(
    post,
):
    frame = post.wall("screen_1080")
    number = post.raise_flood()
    frame.wait_for_selector("#takeover.taking.rank-3", state="attached")
    alarms.acknowledge(post.store, number, "seat", clock.now())
    bar = frame.locator(".alarm-bar")
    expect(bar).to_contain_text("确认 1 / 3")
    expect(bar).to_contain_text("待苇荡社区等 2 岗")
    for village in ("苇荡社区", "春和社区"):
        alarms.answer(post.store, number, village, "seat", "", clock.now())
    expect(bar).to_contain_text("待队伍出动")
    expect(frame.locator("[data-panel=alarm_steps]")).to_contain_text("春和社区")
    assert faults_of(frame, [CUT_OFF]) == []
    alarms.send_team(post.store, number, "街道应急排涝二队", "seat", "", clock.now())
    frame.wait_for_selector("#takeover.ribboned:not(.taking)", state="attached")
    ribbon = frame.locator("[data-panel=alarm_ribbon]")
    expect(ribbon).to_contain_text("已确认")
    expect(ribbon.locator(".counting")).to_have_text(re.compile(r"^00:0\d:\d\d$"))
    post.change(STATION, raising.rerank, 10.22, 2, "guarantee")
    frame.wait_for_selector("#takeover.taking.rank-2", state="attached")
    post.change(STATION, raising.clear, 8.9, 2, "guarantee")
    frame.wait_for_selector("#takeover.ribboned:not(.taking)", state="attached")
    expect(ribbon).to_contain_text("已解除")


MARKED = """() => [...document.querySelectorAll('.card > .head > .title')]
  .filter(e => e.offsetWidth).map(e => getComputedStyle(e, '::after').content)"""


def all_say_drill(marked):
    return len(marked) > 8 and set(marked) == {'"演练"'}


def test_a_drill_is_marked_on_every_card_and_the_second_alarm_stands_in_the_ribbon(post):
    frame = post.wall("screen_16x9")
    post.raise_flood(OTHER, 2, "guarantee", drill=clock.now() + timedelta(hours=1))
    frame.wait_for_selector("#takeover.taking.drill", state="attached")
    marked = rested(frame, lambda: frame.evaluate(MARKED), lambda found: not all_say_drill(found))
    assert all_say_drill(marked), marked
    expect(frame.locator(".alarm-bar")).to_contain_text("演练")
    post.raise_flood()  # a real one goes before any drill
    frame.wait_for_selector("#takeover.taking:not(.drill)", state="attached")
    expect(frame.locator("[data-panel=alarm_ribbon]")).to_contain_text("兰台桥站")
    expect(frame.locator(".alarm-bar")).to_contain_text("另 1 项")
    stamped = """() => {
      document.documentElement.dataset.state = 'drill';  // as in the hours of a planned one
      return [...document.querySelectorAll('.card > .head > .title')]
        .map(e => getComputedStyle(e, '::after').content).filter(words => words.includes('演练'));
    }"""
    assert frame.evaluate(stamped) == []
    post.calm()
    frame.wait_for_selector("#takeover.calm", state="attached")
    assert len(frame.evaluate(stamped)) > 8


def test_more_than_five_alarms_are_told_in_groups_on_wall_and_desk(post):
    frame = post.wall("screen_16x9")
    stations = [f"32011700{n:02d}" for n in range(1, 9)]
    numbers = [post.raise_flood(station) for station in stations]
    around = frame.locator("[data-panel=alarm_around]")
    expect(around).to_contain_text("其他告警 7 项")
    expect(around).to_contain_text("水情 · 胭脂河")
    expect(frame.locator(".alarm-bar")).to_contain_text("共 8 项")
    assert faults_of(frame, [CUT_OFF]) == []
    page = post.window("seat", 1440, 900)
    page.goto(f"{post.product.address}/desk/alarms")
    page.click(".desk-group summary >> nth=0")
    numbers.append(post.raise_flood("3201170009"))  # the list is drawn anew, the group stays open
    expect(page.locator(f'#desk-list [data-alarm="{numbers[-1]}"]')).to_have_count(1)
    page.click(".desk-group .desk-link >> nth=0")
    expect(page.locator(".desk-group[open] .desk-row.here")).to_be_visible()
    for number in numbers:
        expect(page.locator(f'#desk-list [data-alarm="{number}"]')).to_have_count(1)
    assert page.said == []


def test_it_sounds_once_where_the_browser_may_and_says_so_where_not(post):
    loud = ["--autoplay-policy=no-user-gesture-required"]
    browser = post.chromium.browser_type.launch(
        executable_path="/usr/bin/chromium", args=[*QUIET, *loud]
    )
    try:
        frame = post.wall("screen_1080", browser)
        post.raise_flood()
        frame.wait_for_function(
            "() => document.documentElement.dataset.sounded === '1'", timeout=60_000
        )
        assert not frame.locator(".no-sound").is_visible()
    finally:
        post.contexts.pop().close()
        browser.close()


def test_a_seat_sees_a_new_alarm_by_itself_and_acknowledges_it_by_key(post):
    page = post.window("seat", 1440, 900)
    page.goto(f"{post.product.address}/desk/alarms")
    expect(page.locator("#desk-list")).to_contain_text("当前无告警")
    number = post.raise_flood()
    expect(page.locator("#desk-list")).to_contain_text("春和闸站")
    expect(page.locator("#desk-top")).to_contain_text("超警戒")
    page.focus("#desk-list")
    page.keyboard.press("a")
    expect(page.locator("#desk-said")).to_contain_text("确认 A-")
    assert alarms.alarm(post.store, number).acknowledged_by == "seat"
    page.click("text=回放本次告警")
    page.wait_for_selector("#replay input")
    page.fill("#replay input", "0")
    expect(page.locator("#replay output")).to_contain_text("尚未发现")
    expect(page.locator(".journal tr.ahead").first).to_be_attached()
    assert page.said == []


def test_a_press_that_is_answered_late_is_told_and_one_without_an_answer_says_so(post):
    number = post.raise_flood()
    page = post.window("seat", 1440, 900)
    page.goto(f"{post.product.address}/desk/alarms?no={number}")
    late, beats = [], []

    def hold(route):
        """Keep what is pressed until three more beats have been answered."""
        if '"output":"..desk-said.' not in route.request.post_data:
            beats.append(route)
            route.continue_()
        else:
            late.append(route)

    page.route(ASKS, hold)
    page.click("#desk-ack")
    expect(page.locator("#desk-said")).to_contain_text("正在保存")
    expect(page.locator("#desk-said")).to_contain_text("10 秒没有回音")
    end = time.monotonic() + 60
    while len(beats) < 3:
        assert time.monotonic() < end, "what the server answers meanwhile is no beat"
        page.wait_for_timeout(50)
    assert len(late) == 1
    assert not alarms.alarm(post.store, number).acknowledged_at
    late.pop().continue_()
    expect(page.locator("#desk-said")).to_contain_text("确认 A-")
    expect(page.locator("#desk-top")).not_to_contain_text("未确认")
    assert alarms.alarm(post.store, number).acknowledged_by == "seat"
    assert page.said == []


def test_on_a_phone_the_chosen_alarm_comes_first_and_nothing_is_wider_than_the_screen(post):
    number = post.raise_flood()
    page = post.window("seat", 390, 844)
    page.goto(f"{post.product.address}/desk/alarms?no={number}")
    button = page.locator("#desk-ack")
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box["height"] >= 44 and box["y"] < 500
    assert rested(page, lambda: page.evaluate(WIDER), bool) == []
    button.click()
    expect(page.locator("#desk-said")).to_contain_text("确认 A-")
    expect(page.locator("#desk-top")).not_to_contain_text("未确认")  # drawn anew, and stays
    answer = page.get_by_label("苇荡社区：记为已知悉")
    assert answer.bounding_box()["height"] >= 44
    page.fill("#desk-reason", "接电话：周工")
    answer.click()
    expect(page.locator("#desk-said")).to_contain_text("苇荡社区 已知悉")
    expect(page.locator(".awaited")).to_contain_text("接电话：周工")
    (village,) = [one for one in awaited(post, number) if one.name == "苇荡社区"]
    assert (village.by_name, village.note) == ("seat", "接电话：周工")


def test_a_village_gives_its_notice_on_its_telephone_and_sees_no_desk(post):
    users.add(post.store, "zhou", "unit", PASSWORDS["seat"], villages=("320117005006",))
    number = post.raise_flood()
    page = post.window("zhou", 390, 844, password=PASSWORDS["seat"])
    page.goto(f"{post.product.address}/desk/posts")
    button = page.get_by_label("苇荡社区：已知悉")
    assert button.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.evaluate(WIDER)
    assert "春和社区" not in page.inner_text("#body") and "误报" not in page.inner_text("#body")
    button.click()
    expect(page.locator("#desk-said")).to_contain_text("苇荡社区 已知悉")
    expect(page.locator("#desk-list")).to_contain_text("zhou 记")
    expect(button).to_have_count(0)
    (village,) = [one for one in awaited(post, number) if one.name == "苇荡社区"]
    assert village.by_name == "zhou"
    assert alarms.alarm(post.store, number).state == "raised"
    assert page.said == []


def awaited(post, number):
    return alarms.alarm(post.store, number).awaited


def test_a_false_alarm_is_called_by_a_seat_and_agreed_to_by_a_leader(post):
    number = post.raise_flood()
    seat, leader = post.window("seat", 1440, 900), post.window("leader", 390, 844)
    seat.goto(f"{post.product.address}/desk/alarms?no={number}")
    seat.fill("#desk-reason", "水尺检修")
    seat.click("#desk-false")
    expect(seat.locator("#desk-said")).to_contain_text("请另一人复核")
    leader.goto(f"{post.product.address}/desk/alarms?no={number}")
    expect(leader.locator(".called-false")).to_contain_text("seat")
    assert leader.evaluate("document.documentElement.scrollWidth") <= 390
    leader.click("text=同意误报")
    expect(leader.locator("#desk-said")).to_contain_text("已标为误报")
    expect(seat.locator("#desk-list")).to_contain_text("不发声 1")
    assert alarms.alarm(post.store, number).state == "false_alarm"
    assert (seat.said, leader.said) == ([], [])


def test_a_seat_that_fell_asleep_locks_itself_and_still_acknowledges(post):
    page = post.window("seat", 1200, 800)
    page.goto(f"{post.product.address}/desk/alarms")
    page.wait_for_selector("#desk-list")
    number = post.raise_flood()
    with post.store.writing() as connection:
        connection.execute(update(sessions).values(active_at=real_now() - timedelta(minutes=40)))
    page.wait_for_url("**/desk/locked")
    assert "春和闸站" not in page.inner_text("main")
    page.fill("#name", "seat")
    page.fill("#password", PASSWORDS["seat"])
    page.click("text=确认告警")
    expect(page.locator(".done")).to_contain_text("春和闸站")
    assert alarms.alarm(post.store, number).state == "acknowledged"
