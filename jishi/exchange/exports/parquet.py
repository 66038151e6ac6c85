"""Elements as GeoParquet 1.1: typed columns, points as WKB in WGS-84 (OGC:CRS84)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from django.db.models import Max, Min, QuerySet

from jishi.exchange.exports import MOST
from jishi.exchange.exports.rows import PLAIN, Row, attributes_in, chunks_of
from jishi.exchange.register_map import ATTRIBUTE
from jishi.register.attributes import Attribute
from jishi.register.catalogue import sorts
from jishi.register.labels import attribute_name
from jishi.register.models import Element
from jishi.register.quality import names_of

GEOMETRY = "geometry"
_WHEN = pa.timestamp("ms", tz="UTC")
_TYPES = {
    "grade": pa.int32(), "reasons": pa.list_(pa.string()), "issues": pa.list_(pa.string()), "version": pa.int32(),
    **dict.fromkeys(("verified_at", "due_at", "created_at", "changed_at"), _WHEN),
}  # fmt: skip
_OF_ATTRIBUTES = {"integer": pa.int64(), "number": pa.float64(), "yes_no": pa.bool_()}


def write_parquet(rows: QuerySet[Element], file: BinaryIO, most: int = MOST) -> int:
    """Write these elements into ``file``, a row group at a time; gives how many there were."""
    attributes = attributes_in(rows)
    schema = _schema(attributes)
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for chunk in chunks_of(rows, most):
            writer.write_table(_table(chunk, schema, attributes))
            count += len(chunk)
        writer.add_key_value_metadata({"geo": json.dumps(_geo(rows))})
    return count


def _schema(attributes: Mapping[str, Attribute]) -> pa.Schema:
    """The columns; an attribute's column bears its name in the reader's language too."""
    mixed = _mixed()
    fields = [pa.field(name, _TYPES.get(name, pa.string())) for name in PLAIN]
    for code, attribute in attributes.items():
        kind = pa.string() if code in mixed else _OF_ATTRIBUTES.get(attribute.type, pa.string())
        fields.append(pa.field(ATTRIBUTE + code, kind, metadata={"title": attribute_name(attribute)}))
    return pa.schema([*fields, pa.field(GEOMETRY, pa.binary())])


def _mixed() -> set[str]:
    """Codes that are of one kind in one category and of another in the next: their column is text."""
    kinds: dict[str, set[str]] = {}
    for sort in sorts().values():
        for attribute in sort.attributes:
            kinds.setdefault(attribute.code, set()).add(attribute.type)
    return {code for code, found in kinds.items() if len(found) > 1}


def _table(chunk: list[Row], schema: pa.Schema, attributes: Iterable[str]) -> pa.Table:
    columns: dict[str, list[Any]] = {name: [row[column] for row in chunk] for name, column in PLAIN.items()}
    for name in ("verified_at", "due_at", "created_at", "changed_at"):
        columns[name] = [None if at is None else at.astimezone(UTC) for at in columns[name]]
    columns["issues"] = [names_of(bits) for bits in columns["issues"]]
    for code in attributes:
        kind = schema.field(ATTRIBUTE + code).type
        columns[ATTRIBUTE + code] = [_value(row["attributes"].get(code), kind) for row in chunk]
    columns[GEOMETRY] = [
        None if row["lon"] is None else shapely.to_wkb(shapely.Point(row["lon"], row["lat"])) for row in chunk
    ]
    return pa.Table.from_pydict(columns, schema=schema)


def _value(value: Any, kind: pa.DataType) -> Any:
    """The value as the column takes it; one that only a former version of the category allowed is left out."""
    if value is None or kind == pa.string():
        return None if value is None else str(value)
    if kind == pa.bool_():
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if kind == pa.int64():
        return int(value) if float(value).is_integer() else None
    return float(value)


def _geo(rows: QuerySet[Element]) -> dict[str, Any]:
    """The ``geo`` metadata.  Without a ``crs`` the coordinates are OGC:CRS84, longitude before latitude."""
    box = rows.order_by().aggregate(w=Min("lon"), s=Min("lat"), e=Max("lon"), n=Max("lat"))
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if box["w"] is not None:
        column["bbox"] = [box["w"], box["s"], box["e"], box["n"]]
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
