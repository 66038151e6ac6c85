"""Requests for more time, timers, small before big, in the permission table."""
