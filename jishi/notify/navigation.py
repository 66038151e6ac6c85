"""This room's places in the shell."""
