"""The tables of the case store; every time is UTC, every name is singular in meaning.

The layout changes only by a migration in `cases/migrations/versions`; a test compares both.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)

from config.clock import ZONE


def utc(moment: datetime) -> datetime:
    """The moment as aware UTC; a naive one is local time of Asia/Shanghai."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=ZONE)
    return aware.astimezone(UTC)


def local(moment: datetime) -> datetime:
    """The moment as naive local time of Asia/Shanghai, as marts and screens use it."""
    if moment.tzinfo is None:
        return moment
    return utc(moment).astimezone(ZONE).replace(tzinfo=None)


class Moment(TypeDecorator[datetime]):
    """A UTC time: aware in Python, without zone in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Naive UTC for the database."""
        return None if value is None else utc(value).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Aware UTC for Python."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData()

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("password_at", Moment, nullable=False),
    Column("former_hashes", Text, nullable=False, default="[]"),  # JSON, newest first
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    Column("units", Text, nullable=False, server_default="[]"),  # JSON, names of units
    Column("villages", Text, nullable=False, server_default="[]"),  # JSON, codes of communities
    Column("must_change", Boolean, nullable=False, server_default=false()),  # a one-time password
    Column("login_by", String(16), nullable=False, server_default="own"),  # own | oidc
    Column("subject", String(200)),  # hash of issuer and subject at the site's identity provider
    Column("totp_sealed", LargeBinary),
    Column("totp_step", Integer, nullable=False, server_default="0"),  # the last one used
    Column("recovery", Text, nullable=False, server_default="[]"),  # JSON, hashes of codes
    UniqueConstraint("subject", name="users_subject"),
)

