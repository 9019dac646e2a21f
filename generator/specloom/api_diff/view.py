"""The public surface of an SDK as data, and as lines of code.

Annotations are those of the generated code; types are written ``types.Run``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from specloom.sdk.code import Annotation

_NOTHING = Annotation("")
Kind = Literal["class", "dict", "enum", "alias"]


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a method.

    ``location`` and ``wire_name`` give the place of its value in the request. ``description`` is
    its complete documentation.
    """

    name: str
    annotation: Annotation
    required: bool
    positional: bool
    location: str = ""
    wire_name: str = ""
    pointer: str = ""
    description: str = ""
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One way to call a method.

    ``when`` is the argument that selects it: empty for the plain call, else ``stream=True`` or
    ``content_type='text/csv'``.
    """

    when: str
    arguments: tuple[Argument, ...]
    returns: Annotation


@dataclass(frozen=True, slots=True)
class Failure:
    """A declared error: its status, its class, and the type of its body."""

    status: str
    error: str
    body: Annotation


@dataclass(frozen=True, slots=True)
class Method:
    """A method.

    ``address`` is its path below the client: ``threads.runs.create``. ``id`` is the operationId; it
    may be empty. ``waits``: the method calls the operation and then polls; it has the same
    arguments as the plain method.
    """

    address: str
    http_method: str
    path: str
    id: str
    pointer: str
    calls: tuple[Call, ...]
    failures: tuple[Failure, ...] = ()
    description: str = ""
    deprecated: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """An attribute of a class, or a key of a TypedDict."""

    name: str
    wire_name: str
    annotation: Annotation
    required: bool
    pointer: str
    description: str = ""
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """A public name of ``types``.

    A ``class`` is a type of responses, a ``dict`` (a TypedDict) a type of arguments; these two have
    members. An ``enum`` and an ``alias`` have a definition. ``place`` is the pointer to the schema,
    equal in both descriptions. ``is_open``: all code that reads the type accepts values or variants
    that this version does not know.
    """

    name: str
    kind: Kind
    place: str
    pointer: str
    is_read: bool
    members: tuple[Member, ...] = ()
    definition: Annotation = _NOTHING
    is_open: bool = False
    description: str = ""
    deprecated: bool = False

    @property
    def address(self) -> str:
        """Its name in user code."""
        return f"types.{self.name}"


@dataclass(frozen=True, slots=True)
class Client:
    """The client class: its package, its arguments and its environment variables.

    ``arguments`` are specific to this API: credentials, parts of servers, and those of x-sdk. Some
    are ``required``.
    """

    package: str
    name: str
    version: str
    pointer: str
    arguments: tuple[str, ...]
    required: tuple[str, ...]
    variables: tuple[str, ...]
    base_url: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Surface:
    """The public surface of an SDK.

    ``former``: addresses that still work with a warning, and their current names. ``bases``: the
    base classes of stream classes.
    """

    client: Client
    methods: tuple[Method, ...]
    types: tuple[TypeEntry, ...]
    former: tuple[tuple[str, str], ...] = ()
    bases: tuple[tuple[str, Annotation], ...] = ()


def called(method: Method, call: Call | None = None, *, show: str = "") -> str:
    """A call with its required arguments and the argument ``show``."""
    call = call or method.calls[0]
    return _called(method, call, {show: f"{show}=…"})


def typed(method: Method, call: Call, argument: Argument) -> str:
    """A call in which one argument has its annotation."""
    text = f"{argument.name}: {argument.annotation.text}"
    return _called(method, call, {argument.name: text})


def returning(method: Method, call: Call) -> str:
    """A call and the annotation of its result."""
    return f"{called(method, call)} -> {call.returns.text}"


def _called(method: Method, call: Call, special: dict[str, str]) -> str:
    """The arguments in signature order. ``special`` maps names to their text."""
    positional = [_argument_text(one, special) for one in call.arguments if one.positional]
    keywords = [
        _argument_text(one, special, call)
        for one in call.arguments
        if not one.positional and (one.required or one.name in special)
    ]
    star = ["*"] if keywords else []
    return f"client.{method.address}({', '.join((*positional, *star, *keywords))})"


def _argument_text(argument: Argument, special: dict[str, str], call: Call | None = None) -> str:
    if argument.positional and special.get(argument.name, "").endswith("=…"):
        return argument.name
    if argument.name in special:
        return special[argument.name]
    if call is not None and call.when.startswith(f"{argument.name}="):
        return call.when
    return argument.name if argument.positional else f"{argument.name}=…"


def member_text(entry: TypeEntry, member: Member) -> str:
    """``types.Run.status: str``; of a TypedDict ``types.RunParam['status']: str``."""
    if entry.kind == "dict":
        text = member.annotation.text
        annotation = f"Required[{text}]" if member.required else text
        return f"{entry.address}[{member.name!r}]: {annotation}"
    return f"{entry.address}.{member.name}: {member.annotation.text}"
