"""Very many matters, put into the tables directly: rows to read, with the search index, without journal or clocks.

Each share below is held by one word of the title, one category, one area, one channel and one unit with open matters; a
share of few rows is made up to a little more than a page, so that two sizes of database show pages of the same length.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

SHARES = {"rare": 0.0001, "some": 0.01, "many": 0.2}
WORDS = {"rare": "渗水", "some": "积雪", "many": "噪音", "rest": "堆物"}
CHANNELS = {"rare": "api", "some": "patrol", "many": "phone", "rest": "desk"}
UNITS = {"rare": "fire", "some": "mediation", "many": "patrol"}
LEAST = 70
CHUNK = 20_000
COLUMNS = (
    "id", "station_id", "number", "source", "external_id", "content_digest", "channel", "title", "place_name", "grams",
    "area_id", "datum", "state", "outcome", "version", "cycle", "category_id", "grade", "hazard", "needs_photo",
    "responsible_unit_id", "unit_id", "next_due", "clock_started", "returned", "reworked", "reopened", "occurred_at",
    "reported_at", "closed_at", "original_unit", "flags",
)  # fmt: skip


def fill(house: Any, rows: int) -> dict[str, Any]:
    """Put ``rows`` matters into an empty table; the areas and categories of each share, by its name."""
    from django.db import connection, transaction

    from jishi.base.bulk import insert
    from jishi.matters.models import Category
    from jishi.stations.models import Area

    areas = {
        name: Area.objects.get_or_create(station=house.station, code=name, defaults={"name": f"片区{place}"})[0].pk
        for place, name in enumerate([*SHARES, "rest"], 1)
    }
    known = list(Category.objects.filter(parent__isnull=False, active=True).order_by("pk").values_list("pk", flat=True))
    categories = dict(zip([*SHARES, "rest"], known, strict=False))
    units = {name: house.units[kind].pk for name, kind in UNITS.items()}
    with transaction.atomic(), connection.cursor() as cursor:
        triggers = without_search(cursor)
        made: list[tuple[Any, ...]] = []
        for row in _rows(house.station.pk, rows, areas, categories, units):
            made.append(row)
            if len(made) == CHUNK:
                insert("matters_matter", COLUMNS, made)
                made = []
        insert("matters_matter", COLUMNS, made)
        _with_search(cursor, triggers)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")
    return {"areas": areas, "categories": categories}


def _rows(
    station: int, rows: int, areas: dict[str, int], categories: dict[str, str], units: dict[str, int]
) -> Iterator[tuple[Any, ...]]:
    from jishi.base.grams import grams_of

    now = datetime.now(UTC).replace(microsecond=0)
    shares = {name: max(share, LEAST / rows) for name, share in SHARES.items()}
    step = timedelta(days=365) / rows
    cut: dict[str, str] = {}
    for place in range(rows):
        word, category, area, channel, unit = (_share(place, salt, shares) for salt in range(1, 6))
        title, where = f"楼道{WORDS[word]}", f"和平里{place % 400}号楼"
        number, reported = f"XH-2025-{place + 1:07d}", now - step * (rows - place)
        if title + where not in cut:
            cut[title + where] = grams_of(title, where)
        is_open = unit in units
        state = ("pushed" if place % 2 else "handling") if is_open else "closed"
        due = now + timedelta(minutes=place * 7919 % 86_400 - 43_200) if is_open else None
        owner = units[unit] if is_open else None
        yield (
            place + 1, station, number, "jishi", None, "", CHANNELS[channel], title, where,
            f"{grams_of(number)} {cut[title + where]}", areas[area], "wgs84", state, "" if is_open else "fixed", 1, 1,
            categories[category], 1 + place % 4, False, False, owner, owner, due, reported if is_open else None,
            int(place % 50 == 0), 0, 0, reported, reported, None if is_open else min(now, reported + timedelta(days=3)),
            "", 0,
        )  # fmt: skip


def _share(place: int, salt: int, shares: dict[str, float]) -> str:
    """Which share this row has in one respect: spread evenly, and each respect by itself."""
    drawn = ((place + 1) * (2_654_435_761 + salt * 40_503) * (2 * salt + 1) >> 7) % 1_000_003 / 1_000_003
    for name, share in shares.items():
        if drawn < share:
            return name
        drawn -= share
    return "rest"


def without_search(cursor: Any) -> list[str]:
    """Stop keeping the search index row by row; what :func:`_with_search` needs to keep it again."""
    from django.db import connection

    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DROP INDEX IF EXISTS matters_search_terms")
        return []
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'matters_search%%'")
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP TRIGGER {name}")
    return [sql for _, sql in found]


def _with_search(cursor: Any, triggers: list[str]) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        cursor.execute(
            "INSERT INTO matters_search (matter_id, terms)"
            " SELECT id, matters_search_terms(grams, category_id, station_id) FROM matters_matter ORDER BY id"
        )
        cursor.execute("CREATE INDEX matters_search_terms ON matters_search USING gin (terms)")
        cursor.execute("SELECT setval('matters_matter_id_seq', (SELECT max(id) FROM matters_matter))")
        return
    cursor.execute("INSERT INTO matters_search (matters_search) VALUES ('rebuild')")
    for sql in triggers:
        cursor.execute(sql)
