"""OGC API - Features, part 1: the register as collections of GeoJSON features that a GIS reads with a token."""
