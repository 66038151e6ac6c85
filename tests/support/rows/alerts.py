"""Alerts to the public, in the permission table."""
