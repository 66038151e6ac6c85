"""What an outside agency may do, and the links to it, in the permission table."""
