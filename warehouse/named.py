"""Named queries: the .sql files that pages may ask, with their whitelisted parameters.

A query with a line `subjects` reads one relation of the same shape a subject: $subject is one of
the listed words and stands for a relation, never for a value. One with a line `within` may be
asked of a place, a unit, a class or a source: $within stands for the conditions of those that are
given, whose values stay parameters, so that the whole street costs no column that nobody asked of.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from warehouse.assemble.text import literal, name
from warehouse.errors import UnknownParameter
from warehouse.generation import Generation
from warehouse.header import SqlFile, listed, read_folder
from warehouse.scope import STREET

QUERIES: Final = Path(__file__).parent / "queries"
_SUBJECT: Final = "subject"
_WITHIN: Final = "within"
_SOURCE: Final = "source"
_NOWHERE: Final = "unknown"
_OWN: Final = re.compile(r"IN \(SELECT (\w+)\.source FROM mart\._source AS \1 WHERE \1\.own\)")


@dataclass(frozen=True)
class NamedQuery:
    """A query ready to be asked: its text, the parameters it takes, the platforms it is as of."""

    sql: str
    params: tuple[str, ...]
    platforms: tuple[str, ...]
    is_for_wall: bool
    is_of_street: bool


@lru_cache(maxsize=2)
def load_queries(folder: Path = QUERIES) -> Mapping[str, SqlFile]:
    """The named queries, read once a process."""
    return read_folder(folder)


def named_query(called: str, given: dict[str, Any]) -> NamedQuery:
    """The query of this name; takes $subject and what it is asked within out of what is given.

    UnknownParameter names the query, parameter or subject that is not known.
    """
    queries = load_queries(QUERIES)
    if called not in queries:
        raise UnknownParameter("query", called, queries)
    file = queries[called]
    params = tuple(
        each.lstrip("$").split(" ")[0]
        for each in listed(file.words.get("params", ""))
        if each != "none"
    )
    columns = within(file)
    known_words = (*params, *columns, *((_SOURCE,) if columns else ()))
    unknown = [each for each in given if each not in known_words]
    if unknown:
        raise UnknownParameter(unknown[0], given[unknown[0]], known_words or "no parameter")
    platforms = listed(file.words.get("platforms", ""))
    reach = file.words.get("wall") == "yes", file.words.get("scope") == STREET
    sql, narrower = _narrower(file.sql, columns, given)
    if _SUBJECT not in params:
        return NamedQuery(sql, (*params, *narrower), platforms, *reach)
    known = subjects(file)
    subject = given.pop(_SUBJECT, None)
    if subject not in known:
        raise UnknownParameter(_SUBJECT, subject, known)
    relation, platform, domain = known[subject]
    sql = sql.replace("mart.$subject", f"mart.{name(relation)}")
    sql = sql.replace("'$domain'", literal(domain))
    others = tuple(each for each in params if each != _SUBJECT)
    return NamedQuery(sql, (*others, *narrower), (platform,), *reach)


def within(file: SqlFile) -> dict[str, str]:
    """The columns by which a query may be asked of less than the street, by dimension."""
    pairs = (each.split() for each in listed(file.words.get(_WITHIN, "")))
    return dict((dimension, column) for dimension, column in pairs)


def _narrower(
    sql: str, columns: Mapping[str, str], given: dict[str, Any]
) -> tuple[str, tuple[str, ...]]:
    """The SELECT with the conditions of what is given, and the parameters these need.

    They are read as a metric reads its filters: a class with all below it, `unknown` what has no
    place; a source that is named is read instead of the site's own.
    """
    if not columns:
        return sql, ()
    asked: dict[str, Any] = {}
    parts = []
    for dimension, column in columns.items():
        value = given.pop(dimension, None)
        if value is None:
            continue
        if value == _NOWHERE:
            parts.append(f"{column} IS NULL")
            continue
        word = f"in_{dimension}"
        asked[word] = value
        parts.append(
            f"({column} = ${word} OR starts_with({column}, ${word} || '/'))"
            if dimension == "class"
            else f"{column} = ${word}"
        )
    sql = sql.replace(f"${_WITHIN}", " AND ".join(parts) or "TRUE")
    source = given.pop(_SOURCE, None)
    if source is not None:
        asked[f"in_{_SOURCE}"] = source
        sql = _OWN.sub(lambda _: f"= $in_{_SOURCE}", sql)
    given |= asked
    return sql, tuple(asked)


def of_sources(query: NamedQuery, generation: Generation) -> str:
    """The SELECT with the site's own sources of its platforms named instead of looked up.

    A reader knows them of each generation. To plan the look-up costs up to half of a short query,
    and a word or two are found in a long table faster than by a join. A query that names no
    platforms asks as it is written.
    """
    if not query.platforms:
        return query.sql
    own = generation.own_sources(query.platforms)
    words = ", ".join(literal(each) for each in own) or "NULL"
    return _OWN.sub(lambda _: f"IN ({words})", query.sql)


def subjects(file: SqlFile) -> dict[str, tuple[str, str, str]]:
    """Relation, platform and class tree by the word that pages use."""
    found: dict[str, tuple[str, str, str]] = {}
    for each in listed(file.word("subjects")):
        subject, relation, platform, domain = each.split()
        found[subject] = relation, platform, domain
    return found
