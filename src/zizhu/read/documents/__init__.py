"""Documents: bytes, files, folders, addresses and pasted text as text layers that claims point into."""
