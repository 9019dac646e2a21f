"""Names of operations do not depend on their order in the description."""

from __future__ import annotations

import random
from itertools import product

import pytest

from specloom.ir.words import split_words
from specloom.lower.places import Facts
from specloom.lower.placing import spelled
from unit.lower.test_places import surface


def _operations(rng: random.Random) -> list[Facts]:
    words = [
        "users",
        "user",
        "list",
        "cancel",
        "n1",
        "1",
        "ä",
        "-",
        "search",
        "v1",
        "api",
        "x.y",
        "a:b",
    ]
    paths: set[str] = set()
    while len(paths) < 12:
        steps = [rng.choice([*words, "{id}", "{p}"]) for _ in range(rng.randint(0, 4))]
        paths.add("/" + "/".join(steps))
    ids = ["", "listUsers", "get_user", "cancel", "a.b", "Do It"]
    methods = ["get", "post", "put", "patch", "delete", "COPY"]
    chosen = rng.sample(sorted(product(methods, paths)), 20)
    return [
        Facts(
            method,
            path,
            rng.choice(ids),
            rng.choice(["", "Users", "x"]),
            rng.choice(["list", "other"]),
        )
        for method, path in chosen
    ]


@pytest.mark.parametrize("seed", range(60))
def test_whatever_stands_first_each_has_one_name_of_its_own(seed: int) -> None:
    rng = random.Random(seed)
    operations = _operations(rng)
    found = surface(operations)
    rng.shuffle(operations)

    assert surface(operations) == found
    names = [spelled(map(split_words, address.split("."))) for address in found.values()]
    assert len(set(names)) == len(names)
    assert all(part.isidentifier() for name in names for part in name)
