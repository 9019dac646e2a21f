"""The client runtime: everything an SDK does that does not depend on its API.

The modules a client needs to exist (omit, options, info, operation, errors, resource, session, client,
lazy) load neither pydantic nor httpx2; those come with the first model or request.
"""
