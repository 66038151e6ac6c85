"""Outside agencies: the links that they answer by, what they are shown, and what they say."""
