"""Pages that have a class of their own: one module for all of them, and what names them."""

from __future__ import annotations

from collections.abc import Iterator

from specloom import ir
from specloom.errors import Problems
from specloom.naming.identifiers import class_name
from specloom.sdk.code import below, import_lines, imports_of, runtime
from specloom.sdk.views import PlannedFile, exporting_package

STYLES = {"cursor": "Cursor", "offset": "Offset", "page": "Number", "link": "Link"}
"""By style: the classes' names between Sync/Async and Page."""

_MODULE = "classes"


def page_classes(name: ir.Words) -> tuple[str, str]:
    """The classes of pages of a name, sync and async: ``SyncThingPage``, ``AsyncThingPage``."""
    return f"Sync{class_name(name)}", f"Async{class_name(name)}"


def page_index(api: ir.Api, root: str) -> dict[str, str]:
    """The module of each class; ``root`` leads from where it is imported to its package."""
    names = (name for words, _ in _own(api) for name in page_classes(words))
    return dict.fromkeys(names, f"{root}{_MODULE}")


def page_files(api: ir.Api) -> Iterator[PlannedFile]:
    """The module of the API's own classes of pages, and its package; nothing without any.

    The package loads it when the first page is fetched: pages load pydantic.
    """
    own = _own(api)
    if not own:
        return
    bases = {style: page_classes((STYLES[style], "Page")) for _, style in own}
    imports = imports_of(runtime(one) for both in bases.values() for one in both)
    context = {
        "classes": [
            pair
            for words, style in own
            for pair in zip(page_classes(words), bases[style], strict=True)
        ],
        "imports": import_lines(below(1, imports)),
    }
    folder = f"{api.settings.package}/pages"
    description = '"""Pages that have a class of their own."""'
    yield from exporting_package(folder, page_index(api, "."), description)
    yield PlannedFile(f"{folder}/{_MODULE}.py", "package/pages/classes.py.j2", context)


def _own(api: ir.Api) -> list[tuple[ir.Words, str]]:
    """Names with their styles, sorted."""
    found = {
        class_name(pages.name): (pages.name, pages.style)
        for operation in api.operations()
        if (pages := operation.pagination) is not None and pages.name
    }
    return [found[name] for name in sorted(found)]


def check_page_classes(api: ir.Api, problems: Problems) -> None:
    """Report a class of pages that two styles share, or that is called like one of the runtime."""
    taken = {f"{style}Page": "a class of the runtime" for style in STYLES.values()}
    taken |= {"Page": "a class of the runtime"}
    styles: dict[str, str] = {}
    for operation in api.operations():
        pages = operation.pagination
        if pages is None or not pages.name:
            continue
        name = class_name(pages.name)
        first = styles.setdefault(name, pages.style)
        other = taken.get(name) or ("" if first == pages.style else f"for pages of {first!r}")
        if other:
            message = f"the class Sync{name} is {other}"
            hint = "write another name as 'class' of the pagination scheme"
            problems.error("bad-x-sdk", message, f"{operation.pointer}/x-sdk/pagination", hint)
