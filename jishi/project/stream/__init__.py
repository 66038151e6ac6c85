"""The live stream: tells open pages that there is something new, by server-sent events.

A small ASGI application in a process of its own, without Django's models and without threads: one poller asks the
database for all listeners together, so that a hundred open pages cost what one costs.
"""
