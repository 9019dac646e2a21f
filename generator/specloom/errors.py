"""Problems of the input, each with a place and a hint.

Stages collect `Problem`s in one `Problems` and continue as long as they can, so that a user sees
all problems at once. `Problems.raise_if_errors` ends the run with one `SpecError`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal, Protocol

Severity = Literal["error", "warning", "info"]

CODES: Mapping[str, str] = MappingProxyType(
    {
        "unreadable": "A file named on the command line or in the configuration cannot be read.",
        "too-large": "A file, or its expanded schemas, exceed the size limit.",
        "not-utf8": "A file is not UTF-8 text.",
        "not-yaml": "A file is not well-formed YAML.",
        "not-json": "A file that starts like JSON is not well-formed JSON.",
        "bad-alias": "A YAML alias refers to no anchor, or to the value that contains it.",
        "bad-number": "A number is too large.",
        "duplicate-key": "A mapping has the same key twice.",
        "key-not-text": "A key of a YAML mapping is a list or a mapping.",
        "several-documents": "A YAML file contains more than one document.",
        "too-deep": "Values are nested too deeply.",
        "too-many-aliases": "YAML aliases expand the document beyond the limit.",
        "unsupported-tag": "A YAML tag has no JSON equivalent.",
        "not-openapi": "The document is not an OpenAPI description.",
        "surface-clash": "Two operations, or an operation and a resource, get the same name.",
        "swagger-2": "The command writes OpenAPI 3, but the description is Swagger 2.0.",
        "collection-format": "A `collectionFormat` of Swagger 2.0 is unsupported; commas are sent.",
        "unsupported-version": "The version is not OpenAPI 3.0, 3.1, 3.2 or Swagger 2.0.",
        "missing-file": "A `$ref` names a file that cannot be read.",
        "remote-ref": "A `$ref` names a remote address, and `--allow-remote` is not set.",
        "bad-ref": "A `$ref` is not a string, or its address has an unsupported form.",
        "undefined-ref": "The target of a `$ref` does not exist.",
        "circular-ref": "A `$ref` leads back to itself.",
        "wrong-type": "OpenAPI requires a value of another type here.",
        "unknown-type": "A schema's `type` is not a JSON Schema type.",
        "missing-field": "A field that OpenAPI requires is missing.",
        "bad-method": "A method of `additionalOperations` is not an HTTP method.",
        "misplaced-ref": "OpenAPI does not allow a `$ref` here; specloom follows it.",
        "unknown-field": "OpenAPI does not define this field here; it is ignored.",
        "unused-field": "The SDK does not use this field.",
        "wrong-value": "A default, an example or an enum value does not fit its schema.",
        "bad-server": "The address of a server is incomplete or invalid.",
        "bad-path": "A path does not begin with a slash, or its braces do not match.",
        "bad-status": "The key of a response is not an HTTP status.",
        "undeclared-path-parameter": "A path has an undeclared parameter, or none, in braces.",
        "repeated-path-parameter": "A path template names one parameter several times.",
        "unused-path-parameter": "A declared path parameter is not in the path template.",
        "duplicate-parameter": "Two parameters of one operation have the same name and location.",
        "duplicate-operation-id": "Two operations have the same operationId.",
        "more-errors": "After hundreds of errors, the remaining checks do not run.",
        "long-enum": "An enum has so many values that the SDK does not name them.",
        "unused-keyword": "A keyword has no meaning in its place.",
        "framing-header": "The client sets this header itself.",
        "undeclared-required": "`required` lists a property that the schema does not declare.",
        "undefined-security-scheme": "A security requirement names an undeclared scheme.",
        "unsupported-security-scheme": "The client supports a security scheme in part, or not.",
        "used-hint": "An extension of another generator names or describes a part of the SDK.",
        "unused-hint": "An extension of another generator is not used.",
        "undefined-mapping": "The target of a discriminator mapping does not exist.",
        "unknown-x-sdk-key": "An `x-sdk` has a key that specloom does not know.",
        "bad-x-sdk": "An `x-sdk` key has an invalid value.",
        "misplaced-x-sdk": "specloom does not read `x-sdk` in this place.",
        "not-overlay": "A file given as an overlay is not an OpenAPI Overlay document.",
        "bad-overlay-action": "An overlay action is incomplete, or does not fit its target.",
        "bad-overlay-target": "An overlay target is not a JSONPath expression.",
        "unmatched-overlay-target": "An overlay target matches nothing.",
        "unmatched-selector": "`--only` matches no tag, operationId or path of the description.",
        "webhooks-left-out": "`--only` generates an SDK without the webhooks.",
        "left-out": "`--allow-partial` leaves out an operation because of an error.",
        "nothing-left": "`--allow-partial` would leave out every operation.",
        "undescribed-operation": "An operation has neither summary nor description.",
        "undescribed-parameter": "A parameter has no description.",
        "undescribed-property": "A property has no description.",
        "untagged-operation": "An operation has no tag to group it by.",
        "missing-operation-id": "An operation has no operationId to name it by.",
        "unnamed-schema": "An inline schema needs a name and gets one derived from its place.",
        "name-clash": "Two things need the same name; the second gets another one.",
        "no-error-response": "An operation declares no error response.",
        "untyped-error": "No error response of an operation has a schema.",
        "untyped-response": "No success response of an operation has a schema.",
        "bad-former-sdk": "The file of the setting `former_sdk` contains an invalid entry.",
        "bad-lock": "The names lock contains an invalid entry.",
        "former-name-ends": "A name that an earlier version replaced stops working.",
        "lock-clash": "Something new needs a name that users call or called recently.",
        "unknown-setting": "`[tool.specloom]` has a key that specloom does not know.",
        "bad-setting": "A setting of `[tool.specloom]` has an invalid value.",
        "bad-include": "The folder of hand-written code, or a file in it, cannot be included.",
        "bad-mixin": "`x-sdk.mixins` names a class or a target that does not exist.",
        "bad-template": "A template cannot be rendered, or its output is not Python.",
        "edited-file": "A file of the output was edited by hand; specloom keeps it.",
        "bad-manifest": "The output folder's `.specloom.json` cannot be read.",
        "unwritable": "The output folder cannot be written.",
        "no-formatter": "The process that formats the files was killed.",
        "file-exists": "`init` would overwrite an existing file.",
        "foreign-folder": "The output folder contains files, and specloom did not write it.",
        "bad-output-path": "A file would be outside the output folder, or overwrite another file.",
        "bad-revision": "The argument is neither a file nor a git revision with the file.",
        "bad-old-sdk": "`adopt` cannot read the old SDK, or it exceeds the bounds.",
        "no-proof": "`adopt --prove` cannot run one of the two SDKs.",
        "bad-curl": "A curl command cannot be parsed.",
        "bad-sample": "A recording or a sample cannot be read, or has the wrong content.",
        "operation-exists": "The description already contains the operation to add.",
        "cannot-add": "An entry cannot be added without changing other entries.",
        "undescribed-exchange": "A recording shows an undescribed operation or status.",
        "broken-contract": "A recording violates the description, and no overlay can fix it.",
    }
)
"""Every code with its meaning in one line, the source of the table in docs/diagnostics.md."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file as editors count it: line and column from 1, columns in characters."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Locator(Protocol):
    """Finds places in sources; `specloom.description.document.Document` is one."""

    def locate(self, pointer: str) -> Location:
        """The place of `pointer`, or of the nearest existing parent."""
        ...

    def line(self, location: Location) -> str | None:
        """The source line at `location` without its line break, or None if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the input.

    `pointer` is "<uri>#<JSON pointer>": the file's address relative to the entry document, then an
    RFC 6901 pointer, not percent-encoded. `location` is set instead if no pointer can name the
    place (a YAML error).
    """

    code: str
    message: str
    pointer: str = ""
    hint: str = ""
    severity: Severity = "error"
    location: Location | None = None


