"""`specloom add` and `specloom drift`: keep a description up to date with its API."""
