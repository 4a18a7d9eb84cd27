"""Stations against a centre that confirms, forgets, hangs up and comes back."""

import asyncio
import json
from collections import Counter
from datetime import date, datetime, timedelta

from config import clock
from config.thresholds import load_thresholds
from demo import telemetry
from demo.reports import Reporter
from demo.station_lines import Line, Stations
from demo.town import Town

STATION = load_thresholds().stations[0]
NOW = datetime(2026, 11, 23, 15, 23)


class Centre:
    """Takes frames apart, confirms those it likes, remembers all."""

    def __init__(self, likes=lambda number: True, hang_up_after=None):
        self.likes = likes
        self.hang_up_after = hang_up_after
        self.frames = []
        self.lines = 0

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.line, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()

    async def line(self, reader, writer):
        self.lines += 1
        try:
            while True:
                head = await reader.readexactly(13)
                frame = head + await reader.readexactly(int.from_bytes(head[11:13], "big") + 4)
                assert telemetry.crc(frame[:-2]) == int.from_bytes(frame[-2:], "big")
                self.frames.append(frame)
                if self.hang_up_after and len(self.frames) == self.hang_up_after:
                    break
                if self.likes(len(self.frames)):
                    writer.write(confirmation(frame))
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def confirmation(frame):
    down = (
        b"\x7e\x7e" + frame[3:8] + frame[2:3] + frame[8:10] + frame[10:11]
        + b"\x80\x08\x02" + frame[14:22] + b"\x1b"
    )  # fmt: skip
    return down + telemetry.crc(down).to_bytes(2, "big")


def serials(frames):
    return [int.from_bytes(f[14:16], "big") for f in frames]


async def send(town, centre, back, until, **settings):
    line = Line(town, STATION, "127.0.0.1", centre.port, NOW - back, **settings)
    task = asyncio.create_task(line.run())
    async with asyncio.timeout(120):
        while line.known < until:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return line


def test_everything_owed_arrives_once_when_the_centre_confirms(town):
    async def act():
        async with Centre() as centre:
            line = await send(town, centre, timedelta(days=3), datetime(2026, 11, 23, 15, 20))
            return centre, line

    with clock.frozen(NOW):
        centre, line = asyncio.run(act())
    assert len(centre.frames) == len(set(serials(centre.frames))) == line.confirmed
    kinds = Counter(f[10] for f in centre.frames)
    assert kinds[telemetry.UNIFORM] >= 70
    assert kinds[telemetry.HOURLY] >= 71
    assert kinds[telemetry.TIMED] >= 16
    assert line.resent == 0


def test_what_is_not_confirmed_is_sent_again(town):
    async def act():
        async with Centre(likes=lambda number: number % 3 != 0) as centre:
            end = datetime(2026, 11, 23, 15, 20)
            line = await send(town, centre, timedelta(hours=20), end, resend_s=0.05, window=16)
            return centre, line

    with clock.frozen(NOW):
        centre, line = asyncio.run(act())
    assert line.resent > 0
    assert line.known == datetime(2026, 11, 23, 15, 20)
    assert set(serials(centre.frames)) == set(range(1, max(serials(centre.frames)) + 1))


def test_a_centre_that_hangs_up_gets_the_unconfirmed_reports_on_the_next_line(town):
    async def act():
        async with Centre(hang_up_after=25) as centre:
            line = await send(town, centre, timedelta(days=1), datetime(2026, 11, 23, 15, 20))
            return centre, line

    with clock.frozen(NOW):
        centre, line = asyncio.run(act())
    assert centre.lines == 2
    assert line.resent > 0
    assert set(serials(centre.frames)) == set(range(1, max(serials(centre.frames)) + 1))


def test_a_station_does_not_count_as_known_what_came_after_a_gap(town):
    """The fifth frame is never confirmed: knowledge ends before it, however much came later."""

    async def act():
        async with Centre(likes=lambda number: number != 5) as centre:
            line = Line(town, STATION, "127.0.0.1", centre.port, NOW - timedelta(hours=12))
            task = asyncio.create_task(line.run())
            async with asyncio.timeout(120):
                while line.confirmed < 20:
                    await asyncio.sleep(0.01)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return line

    with clock.frozen(NOW):
        line = asyncio.run(act())
    assert line.known < NOW - timedelta(hours=11)


def test_the_hours_that_lie_back_say_the_same_as_live_reports(town):
    """An hour sent as a list of levels equals the same hour sent five minutes by five minutes."""
    from etl.platforms import gauge

    def read(start, until):
        rows = {}
        for report in Reporter(town, STATION).owed(start, until):
            for table, row in gauge.parse(report.frame):
                if table == "gauge_picture":  # taken by live reports only
                    continue
                assert table == "gauge_reading"
                known = rows.setdefault(row["observed_at"], {})
                for name in ("level_m", "rain_mm"):
                    if row[name] is not None:
                        value = float(row[name])
                        assert known.setdefault(name, value) == value
        return rows

    start = datetime(2026, 7, 10, 6)
    back = read(start, start + timedelta(days=2))
    live = {}
    for n in range(40):
        live |= read(start + n * timedelta(hours=1), start + (n + 1) * timedelta(hours=1))
    for moment, row in live.items():
        if datetime.fromisoformat(moment).minute % 5 == 0:
            assert back[moment] == row, moment


def test_a_restart_goes_on_where_the_confirmations_ended(var, town):
    with clock.frozen(NOW):
        stations = Stations(town, load_thresholds().stations[:2], var)
        stations.prepare("127.0.0.1", 1)
        dumps = list((var / "inbox" / "gauge").iterdir())
        assert len(dumps) == 1
        stations.lines[0].known = NOW - timedelta(hours=3)
        stations.note()
        again = Stations(town, load_thresholds().stations[:2], var)
        again.prepare("127.0.0.1", 1)
    assert again.lines[0].known == NOW - timedelta(hours=3)
    assert again.lines[1].known == datetime(2026, 10, 24)
    assert list((var / "inbox" / "gauge").iterdir()) == dumps
    noted = json.loads((var / "demo" / "stations.json").read_text())
    assert set(noted) == {s.code for s in load_thresholds().stations[:2]}


def test_a_long_absence_is_made_up_by_a_dump(var, town):
    stations = load_thresholds().stations[:1]
    with clock.frozen(NOW):
        Stations(town, stations, var).prepare("127.0.0.1", 1)
    with clock.frozen(NOW + timedelta(days=100)):
        late = Stations(town, stations, var)
        late.prepare("127.0.0.1", 1)
    names = sorted(p.name for p in (var / "inbox" / "gauge").iterdir())
    assert names == ["水位雨量20240101-20261024.csv", "水位雨量20261024-20270201.csv"]
    assert late.lines[0].known == datetime(2027, 2, 1)


def test_a_young_town_sends_nothing_of_the_time_before_it(var):
    young = Town(date(2026, 1, 5), years=0)
    stations = Stations(young, load_thresholds().stations[:1], var)
    with clock.frozen(datetime(2026, 1, 5, 20, 4)):
        stations.prepare("127.0.0.1", 1)
    assert stations.lines[0].known == datetime(2026, 1, 1)
    assert not (var / "inbox" / "gauge").exists()


def test_sixty_days_of_one_station_are_some_thousand_frames_in_order(town):
    reports = list(Reporter(town, STATION).owed(NOW.replace(minute=0) - timedelta(days=60), NOW))
    assert 2 * 60 * 24 <= len(reports) <= 2 * 60 * 24 + 40
    moments = [r.until for r in reports]
    assert moments == sorted(moments)
    assert all(r.until <= NOW for r in reports)
