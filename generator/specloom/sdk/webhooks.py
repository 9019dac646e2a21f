"""The class that checks and reads webhooks."""

from __future__ import annotations

from collections.abc import Iterator

from specloom import ir
from specloom.ir.usage import Usage
from specloom.layout import literal
from specloom.naming.names import Names, resource_attribute
from specloom.sdk.annotations import Annotations
from specloom.sdk.code import import_lines, imports_of
from specloom.sdk.streams import Bases
from specloom.sdk.views import PlannedFile

CLASS = "WebhookEvents"


def has_resource(api: ir.Api) -> bool:
    """Whether the API has methods at ``client.webhooks`` itself: their class inherits ours."""
    return any(one.path and resource_attribute(one) == "webhooks" for one in api.resources)


def with_webhooks(bases: Bases, resource: ir.Resource) -> Bases:
    """The bases of a resource, with our class for the one that is called like our attribute."""
    if resource_attribute(resource) != "webhooks":
        return bases
    own = f"{CLASS}, "
    imports = bases.imports | {(".webhooks", CLASS)}
    return Bases(bases.sync + own, bases.asynchronous + own, imports)


def webhook_files(api: ir.Api, names: Names, usage: Usage) -> Iterator[PlannedFile]:
    """The module of webhooks; nothing without any."""
    webhooks = api.webhooks
    if webhooks is None:
        return
    lazy = Annotations(api, names, usage, prefix="types.")
    event = lazy.read(webhooks.event)
    named = {name: lazy.read(type_ref) for name, type_ref in webhooks.named}
    by_name = dict(webhooks.signature).get("event_header")
    context = {
        "class_name": CLASS,
        "event": event.text,
        "imports": import_lines(imports_of([event, *named.values()]) | {(".", "types")}),
        "named": {name: one.text for name, one in named.items()} if by_name else {},
        "signature": [(key, literal(value)) for key, value in webhooks.signature],
        "tolerance": literal(webhooks.tolerance),
    }
    yield PlannedFile(f"{api.settings.package}/webhooks.py", "package/webhooks.py.j2", context)
