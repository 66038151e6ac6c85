"""The SQLite back end of the embedded default."""
