"""The screens and answers of this room, by what they are about."""
