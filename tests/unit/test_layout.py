"""What we lay out ourselves is what black makes of it, and what we do not know is left to black."""

from __future__ import annotations

from keyword import iskeyword
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specloom.options import BuildOptions
from specloom.pipeline import build
from specloom.workers import Workers
from specloom.writing import format
from specloom.writing.cache import Cache
from specloom.writing.format import FormatError, Formatter, format_python
from specloom.writing.layout import UnclearError, lay_out

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SPECS = [
    *sorted(ROOT.glob("tests/golden/*/spec.yaml")),
    *sorted(ROOT.glob("tests/functional/hostile_text/*.yaml")),
    *sorted(ROOT.glob("tests/functional/names/*.yaml")),
    *sorted(ROOT.glob("tests/functional/webhooks/*.yaml")),
]


def laid(text: str) -> str:
    """The text as a build formats it, by ourselves; the single statements by black."""
    return lay_out(text, format._Statements({}))


def by_black(text: str) -> str:
    """The text as black formats all of it."""
    return format_python(text, "a.py", "a.py.j2")


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.parent.name)
def test_every_file_is_what_black_makes_of_it(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []

    def noted(text: str, black: format._Statements) -> str:
        rendered.append(text)
        return lay_out(text, black)

    monkeypatch.setattr(format, "lay_out", noted)
    build(spec, BuildOptions())
    assert len(rendered) > 3
    for text in rendered:
        assert laid(text) == by_black(text)


SHAPES = {
    "blank lines": "import os\nx = 1\n\n\n\n\ny = 2\ndef f() -> None: ...\nz = 3\n",
    "import, then code": "from a import b\n\n\n\nx = 1\n",
    "imports that are long": f"from a import ({', '.join('b' * 9 + str(n) for n in range(12))},)\n",
    "one import that is long": f"from a import {'b' * 50} as {'c' * 50}\n",
    "imports in a block": "if x:\n    from a import b\n    y = 1\n",
    "class without docstring": "class A:\n\n    x: int\n    def f(self) -> None:\n        pass\n",
    "class with docstring": 'class A:\n    """Told."""\n    x: int\n\n\n    y: int\n',
    "module docstring": '# First.\n"""Told."""\nx = 1\n',
    "module docstring, then class": '"""Told."""\nclass A:\n    x: int\n',
    "overloads": "class A:\n    @overload\n    def f(self) -> int: ...\n"
    "    @overload\n    def f(self) -> str: ...\n    def f(self) -> object:\n        return 1\n",
    "docstring with quotes behind": 'def f() -> None:\n    """Say "hi" """\n',
    "docstring with quotes ahead": 'def f() -> None:\n    """"Hi" they said."""\n',
    "docstring with a backslash": 'def f() -> None:\n    """A \\\\"""\n',
    "docstring of one line on two": 'def f() -> None:\n    """Told.\n    """\n',
    "docstring of three lines": 'class A:\n    """One.\n\n    Two.\n    """\n',
    "docstring that is too far left": 'class A:\n    """One.\n\n  Two.\n    """\n',
    "docstring with blanks at ends": 'class A:\n    """One.  \n\n    Two.  \n    """\n',
    "text below a field": 'class A:\n    x: int\n    """Told.\n    """\n',
    "single quotes": "x = {'a': 'it', 'b': \"it's\", 'c': 'say \"hi\"'}\n",
    "quotes with backslashes": "x = {'d': 'a\\'b', 'e': \"a\\\"b\"}\n",
    "tuple of one": "x = (('a',),)\n",
    "brackets for nothing": "x = (1)\n",
    "dict": f"x = {{{', '.join(repr('k' * 9 + str(n)) + ': 1' for n in range(9))}}}\n",
    "dict of one": f"x = {{'{'k' * 40}': '{'v' * 40}'}}\n",
    "list of one": f"x = ['{'k' * 90}']\n",
    "comma at the end": "x = f(1, 2,)\n",
    "comma at the end of one": "x = f(1,)\n",
    "field": f"class A:\n    {'x' * 20}: Annotated[str | None, Field(alias='{'y' * 40}')] = None\n",
    "long field": f"class A:\n    x: Annotated[{'T' * 70}, Field(alias='{'y' * 40}')] = None\n",
    "field of a literal": f"class A:\n    x: Literal['{'a' * 50}', '{'b' * 50}'] | None = None\n",
    "alias": f"X: TypeAlias = Literal['{'a' * 50}', '{'b' * 50}']\n",
    "union": f"X: TypeAlias = Annotated[{'A' * 50} | {'B' * 50}, Variants('kind')]\n",
    "several targets": f"a, b = f('{'x' * 40}', '{'y' * 40}')\n",
    "several values": f"x = f('{'x' * 40}'), g('{'y' * 40}')\n",
    "operators in strings": f"x = {{'{'k' * 40}': '{'it is or is not ' * 4}', 'b': 1}}\n",
    "union with a string": f"x: {'A' * 60} | 'B | C' | {'D' * 30}\n",
    "union of many": f"x: {' | '.join(c * 20 for c in 'ABCDEF')} = None\n",
    "union that ends in brackets": f"x: {'A' * 50} | list[{'B' * 40}]\n",
    "constant with a long type": f"_A: Operation[{'T' * 70}] = Operation(\n    id='a',\n)\n",
    "constant of two types": f"_A: Operation[{'T' * 50}, {'U' * 50}] = Operation(\n    a=1,\n)\n",
    "constant that is just too long": f"_A: Operation[{'T' * 62}] = Operation(\n    id='a',\n)\n",
    "class with long bases": f"class {'A' * 70}(TypedDict, total=False):\n    x: int\n",
    "long required key": f"class A:\n    x: Required[{'T' * 80}]\n",
    "operators": f"x = {'a' * 40} + f({'b' * 30}) | g({'c' * 40})\n",
    "condition": f"x = f({'a' * 40}) if {'b' * 30} else g({'c' * 40})\n",
    "call of a call": f"x = f({'a' * 40})({'b' * 50})\n",
    "letters of two columns": f"x = f('{'日本' * 15}', '{'語' * 15}')\n",
    "decorator": f"@d('{'x' * 90}')\ndef f() -> None:\n    pass\n",
    "comment behind": "if not X:  # told\n    y: int\n",
    "comment of its own": "x = 1\n# Told.\ny = f(1,2)\n",
    "backslash": "x = 1 + \\\n    2\n",
    "three single quotes": "x = '''a'''\n",
    "prefix": "x = R'a' + B'b'\n",
    "numbers": "x = 0XFF + 1E5\n",
    "return of nothing in brackets": "def f() -> None:\n    return (None)\n",
    "no argument and a long result": f"def f() -> {'R' * 90}: ...\n",
    "one argument and a long result": f"def f(self) -> {'R' * 80}: ...\n",
}


def formatted(text: str, template: str = "a.py.j2") -> str:
    formatter = Formatter(Cache(), Workers(), has_own_templates=False)
    formatter.prepare({"a.py": text})
    return formatter.format("a.py", template)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_laid_out_as_by_black(shape: str) -> None:
    assert formatted(SHAPES[shape]) == by_black(SHAPES[shape])


name = st.from_regex(r"[a-z]{1,30}", fullmatch=True).filter(lambda one: not iskeyword(one))
type_name = st.from_regex(r"[A-Z][a-z]{1,30}", fullmatch=True)
annotation = st.recursive(
    st.one_of(type_name, st.sampled_from(["str", "int | None", "Literal['a', 'b']"])),
    lambda inner: st.one_of(
        inner.map(lambda one: f"list[{one}]"),
        st.tuples(inner, inner).map(lambda two: f"dict[{two[0]}, {two[1]}]"),
        st.tuples(inner, inner).map(" | ".join),
    ),
    max_leaves=4,
)
words = st.lists(name, min_size=1, max_size=30).map(" ".join)


@st.composite
def method(draw: st.DrawFn) -> str:
    """A method as the template of resources writes it."""
    arguments = [
        f"{draw(name)}{number}: {draw(annotation)}{draw(st.sampled_from(['', ' = omit']))}"
        for number in range(draw(st.integers(0, 4)))
    ]
    listed = ",\n".join(["self", "*", *arguments, "**options: Unpack[RequestOptions]"])
    given = ", ".join(f"'{draw(name)}': {draw(name)}" for _ in range(draw(st.integers(0, 4))))
    start = draw(st.sampled_from(["", "async "]))
    wait = "await " if start else ""
    return (
        f"    {start}def {draw(name)}({listed}) -> {draw(annotation)}:\n"
        f'        """{draw(words)[:60]}."""\n'
        f"        return {wait}self._session.call(_{draw(name).upper()}, \n"
        f"path={{{given}}}, options=options)\n"
    )


@st.composite
def constant(draw: st.DrawFn) -> str:
    """A constant as the template of resources writes it."""
    lines = "".join(f"    {draw(name)}={draw(words)!r},\n" for _ in range(draw(st.integers(1, 4))))
    nested = f"    responses={{'200': Json(lambda: types.{draw(type_name)})}},\n"
    return f"_{draw(name).upper()}: Operation[{draw(annotation)}] = Operation(\n{lines}{nested})\n"


@st.composite
def field(draw: st.DrawFn) -> str:
    """A field as our template of models writes it."""
    told = f'    """{draw(words)[:70]}."""\n' if draw(st.booleans()) else ""
    plain, ending = draw(annotation), draw(st.sampled_from(["", " = None"]))
    if draw(st.booleans()):
        plain = f"Annotated[{plain}, Field(alias={draw(name)!r})]"
    return f"    {draw(name)}: {plain}{ending}\n{told}"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(constant(), max_size=2), st.lists(field(), max_size=3), st.lists(method(), max_size=3)
)
def test_whatever_the_description_names_it_is_laid_out_as_by_black(
    constants: list[str], fields: list[str], methods: list[str]
) -> None:
    text = (
        '# Generated.\n"""Told."""\n\n\n'
        f"{''.join(constants)}\n"
        'class Some(Thing):\n    """Told."""\n\n'
        f"{''.join(fields)}\n\n\n"
        f"{chr(10).join(methods)}\n"
        "class Other:\n    x: int\n"
    )
    assert laid(text) == by_black(text)


def test_what_is_no_python_is_told_with_its_template() -> None:
    with pytest.raises(FormatError, match=r"the template t\.j2 made a\.py"):
        formatted("x = f(1\n", "t.j2")
    with pytest.raises(FormatError, match=r"the template t\.j2 made a\.py"):
        formatted("def f(:\n    pass\n", "t.j2")


def test_what_looks_right_and_is_no_python_is_told_too() -> None:
    with pytest.raises(FormatError):
        formatted("return return\n", "t.j2")


@pytest.mark.parametrize("text", ["x = 1 + \\\n    2\n", "x = '''a'''\n", "  x = 1\n", "x = f(1\n"])
def test_a_file_that_is_odd_is_left_to_black(text: str) -> None:
    with pytest.raises(UnclearError):
        laid(text)
