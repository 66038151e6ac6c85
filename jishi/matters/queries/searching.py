"""Search by number, place, title and category: the words of a query, and the index that answers it newest first.

The index answers in the order of registration, the newest first, and stops after a page: a word that stands in every
fifth matter costs what a rare one costs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import QuerySet

from jishi.base.grams import grams_of, terms_of
from jishi.base.listing import CAP
from jishi.matters import catalogue
from jishi.matters.models import Matter

#: A beginning of letters and digits is looked up as such from this length on; shorter ones stand in too many matters.
SHORTEST_BEGINNING = 3
MOST_WORDS = 6
#: The condition that leaves no rows.
NOTHING = "1 = 0"
_CODE = re.compile(r"[A-Za-z0-9._-]+")
_BEGUN_NUMBER = re.compile(r"^([\w-]+-\d{4})-\d{1,2}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query: the terms that a matter must all have, or else one of the categories."""

    terms: tuple[str, ...]
    begins: bool
    categories: tuple[str, ...]


def words_of(text: str) -> list[Word]:
    """The words of a query.  The last run of letters and digits of a word also stands for what begins with it."""
    found = []
    for part in text.split()[:MOST_WORDS]:
        begun = _BEGUN_NUMBER.match(part)
        terms = terms_of(begun[1] if begun else part)
        if terms:
            last = grams_of(part).split()[-1]
            begins = not begun and last == terms[-1] and (len(last) >= SHORTEST_BEGINNING or _is_one_character(last))
            found.append(Word(tuple(terms), begins, _categories(part)))
    return found


def ids_matching(
    rows: QuerySet[Matter],
    text: str,
    stations: Sequence[int],
    size: int,
    *,
    beyond: int | None = None,
    newest: bool = True,
) -> list[int]:
    """The ids of at most ``size`` of ``rows`` that the text finds, the last registered first; ``beyond`` an id."""
    words = words_of(text)
    if not words:
        return []
    source, params = _source(words, stations)
    key = _key()
    where, more = where_of(rows)
    if beyond is not None:
        where += f" AND {key} {'<' if newest else '>'} %s"
        more = [*more, beyond]
    sql = f"SELECT {key} FROM {source} AND {where} ORDER BY {key} {'DESC' if newest else 'ASC'} LIMIT %s"
    return [row[0] for row in fetch(sql, [*params, *more, size])]


def count_matching(rows: QuerySet[Matter], text: str, stations: Sequence[int], narrowed: bool) -> tuple[int, bool]:
    """How many of ``rows`` the text finds, exact to 10,000; ``narrowed`` says that other filters are on as well."""
    words = words_of(text)
    if not words:
        return 0, False
    if narrowed:
        source, params = _source(words, stations)
        where, more = where_of(rows)
        found = _count(f"SELECT 1 FROM {source} AND {where} LIMIT %s", [*params, *more, CAP + 1])
    elif connection.vendor == "postgresql":
        found = _count_in_gin(_ts_query(words, stations))
    else:
        match = _fts_query(words, stations)
        found = _count("SELECT 1 FROM matters_search WHERE matters_search MATCH %s LIMIT %s", [match, CAP + 1])
    return (CAP, True) if found > CAP else (found, False)


def where_of(rows: QuerySet[Matter]) -> tuple[str, list[Any]]:
    """The condition of a queryset as SQL with its parameters; it may name columns of the matter only."""
    compiler = rows.query.get_compiler(using=rows.db)
    compiler.setup_query()
    try:
        sql, params = compiler.compile(rows.query.where)
    except EmptyResultSet:
        return NOTHING, []
    except FullResultSet:
        return "1 = 1", []
    return sql or "1 = 1", list(params)


def _source(words: Sequence[Word], stations: Sequence[int]) -> tuple[str, list[Any]]:
    if connection.vendor == "postgresql":
        table = "matters_search JOIN matters_matter ON matters_matter.id = matters_search.matter_id"
        return f"{table} WHERE matters_search.terms @@ %s::tsquery", [_ts_query(words, stations)]
    table = "matters_search CROSS JOIN matters_matter ON matters_matter.id = matters_search.rowid"
    return f"{table} WHERE matters_search MATCH %s", [_fts_query(words, stations)]


def _key() -> str:
    return "matters_search.matter_id" if connection.vendor == "postgresql" else "matters_search.rowid"


def _count_in_gin(query: str) -> int:
    """Count in the index alone, unless the statistics say that there are far more than need counting."""
    sql = "FROM matters_search WHERE terms @@ %s::tsquery"
    [[plan]] = fetch(f"EXPLAIN (FORMAT JSON) SELECT 1 {sql}", [query])
    plan = json.loads(plan) if isinstance(plan, str) else plan
    if plan[0]["Plan"]["Plan Rows"] > 2 * CAP:
        return CAP + 1
    return int(fetch(f"SELECT count(*) {sql}", [query])[0][0])


def _count(sql: str, params: list[Any]) -> int:
    return int(fetch(f"SELECT count(*) FROM ({sql}) AS found", params)[0][0])


def fetch(sql: str, params: Sequence[Any]) -> list[Any]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _fts_query(words: Sequence[Word], stations: Sequence[int]) -> str:
    parts = [f"station_id : ({' OR '.join(_quoted(stations))})"]
    for word in words:
        terms = _quoted(word.terms)
        terms[-1] += " *" if word.begins else ""
        part = f"grams : ({' AND '.join(terms)})"
        if word.categories:
            part = f"({part} OR category_id : ({' OR '.join(_quoted(word.categories))}))"
        parts.append(part)
    return " AND ".join(parts)


def _quoted(values: Sequence[Any]) -> list[str]:
    return [f'"{value}"' for value in values]


def _ts_query(words: Sequence[Word], stations: Sequence[int]) -> str:
    return " | ".join(f"({' & '.join(_ts_word(word, station) for word in words)})" for station in stations)


def _ts_word(word: Word, station: int) -> str:
    terms = [f"'{station}:{term}'" for term in word.terms]
    terms[-1] += ":*" if word.begins else ""
    categories = [f"'{station}#{code}'" for code in word.categories]
    return f"({' | '.join([' & '.join(terms), *categories])})"


def _categories(part: str) -> tuple[str, ...]:
    """The categories that the word names, in either language, with all below them."""
    asked = part.lower()
    if len(asked) < 2:
        return ()
    rows = catalogue.categories()
    named = {code for code, row in rows.items() if asked in row.name_zh.lower() or asked in row.name_en.lower()}
    found = (code for code, row in rows.items() if code in named or row.parent_id in named)
    return tuple(code for code in found if _CODE.fullmatch(code))


def _is_one_character(term: str) -> bool:
    return len(term) == 1 and not term.isascii()
