"""Descriptions that follow their API: `specloom add` and `specloom drift`."""
