"""Sends the request of a call until its response is final: attempts, retries, redirects."""
