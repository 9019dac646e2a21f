"""Planned files → text, by Jinja and black, and from there to the output folder."""
