"""The call that `x-sdk.readme` wants the README to begin with."""

from __future__ import annotations

from difflib import get_close_matches

from specloom import ir
from specloom.errors import Problems
from specloom.naming.names import Names


def readme_operation(api: ir.Api, names: Names) -> ir.Operation | None:
    """The operation that x-sdk wants the README to begin with, if it is there."""
    wanted = api.settings.readme.operation if api.settings.readme else None
    operations = api.operations()
    by_address = (one for one in operations if names.addresses[one.pointer] == wanted)
    by_id = (one for one in operations if one.id == wanted)
    return next(by_address, None) or next(by_id, None)


def check_readme(api: ir.Api, names: Names, root: str, problems: Problems) -> None:
    """Note an operation or an argument of `x-sdk.readme` that does not exist."""
    readme = api.settings.readme
    if readme is None:
        return
    place, operation = f"{root}/x-sdk/readme", readme_operation(api, names)
    if operation is None:
        known = {*names.addresses.values(), *(one.id for one in api.operations())}
        message = f"no operation of the SDK is named {readme.operation!r}"
        hint = _nearest(readme.operation, known)
        problems.error("bad-x-sdk", message, f"{place}/operation", hint)
        return
    given = set(names.arguments[operation.pointer].values())
    for name, _ in readme.arguments:
        if name not in given:
            message = f"client.{names.addresses[operation.pointer]} has no argument {name!r}"
            hint = _nearest(name, given)
            problems.error("bad-x-sdk", message, f"{place}/arguments/{_escaped(name)}", hint)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _nearest(name: str, known: set[str]) -> str:
    close = get_close_matches(name, sorted(known), 1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(known)[:10])}"
