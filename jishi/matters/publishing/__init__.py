"""What of a matter the public may see: the words of the desk, and photos in which nobody can be known."""
