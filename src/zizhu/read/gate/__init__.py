"""The gate between what extractors propose and what is a claim: every quote and number is read again in the source."""
