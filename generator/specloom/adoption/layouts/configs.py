"""Reads the configurations of hosted generators: Stainless, Speakeasy and Fern.

They contain less than an SDK: names and the client, but no arguments of methods. specloom does not
guess the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from specloom.adoption.layouts.stainless_config import methods_in, models_in, pages_in
from specloom.adoption.layouts.yaml_config import Config, config_of
from specloom.adoption.sources import CONFIGURATIONS, Sources
from specloom.adoption.surface import (
    OldArgument,
    OldClient,
    OldCredential,
    OldSdk,
    Sent,
    Unread,
)
from specloom.ir.words import pascal, snake, split_words

_NO_METHODS = (
    "it does not name methods: their names are from the {hints} hints of the description, else from"
    " tags and operationIds"
)
_OVERRIDES = (
    "give its content to --overlay, as an action with target: $ and the content below update:"
)
_PYTHON_SDK = re.compile(r"(?:fernapi/)?fern-python-sdk")


def find(sources: Sources) -> str | None:
    """The file with a configuration, None if there is none. An SDK takes precedence over it."""
    files = [one for one in sources.files if one.endswith((".yml", ".yaml"))]
    named = [one for one in files if one.rpartition("/")[2] in CONFIGURATIONS]
    for file in named or files[:1]:
        config = config_of(file, sources.files[file])
        if any(key in config.root for key in ("resources", "generation", "groups")) or (
            file in named and "api" in config.root
        ):
            return file
    return None


def read(sources: Sources, root: str) -> OldSdk:
    """The content of the configuration."""
    config = config_of(root, sources.files[root])
    if "resources" in config.root:
        sdk = _stainless(config)
    else:
        sdk = _speakeasy(config) if "generation" in config.root else _fern(config)
    return replace(sdk, unread=(*sdk.unread, *config.unread()))


def _stainless(config: Config) -> OldSdk:
    organization = config.text("organization", "name")
    words = split_words(organization)
    casing = config.text("custom_casings", organization, "pascal")
    methods, unread = methods_in(config)
    package = config.text("targets", "python", "package_name")
    client = replace(
        _stainless_client(config), name=casing or pascal(words), place=config.place("organization")
    )
    if not casing:
        reason = f"it does not name the client's class: {client.name} is from the organization"
        unread.append(Unread(client.place, reason))
    return OldSdk(
        layout="a configuration of Stainless",
        package=package.replace("-", "_") or snake(words),
        version="",
        client=client,
        methods=tuple(methods),
        pages=pages_in(config),
        schemas=models_in(config),
        unread=tuple(unread),
    )


def _stainless_client(config: Config) -> OldClient:
    """``client_settings``, ``environments`` and ``security_schemes``."""
    options = config.mapping("client_settings", "opts")
    variables: dict[str, tuple[str, ...]] = {}
    sent: dict[str, Sent] = {}
    roles: dict[str, dict[str, str]] = {}
    for name in options:
        at = ("client_settings", "opts", name)
        given = config.texts(*at)
        config.at(*at, "nullable")
        argument = snake(split_words(name))
        if "read_env" in given:
            variables[argument] = (given["read_env"],)
        for key, location in (("send_in_header", "header"), ("send_in_query", "query")):
            if key in given:
                sent[argument] = Sent(location, given[key])
        scheme = config.text(*at, "auth", "security_scheme")
        if scheme:
            role = config.text(*at, "auth", "role") or "value"
            roles.setdefault(scheme, {})[role] = argument
    prefix = config.text("client_settings", "default_env_prefix")
    if prefix:
        variables["base_url"] = (f"{prefix}_BASE_URL",)
    return OldClient(
        name="",
        place=config.place("client_settings"),
        arguments=tuple(OldArgument(snake(split_words(one)), "keyword", False) for one in options),
        variables=variables,
        headers=config.texts("client_settings", "default_headers"),
        servers=config.texts("environments"),
        credentials=tuple(_credentials(roles, config)),
        sent=sent,
        idempotency_header=config.text("client_settings", "idempotency_header"),
        max_retries=config.text("client_settings", "default_retries", "max_retries"),
    )


def _credentials(roles: Mapping[str, Mapping[str, str]], config: Config) -> Iterator[OldCredential]:
    """The arguments for each security scheme, by the scheme's key."""
    for key, given in roles.items():
        scheme = config.texts("security_schemes", key)
        kind = scheme.get("scheme", scheme.get("type", ""))
        order = ("username", "password") if "username" in given else tuple(given)
        arguments = tuple(given[role] for role in order if role in given)
        yield OldCredential(kind, scheme.get("name", ""), kind.title(), arguments, key)


