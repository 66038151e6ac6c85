"""对账: a list of an authority held against the register, and one tap for each row."""
