"""What lets a description grow with its API: `specloom add` and `specloom drift`."""
