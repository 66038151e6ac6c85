"""Where things are: coordinates, cells and polygons.  No models."""
