"""Pages of types: fields, values, variants, and who uses them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from specloom import ir
from specloom.docs.pages import (
    Pages,
    Wording,
    default_phrases,
    deprecated_mark,
    former_type_notes,
    limit_phrases,
    literal_code,
)
from specloom.docs.places import Place, TypesPage, guide, href
from specloom.docs.prose import block, code, item
from specloom.sdk.views import PlannedFile

# The number of uses that are listed; a longer list is not informative.
_MOST_USERS = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """A type: ``kind`` is its form, ``parts`` its fields or variants, ``users`` its uses."""

    heading: str
    kind: str
    description: str
    parts: list[str]
    users: list[str]


def types_pages(pages: Pages) -> Iterator[PlannedFile]:
    """Every page of types."""
    for page in pages.places.types_pages:
        yield PlannedFile(page.path, "docs/types/types.md.j2", _context(page, pages))


def _context(page: TypesPage, pages: Pages) -> dict[str, object]:
    entries = _Entries(pages, pages.wording(page.path))
    return {
        "title": page.title,
        "package": pages.api.settings.package,
        "index": href(Place("docs/README.md"), page.path),
        "entries": [entries.entry(heading, key) for heading, key in page.keys.items()],
    }


class _Entries:
    def __init__(self, pages: Pages, wording: Wording) -> None:
        self._pages = pages
        self._uses = pages.uses
        self._wording = wording
        self._page = wording.page
        self._former = former_type_notes(pages.names)

    def entry(self, heading: str, key: str) -> Entry:
        named = self._pages.api.types[key]
        is_model = isinstance(named, ir.Model)
        return Entry(
            heading=heading,
            kind=" ".join(self._kind(named)),
            description=block(named.description, self._page),
            parts=list(self._fields(named) if is_model else self._alias(named)),
            users=list(self._users(key)),
        )

    def _kind(self, named: ir.NamedType) -> Iterator[str]:
        """The form of the type: a model in responses, a TypedDict in arguments."""
        if named.deprecated:
            yield "Deprecated."
        param = self._pages.names.params.get(named.key)
        is_read = named.key in self._pages.usage.responses
        if param is not None and is_read:
            yield (
                f"In arguments: `{param}`, a plain dict with the same keys."
                if isinstance(named, ir.Model)
                else f"In arguments: `{param}`."
            )
        elif param is not None and isinstance(named, ir.Model):
            yield "A `TypedDict` for arguments."
        if named.key in self._former:
            yield self._former[named.key]

    def _fields(self, named: ir.NamedType) -> Iterator[str]:
        fields = named.fields if isinstance(named, ir.Model) else ()
        is_read = named.key in self._pages.usage.responses
        is_given = named.key in self._pages.names.params
        wire_names = {field.wire_name: field.wire_name for field in fields}
        beside = self._pages.names.fields[named.key] if is_read and fields else wire_names
        for field in fields:
            if (is_given or not field.write_only) and (is_read or not field.read_only):
                name = beside[field.wire_name] if is_read else ""
                yield self._field(field, name, beside, both=is_read and is_given)

    def _field(self, field: ir.Field, name: str, beside: Mapping[str, str], *, both: bool) -> str:
        """A field by its attribute; without one, by its key in a TypedDict.

        ``beside`` maps the wire names of all fields to their names.
        """
        written = self._wording.written if not name else self._wording.read
        marks = [written(field.type)]
        if name and not field.required:
            marks.append("optional")
        if not name and field.required:
            marks.append("required")
        marks += limit_phrases(field.limits)
        marks += default_phrases(field.default) if both or not name else []
        if name and name != field.wire_name:
            marks.append(f"wire name {code(field.wire_name)}")
        if both and (field.read_only or field.write_only):
            marks.append("only in responses" if field.read_only else "only in arguments")
        marks += deprecated_mark(field, beside)
        label = f"{code(name or field.wire_name)} ({', '.join(marks)})"
        described = bool(field.description.strip())
        return item(f"{label}:" if described else label, field.description, self._page)

    def _alias(self, named: ir.NamedType) -> Iterator[str]:
        if isinstance(named, ir.Model):
            return
        definition = named.type
        read = named.key in self._pages.usage.responses
        if isinstance(definition, ir.Literal):
            values = ", ".join(literal_code(value) for value in definition.values)
            yield f"- {values}{'; the server may send other values' if read else ''}"
        elif isinstance(definition, ir.UnionOf):
            yield from self._variants(named.key, definition, request=not read)
        else:
            words = self._wording.read if read else self._wording.written
            yield f"- {words(definition)}"

    def _variants(self, key: str, union: ir.UnionOf, *, request: bool) -> Iterator[str]:
        tags: dict[str, list[str]] = {}
        for value, variant in union.mapping:
            tags.setdefault(variant, []).append(literal_code(value))
        words = self._wording.written if request else self._wording.read
        for member in union.members:
            values = tags.get(member.key, []) if isinstance(member, ir.Ref) else []
            mark = f" where {code(union.tag or '')} is {' or '.join(values)}" if values else ""
            yield f"- {words(member)}{mark}"
        unknown = self._pages.names.unknown.get(key)
        if unknown is not None and not request:
            yield f"- `{unknown}`: an unknown variant; `raw` holds the whole object"

    def _users(self, key: str) -> Iterator[str]:
        for label, users in (
            ("Returned by", self._uses.returned_by.get(key, {}).values()),
            ("Accepted by", self._uses.taken_by.get(key, {}).values()),
        ):
            if users:
                yield f"{label} {_some([self._operation(one) for one in users])}."
        if key in self._uses.errors:
            yield f"The body of [errors]({href(guide('errors'), self._page)})."
        owners = self._uses.part_of.get(key, {})
        shown = [self._wording.link(one) for one in owners if self._pages.places.type(one)]
        if shown:
            yield f"Part of {_some(shown)}."

    def _operation(self, operation: ir.Operation) -> str:
        address = self._pages.names.addresses[operation.pointer]
        return f"[`{address}`]({href(self._pages.places.operation(operation), self._page)})"


def _some(texts: Iterable[str]) -> str:
    """``a, b and c``, or the first of many."""
    texts = list(texts)
    if len(texts) > _MOST_USERS:
        texts = [*texts[: _MOST_USERS - 1], f"{len(texts) - _MOST_USERS + 1} more"]
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last
