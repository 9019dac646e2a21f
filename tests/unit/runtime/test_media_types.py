"""The table of media types: classification, selection and the ``Accept`` header."""

from __future__ import annotations

import pytest

from specloom.runtime.media_types import accept_of, best_match, charset_of, is_sendable, kind_of

KINDS = {
    "json": "application/json text/json application/vnd.a.v2+json application/*+json",
    "json-lines": "application/x-ndjson application/ndjson text/x-ndjson application/jsonl"
    " application/x-jsonlines application/jsonlines application/json-lines application/stream+json"
    " application/vnd.a+x-ndjson",
    "json-seq": "application/json-seq application/geo+json-seq",
    "events": "text/event-stream",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data multipart/mixed",
    "xml": "application/xml text/xml application/atom+xml",
    "text": "text/plain text/* text/csv application/yaml application/x-yaml",
    "binary": "application/octet-stream image/png image/* image/svg+xml application/zip",
    "any": "*/* application/*",
}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in KINDS.items() for name in names.split()]
)
def test_each_media_type_is_of_one_kind(kind: str, name: str) -> None:
    assert kind_of(name) == kind_of(f"{name.upper()} ; charset=utf-8") == kind


@pytest.mark.parametrize(
    ("described", "media_type", "found"),
    [
        (["application/json", "text/csv"], "text/csv; charset=utf-8", "text/csv"),
        (["*/*", "image/*", "image/png"], "image/png", "image/png"),
        (["*/*", "image/*", "image/png"], "image/gif", "image/*"),
        (["application/json", "text/csv"], "application/problem+json", "application/json"),
        (["application/json", "application/pdf"], "application/zip", None),
    ],
)
def test_the_most_exact_one_is_meant(
    described: list[str], media_type: str, found: str | None
) -> None:
    assert best_match(described, media_type) == found


def test_what_is_asked_for() -> None:
    assert accept_of(["text/csv", "application/hal+json; charset=utf-8", "application/json"]) == (
        "application/json, application/hal+json, text/csv;q=0.9"
    )
    assert accept_of(["image/png", "no media type\r\nx: y"]) == "image/png"


def test_charsets_of_request_bodies() -> None:
    assert charset_of('text/plain; format=flowed; Charset="iso-8859-1"') == "iso-8859-1"
    assert charset_of("text/plain") is None
    assert is_sendable("text/plain; charset=utf-8")
    assert not is_sendable("text/*")
    assert not is_sendable("text/plain\r\nX: y")
