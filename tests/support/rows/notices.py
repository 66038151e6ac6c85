"""Notices, preferences, deliveries that failed, in the permission table."""
