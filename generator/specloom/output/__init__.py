"""Planned files → text, by Jinja and black or ruff, and from there to the output folder."""
