"""Responses that are read while they come: server-sent events and JSON lines."""
