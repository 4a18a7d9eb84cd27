"""Which scene the wall shows: one decision for all its windows, from the store and the clock.

By itself the wall goes round the scenes of the site's state. Someone may choose one, hold the one
that is on, or open the visitors' view; each is an event by name, and each lapses by itself.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, insert, select

from cases import audit
from cases.audit import Entry
from cases.schema import wall_choice
from cases.store import Store, real_now
from config.scenes import DRILL, Rotation

ROTATE, CHOOSE, HOLD, VISITORS, RELEASE = "rotate", "choose", "hold", "visitors", "release"
_EVENTS: Final = {
    CHOOSE: "wall_choose",
    HOLD: "wall_hold",
    RELEASE: "wall_release",
    VISITORS: "wall_visitors",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What was wanted last: a scene until when, the visitors' view until when, by whom."""

    at: datetime
    by: str
    act: str
    scene: str | None = None
    scene_until: datetime | None = None
    held: bool = False  # the scene was not chosen, the round was stopped at it
    visitors_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OnWall:
    """What the wall shows: the scene, why, who said so, when it ends by itself."""

    scene: str
    visitors: bool
    state: str
    why: str  # rotate | choose | hold
    by: str = ""
    until: datetime | None = None  # of a choice or a hold
    visitors_until: datetime | None = None
    stays_s: int = 0  # of a rotation: until the next scene
    night: bool = False  # less light, whatever is on

    @property
    def is_drill(self) -> bool:
        """Whether everything on the wall has to say 演练."""
        return self.state == DRILL


def decide(rotation: Rotation, choice: Choice | None, real: datetime, local: datetime) -> OnWall:
    """What is on at a real moment; the state goes by the site's local clock."""
    state, night = rotation.state(local), rotation.is_night(local)
    opened = None if choice is None else choice.visitors_until
    visitors = opened if opened is not None and real < opened else None
    is_open = visitors is not None
    if choice is not None and choice.scene and choice.scene_until and real < choice.scene_until:
        why = HOLD if choice.held else CHOOSE
        until = choice.scene_until
        return OnWall(choice.scene, is_open, state, why, choice.by, until, visitors, night=night)
    scene, left = rotation.rounds[state].at(int(real.timestamp()))
    return OnWall(scene, is_open, state, ROTATE, visitors_until=visitors, stays_s=left, night=night)


def latest(store: Store) -> Choice | None:
    """What was wanted last, whether it still holds or not."""
    query = select(wall_choice).order_by(wall_choice.c.id.desc()).limit(1)
    with store.reading() as connection:
        row = connection.execute(query).first()
    return None if row is None else _choice(row)


def recent(store: Store, limit: int = 20) -> list[Choice]:
    """The last events, newest first."""
    query = select(wall_choice).order_by(wall_choice.c.id.desc()).limit(limit)
    with store.reading() as connection:
        return [_choice(row) for row in connection.execute(query)]


def choose(store: Store, scene: str, lasts: timedelta, who: Entry) -> Choice:
    """Show this scene from now on, for as long as a choice lasts."""
    return _keep(store, CHOOSE, who, lasts, scene=scene)


def hold(store: Store, scene: str, lasts: timedelta, who: Entry) -> Choice:
    """Stop going round: the scene that is on stays, for as long as a choice lasts."""
    return _keep(store, HOLD, who, lasts, scene=scene)


def release(store: Store, who: Entry) -> Choice:
    """Go round again; the visitors' view stays as it is."""
    return _keep(store, RELEASE, who, timedelta(0))


def receive_visitors(store: Store, lasts: timedelta, who: Entry, *, on: bool) -> Choice:
    """Open or close the visitors' view on whatever scene is shown."""
    return _keep(store, VISITORS, who, lasts if on else timedelta(0))


def _keep(
    store: Store, act: str, who: Entry, lasts: timedelta, *, scene: str | None = None
) -> Choice:
    """One event row with all that holds after it, and its audit row, in one transaction.

    `who` says name, role and address; what was done is filled in here.
    """
    now = real_now()
    newest = select(wall_choice).order_by(wall_choice.c.id.desc()).limit(1)
    with store.writing() as connection:
        row = connection.execute(newest).first()
        made = Choice(now, who.who, act) if row is None else _choice(row)
        if act == VISITORS:
            made = replace(made, visitors_until=now + lasts if lasts else None)
        else:
            until = None if scene is None else now + lasts
            made = replace(made, scene=scene, scene_until=until, held=act == HOLD)
        made = replace(made, at=now, by=who.who, act=act)
        connection.execute(insert(wall_choice).values(**asdict(made)))
        detail = {"minutes": int(lasts.total_seconds() // 60)}
        entry = replace(who, event=_EVENTS[act], subject=scene or "", detail=detail)
        seq, digest = audit.append(connection, entry)
    audit.note_head(store, seq, digest)
    return made


def _choice(row: Row[Any]) -> Choice:
    return Choice(**{key: value for key, value in row._mapping.items() if key != "id"})
