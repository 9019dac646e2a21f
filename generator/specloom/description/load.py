"""Reads a description: the entry file and, transitively, every file that a `$ref` names.

`given` reads text from standard input, an app, or a URL.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, unquote

from specloom.description import json_text, yaml_text
from specloom.description.document import REMOTE, Document, Source
from specloom.description.inputs import MAX_BYTES, origin_of, read_url
from specloom.description.places import Places, mark, place_in
from specloom.description.references import RefError, address, find
from specloom.description.source_text import (
    MAX_VALUES,
    Fault,
    Lines,
    Report,
    Sizes,
    TextError,
    index_in,
    is_small,
)
from specloom.description.tree import Value, child, is_swagger, kind_of
from specloom.description.walk import SPARE, Visit, keep, walk
from specloom.errors import Location, Problems, SpecError


def load(
    path: str | Path,
    *,
    allow_remote: bool = False,
    unsaved: str | None = None,
    problems: Problems,
) -> Document:
    """Read the description whose entry document is the file `path`.

    `unsaved` replaces the text of that file. Faults of the files go into `problems`, which use the
    description to find places from then on. Raises SpecError if the entry document is not a
    description in OpenAPI 3 or Swagger 2.0.
    """
    file = str(path)
    folder, name = ("", file) if file.startswith(REMOTE) else os.path.split(file)
    uri = file if file.startswith(REMOTE) else quote(name)
    document = Document(uri, folder, {}, None)
    problems.locator = Places(document)
    try:
        data = _read_file(file) if unsaved is None else unsaved.encode()
    except OSError as error:
        location = Location(file)
        problems.error("unreadable", _reason(error), location=location)
        raise SpecError(problems) from None
    entry = read_source(data, uri, file, problems)
    document = replace(document, sources={entry.uri: entry}, root=entry.root)
    problems.locator = Places(document)
    if entry.broken or not _is_openapi(document, problems):
        raise SpecError(problems)
    if is_swagger(document.root):
        # Only these descriptions need the two modules.
        from specloom.description.swagger2 import as_openapi

        document = as_openapi(document, problems)
    return complete(document, allow_remote=allow_remote, problems=problems)


def complete(document: Document, *, allow_remote: bool, problems: Problems) -> Document:
    """`document` with the missing files that its references name.

    An unreadable file is reported once, at the first reference to it.
    """
    sources = dict(document.sources)
    document = replace(document, sources=sources)
    problems.locator = Places(document)
    keep(document, _Reader(document, sources, allow_remote, problems).visits())
    return document


def read_source(data: bytes, uri: str, file: str, problems: Problems) -> Source:
    """The source that `data` contains; if it cannot be read, a broken one and a problem."""
    text = data.decode("utf-8-sig", errors="replace")
    lines = Lines(text)

    def report(fault: Fault) -> None:
        location = place_in(file, lines, fault.index)
        problems.error(fault.code, fault.message, hint=fault.hint, location=location)

    try:
        _refuse_bytes(data)
        _refuse_markup(text)
        _refuse_length(text)
        root, is_json = _parse(text, report)
        source = Source(uri, file, text, root, is_json)
        _refuse_size(source)
    except TextError as error:
        report(error.fault)
        return Source(uri, file, text, None, is_json=False, broken=True)
    return source


@dataclass
class _Reader:
    """Follows references and reads the files they name on the way.

    `is_spare`: the SDK can be made without what the reference leads to.
    """

    document: Document
    sources: dict[str, Source]
    allow_remote: bool
    problems: Problems
    is_spare: bool = False
    tried: set[tuple[str, bool]] = field(default_factory=set[tuple[str, bool]])

    def visits(self) -> Iterator[Visit]:
        """All parts of the document. The files are read on the way."""
        for visit in walk(
            [Visit("openapi", f"{self.document.entry}#", self.document.root)], self.find
        ):
            self.is_spare = visit.kind in SPARE  # what it refers to is read next
            yield visit

    def find(self, ref: str, pointer: str) -> tuple[str, Value] | None:
        """The target of `ref`; None if there is none, which `checks` reports."""
        for _ in range(2):
            try:
                return find(self.document, ref, pointer)
            except RefError as error:
                if error.code != "missing-file" or not self._read(ref, pointer):
                    return None
        return None

    def _read(self, ref: str, pointer: str) -> bool:
        uri = address(self.document, ref, pointer)
        known = self.sources.get(uri)
        if (uri, self.is_spare) in self.tried or (known and not known.broken):
            return False
        self.tried.add((uri, self.is_spare))
        problems = Problems()
        is_read = self._read_into(problems, uri, ref, pointer)
        # The checks report a discriminator mapping that leads nowhere.
        if not isinstance(self.document.at(pointer), str) or is_read:
            for problem in problems:
                severity = "warning" if self.is_spare else problem.severity
                self.problems.add(replace(problem, severity=severity))
        return is_read

    def _read_into(self, problems: Problems, uri: str, ref: str, pointer: str) -> bool:
        """Read the file that a reference names; False if there is none that may be read."""
        remote = uri.startswith(REMOTE)
        if remote and not self.allow_remote and not self._is_beside(uri):
            hint = "allow it with --allow-remote, or keep a copy of the file"
            problems.error("remote-ref", f"{uri} is remote", child(pointer, "$ref"), hint)
            return False
        file = os.path.normpath(os.path.join(self.document.folder, unquote(uri)))
        try:
            data = self._fetch(uri) if remote else _read_file(file, regular=True)
        except OSError as error:
            message = f"cannot read {unquote(uri)}: {_reason(error)}"
            problems.error("missing-file", message, child(pointer, "$ref"), _reference_hint(ref))
            return False
        self.sources[uri] = read_source(data, uri, uri if remote else file, problems)
        return True

    def _is_beside(self, uri: str) -> bool:
        """Whether a file has the origin of a fetched entry document."""
        entry = self.document.entry
        return entry.startswith(REMOTE) and origin_of(uri) == origin_of(entry)

    def _fetch(self, uri: str) -> bytes:
        return read_url(uri, same_origin=not self.allow_remote)[1]


def _reference_hint(ref: str) -> str:
    """A hint for a reference that is only the name of a schema."""
    is_name = not set("/#.") & set(ref)
    return f"a schema of this file is written '#/components/schemas/{ref}'" if is_name else ""


def _read_file(file: str, *, regular: bool = False) -> bytes:
    path = Path(file)
    if regular and path.exists() and not path.is_file():
        raise OSError("not a file")
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except ValueError as error:  # the name contains a NUL
        raise OSError(str(error)) from error


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _parse(text: str, report: Report) -> tuple[Value, bool]:
    """The value of `text`, and whether it was JSON."""
    if not text.lstrip().startswith(("{", "[")):
        return yaml_text.parse(text, report), False
    try:
        return json_text.parse(text, report), True
    except TextError as error:
        if error.fault.code != "not-json":
            raise
        # YAML flow style, comments or a trailing comma: not JSON, but possibly YAML.
        try:
            return yaml_text.parse(text, report), False
        except TextError:
            raise error from None


_FOREIGN_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


_MARKUP = re.compile(r"\s*<[!?a-zA-Z]")


def _refuse_markup(text: str) -> None:
    """Refuse the HTML page of a description, whose address people copy by mistake."""
    if _MARKUP.match(text):
        hint = "use the address of the description itself: /openapi.json, or the 'Raw' link"
        raise TextError(Fault("not-openapi", "the file is HTML or XML", 0, hint))


def _refuse_bytes(data: bytes) -> None:
    hint = "save the file as UTF-8; in PowerShell: … | Out-File -Encoding utf8 openapi.json"
    if len(data) > MAX_BYTES:
        raise TextError(Fault("too-large", f"the file is larger than {MAX_BYTES // 2**20} MiB", 0))
    if data.startswith(_FOREIGN_MARKS):
        raise TextError(Fault("not-utf8", "the file is UTF-16 or UTF-32", 0, hint))
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        index = len(data[: error.start].decode("utf-8-sig", errors="replace"))
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        raise TextError(Fault("not-utf8", message, index, hint)) from None


_MARKS = "\n,[{"


def _refuse_length(text: str) -> None:
    """Refuse a text with too many values before they use memory."""
    # One of these characters precedes every value but the first; prose has few of them.
    if sum(text.count(mark) for mark in _MARKS) > MAX_VALUES:
        message = f"the file has more than {MAX_VALUES} values"
        raise TextError(Fault("too-large", message, 0, "generate from parts of it"))


def _refuse_size(source: Source) -> None:
    """Refuse JSON nesting or YAML aliases that make the document too deep or too large."""
    found = None if is_small(source.root) else Sizes(source.root).fault()
    if found is not None:
        tokens, fault = found
        raise TextError(replace(fault, index=index_in(mark(source), tokens)))


_VERSION = re.compile(r"3\.[012](\..*)?")
# The first field of other formats, and what to do with such a file.
_OTHER_FORMATS = {
    "asyncapi": "this is AsyncAPI; specloom reads OpenAPI",
    "arazzo": "this is Arazzo; name one of its 'sourceDescriptions'",
    "overlay": "this is an overlay; name it with --overlay, beside the description",
    "log": "this may be a HAR recording; 'specloom add --recording' takes it",
    "item": "this may be a Postman collection; export it as OpenAPI",
}


def _is_openapi(document: Document, problems: Problems) -> bool:
    root = document.root
    pointer = f"{document.entry}#"
    if not isinstance(root, dict):
        found = "the file is empty" if root is None else f"the file contains {kind_of(root)}"
        problems.error("not-openapi", f"{found}, not a mapping that begins with 'openapi'", pointer)
    elif "swagger" in root and "openapi" not in root:
        if is_swagger(root):
            return True
        message = f"version {root['swagger']!r} of Swagger is not 2.0"
        hint = "convert it to Swagger 2.0 or OpenAPI 3"
        problems.error("unsupported-version", message, child(pointer, "swagger"), hint)
    elif "openapi" not in root:
        message = "the document has no 'openapi' field"
        other = (hint for field, hint in _OTHER_FORMATS.items() if field in root)
        hint = next(other, "write 'openapi: 3.1.0' if it is one")
        problems.error("not-openapi", message, pointer, hint)
    elif not _VERSION.fullmatch(str(root["openapi"])):
        message = f"version {root['openapi']!r} is not 3.0, 3.1 or 3.2"
        is_swagger_two = str(root["openapi"]).startswith("2")
        line = "swagger: '2.0'" if is_swagger_two else "'openapi: 3.1.0'"
        hint = f"write {line} if it is one"
        problems.error("unsupported-version", message, child(pointer, "openapi"), hint)
    else:
        return True
    return False
