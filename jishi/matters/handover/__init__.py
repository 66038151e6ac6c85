"""交接班, the handover at the end of a shift: what changed, what is red, what is due next, what moves to whom."""
