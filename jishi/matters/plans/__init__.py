"""Plans for emergencies (预案): written in versions, run on a matter through the loop, drilled, reviewed."""
