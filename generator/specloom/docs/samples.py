"""Values for examples: the description's own if they fit, else minimal valid ones.

A generated value follows from the name and the limits of its place, so that an example looks
realistic. The same input gives the same values.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, TypeGuard

from specloom import ir
from specloom.ir.usage import fields_in
from specloom.ir.words import singular, split_words
from specloom.layout import Raw, literal
from specloom.patterns import longest_text

_LARGEST = 1e300


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is a number, and one that a float can hold."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return -_LARGEST < value < _LARGEST


_PYTHON: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "date": (str,),
    "date-time": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


MOST_STEPS = 10_000
"""The maximum number of comparisons of a value with a type.

Lists of several kinds double the ways to read an example at each level.
"""


def fits(value: Any, type_ref: ir.TypeRef, api: ir.Api, *, request: bool) -> bool:
    """Whether a type checker and the server would accept a JSON value as this type.

    Bytes never fit: JSON has none. Nor does a value that takes too long to check.
    """
    return _Fitting(api, request).fits(value, type_ref)


@dataclass
class _Fitting:
    """One comparison, with its remaining steps."""

    api: ir.Api
    request: bool
    left: int = MOST_STEPS

    def fits(self, value: Any, type_ref: ir.TypeRef) -> bool:
        """Whether the value is of the type."""
        self.left -= 1
        if self.left < 0:
            return False
        if isinstance(type_ref, ir.Nullable):
            return value is None or self.fits(value, type_ref.inner)
        if isinstance(type_ref, ir.UnionOf):
            return any(self.fits(value, member) for member in type_ref.members)
        if isinstance(type_ref, ir.ListOf):
            types = type_ref.types_of(len(value)) if isinstance(value, list) else None
            return types is not None and all(map(self.fits, value, types))
        if isinstance(type_ref, ir.MapOf):
            return isinstance(value, dict) and all(
                isinstance(key, str) and self.fits(one, type_ref.value)
                for key, one in value.items()
            )
        if isinstance(type_ref, ir.Ref):
            return self._fits_named(value, self.api.types[type_ref.key])
        if isinstance(type_ref, ir.Literal):
            return _fits_literal(value, type_ref)
        return _fits_scalar(value, type_ref)

    def _fits_named(self, value: Any, named: ir.NamedType) -> bool:
        if isinstance(named, ir.Alias):
            return self.fits(value, named.type)
        if not isinstance(value, dict):
            return False
        fields = {field.wire_name: field for field in fields_in(named, request=self.request)}
        if any(field.required and name not in value for name, field in fields.items()):
            return False
        return all(
            name in fields and self.fits(one, fields[name].type) for name, one in value.items()
        )


def _fits_literal(value: Any, literal: ir.Literal) -> bool:
    if any(type(one) is type(value) and one == value for one in literal.values):
        return True
    return literal.kind == "open" and type(value) in {type(one) for one in literal.values}


def _fits_scalar(value: Any, scalar: ir.Scalar) -> bool:
    if scalar.kind == "any":
        return True
    if isinstance(value, bool):
        return scalar.kind == "boolean"
    return isinstance(value, _PYTHON.get(scalar.kind, ()))


# The limits of a readable example: longer values are cut short.
_LONGEST_EXAMPLE = 2000
_MOST_OBJECTS = 40
_DEEPEST = 10

Limits = tuple[tuple[str, Any], ...]
Keys = frozenset[str]

_DATE, _TIME = "2026-01-31", "2026-01-31T09:30:00Z"
_UUID = "3f2b8c1e-7a4d-4e9b-9c55-0d6f1a2b3c4d"
# The last word of a name that contains one of these words → a value of that meaning.
_TEXTS = {
    "email": "ada@example.com",
    "mail": "ada@example.com",
    "url": "https://example.com",
    "uri": "https://example.com",
    "link": "https://example.com",
    "href": "https://example.com",
    "website": "https://example.com",
    "webhook": "https://example.com/webhook",
    "callback": "https://example.com/callback",
    "domain": "example.com",
    "host": "example.com",
    "hostname": "example.com",
    "ip": "192.0.2.1",
    "uuid": _UUID,
    "guid": _UUID,
    "phone": "+14155550123",
    "mobile": "+14155550123",
    "country": "DE",
    "currency": "EUR",
    "language": "en",
    "locale": "en-US",
    "timezone": "Europe/Berlin",
    "city": "Berlin",
    "street": "1 Main Street",
    "address": "1 Main Street",
    "zip": "10115",
    "postcode": "10115",
    "date": _DATE,
    "day": _DATE,
    "time": _TIME,
    "timestamp": _TIME,
    "at": _TIME,
    "username": "ada",
    "user": "ada",
    "password": "correct horse battery staple",
    "title": "A title",
    "description": "A short description",
    "summary": "A short summary",
    "comment": "Looks good.",
    "message": "Hello",
    "text": "Hello",
    "content": "Hello",
    "body": "Hello",
    "prompt": "Hello",
    "query": "hello",
    "search": "hello",
    "filename": "notes.txt",
    "path": "notes/today.txt",
    "color": "#3366ff",
    "colour": "#3366ff",
    "version": "1.0.0",
    "sort": "name",
    "format": "json",
    "key": "key",
}
_FIRST_NAMES, _LAST_NAMES = ("first", "given"), ("last", "family", "sur")
_NUMBERS = {"limit": 20, "size": 20, "year": 2026, "port": 8080, "age": 36, "quantity": 1}
# Short texts of many forms: the first one that fits a pattern is used.
_SHAPES = ("a", "A", "1", "ab", "AB", "12", "abc", "ABC", "123", "ab1", "abcd", "1234", "+14155550")
_LONGEST_PATTERN, _LONGEST_TRIED = 100, 12


class Samples:
    """Makes values for one API."""

    def __init__(self, api: ir.Api) -> None:
        self._api = api

    def accepts(self, value: Any, type_ref: ir.TypeRef, *, request: bool) -> bool:
        """Whether a value of the description can be in an example: it fits, and is short."""
        is_short = len(literal(value)) <= _LONGEST_EXAMPLE
        return is_short and fits(value, type_ref, self._api, request=request)

    def of_parameter(self, parameter: ir.Parameter, path: str) -> Any:
        """A value for a parameter; a bare ``id`` gets its meaning from the path step before it."""
        before, found, _ = path.partition(f"/{{{parameter.wire_name}}}")
        owner = split_words(before.rpartition("/")[2])
        if found and owner and parameter.name == ("id",):
            parameter = replace(parameter, name=(*singular(owner), "id"))
        return _Sample(self, self._api, request=True).of(parameter)

    def of_field(self, field: ir.Field, *, request: bool = True) -> Any:
        """A value for a property."""
        return _Sample(self, self._api, request).of(field)

    def of_type(self, type_ref: ir.TypeRef, name: ir.Words, *, request: bool) -> Any:
        """A value of a type."""
        return _Sample(self, self._api, request).made(type_ref, name)


@dataclass
class _Sample:
    """One value, with the number of objects that it may still contain."""

    samples: Samples
    api: ir.Api
    request: bool
    objects_left: int = _MOST_OBJECTS

    def of(self, one: ir.Parameter | ir.Field, seen: Keys = frozenset()) -> Any:
        """The example or the default in the description if it fits, else a value of the type."""
        for given in (one.example, one.default):
            if given is not None and self.samples.accepts(given, one.type, request=self.request):
                return given
        return self.made(one.type, one.name, one.limits, seen)

    def made(
        self, type_ref: ir.TypeRef, name: ir.Words, limits: Limits = (), seen: Keys = frozenset()
    ) -> Any:
        """A value of a type; ``seen`` are the named types around it."""
        if isinstance(type_ref, ir.Ref):
            return self._named(type_ref.key, name, seen)
        if isinstance(type_ref, ir.Nullable):
            return self.made(type_ref.inner, name, limits, seen)
        if isinstance(type_ref, ir.TupleOf):
            return [self.made(one, singular(name), (), seen) for one in type_ref.first]
        if isinstance(type_ref, ir.ListOf):
            item = self.made(type_ref.item, singular(name), (), seen)
            count = dict(limits).get("minItems", 1)
            return [item] * (min(count, 3) if isinstance(count, int) and count > 1 else 1)
        if isinstance(type_ref, ir.MapOf):
            return {"key": self.made(type_ref.value, ("value",), (), seen)}
        if isinstance(type_ref, ir.UnionOf):
            return self._variant(type_ref, name, limits, seen)
        if isinstance(type_ref, ir.Literal):
            return type_ref.values[0]
        return _scalar(type_ref.kind, name, limits)

    def _named(self, key: str, name: ir.Words, seen: Keys) -> Any:
        named = self.api.types[key]
        self.objects_left -= 1
        if key in seen or len(seen) >= _DEEPEST or self.objects_left < 0:
            return {}  # no useful value: the type contains itself, or very many others
        seen = seen | {key}
        if isinstance(named, ir.Alias):
            return self.made(named.type, name, (), seen)
        return {
            field.wire_name: self.of(field, seen)
            for field in fields_in(named, request=self.request)
            if field.required
        }

    def _variant(self, union: ir.UnionOf, name: ir.Words, limits: Limits, seen: Keys) -> Any:
        """The first variant that does not contain itself, with its tag."""
        member = next(
            (one for one in union.members if not (isinstance(one, ir.Ref) and one.key in seen)),
            union.members[0],
        )
        value = self.made(member, name, limits, seen)
        tags = [tag for tag, key in union.mapping if ir.Ref(key) == member]
        if union.tag is not None and tags and isinstance(value, dict):
            return {union.tag: tags[0], **value, union.tag: tags[0]}
        return value


def _scalar(kind: ir.ScalarKind, name: ir.Words, limits: Limits) -> Any:
    makers: dict[str, Callable[[], Any]] = {
        "string": lambda: _text(name, dict(limits)),
        "integer": lambda: _number(name, dict(limits), whole=True),
        "number": lambda: _number(name, dict(limits), whole=False),
        "boolean": lambda: True,
        "null": lambda: None,
        "date": lambda: _DATE,
        "date-time": lambda: _TIME,
        "binary": lambda: Raw('("notes.txt", b"Hello")'),
        "any": lambda: _meant(name) or "value",
    }
    return makers[kind]()


def _number(name: ir.Words, limits: dict[str, Any], *, whole: bool) -> int | float:
    """The usual number for a name, or the nearest reasonable one within the limits."""
    bounds = [float(one) for key, one in limits.items() if key in _BOUNDS and is_number(one)]
    step = limits.get("multipleOf")
    usual = float(_NUMBERS.get(name[-1].lower(), 1) if name else 1)
    candidates = [usual, *bounds, *(one + 1 for one in bounds), *(one - 1 for one in bounds)]
    candidates += [sum(bounds) / len(bounds)] if bounds else []
    for candidate in candidates:
        number = float(ceil(candidate)) if whole else candidate
        if is_number(step) and step >= _FINEST:
            number = ceil(number / step) * float(step)
        if _is_allowed(number, limits):
            return int(number) if whole else number
    return int(usual) if whole else usual


_FINEST = 1e-6
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def _is_allowed(number: float, limits: dict[str, Any]) -> bool:
    """Whether a number is within limits; OpenAPI 3.0 has booleans for the exclusive ones."""
    lower, upper, above, below = (limits.get(key) for key in _BOUNDS)
    above = lower if above is True else above
    below = upper if below is True else below
    return not (
        (is_number(lower) and number < lower)
        or (is_number(upper) and number > upper)
        or (is_number(above) and number <= above)
        or (is_number(below) and number >= below)
    )


def _text(name: ir.Words, limits: dict[str, Any]) -> str:
    text = _FORMATS.get(str(limits.get("format"))) or _meant(name) or _plain(name)
    pattern = limits.get("pattern")
    if isinstance(pattern, str) and len(pattern) <= _LONGEST_PATTERN:
        text = _matching(pattern, text, limits)
    least, most = limits.get("minLength"), limits.get("maxLength")
    if isinstance(least, int) and len(text) < least <= 1000:
        text = (text * (least // max(len(text), 1) + 1))[:least]
    return text[:most] if isinstance(most, int) and most > 0 else text


_FORMATS = {
    "email": _TEXTS["email"],
    "uri": _TEXTS["uri"],
    "url": _TEXTS["url"],
    "uuid": _UUID,
    "hostname": _TEXTS["host"],
    "ipv4": _TEXTS["ip"],
    "ipv6": "2001:db8::1",
    "time": "09:30:00Z",
    "duration": "PT5M",
    "byte": "SGVsbG8=",
    "password": _TEXTS["password"],
}


def _matching(pattern: str, text: str, limits: dict[str, Any]) -> str:
    """The text, or a short text that fits the pattern."""
    try:
        with warnings.catch_warnings(action="ignore"):  # for syntax of future Pythons
            compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return text
    least = limits.get("minLength", 0)
    longest = min(longest_text(pattern), _LONGEST_TRIED)
    for candidate in (text, *_SHAPES, _UUID[:8]):
        if len(candidate) > longest:
            continue
        if compiled.search(candidate) and (not is_number(least) or len(candidate) >= least):
            return candidate
    return text


def _meant(name: ir.Words) -> str:
    """The value that the words of a name suggest, beginning with the last word."""
    words = [word.lower() for word in name]
    if words[-1:] == ["name"] or words[-1:] in (["firstname"], ["lastname"], ["fullname"]):
        return _person(words)
    if words[-1:] == ["id"] or words[-1:] == ["ids"]:
        return f"{'_'.join(words[:-1]) or 'id'}_123"
    found = (_TEXTS.get(word) or _TEXTS.get("".join(singular((word,)))) for word in words[::-1])
    return next((text for text in found if text), "")


def _person(words: list[str]) -> str:
    joined = "".join(words)
    if joined.startswith(_FIRST_NAMES):
        return "Ada"
    if joined.startswith(_LAST_NAMES):
        return "Lovelace"
    if "file" in words:
        return "notes.txt"
    return " ".join(["Example", *words[:-1]])


def _plain(name: ir.Words) -> str:
    return "_".join(word.lower() for word in name if word.isascii()) or "value"
