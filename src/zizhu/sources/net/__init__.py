"""Fetching files: resumed, checked, without secrets in what is kept or said."""
