"""The options of the tests: what they write, and how much they try. No test depends on time."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from support.compiled import share_runtime_code

# A busy machine is slow, and that is no fault of what is tested.
settings.register_profile("specloom", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("specloom")
share_runtime_code()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the expected files")
    parser.addoption("--exhaustive", action="store_true", help="try every hostile description")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run slow files first: otherwise one that begins last ends last."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
