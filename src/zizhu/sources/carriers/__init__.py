"""The built-in tables, from the packages that carry their raw files."""
