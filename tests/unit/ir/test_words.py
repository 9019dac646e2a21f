"""Names are split into words and joined again, whatever their spelling."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specloom.ir.words import pascal, singular, snake, split_words
from specloom.naming.identifiers import KEYWORDS, MODEL_ATTRIBUTES, attribute


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("thread_id", ("thread", "id")),
        ("threadId", ("thread", "Id")),
        ("thread-id", ("thread", "id")),
        ("Thread ID", ("Thread", "ID")),
        ("HTTPValidationError", ("HTTP", "Validation", "Error")),
        ("OAuth2Token", ("OAuth2", "Token")),
        ("userIDs", ("user", "IDs")),
        ("avatarURLsList", ("avatar", "URLs", "List")),
        ("listAPIs", ("list", "APIs")),
        ("getGitHubUser", ("get", "GitHub", "User")),
        ("IPv4Address", ("IPv4", "Address")),
        ("E2B key", ("E2B", "key")),
        ("GitHubber", ("Git", "Hubber")),
        ("v1beta2", ("v1beta2",)),
        ("filter[author]", ("filter", "author")),
        ("+1", ("plus", "1")),
        ("-1", ("minus", "1")),
        (">=", ("gt", "eq")),
        ("größe", ("größe",)),
        ("名前", ("名前",)),
        ("$ref", ("ref",)),
        ("  ", ()),
    ],
)
def test_splits(text: str, words: tuple[str, ...]) -> None:
    assert split_words(text) == words


def test_plus_one_and_minus_one_stay_apart() -> None:
    assert attribute(split_words("+1"), KEYWORDS) != attribute(split_words("-1"), KEYWORDS)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("HTTP", "Error"), "HTTPError"),
        (("list", "run", "steps"), "ListRunSteps"),
        (("version", "1", "5"), "Version1_5"),
        (("api", "key", "create"), "APIKeyCreate"),
        (("Api", "Key"), "ApiKey"),
        (("file", "ids"), "FileIDs"),
    ],
)
def test_joins_in_pascal_case(words: tuple[str, ...], text: str) -> None:
    assert pascal(words) == text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("tool", "calls"), ("tool", "call")),
        (("categories",), ("category",)),
        (("addresses",), ("address",)),
        (("status",), ("status", "item")),
        (("data",), ("data", "item")),
        (("order", "Statuses"), ("order", "Status")),
        (("databases",), ("database",)),
        (("warehouses",), ("warehouse",)),
        (("aliases",), ("alias",)),
        (("caches",), ("cache",)),
        (("batches",), ("batch",)),
        (("SKUs",), ("SKU",)),
        (("movies",), ("movie",)),
        (("Bookshelves",), ("Bookshelf",)),
        (("indices",), ("index",)),
        (("people",), ("person",)),
        (("sms",), ("sms", "item")),
        (("series",), ("series", "item")),
        (("schemas",), ("schema",)),
    ],
)
def test_names_one_item_of_a_list(words: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert singular(words) == expected


@given(st.text())
def test_any_text_becomes_an_identifier(text: str) -> None:
    name = attribute(split_words(text), MODEL_ATTRIBUTES)
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert not name.startswith("_")
    assert name not in MODEL_ATTRIBUTES


@given(st.lists(st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True), min_size=1, max_size=4))
def test_snake_case_survives_a_round_trip(parts: list[str]) -> None:
    words = tuple(parts)
    assert split_words(snake(words)) == words
