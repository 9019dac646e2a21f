"""Selects the operations to generate: `--only` and `--allow-partial`."""
