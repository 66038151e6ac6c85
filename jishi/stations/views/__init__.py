"""The screens of this room: one's own account, and the duty roster."""
