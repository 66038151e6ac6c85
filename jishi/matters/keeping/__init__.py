"""How long the content of a matter is kept: its time, legal holds, what goes when it is over, and the proof of it."""
