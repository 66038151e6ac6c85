"""The duty roster and the handover, in the permission table."""
