"""What leaves the register: rows as columns of a table, as features of a map, as Parquet."""

from django.utils.translation import gettext_lazy as _

#: The formats of an export and what its address asks for, as the menu offers them.
FORMATS = (
    (_("CSV file"), "format=csv"),
    (_("Excel workbook"), "format=xlsx"),
    (_("GeoJSON for maps"), "format=geojson"),
    (_("GeoParquet for analysis"), "format=geoparquet"),
)
#: The most elements that one export holds.
MOST = 200_000
