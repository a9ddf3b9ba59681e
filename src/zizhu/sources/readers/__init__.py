"""One module a source: from its files to tables."""
