"""Open311 GeoReport v2: the interface by which other systems report to a station, and by which a station asks an agency.

The standard asks for XML and JSON made of the same data, for errors as arrays of code and description, and for an API
key on whatever is written.  What it gives out is what everybody may know: category, area, times, a point snapped to a
cell, and a description once the desk has published one.
"""  # noqa: E501
