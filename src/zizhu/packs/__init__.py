"""All built-in facts, as data: a read-only workspace and the vocabularies. `MANIFEST.csv` lists every table."""
