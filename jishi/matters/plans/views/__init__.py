"""The screens of plans: what is written, the board of a run, its review."""
