"""Who may read and open what: one pure function that everything under the gate goes by.

The gate says which addresses and callbacks a role may use; this says which rows and columns it
finds there. It is applied where the data come from (`dashboard/source.py`), never by a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config.site import Unit
from warehouse.read import NOTHING, Scope

WHOLE_STREET = frozenset({"leader", "seat", "admin", "shell"})
OPENS_ALL, OPENS_OWN = frozenset({"leader"}), frozenset({"seat", "unit"})
OWN_ONLY = "仅本单位数据"
LEADERS_POST = "带班领导"  # which a leader answers for by himself


@dataclass(frozen=True, slots=True)
class Right:
    """What one caller may read: `scope` None is the whole street, an empty one no case at all."""

    scope: Scope | None
    wall_only: bool = False  # only columns and questions that the public room may see
    opens: Scope | None = NOTHING  # whose kept personal data may be opened, one row at a time
    is_handler: bool = False  # whether a guarded case may be opened where it is the caller's own
    posts: tuple[str, ...] | None = ()  # which posts' notice of an alarm he gives; None: any post's

    def answers(self, post: str) -> bool:
        """Whether the caller may say that this post has taken notice of an alarm."""
        return self.posts is None or post in self.posts

    @property
    def is_narrow(self) -> bool:
        """Whether figures are not those of the street and have to say so."""
        return self.scope is not None


def every_name(own: Sequence[str], units: Iterable[Unit]) -> tuple[str, ...]:
    """The units of somebody under each name that platforms know them by.

    Only a unit's own name brings its others: whoever was given one of those alone, such as one
    squad of two, keeps to it.
    """
    others = {unit.name: unit.also for unit in units}
    return tuple(dict.fromkeys(name for one in own for name in (one, *others.get(one, ()))))


def right_of(
    role: str,
    units: Sequence[str] = (),
    villages: Sequence[str] = (),
    *,
    places: Sequence[str] = (),
    is_program: bool = False,
) -> Right:
    """The right of a role with the units and villages that are its own; unknown roles have none.

    `places` are the villages by name, as response plans call their posts.
    """
    own = Scope(tuple(units), tuple(villages))
    if role == "wall":
        return Right(None, wall_only=True)
    scope = None if role in WHOLE_STREET else own if role == "unit" else NOTHING
    if is_program or role not in OPENS_ALL | OPENS_OWN:
        return Right(scope)
    return Right(
        scope,
        opens=None if role in OPENS_ALL else own,
        is_handler=role in OPENS_OWN,
        posts=_posts(role, (*units, *places)),
    )


def _posts(role: str, own: tuple[str, ...]) -> tuple[str, ...] | None:
    """A seat writes down who answered its call; a leader and a unit answer for themselves alone."""
    if role == "seat":
        return None
    return (LEADERS_POST,) if role == "leader" else own if role == "unit" else ()
