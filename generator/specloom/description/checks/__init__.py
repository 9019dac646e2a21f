"""Checks of a description: all problems at once, each with its place and what to write instead."""
