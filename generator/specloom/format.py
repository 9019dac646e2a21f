"""black, in process: the one who decides how generated Python looks."""

from __future__ import annotations

from collections.abc import Callable

from specloom.cache import Cache, digest
from specloom.docstrings import WIDTH
from specloom.layout import UnclearError, lay_out

_INDENT = "    "


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

    def __init__(self, cache: Cache, *, has_own_templates: bool) -> None:
        self._cache = cache
        self._has_own_templates = has_own_templates

    def format(self, text: str, path: str, template: str) -> str:
        """The text as black writes it. Raises FormatError where it cannot be parsed."""
        made_from = digest(text, str(self._has_own_templates))
        known = self._cache.known("formatted", path)
        if known is not None and known["from"] == made_from:
            written = self._cache.written(path)
            if written is not None and digest(written) == known["made"]:
                self._cache.keep("formatted", path, known)
                return written
        black = _Statements(known["statements"] if known is not None else {})
        formatted = self._formatted(text, path, template, black)
        made = {"from": made_from, "made": digest(formatted), "statements": black.used}
        self._cache.keep("formatted", path, made)
        return formatted

    def _formatted(self, text: str, path: str, template: str, black: _Statements) -> str:
        if not self._has_own_templates:
            try:
                laid = lay_out(text, black)
                compile(laid, path, "exec", dont_inherit=True)
            except (UnclearError, SyntaxError, ValueError):
                pass  # black says what is wrong, if anything is
            else:
                return laid
        return format_python(text, path, template)


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
