"""The one adapter to datamodel-code-generator: the sources of classes → the text of types modules.

It is fed documents that `class_sources` shapes from the IR, of the classes that are not known from
the last run. What it decides is the spelling of annotations; how a class looks is in
``templates/datamodel/``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from specloom.classes.class_sources import ClassSource
from specloom.workers import Workers
from specloom.writing.cache import Cache, Entry
from specloom.writing.template_files import templates_folder

# Classes that datamodel-code-generator is given together: many, as a call has a cost of its own,
# and not all of a large description, as memory has one too.
_AT_ONCE = 200
# The names of types that are not of the description, as annotations have them.
_SPELLED = frozenset(
    "Annotated Any Literal bool bytes date datetime dict float int list str".split()
)
_REF = "#/components/schemas/"
# What our templates use beyond what datamodel-code-generator knows of.
_OURS = (("typing", "Annotated"), ("typing", "TYPE_CHECKING"), ("pydantic", "Field"))
_IMPORT = re.compile(r"^from (\S+) import (.+)$", re.MULTILINE)
_CLASS = re.compile(r"^(?=class )", re.MULTILINE)
_DOCSTRING = re.compile(r'"""(?:[^\\"]|\\.|"(?!""))*"""', re.DOTALL)
_STRING = re.compile(r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\"""")
# Behind the last class: with ``defer_build`` there is nothing to rebuild.
_REBUILD = re.compile(r"^\w+\.model_rebuild\(\)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ModelsModule:
    """A types module as datamodel-code-generator wrote it: imports (module, name), and a body."""

    imports: tuple[tuple[str, str], ...]
    body: str


class ClassWriter:
    """Writes the classes of types modules. Those that the cache knows are not written again."""

    def __init__(self, package: str, cache: Cache, workers: Workers) -> None:
        self._package = package
        self._cache = cache
        self._workers = workers

    def modules(self, sources: Mapping[str, Sequence[ClassSource]]) -> dict[str, ModelsModule]:
        """Every module of types, of the sources of its classes in the order that they have."""
        classes = self._classes([source for module in sources.values() for source in module])
        return {
            module: _module([classes[source.name] for source in sources[module]], module)
            for module in sources
        }

    def keep(self, names: Iterable[str]) -> None:
        """Have the next build know these classes too, of modules that are as they were."""
        for name in names:
            known = self._cache.known("classes", name)
            if known is not None:
                self._cache.keep("classes", name, known)

    def _classes(self, sources: Sequence[ClassSource]) -> dict[str, Entry]:
        """Every class by its name, with its imports."""
        digests = {source.name: source.digest() for source in sources}
        found = {
            name: known
            for name, made_from in digests.items()
            if (known := self._cache.known("classes", name)) and known["from"] == made_from
        }
        missing = [source for source in sources if source.name not in found]
        missing.sort(key=lambda one: one.name)
        write = partial(_written, package=self._package)
        for group in self._workers.map(write, [*_groups(missing)], is_much=len(missing) > _AT_ONCE):
            for name, imports, text in group:
                found[name] = {"from": digests[name], "imports": imports, "text": text}
        for name, entry in found.items():
            self._cache.keep("classes", name, entry)
        return found


def _module(written: Sequence[Entry], module: str) -> ModelsModule:
    imports = {(place, name) for one in written for place, name in one["imports"]}
    body = "\n\n\n".join(one["text"] for one in written)
    elsewhere = sorted(one for one in imports if one[0] != f".{module}")
    return ModelsModule(tuple(elsewhere), f"{body}\n" if body else "")


def _groups(sources: Sequence[ClassSource]) -> Iterator[Sequence[ClassSource]]:
    """The classes that are written in one call.

    What is written of a class must not depend on those beside it. A field called like a type would
    have datamodel-code-generator rename the type in all of them, so that such a class stands alone.
    """
    types = _SPELLED | {name for source in sources for _, name in source.types()}
    together = []
    for source in sources:
        if types.isdisjoint(source.fields()):
            together.append(source)
        else:
            yield [source]
    for start in range(0, len(together), _AT_ONCE):
        yield together[start : start + _AT_ONCE]


def _written(
    sources: Sequence[ClassSource], package: str
) -> list[tuple[str, list[tuple[str, str]], str]]:
    """The classes: name, imports and text of each."""
    written = []
    text = _generate(sources, f"{package}._runtime.models.base.Model")
    head, *classes = _CLASS.split(_REBUILD.sub("", text))
    paths = {source.name: source.types() for source in sources}
    ours = paths.keys() | {name for types in paths.values() for _, name in types}
    imports = [
        (_relative(match.group(1), package), name)
        for match in _IMPORT.finditer(head)
        for name in match.group(2).split(", ")
        # What a class imports of our types, it says itself: here are those of all. A class of a
        # description may be called like what would be imported, such as Optional.
        if match.group(1) != "__future__"
        and not match.group(1).startswith(f"{package}.types.")
        and _local(name) not in ours
    ]
    for one in classes:
        name = one.removeprefix("class ").partition("(")[0]
        own = [(_relative(module, package), type_name) for module, type_name in paths[name]]
        code = _DOCSTRING.sub("", one)
        # Of what others beside it import, nothing may come here for the sake of a word in a string.
        used, told = _names_in(_STRING.sub("", code)), _names_in(code)
        found = {(place, what) for place, what in (*imports, *_OURS) if _local(what) in used}
        found |= {(place, what) for place, what in own if what in told}
        written.append((name, sorted(found), one.strip()))
    return written


def _local(name: str) -> str:
    """What an imported name is called here: ``A as B`` is ``B``."""
    return name.rpartition(" ")[2]


def _generate(sources: Sequence[ClassSource], base_class: str) -> str:
    """Calls datamodel-code-generator with every option that shapes the output."""
    # Imported here: it takes 0.3 s, and is not needed where a module comes from the cache.
    from datamodel_code_generator import InputFileType, generate
    from datamodel_code_generator.enums import DataModelType
    from datamodel_code_generator.format import (
        DateClassType,
        DatetimeClassType,
        PythonVersion,
    )
    from datamodel_code_generator.parser import LiteralType

    text = generate(
        _document(sources),
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.PydanticV2BaseModel,
        base_class=base_class,
        base_class_map={one.name: one.base for one in sources if one.base != base_class},
        aliases={path: name for one in sources for path, name in one.aliases.items()},
        custom_class_name_generator=_as_given,
        custom_template_dir=templates_folder() / "datamodel",
        extra_template_data=defaultdict(dict, {one.name: one.texts for one in sources}),
        enum_field_as_literal=LiteralType.All,
        output_datetime_class=DatetimeClassType.Datetime,
        output_date_class=DateClassType.Date,
        target_python_version=PythonVersion.PY_311,
        strict_nullable=True,
        use_annotated=True,
        use_exact_imports=True,
        use_standard_collections=True,
        use_type_alias=True,
        use_union_operator=True,
        keep_model_order=True,
        disable_timestamp=True,
        formatters=[],
    )
    if not isinstance(text, str):
        raise TypeError(f"datamodel-code-generator returned {type(text).__name__}, not text")
    return text


def _document(sources: Sequence[ClassSource]) -> dict[str, Any]:
    names = {one.name for one in sources}
    return {
        "openapi": "3.1.0",
        "info": {"title": "types", "version": "1"},
        "paths": {},
        "components": {"schemas": {one.name: _linked(one.schema, names) for one in sources}},
    }


def _linked(value: Any, names: set[str]) -> Any:
    """A schema that refers to the classes beside it: what is imported must not be there too."""
    if isinstance(value, list):
        return [_linked(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    path = value.get("customTypePath")
    name = path.rpartition(".")[2] if isinstance(path, str) else None
    if name in names:
        return {"$ref": f"{_REF}{name}"}
    return {key: _linked(one, names) for key, one in value.items()}


def _as_given(name: str) -> str:
    return name


def _names_in(code: str) -> set[str]:
    return set(re.findall(r"[^\W\d]\w*", code))


def _relative(module: str, package: str) -> str:
    """The path of a module as seen from inside ``types``."""
    if module.startswith(f"{package}.types."):
        return "." + module.removeprefix(f"{package}.types.")
    if module.startswith(f"{package}."):
        return ".." + module.removeprefix(f"{package}.")
    return module
