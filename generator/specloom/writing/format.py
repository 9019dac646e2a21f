"""black, in process: the one who decides how generated Python looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from specloom.workers import Workers
from specloom.writing.cache import Cache, Entry, digest
from specloom.writing.docstrings import WIDTH
from specloom.writing.layout import UnclearError, lay_out

_INDENT = "    "
_MUCH = 1_000_000
"""So many characters take longer to lay out than workers take to start: about a second."""


class FormatError(Exception):
    """A rendered file is no Python. That is a defect of a template; names it and the file."""

    def __init__(self, path: str, template: str, cause: Exception) -> None:
        super().__init__(f"the template {template} made {path}, which is no valid Python: {cause}")
        self.path = path
        self.template = template


def format_python(text: str, path: str, template: str) -> str:
    """The text as black writes it. Raises FormatError where it cannot be parsed."""
    try:
        return _black(text)
    except ValueError as cause:
        raise FormatError(path, template, cause) from cause


class Formatter:
    """Formats the files of one build, with what the last build knew of each.

    Where a user's templates have a hand in the files, black sees every file whole: nothing is known
    of what they write.
    """

    def __init__(self, cache: Cache, workers: Workers, *, has_own_templates: bool) -> None:
        self._cache = cache
        self._workers = workers
        self._has_own_templates = has_own_templates
        self._prepared: dict[str, _Prepared] = {}

    def prepare(self, texts: Mapping[str, str]) -> None:
        """Take what is known of these files, text by path, and lay out the others."""
        unknown = []
        for path, text in texts.items():
            made_from = digest(text, str(self._has_own_templates))
            known = self._cache.known("formatted", path)
            if known is None or known["from"] != made_from or not self._is_written(path, known):
                statements = known["statements"] if known is not None else {}
                unknown.append(_Unknown(path, text, made_from, statements))
        laid = map(_unclear, unknown) if self._has_own_templates else self._laid(unknown)
        self._prepared |= dict(zip((one.path for one in unknown), laid, strict=True))

    def format(self, path: str, template: str) -> str:
        """A file that was prepared, as black writes it.

        Raises FormatError where it cannot be parsed.
        """
        file = self._prepared.pop(path)
        text = file.laid
        if text is None:
            text = format_python(file.text, path, template)
        made = {"from": file.made_from, "made": digest(text), "statements": file.statements}
        self._cache.keep("formatted", path, made)
        return text

    def keep(self, path: str) -> None:
        """Have the next build know what this one knows of a file that it need not make."""
        known = self._cache.known("formatted", path)
        if known is not None:
            self._cache.keep("formatted", path, known)

    def _is_written(self, path: str, known: Entry) -> bool:
        """Whether the file stands on disk as it was made; then it is prepared."""
        written = self._cache.written(path)
        if written is None or digest(written) != known["made"]:
            return False
        self._prepared[path] = _Prepared("", known["from"], written, known["statements"])
        return True

    def _laid(self, unknown: Sequence[_Unknown]) -> Iterator[_Prepared]:
        is_much = sum(len(one.text) for one in unknown) > _MUCH
        return self._workers.map(_lay_out, unknown, is_much=is_much)


class _Unknown(NamedTuple):
    """A file as a template has made it, and what black made of its statements the last time."""

    path: str
    text: str
    made_from: str
    statements: dict[str, str]


class _Prepared(NamedTuple):
    """A file that is laid out, unless black has to see all of it."""

    text: str
    made_from: str
    laid: str | None
    statements: dict[str, str]


def _lay_out(file: _Unknown) -> _Prepared:
    black = _Statements(file.statements)
    try:
        laid = lay_out(file.text, black)
        compile(laid, file.path, "exec", dont_inherit=True)
    except (UnclearError, SyntaxError, ValueError):
        return _unclear(file)  # black says what is wrong, if anything is
    return _Prepared(file.text, file.made_from, laid, black.used)


def _unclear(file: _Unknown) -> _Prepared:
    return _Prepared(file.text, file.made_from, None, {})


class _Statements:
    """black for one statement at a time. ``used`` is what it made of those that it was given."""

    def __init__(self, known: dict[str, str]) -> None:
        self._known = known
        self.used: dict[str, str] = {}

    def statement(self, text: str, indent: int) -> str:
        """A statement, a docstring, or the head of a compound statement."""
        return self._settled(f"{indent} {text}", lambda: _statement(text, indent))

    def argument(self, text: str, indent: int) -> str:
        """An argument of a function, as its definition has it."""
        return self._settled(f"{indent} def {text}", lambda: _argument(text, indent))

    def _settled(self, key: str, make: Callable[[], str]) -> str:
        if key not in self.used:
            self.used[key] = self._known.get(key) or make()
        return self.used[key]


def _statement(text: str, indent: int) -> str:
    margin = " " * indent
    if text.endswith(":"):
        below = f"\n{margin}{_INDENT}pass"
    elif text.startswith("@"):
        below = f"\n{margin}def _(): ..."
    else:
        below = ""
    return _settled_between(_classes(indent // 4), text, indent, below)


def _argument(text: str, indent: int) -> str:
    margin = " " * (indent - 4)
    above = f"{_classes(indent // 4 - 1)}{margin}def _(\n"
    return _settled_between(above, text, indent, f",\n{margin}): ...")


def _classes(depth: int) -> str:
    """Blocks to stand in, which black leaves as they are."""
    return "".join(f"{_INDENT * level}class _:\n" for level in range(depth))


def _settled_between(above: str, text: str, indent: int, below: str) -> str:
    """What black makes of the text between the two others. Raises UnclearError if these change."""
    try:
        formatted = _black(f"{above}{' ' * indent}{text}{below}\n").removesuffix("\n")
    except ValueError as error:
        raise UnclearError from error
    start = f"{above}{' ' * indent}"
    if not (formatted.startswith(start) and formatted.endswith(below)):
        raise UnclearError
    return formatted[len(start) : len(formatted) - len(below)]


def _black(text: str) -> str:
    """Raises ValueError for what is no Python."""
    # Imported here: slow to import, and not needed where nothing changed.
    from black import Mode, format_str
    from black.mode import TargetVersion

    return format_str(text, mode=Mode(line_length=WIDTH, target_versions={TargetVersion.PY311}))