class Problems:
    """Collects problems without duplicates.

    `advice` is one line of advice about all of them; it may be empty.
    """

    def __init__(self) -> None:
        self.locator: Locator | None = None
        self.advice = ""
        self._found: dict[Problem, None] = {}

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def has_errors(self) -> bool:
        """Whether an error was found."""
        return any(problem.severity == "error" for problem in self)

    def add(self, problem: Problem) -> None:
        """Add `problem`. Raises KeyError if its code is not in `CODES`."""
        if problem.code not in CODES:
            raise KeyError(problem.code)
        self._found[problem] = None

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add several problems."""
        for problem in problems:
            self.add(problem)

    def error(
        self,
        code: str,
        message: str,
        pointer: str = "",
        hint: str = "",
        *,
        location: Location | None = None,
    ) -> None:
        """Report an error: the SDK cannot be generated."""
        self.add(Problem(code, message, pointer, hint, "error", location))

    def warning(
        self,
        code: str,
        message: str,
        pointer: str = "",
        hint: str = "",
        *,
        location: Location | None = None,
    ) -> None:
        """Report a warning: the SDK is generated, but part of it may be unexpected."""
        self.add(Problem(code, message, pointer, hint, "warning", location))

    def info(self, code: str, message: str, pointer: str = "", hint: str = "") -> None:
        """Report information that needs no action."""
        self.add(Problem(code, message, pointer, hint, "info"))

    def raise_if_errors(self) -> None:
        """Raise `SpecError` with all problems if one of them is an error."""
        if self.has_errors:
            raise SpecError(self)

    def located(self) -> list[tuple[Location, Problem]]:
        """Every problem with its place, sorted by place.

        Equal problems of one place appear once: a body of Swagger 2.0 occurs below each of its
        media types.
        """
        placed = {(self.place(one), one.code, one.message): one for one in self}
        return [(key[0], placed[key]) for key in sorted(placed)]

    def place(self, problem: Problem) -> Location:
        """The place of the cause of `problem`."""
        if problem.location:
            return problem.location
        if self.locator:
            return self.locator.locate(problem.pointer)
        return Location(problem.pointer.partition("#")[0])


class SpecError(Exception):
    """The input cannot be used; `problems` holds all problems, warnings too."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return as_text(self.problems)


