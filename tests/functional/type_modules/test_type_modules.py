"""The modules of types, and the parts of a package that all methods share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.generated import Sdk


def module_of(sdk: Sdk, name: str) -> str:
    return str(getattr(sdk.types, name).__module__).rpartition(".")[2]


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("Report", "reports"),
        ("Badge", "shared"),  # User and Report mention it, and Shape is mentioned by it alone
        ("Shape", "shared"),
        ("Address", "shared"),
    ],
)
def test_a_type_lives_with_the_resource_that_answers_with_it(
    sdk: Sdk, name: str, module: str
) -> None:
    assert module_of(sdk, name) == module


def test_types_that_mention_each_other_across_resources_do_not_import_in_a_circle(
    sdk: Sdk,
) -> None:
    """User and Order mention each other: one of them leaves its resource's module."""
    homes = {"User": module_of(sdk, "User"), "Order": module_of(sdk, "Order")}
    assert homes in (
        {"User": "users", "Order": "shared"},
        {"User": "shared", "Order": "users_orders"},
        {"User": "shared", "Order": "shared"},
    )


def test_what_only_one_type_mentions_goes_along(sdk: Sdk) -> None:
    assert module_of(sdk, "Line") == module_of(sdk, "Order")


def test_every_module_can_be_imported_first(sdk: Sdk) -> None:
    for path in sorted((Path(sdk.folder) / sdk.package / "types").glob("[a-z]*.py")):
        code = f"import {sdk.package}.types.{path.stem}"
        subprocess.run([sys.executable, "-c", code], cwd=sdk.folder, check=True)


def test_common_errors_are_documented_once(sdk: Sdk) -> None:
    assert (sdk.module.__doc__ or "").count("    NotFoundError: There is none.") == 1
    orders = sdk.source("shop_sdk/resources/users/orders.py")
    assert "NotFoundError" not in orders
    assert orders.count("            ConflictError: It was ordered before.") == 2


def test_the_package_links_to_nothing_that_a_wheel_lacks(sdk: Sdk) -> None:
    assert "See the guide and [the site](https://shop.example.com)." in (sdk.module.__doc__ or "")


def test_what_is_public_can_be_imported_with_a_star(sdk: Sdk) -> None:
    names: dict[str, object] = {}
    exec(f"from {sdk.package} import *", names)
    assert {"Shop", "AsyncShop", "types", "APIError", "NotFoundError", "omit"} <= names.keys()
    assert sorted(names.keys() - {"__builtins__"}) == sdk.module.__all__
