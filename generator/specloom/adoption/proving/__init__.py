"""Proves that code for an old SDK works with the new one: the same calls, and the old tests.

Only here does ``adoption`` run the two SDKs: in processes and environments of their own, against a
mock server of the description on loopback. The modules of ``inside`` run there.
"""
