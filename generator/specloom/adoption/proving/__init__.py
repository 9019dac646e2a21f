"""Proves that code for an old SDK works with the new one: the same calls, and the old tests.

Both SDKs run here, unlike everywhere else in ``adoption``: in processes and environments of their
own, against a mock server of the description on loopback. ``inside`` holds what runs there.
"""
