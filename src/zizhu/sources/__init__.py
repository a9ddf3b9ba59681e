"""One module a real data source: `read(raw, recipe)` turns the raw file into described tables."""
