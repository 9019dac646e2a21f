"""What is wrong with the input, where, and what to write instead.

Stages collect `Problem`s in one `Problems` and go on as long as they can, so that a user sees
everything at once; `Problems.raise_if_errors` ends the run with one `SpecError`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, Protocol

Severity = Literal["error", "warning"]

CODES: Mapping[str, str] = MappingProxyType(
    {
        "unreadable": "A file named on the command line or in the configuration cannot be read.",
        "too-large": "A file, or what its schemas repeat, is larger than a description should be.",
        "not-utf8": "A file is not UTF-8 text.",
        "not-yaml": "A file is not well-formed YAML.",
        "not-json": "A file that starts like JSON is not well-formed JSON.",
        "bad-alias": "A YAML alias names no anchor, or the mapping it stands in.",
        "bad-number": "A number is too large to be represented.",
        "duplicate-key": "A mapping has the same key twice.",
        "key-not-text": "A YAML mapping has a list or a mapping as a key.",
        "several-documents": "A YAML file holds more than one document.",
        "too-deep": "Values are nested deeper than any description should be.",
        "too-many-aliases": "YAML aliases blow the document up beyond any sensible size.",
        "unsupported-tag": "A YAML tag stands for something that JSON cannot express.",
        "not-openapi": "The document is no OpenAPI description.",
        "surface-clash": "Paths give one name to two operations, or to one and a resource.",
        "swagger-2": "The document is a Swagger 2.0 description, which has to be converted.",
        "unsupported-version": "The description's OpenAPI version is none of 3.0, 3.1 and 3.2.",
        "missing-file": "A `$ref` names a file that cannot be read.",
        "remote-ref": "A `$ref` names a remote address, and remote files were not allowed.",
        "bad-ref": "A `$ref` is no text, or an address of a kind that is not read.",
        "misplaced-ref": "A `$ref` stands where OpenAPI has none, and is followed all the same.",
        "undefined-ref": "A `$ref` points at nothing.",
        "circular-ref": "A `$ref` leads back to itself and never to a value.",
        "wrong-type": "A value is of another type than OpenAPI demands in its place.",
        "unknown-type": "A schema's `type` is none of JSON Schema's.",
        "unknown-field": "An object has a field that OpenAPI does not define there.",
        "unused-field": "A field means something that the SDK makes nothing of.",
        "wrong-value": "A default, an example or a value of an enum does not fit its schema.",
        "missing-field": "A field that OpenAPI demands is missing.",
        "bad-method": "A method of `additionalOperations` is none that HTTP has.",
        "bad-path": "A path does not begin with a slash, or its braces do not match.",
        "bad-status": "A response stands under something that is no HTTP status.",
        "undeclared-path-parameter": "A path template names a parameter that nothing declares.",
        "repeated-path-parameter": "A path template names one parameter several times.",
        "unused-path-parameter": "A declared path parameter does not stand in the path template.",
        "duplicate-parameter": "Two parameters of one operation have the same name and place.",
        "duplicate-operation-id": "Two operations have the same operationId.",
        "undeclared-required": "`required` lists a property that the schema does not declare.",
        "undefined-security-scheme": "A security requirement names a scheme that is not declared.",
        "undefined-mapping": "A discriminator mapping points at nothing.",
        "unknown-x-sdk-key": "An `x-sdk` has a key that specloom does not know.",
        "bad-x-sdk": "An `x-sdk` value is not what its key takes.",
        "misplaced-x-sdk": "An `x-sdk` stands where specloom does not read it.",
        "not-overlay": "A file given as an overlay is no OpenAPI Overlay document.",
        "bad-overlay-action": "An overlay action is incomplete, or does not fit its target.",
        "bad-overlay-target": "An overlay target is no JSONPath expression.",
        "unmatched-overlay-target": "An overlay target selects nothing.",
        "unmatched-selector": "`--only` names no tag, operationId or path of the description.",
        "left-out": "`--allow-partial` leaves an operation out, because of an error.",
        "nothing-left": "`--allow-partial` would leave every operation out.",
        "undescribed-operation": "An operation has neither summary nor description.",
        "undescribed-parameter": "A parameter has no description.",
        "undescribed-property": "A property has no description.",
        "untagged-operation": "An operation has no tag to be grouped by.",
        "missing-operation-id": "An operation has no operationId to be named by.",
        "unnamed-schema": "A schema without a name needs one, and gets one made of its place.",
        "name-clash": "Two things ask for the same name, and one gets another.",
        "no-error-response": "An operation declares no response for an error.",
        "untyped-error": "No error response of an operation says what its body is.",
        "untyped-response": "No success response of an operation says what its body is.",
        "bad-lock": "The lock of names says something that cannot be.",
        "former-name-ends": "A name that was given up in an earlier version stops working.",
        "lock-clash": "A name that users call, or called lately, is wanted for another thing.",
        "unknown-setting": "`[tool.specloom]` has a key that specloom does not know.",
        "bad-setting": "A setting of `[tool.specloom]` is not what its key takes.",
        "bad-include": "The folder of hand-written code, or a file in it, cannot be included.",
        "bad-mixin": "An `x-sdk` gives a mixin that is not there, or to what is not there.",
        "bad-template": "A template cannot be rendered, or what it gives is no Python.",
        "edited-file": "A file of the output was changed by somebody else, and is kept.",
        "bad-manifest": "The output folder's `.specloom.json` cannot be read.",
        "unwritable": "The output folder cannot be written.",
        "file-exists": "Something is where `init` would write a file.",
        "foreign-folder": "The output folder holds files and was not written by specloom.",
        "bad-output-path": "A file would be written outside the output folder or over another.",
        "bad-revision": "What is to be compared is no file, and no git revision that has it.",
        "bad-curl": "A curl command cannot be understood.",
        "bad-sample": "A recording or a sample cannot be read, or is of something else.",
        "operation-exists": "An operation that is to be added is described already.",
        "cannot-add": "An entry cannot be added without changing others.",
        "undescribed-exchange": "A recording shows an operation or a status that is not described.",
        "broken-contract": "A recording breaks the description in a way that no patch can mend.",
    }
)
"""Every code with its meaning in one line. The documentation's page of codes is made from it."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file as editors count it: line and column from 1, columns in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Locator(Protocol):
    """Finds places in sources; `specloom.description.document.Document` is one."""

    def locate(self, pointer: str) -> Location:
        """The place of `pointer`, or of the nearest thing around it that exists."""
        ...

    def line(self, location: Location) -> str | None:
        """The source line at `location` without its line break, or None if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `pointer` is "<uri>#<JSON pointer>": the file's address relative to the entry document, then an
    RFC 6901 pointer, not percent-encoded. `location` is set instead where the place is known and
    nothing stands there that a pointer could name (a YAML error).
    """

    code: str
    message: str
    pointer: str = ""
    hint: str = ""
    severity: Severity = "error"
    location: Location | None = None


