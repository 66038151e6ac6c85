"""The public figures of a station: what is counted, what of it may be shown, and the open data behind it.

``measured`` reads the cases of a quarter, ``tables`` and ``opendata`` are pure and leave out what would say too much.
"""