def refuse(code: str, message: str, place: Location, hint: str = "") -> SpecError:
    """A SpecError with one problem, to be raised."""
    problems = Problems()
    problems.error(code, message, hint=hint, location=place)
    return SpecError(problems)


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """A hint: the name most similar to an unknown one; ``otherwise`` if none is similar."""
    close = get_close_matches(name, sorted(known), 1)
    return f"did you mean {close[0]!r}?" if close else otherwise


def as_json(problems: Problems) -> str:
    """The problems as a JSON array of objects, sorted by place."""
    found = [
        {
            "code": problem.code,
            "severity": problem.severity,
            "message": problem.message,
            "hint": problem.hint,
            "file": place.file,
            "line": place.line,
            "column": place.column,
            "pointer": problem.pointer,
        }
        for place, problem in problems.located()
    ]
    return json.dumps(found, indent=2, ensure_ascii=False)


def as_text(problems: Problems, *, colour: bool = False, most: int | None = None) -> str:
    """The problems for a person, sorted by place, with a blank line between them.

    Each is `file:line:column: code: message`, the source line with a caret below, and the hint. For
    each code only the first `most` warnings are described, and the rest are counted; left-out parts
    of the SDK are always described. Control characters are escaped, so a description cannot control
    the terminal.
    """
    paint = _paint if colour else _plain
    described, others = _shortened(problems.located(), most)
    blocks = [
        "\n".join(_describe(problem, place, problems.locator, paint))
        for place, problem in described
    ]
    more = [
        f"… and {count} more {paint(code, 'warning')}: --all shows them"
        for code, count in others.items()
    ]
    return "\n\n".join([*blocks, *(["\n".join(more)] if more else [])])


def _shortened(
    located: list[tuple[Location, Problem]], most: int | None
) -> tuple[list[tuple[Location, Problem]], Counter[str]]:
    """The problems to describe, and the number of the others by code."""
    seen: Counter[str] = Counter()
    described: list[tuple[Location, Problem]] = []
    for place, problem in located:
        is_counted = problem.severity != "error" and problem.code != "left-out"
        seen[problem.code] += is_counted
        if not is_counted or most is None or seen[problem.code] <= most:
            described.append((place, problem))
    over = {code: count - most for code, count in sorted(seen.items()) if most is not None}
    return described, Counter({code: count for code, count in over.items() if count > 0})


_Painter = Callable[[str, str], str]
_STYLES = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "info": "\x1b[36m",
    "place": "\x1b[1m",
    "hint": "\x1b[36m",
}


def _paint(text: str, style: str) -> str:
    return f"{_STYLES[style]}{text}\x1b[0m"


def _plain(text: str, style: str) -> str:  # noqa: ARG001 - the same signature as _paint
    return text


def _describe(
    problem: Problem, place: Location, locator: Locator | None, paint: _Painter
) -> Iterator[str]:
    mark = "" if problem.severity == "error" else f" [{problem.severity}]"
    code = paint(problem.code, problem.severity)
    yield f"{paint(printable(str(place)), 'place')}: {code}: {printable(problem.message)}{mark}"
    line = locator.line(place) if locator else None
    if line is not None:
        yield from _snippet(line, place)
    if problem.hint:
        first, *rest = (printable(part) for part in problem.hint.split("\n"))
        yield f"  {paint('hint:', 'hint')} {first}"
        yield from (f"    {part}".rstrip() for part in rest)


_WIDTH = 100


def _snippet(line: str, place: Location) -> Iterator[str]:
    """The line with a caret below it. A long line (a minified file) is cut around the column."""
    at = min(place.column - 1, len(line))
    start = max(0, at - _WIDTH // 2) if len(line) > _WIDTH else 0
    before = printable(line[start:at].replace("\t", " "))
    after = printable(line[at : start + _WIDTH].replace("\t", " "))
    lead = "…" if start else ""
    tail = "…" if len(line) > start + _WIDTH else ""
    yield f"  {place.line} | {lead}{before}{after}{tail}".rstrip()
    yield f"  {' ' * len(str(place.line))} | {' ' * (len(lead) + len(before))}^"


def printable(text: str) -> str:
    """The text with its control characters escaped: it cannot control a terminal."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