class Problems:
    """Collects problems; the same problem is kept once.

    `advice` says what can be done about all of them together, in a line; empty for nothing.
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
        """Whether anything but warnings was found."""
        return any(problem.severity == "error" for problem in self)

    def add(self, problem: Problem) -> None:
        """Keep `problem`. Raises KeyError if its code is not in `CODES`."""
        if problem.code not in CODES:
            raise KeyError(problem.code)
        self._found[problem] = None

    def error(
        self,
        code: str,
        message: str,
        pointer: str = "",
        hint: str = "",
        *,
        location: Location | None = None,
    ) -> None:
        """Note something that keeps the SDK from being made."""
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
        """Note something that will surprise, and that specloom can live with."""
        self.add(Problem(code, message, pointer, hint, "warning", location))

    def raise_if_errors(self) -> None:
        """Raise `SpecError` with everything collected if anything of it is an error."""
        if self.has_errors:
            raise SpecError(self)

    def located(self) -> list[tuple[Location, Problem]]:
        """Every problem with its place, sorted by place."""
        placed = [(self.place(problem), problem) for problem in self]
        return sorted(placed, key=lambda item: (item[0], item[1].code, item[1].message))

    def place(self, problem: Problem) -> Location:
        """Where the cause of `problem` stands."""
        if problem.location:
            return problem.location
        if self.locator:
            return self.locator.locate(problem.pointer)
        return Location(problem.pointer.partition("#")[0], 1, 1)


class SpecError(Exception):
    """The input cannot be used; `problems` holds everything that was found, warnings too."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return as_text(self.problems)


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
    """The problems for a person, sorted by place, a blank line between them.

    Each is `file:line:column: code: message`, the source line with a caret below, and the hint.
    Of the warnings of one code only the first `most` are described, and the others counted; what
    is left out of the SDK is always told. Control characters are escaped: a description cannot
    drive the terminal.
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
    """What is described, and of which codes how many are not."""
    seen: Counter[str] = Counter()
    described: list[tuple[Location, Problem]] = []
    for place, problem in located:
        is_counted = problem.severity == "warning" and problem.code != "left-out"
        seen[problem.code] += is_counted
        if not is_counted or most is None or seen[problem.code] <= most:
            described.append((place, problem))
    over = {code: count - most for code, count in sorted(seen.items()) if most is not None}
    return described, Counter({code: count for code, count in over.items() if count > 0})


class _Painter(Protocol):
    def __call__(self, text: str, style: str) -> str: ...


_STYLES = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "place": "\x1b[1m", "hint": "\x1b[36m"}


def _paint(text: str, style: str) -> str:
    return f"{_STYLES[style]}{text}\x1b[0m"


def _plain(text: str, style: str) -> str:  # noqa: ARG001 - the same signature as _paint
    return text


def _describe(
    problem: Problem, place: Location, locator: Locator | None, paint: _Painter
) -> Iterator[str]:
    mark = " [warning]" if problem.severity == "warning" else ""
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
    """The line with a caret below; of a long one (a minified file) what is around the column."""
    at = min(place.column - 1, len(line))
    start = max(0, at - _WIDTH // 2) if len(line) > _WIDTH else 0
    before = printable(line[start:at].replace("\t", " "))
    after = printable(line[at : start + _WIDTH].replace("\t", " "))
    lead = "…" if start else ""
    tail = "…" if len(line) > start + _WIDTH else ""
    yield f"  {place.line} | {lead}{before}{after}{tail}".rstrip()
    yield f"  {' ' * len(str(place.line))} | {' ' * (len(lead) + len(before))}^"


def printable(text: str) -> str:
    """The text with its control characters escaped: it cannot drive a terminal."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
