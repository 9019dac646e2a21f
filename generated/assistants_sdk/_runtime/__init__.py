"""The client runtime: everything an SDK does that does not depend on its API.

A call passes through these packages from top to bottom, and its answer comes back up. A module
imports only from packages and modules below its own:

    client/       the clients, and the sessions that generated methods call
    pagination/   streaming/   polling.py    several responses, or one that comes in pieces
    sending/      attempts, retries, redirects, the log of a call
    response/     from a response to its value or its error; raw responses
    connections/  the network: a client of httpx2, or a pool of httpcore2's connections
    request/      from a call to an HTTP request: address, parameters, body, credentials
    models/       the base of generated models, open unions, JSON to models and back
    settings.py   what a client is set up with
    api/          the API as data, filled in by generated code

``errors``, ``options``, ``retries``, ``deadlines``, ``values``, ``media_types``, ``lazy``,
``deprecation`` and ``logs`` serve all of them; the generator reads ``media_types`` too. ``testing``
is a server for the tests of users. Importing an SDK and making a client loads neither pydantic nor
httpx2, which take ten times as long as all of this: they come with the first call.
"""
