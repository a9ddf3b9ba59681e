"""Frozen records of what is said and what was done, and the loaders of the built-in register."""
