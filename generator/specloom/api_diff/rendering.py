"""Methods, members and types as lines of code."""

from __future__ import annotations

from specloom.api_diff.view import Argument, Call, Member, Method, TypeEntry


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