half_logins = Table(  # between the password and the second factor, or at the identity provider
    "half_logins",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("user_id", Integer, ForeignKey("users.id")),
    Column("detail", Text, nullable=False),  # JSON
    Column("expires_at", Moment, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("role", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("active_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("address", String(64), nullable=False, default=""),
    Column("agent", String(200), nullable=False, default=""),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("revoked_at", Moment),
    Column("units", Text, nullable=False, server_default="[]"),
    Column("villages", Text, nullable=False, server_default="[]"),
)

attempts = Table(  # failed logins of the last quarter of an hour
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(200), nullable=False),
    Column("at", Float, nullable=False),
    Index("attempts_key_at", "key", "at"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("ok", Boolean),
    Column("rows_in", Integer, nullable=False, default=0),
    Column("loaded", Integer, nullable=False, default=0),
    Column("unchanged", Integer, nullable=False, default=0),
    Column("quarantined", Integer, nullable=False, default=0),
    Column("error", Text),
    Column("fault", String(32)),  # its kind, a word of cases/faults.py
    Index("runs_key_started", "key", "started_at"),
)

health = Table(
    "health",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("succeeded_at", Moment),
    Column("failed_at", Moment),
    Column("error", Text),
    Column("fault", String(32)),
    Column("failed_for_good", Boolean, nullable=False, default=False),
    Column("day", String(10), nullable=False, default=""),  # local day that rows_today belongs to
    Column("rows_today", Integer, nullable=False, default=0),
    Column("quarantined", Integer, nullable=False, default=0),
)

quarantine = Table(  # what lies in quarantine, counted; the rows themselves are private files
    "quarantine",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("fact", String(64), primary_key=True),
    Column("reason", String(200), primary_key=True),
    Column("column_label", String(200), nullable=False),
    Column("rule", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("deliveries", Integer, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("example_row", Integer),
    Column("example", Text, nullable=False),  # JSON, masked
    Column("raw_path", String(200), nullable=False),
)

drift = Table(  # what platforms sent that nobody declared, and figures of another size
    "drift",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("fact", String(64), primary_key=True),
    Column("field", String(120), primary_key=True),
    Column("kind", String(16), primary_key=True),  # new | scale
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("example", String(120), nullable=False),  # the shape of a value, never the value
)

progress = Table(
    "progress",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("phase", String(64), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)

vault = Table(
    "vault",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("fact", String(64), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("digest", String(64), nullable=False),  # keyed, tells an unchanged row
    Column("sealed", LargeBinary, nullable=False),
    Column("kept_on", String(10), nullable=False),  # local day, for retention
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("who", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("address", String(64), nullable=False),
    Column("event", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("detail", Text, nullable=False),  # JSON
    Column("digest", String(64), nullable=False),
    Index("audit_event_at", "event", "at"),
)

marks = Table(
    "marks",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

reconciliation = Table(  # a platform's own count of a day against ours
    "reconciliation",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),  # local day
    Column("ours", Integer, nullable=False),
    Column("theirs", Integer, nullable=False),
    Column("checked_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),  # equal | held | gap | missing | surplus
    Column("quarantined", Integer, nullable=False, default=0),  # of this day, not in ours
)

damage = Table(  # raw files that are not what was received, until mended or acknowledged
    "damage",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("path", String(200), primary_key=True),
    Column("found_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("rescued", Integer, nullable=False),  # rows that the last snapshot still had
    Column("settled_at", Moment),
    Column("settled", String(16)),  # repaired | acknowledged
    Column("note", String(200), nullable=False, default=""),
)

case_view = Table(  # what someone searched and filtered in a case table, behind a random id
    "case_view",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("metric", String(64), nullable=False),
    Column("name", String(40), nullable=False, default=""),  # empty: kept for a link only
    Column("body", Text, nullable=False),  # JSON
    Column("used_at", Moment, nullable=False),
    Index("case_view_owner", "owner", "metric", "name"),
)

alarms = Table(  # what wants somebody now, and what once did; changed by cases/alarms.py only
    "alarms",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),  # flood | platform | heartbeat | storage
    Column("subject", String(64), nullable=False),  # station code, platform key, process
    Column("rank", Integer, nullable=False),  # 1 to 4
    Column("pending_rank", Integer),  # a single reading is past a higher limit: 待核实
    Column("state", String(16), nullable=False),
    Column("drill", Boolean, nullable=False, server_default=false()),
    # "kind:subject" while it is on, so that one thing never has two alarms at a time
    Column("open_key", String(100), unique=True),
    Column("first_at", Moment, nullable=False),  # when the row was written
    Column("observed_at", Moment, nullable=False),  # of the first reading past the limit
    Column("raised_at", Moment),
    Column("acknowledged_at", Moment),
    Column("acknowledged_by", String(64)),
    Column("false_by", String(64)),  # who called it false; a second person has to agree
    Column("false_at", Moment),
    Column("false_reason", String(200), nullable=False, server_default=""),
    Column("cleared_at", Moment),
    Column("until", Moment),  # a drill ends by itself
    Column("value", Float),
    Column("value_at", Moment),  # when the value was observed
    Column("threshold", Float),
    Column("limit_name", String(16), nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="0"),  # its newest event
    Column("called_by", Integer),  # the event that raised it, its rank, or ended its shelf
    Index("alarms_first", "first_at"),
)

alarm_events = Table(  # every change of an alarm; the newest id is the version of all of them
    "alarm_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("alarm_id", Integer, ForeignKey("alarms.id"), index=True),  # none: shelved while calm
    Column("about", String(16), nullable=False),  # kind of alarm
    Column("subject", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("by_name", String(64), nullable=False, server_default=""),  # empty: the product itself
    Column("note", String(200), nullable=False, server_default=""),
    Column("rank", Integer),
    Column("value", Float),
    Column("observed_at", Moment),
    Column("received_at", Moment),
    Column("delay_ms", Integer),  # received to written, on the steady clock
)

alarm_awaited = (
    Table(  # whom an alarm waits for in its rank: posts to take notice, teams to be sent
        "alarm_awaited",
        metadata,
        Column("alarm_id", Integer, ForeignKey("alarms.id"), primary_key=True),
        Column("kind", String(8), primary_key=True),  # post | team
        Column("name", String(64), primary_key=True),
        Column("place", Integer, nullable=False),  # post 0 is the duty desk's own
        Column("at", Moment),  # none: still awaited
        Column("by_name", String(64), nullable=False, server_default=""),
        Column("note", String(200), nullable=False, server_default=""),
    )
)

alarm_shelves = (
    Table(  # 停用: alarms of one subject, up to a rank, are kept and shown, and take nothing
        "alarm_shelves",
        metadata,
        Column("kind", String(16), primary_key=True),
        Column("subject", String(64), primary_key=True),
        Column("rank", Integer, nullable=False, server_default="3"),  # an alarm above it ends this
        Column("from_at", Moment, nullable=False),
        Column("until", Moment, nullable=False),
        Column("reason", String(200), nullable=False),
        Column("by_name", String(64), nullable=False),
    )
)

flood_tracks = Table(  # what the judge of water levels remembers of a station, as JSON
    "flood_tracks",
    metadata,
    Column("station", String(64), primary_key=True),
    Column("body", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

pairings = Table(  # codes that new screens of the wall show, for minutes
    "pairings",
    metadata,
    Column("public_key", String(120), primary_key=True),  # base64, of the browser that shows it
    Column("code", String(16), nullable=False, unique=True),
    Column("expires_at", Moment, nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
)

devices = Table(  # screens of the wall
    "devices",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False),  # one's own among those not withdrawn
    Column("public_key", String(120), nullable=False),
    Column("profile", String(64), nullable=False, server_default=""),  # none: by the window
    Column("output", Integer),
    Column("scenes", Text, nullable=False, server_default="[]"),  # JSON; none: those of all
    Column("addresses", Text, nullable=False, server_default="[]"),  # JSON; none: from anywhere
    Column("paired_at", Moment, nullable=False),
    Column("paired_by", String(64), nullable=False),
    Column("seen_at", Moment),
    Column("seen_from", String(64), nullable=False, server_default=""),
    Column("agent", String(200), nullable=False, server_default=""),
    Column("revoked_at", Moment),
    Column("copied_at", Moment),
    Column("health", Text, nullable=False, server_default="{}"),  # JSON, as it last said
    Column("health_at", Moment),
)

device_keys = Table(  # what stands in the cookies of screens, as hashes
    "device_keys",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("device_id", Integer, ForeignKey("devices.id"), nullable=False, index=True),
    Column("issued_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("over_at", Moment),
)

wall_choice = Table(  # who wanted which scene on the wall; the newest row holds until it lapses
    "wall_choice",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("act", String(16), nullable=False),  # choose | hold | release | visitors
    Column("scene", String(64)),
    Column("scene_until", Moment),
    Column("held", Boolean, nullable=False),
    Column("visitors_until", Moment),
)

flood_responses = Table(  # decisions of the flood headquarters, written down; the newest holds
    "flood_responses",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("level", Integer, nullable=False),  # 1 to 4; 0 = no response any more
    Column("basis", String(100), nullable=False),
    Column("by_name", String(64), nullable=False),
)
