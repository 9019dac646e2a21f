"""What every operation has in common: said once, on the client."""

from __future__ import annotations

from dataclasses import dataclass

from specloom import ir
from specloom.ir.usage import Usage
from specloom.naming.names import Names
from specloom.sdk.annotations import Annotations
from specloom.sdk.code import Code
from specloom.sdk.contents import contents_code, is_result, read_as
from specloom.sdk.method_docstrings import common_errors_of
from specloom.sdk.servers import ServerArgument, server_arguments


@dataclass(frozen=True, slots=True)
class Shared:
    """Error statuses that mean the same wherever they are declared, and headers on every call.

    ``errors`` says of a status how it is read; ``headers`` are those of x-sdk, which an operation
    need not declare; ``common_errors`` what the docstring of the package says of errors;
    ``variables`` the client's arguments for the variables of servers.
    """

    errors: dict[str, Code]
    headers: dict[str, str]
    common_errors: dict[str, str]
    variables: dict[str, ServerArgument]


def shared_of(api: ir.Api, names: Names, usage: Usage) -> Shared:
    """What the operations of an API share."""
    lazy = Annotations(api, names, usage, prefix="types.")
    errors = {status: contents_code(contents, lazy) for status, contents in _errors(api)}
    variables = server_arguments(api).variables
    return Shared(errors, dict(api.settings.headers), common_errors_of(api), variables)


def _errors(api: ir.Api) -> list[tuple[str, list[ir.Content]]]:
    """Statuses that are errors of one content wherever they are declared."""
    found: dict[str, dict[object, list[ir.Content]]] = {}
    for operation in api.operations():
        for response in operation.responses:
            if not is_result(response, operation):
                contents = read_as(response)
                meaning = tuple((one.kind, one.type, one.media_type) for one in contents)
                if len(contents) == 1:  # then its media type makes no difference
                    meaning = ((contents[0].kind, contents[0].type, ""),)
                found.setdefault(response.status.text, {})[meaning] = contents
    return [
        (status, contents)
        for status, meanings in sorted(found.items())
        if len(meanings) == 1
        for contents in meanings.values()
    ]
