"""Plans for emergencies and their runs, in the permission table."""