def _speakeasy(config: Config) -> OldSdk:
    """``gen.yaml``: the names of package and class. Hints, tags and operationIds name methods."""
    name = config.text("generation", "sdkClassName")
    package = config.text("python", "moduleName") or config.text("python", "packageName")
    prefix = config.text("python", "envVarPrefix")
    server = config.text("generation", "baseServerUrl")
    place = config.place("python" if "python" in config.root else "generation")
    unread = [Unread(place, _NO_METHODS.format(hints="x-speakeasy"))]
    if "python" not in config.root:
        unread.append(Unread(place, "it configures no Python SDK"))
    if prefix:
        text = f"variables begin with {prefix}; their names follow the security schemes"
        unread.append(Unread(config.place("python", "envVarPrefix"), text))
    client = OldClient(pascal(split_words(name)), place, servers={"": server} if server else {})
    return OldSdk(
        layout="a configuration of Speakeasy",
        package=package.replace("-", "_"),
        version=config.text("python", "version"),
        client=client if name else None,
        methods=(),
        unread=tuple(unread),
        names_by_tags=True,
    )


def _fern(config: Config) -> OldSdk:
    """``generators.yml``: the Python SDK's package and class, and the schemes of the API."""
    groups = config.mapping("groups")
    for group in groups:
        for index, one in enumerate(config.items("groups", group, "generators")):
            if isinstance(one, dict) and _PYTHON_SDK.fullmatch(str(one.get("name", ""))):
                return _fern_sdk(config, ("groups", group, "generators", str(index)))
    place = config.place("groups")
    return OldSdk(
        layout="a configuration of Fern",
        package="",
        version="",
        client=None,
        methods=(),
        unread=(Unread(place, "no group uses the generator fern-python-sdk"),),
    )


def _fern_sdk(config: Config, at: tuple[str, ...]) -> OldSdk:
    names = (
        config.text(*at, "config", "client", "exported_class_name"),
        config.text(*at, "config", "client", "class_name"),
        config.text(*at, "config", "client_class_name"),
    )
    name = next(filter(None, names), "")
    packages = (
        config.text(*at, "config", "package_name"),
        config.text(*at, "output", "package-name"),
    )
    place = config.place(*at)
    variables, credentials = _fern_credentials(config)
    servers = config.texts("api", "environments")
    config.text(*at, "name")
    unread = [Unread(place, _NO_METHODS.format(hints="x-fern")), *_overrides(config)]
    if not name:
        unread.insert(1, Unread(place, "it does not name the client's class"))
    client = OldClient(name, place, variables=variables, credentials=credentials, servers=servers)
    return OldSdk(
        layout="a configuration of Fern",
        package=next(filter(None, packages), "").replace("-", "_"),
        version="",
        client=client if name else None,
        methods=(),
        unread=tuple(unread),
        names_by_tags=True,
        has_tags_in_ids=True,
    )


def _overrides(config: Config) -> Iterator[Unread]:
    """The files that change the description: the user gives them as overlays."""
    for index, _ in enumerate(config.items("api", "specs")):
        at = ("api", "specs", str(index), "overrides")
        file = config.text(*at)
        if file:
            yield Unread(config.place(*at), f"{file}: {_OVERRIDES}")


def _fern_credentials(
    config: Config,
) -> tuple[dict[str, tuple[str, ...]], tuple[OldCredential, ...]]:
    variables: dict[str, tuple[str, ...]] = {}
    found: list[OldCredential] = []
    for key in config.mapping("api", "auth-schemes"):
        at = ("api", "auth-schemes", key)
        header = config.text(*at, "header")
        inner = at if header else (*at, "token")
        argument = snake(
            split_words(config.text(*inner, "name") or ("api_key" if header else "token"))
        )
        if config.text(*inner, "env"):
            variables[argument] = (config.text(*inner, "env"),)
        if header:
            found.append(OldCredential("apiKey", header, "", (argument,)))
        elif config.text(*at, "scheme") == "bearer":
            found.append(OldCredential("bearer", "Authorization", "Bearer", (argument,)))
    return variables, tuple(found)
