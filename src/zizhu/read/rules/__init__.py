"""The built-in extractors: claims by rules and word lists, for English and Chinese."""
