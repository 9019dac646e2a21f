"""Words of names: one of many, and spellings that Python has no use for."""

from __future__ import annotations

from specloom.ir import Words
from specloom.ir.words import one_of_many, split_words


def item_name(name: str) -> str:
    """The name for an item of a list called `name`: `toolCalls` → `tool_call`."""
    return "_".join(one_of_many(split_words(name)))


def in_lower_case(words: Words) -> str:
    """``("run", "Step")`` → ``run step``, for a sentence."""
    return " ".join(word.lower() for word in words)


def sentence(words: Words) -> str:
    """A summary made of an operationId: ``("get", "Run", "Step")`` → ``Get a run step.``"""
    verb, *thing = (word.lower() for word in words)
    if thing and not (thing[-1].endswith("s") and not thing[-1].endswith("ss")):
        thing.insert(0, "an" if thing[0][0] in "aeio" else "a")
    return f"{' '.join([verb.capitalize(), *thing])}."


def camel(words: Words) -> str:
    """``("list", "Run")`` → ``listRun``."""
    first, *rest = words or ("",)
    return first.lower() + "".join(word[:1].upper() + word[1:] for word in rest)


def kebab(words: Words) -> str:
    """``("list", "Run")`` → ``list-run``."""
    return "-".join(word.lower() for word in words)
