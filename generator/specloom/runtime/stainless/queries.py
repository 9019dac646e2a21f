"""``client.qs`` and ``pkg._qs``: query strings as SDKs of Stainless write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal
from urllib.parse import parse_qs, urlencode

from ..api.operation import Style
from ..options import Omit
from ..request.call import Call
from ..request.styles import text_of
from ..values import is_array, is_list, is_mapping, is_tuple, items_of, plain

__all__ = ["Querystring", "parse", "stringify", "with_former_styles"]

_ArrayFormat = Literal["comma", "repeat", "indices", "brackets"]
_NestedFormat = Literal["dots", "brackets"]
_UNSET = (type(None), Omit)


class Querystring:
    """Writes and reads query strings."""

    def __init__(
        self, *, array_format: _ArrayFormat = "repeat", nested_format: _NestedFormat = "brackets"
    ) -> None:
        self.array_format: _ArrayFormat = array_format
        self.nested_format: _NestedFormat = nested_format

    def parse(self, query: str) -> Mapping[str, object]:
        """The lists of values by name."""
        return parse_qs(query)

    def stringify(
        self,
        params: Mapping[str, Any],
        *,
        array_format: _ArrayFormat | Omit | None = None,
        nested_format: _NestedFormat | Omit | None = None,
    ) -> str:
        """The parameters as a query string."""
        return urlencode(
            self.stringify_items(params, array_format=array_format, nested_format=nested_format)
        )

    def stringify_items(
        self,
        params: Mapping[str, Any],
        *,
        array_format: _ArrayFormat | Omit | None = None,
        nested_format: _NestedFormat | Omit | None = None,
    ) -> list[tuple[str, str]]:
        """The parameters as pairs of name and text."""
        nested = self.nested_format if isinstance(nested_format, _UNSET) else nested_format
        array = self.array_format if isinstance(array_format, _UNSET) else array_format
        writer = Querystring(array_format=array, nested_format=nested)
        return [pair for name, value in params.items() for pair in writer._pairs(name, value)]

    def _pairs(self, name: str, value: Any) -> Iterator[tuple[str, str]]:
        if is_mapping(value):
            for key, inner in value.items():
                dotted = f"{name}.{key}" if self.nested_format == "dots" else f"{name}[{key}]"
                yield from self._pairs(dotted, inner)
        elif is_list(value) or is_tuple(value):
            yield from self._items(name, list(value))
        elif value is not None and not isinstance(value, Omit):
            yield name, _text(value)

    def _items(self, name: str, items: list[Any]) -> Iterator[tuple[str, str]]:
        if self.array_format == "comma":
            yield name, ",".join(_text(one) for one in items if one is not None)
            return
        for index, one in enumerate(items):
            ending = {"indices": f"[{index}]", "brackets": "[]"}.get(self.array_format, "")
            yield from self._pairs(name + ending, one)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_USUAL = Querystring()
parse = _USUAL.parse
stringify = _USUAL.stringify


_EXPLODED = Style("query", "form", explode=True)
_PATH = Style("path", "simple", allow_reserved=True)


def with_former_styles(call: Call, array_format: str) -> Call:
    """A call with the arrays of its query in this format, and with ``+`` and the like in its path.

    An empty format leaves the query as it is, and JSON has its own arrays. An argument of the path
    with a percent sign or a slash keeps its style, which encodes these.
    """
    styles = dict(call.operation.styles)
    for name, value in call.path.items():
        if isinstance(value, str) and "%" not in value and "/" not in value:
            styles.setdefault(name, _PATH)
    query: dict[str, object] = {}
    for name, value in call.query.items() if array_format else ():
        style = styles.get(name)
        if style is not None and style.content:  # JSON, which has arrays
            query[name] = value
            continue
        for key, one in _renamed(name, value, array_format):
            query[key] = one
            if is_array(plain(one)):
                styles[key] = _EXPLODED
    operation = call.operation._replace(styles=styles)
    return call.changed(operation=operation, query=query if array_format else call.query)


def _renamed(name: str, value: Any, array_format: str) -> Iterator[tuple[str, Any]]:
    """A value by its names, with arrays as one text, or under the names of this format."""
    inner = plain(value)
    if is_mapping(inner) and array_format in ("brackets", "indices"):
        for key, one in inner.items():
            yield from _renamed(f"{name}[{key}]", one, array_format)
    elif is_mapping(inner):
        pairs = (pair for key, one in inner.items() for pair in _renamed(key, one, array_format))
        yield name, dict(pairs)
    elif not is_array(inner) or any(is_mapping(plain(one)) for one in items_of(inner)):
        yield name, value
    elif array_format == "comma":
        yield name, ",".join(text_of(one) for one in items_of(inner) if one is not None)
    elif array_format == "indices":
        yield from ((f"{name}[{index}]", one) for index, one in enumerate(items_of(inner)))
    elif array_format == "brackets" and not name.endswith("[]"):
        yield f"{name}[]", value
    else:
        yield name, value
