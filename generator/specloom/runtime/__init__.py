"""The client runtime: everything an SDK does that does not depend on its API.

What a client needs to exist (omit, options, info, operation, errors, resource, session, client,
lazy) loads neither pydantic nor httpx2; those come with the first model or request.
"""
