"""A table of the user's own: what its columns seem to be, what the user says they are, and its rows."""
