"""Webhooks: signatures are checked, and events are read."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from specloom.errors import SpecError
from specloom.runtime.errors import ConfigurationError
from specloom.runtime.webhooks import WebhookSignature, WebhookSignatureError, verify
from support.generated import Sdk
from support.pages import broken_links, programs_of, run, type_errors
from support.typecheck import mypy_errors

KEY = base64.b64encode(b"a secret of twenty-four b").decode()
PAID = b'{"type": "order.paid", "cents": 100}'


def standard(
    body: bytes, key: str = KEY, *, at: float | None = None, id_: str = "msg_1"
) -> dict[str, str]:
    now = str(int(at if at is not None else time.time()))
    signed = f"{id_}.{now}.".encode() + body
    digest = hmac.new(base64.b64decode(key), signed, hashlib.sha256).digest()
    value = f"v1,{base64.b64encode(digest).decode()}"
    return {"Webhook-Id": id_, "webhook-timestamp": now, "webhook-signature": value}


@pytest.fixture
def webhooks(sdk: Sdk) -> Any:
    return sdk.client("https://shop.test").webhooks


def test_an_event_is_typed(sdk: Sdk, webhooks: Any) -> None:
    event = webhooks.unwrap(PAID, standard(PAID), secret=f"whsec_{KEY}")
    assert isinstance(event, sdk.types.Paid)
    assert event.cents == 100
    assert webhooks.unwrap(PAID.decode(), standard(PAID), secret=KEY) == event
    assert callable(webhooks.list)


def test_headers_may_be_pairs(sdk: Sdk, webhooks: Any) -> None:
    pairs = list(standard(PAID).items())
    assert webhooks.unwrap(PAID, pairs, secret=KEY).cents == 100
    scope = [(name.lower().encode(), value.encode()) for name, value in pairs]
    assert webhooks.unwrap(PAID, scope, secret=KEY).cents == 100
    with pytest.raises(sdk.module.WebhookSignatureError, match="no signature fits"):
        webhooks.unwrap(PAID, [*scope[:2], (b"webhook-signature", b"v1,\xff")], secret=KEY)
    with pytest.raises(sdk.module.ConfigurationError, match="no secret, or an empty one"):
        webhooks.unwrap(PAID, pairs, secret=None)


def test_async_clients_have_the_same(sdk: Sdk) -> None:
    async def main() -> Any:
        async with sdk.async_client("https://shop.test") as client:
            return client.webhooks.unwrap(PAID, standard(PAID), secret=KEY)

    assert asyncio.run(main()).cents == 100


def test_what_is_not_described_is_kept_whole(sdk: Sdk, webhooks: Any) -> None:
    body = b'{"type": "order.lost", "why": ["rain"]}'
    event = webhooks.unwrap(body, standard(body), secret=KEY)
    assert isinstance(event, sdk.types.UnknownWebhookEvent)
    assert event.raw == json.loads(body)


@pytest.mark.parametrize(
    ("body", "headers", "message"),
    [
        (b'{"type": "order.paid", "cents": 900}', lambda: standard(PAID), "no signature fits"),
        (PAID, lambda: standard(PAID, base64.b64encode(b"another").decode()), "no signature fits"),
        (PAID, lambda: standard(PAID) | {"Webhook-Id": "msg_2"}, "no signature fits"),
        (PAID, lambda: standard(PAID, at=time.time() - 900), "time of the webhook is off"),
        (PAID, lambda: standard(PAID, at=time.time() + 900), "time of the webhook is off"),
        (PAID, lambda: standard(PAID) | {"webhook-timestamp": "nan"}, "no time in seconds"),
        (PAID, lambda: standard(PAID) | {"webhook-timestamp": "١٢٣"}, "no time in seconds"),
        (PAID, lambda: standard(PAID) | {"webhook-signature": ""}, "no signature fits"),
        (PAID, lambda: standard(PAID) | {"webhook-signature": "v1,é v1"}, "no signature fits"),
        (PAID, lambda: {}, "the header webhook-signature is missing"),
        (
            PAID,
            lambda: {k: v for k, v in standard(PAID).items() if k != "Webhook-Id"},
            "webhook-id is missing",
        ),
    ],
)
def test_what_is_wrong_is_refused(
    sdk: Sdk, webhooks: Any, body: bytes, headers: Callable[[], dict[str, str]], message: str
) -> None:
    with pytest.raises(sdk.module.WebhookSignatureError, match=message) as refused:
        webhooks.unwrap(body, headers(), secret=KEY)
    assert isinstance(refused.value, sdk.module.WebhookError)
    assert isinstance(refused.value, sdk.module.SDKError)


def test_secrets_are_rotated(webhooks: Any) -> None:
    old, new = KEY, base64.b64encode(b"a new one").decode()
    assert webhooks.unwrap(PAID, standard(PAID, new), secret=[old, new]).cents == 100
    both = standard(PAID, old)
    more = standard(PAID, new)["webhook-signature"]
    both["webhook-signature"] = f"v1a,xxxx {both['webhook-signature']} {more}"
    assert webhooks.unwrap(PAID, both, secret=new).cents == 100


@pytest.mark.parametrize("secret", ["", [], ["", KEY], "whsec_", b""])
def test_an_empty_secret_is_ignored(webhooks: Any, sdk: Sdk, secret: Any) -> None:
    headers = standard(PAID, "")
    with pytest.raises(sdk.module.ConfigurationError, match="empty"):
        webhooks.unwrap(PAID, headers, secret=secret)


def test_other_arguments_that_are_wrong(webhooks: Any, sdk: Sdk) -> None:
    with pytest.raises(sdk.module.ConfigurationError, match="not base64") as refused:
        webhooks.unwrap(PAID, standard(PAID), secret="s3cr&t")
    assert "s3cr" not in str(refused.value)
    with pytest.raises(TypeError, match="not dict"):
        webhooks.unwrap(json.loads(PAID), standard(PAID), secret=KEY)
    with pytest.raises(sdk.module.WebhookError, match="not JSON"):
        webhooks.unwrap(b"<x>", standard(b"<x>"), secret=KEY)
    late = standard(PAID, at=time.time() - 900)
    assert webhooks.unwrap(PAID, late, secret=KEY, tolerance=1000).cents == 100


def test_types(sdk: Sdk) -> None:
    snippet = """
        from shop_sdk import Shop
        from typing import assert_type

        def check(client: Shop, body: bytes, headers: dict[str, str]) -> None:
            event = client.webhooks.unwrap(body, headers, secret=["old", "new"])
            if event.type == "order.paid":
                assert_type(event.cents, int)
    """
    assert mypy_errors(sdk, snippet) == []


def test_the_guide(sdk: Sdk, tmp_path: Path) -> None:
    page = sdk.folder / "docs/guides/webhooks.md"
    programs = programs_of(page)
    for program in programs:
        run(program)
    assert type_errors(programs, sdk.folder, tmp_path) == []
    assert "[`WebhookEvent`](../types/" in page.read_text()
    assert broken_links(sorted(sdk.folder.rglob("*.md"))) == []


GITHUB = WebhookSignature(
    header="X-Hub-Signature-256",
    signed="{body}",
    encoding="hex",
    prefix="sha256=",
    separator="",
    secret_encoding="text",
)
STRIPE = WebhookSignature(
    header="Stripe-Signature",
    signed="{timestamp}.{body}",
    encoding="hex",
    prefix="v1=",
    separator=",",
    timestamp_prefix="t=",
    secret_prefix="",
    secret_encoding="text",
)
SLACK = WebhookSignature(
    header="X-Slack-Signature",
    signed="v0:{timestamp}:{body}",
    encoding="hex",
    prefix="v0=",
    separator="",
    timestamp_header="X-Slack-Request-Timestamp",
    secret_encoding="text",
)


def hexdigest(secret: str, signed: str) -> str:
    return hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()


def stripe(now: int) -> dict[str, str]:
    good = hexdigest("whsec_text", f"{now}.body")
    return {"stripe-signature": f"t={now}, v1={'0' * 64},v1={good},v0=abc"}


def slack(now: int) -> dict[str, str]:
    value = f"v0={hexdigest('s', f'v0:{now}:body')}"
    return {"x-slack-signature": value, "x-slack-request-timestamp": str(now)}


@pytest.mark.parametrize(
    ("signature", "make", "secret"),
    [(STRIPE, stripe, "whsec_text"), (SLACK, slack, "s")],
)
def test_other_schemes(
    signature: WebhookSignature, make: Callable[[int], dict[str, str]], secret: str
) -> None:
    now = int(time.time())
    verify(signature, "body", make(now), secret, 300)
    for body, at, key in (("Body", now, secret), ("body", now - 400, secret), ("body", now, "x")):
        with pytest.raises(WebhookSignatureError):
            verify(signature, body, make(at), key, 300)


def test_a_signature_of_the_body_alone() -> None:
    headers = {"X-Hub-Signature-256": f"sha256={hexdigest('key', 'Hello')}"}
    verify(GITHUB, "Hello", headers, "key", 300)
    with pytest.raises(WebhookSignatureError):
        verify(GITHUB, "Hello", {"X-Hub-Signature-256": hexdigest("key", "Hello")}, "key", 300)
    with pytest.raises(ConfigurationError):
        verify(GITHUB, "Hello", headers, "", 300)


OWN = """
    openapi: 3.1.0
    info: {title: Forge, version: "1"}
    x-sdk:
      webhooks: {header: X-Sign, prefix: "sha256=", event_header: X-Event}
    paths: {}
    webhooks:
      push:
        post: {requestBody: {content: {application/json: {schema: {title: Push, type: object, properties: {ref: {type: string}}}}}}}
      star:
        post: {requestBody: {content: {application/json: {schema: {title: Star, type: object, properties: {ref: {type: string}}}}}}}
      fork:
        post: {requestBody: {content: {application/json: {schema: {title: Fork, type: object, properties: {by: {type: string}}}}}}}
"""


def test_events_that_a_header_names(generate: Callable[[str], Sdk]) -> None:
    sdk = generate(OWN)
    webhooks = sdk.client("https://forge.test").webhooks
    body = '{"by": "ada"}'
    headers = {"x-sign": f"sha256={hexdigest('key', body)}"}
    fork = webhooks.unwrap(body, headers | {"x-event": "fork"}, secret="key")
    assert fork.by == "ada"
    unknown = webhooks.unwrap(body, headers | {"x-event": "gollum"}, secret="key")
    assert unknown == sdk.types.UnknownWebhookEvent({"by": "ada"})


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("{prefix: 'x='}", "prefix without 'header'"),
        ("{header: X, signed: 'v0:{timestamp}:{body}'}", "need each other"),
        ("{header: X, timestamp_header: Y}", "need each other"),
        ("{header: X, signed: '{id}{body}'}", "need each other"),
        ("{header: X, signed: body}", "text with {body}"),
        ("{haeder: X}", "haeder"),
    ],
)
def test_settings_that_cannot_work(generate: Callable[[str], Sdk], said: str, message: str) -> None:
    spec = OWN.replace('{header: X-Sign, prefix: "sha256=", event_header: X-Event}', said)
    with pytest.raises(SpecError) as refused:
        generate(spec)
    assert message in "\n".join(one.message for one in refused.value.problems)


def test_the_settings_of_the_page_work(generate: Callable[[str], Sdk]) -> None:
    page = (Path(__file__).parents[3] / "docs/extending.md").read_text()
    said = re.findall(r"^\| (?:GitHub|Stripe|Slack|Shopify) \| `(.*)` \|$", page, re.M)
    assert len(said) == 4
    for number, one in enumerate(said):
        title = f"Forge {'abcd'[number]}"
        sdk = generate(
            OWN.replace('{header: X-Sign, prefix: "sha256=", event_header: X-Event}', one).replace(
                "title: Forge", f"title: {title}"
            )
        )
        with pytest.raises(sdk.module.WebhookSignatureError, match="is missing"):
            sdk.client("https://forge.test").webhooks.unwrap("{}", {}, secret="key")


@pytest.mark.parametrize("name", ["webhook-signature", "webhook-id"])
def test_undecodable_headers_are_refused(sdk: Sdk, webhooks: Any, name: str) -> None:
    headers = {each.lower(): value for each, value in standard(PAID).items()}
    headers[name] += "\udcff"  # how some servers give a byte that is not UTF-8
    with pytest.raises(sdk.module.WebhookSignatureError, match="no signature fits"):
        webhooks.unwrap(PAID, headers, secret=KEY)


def test_an_invalid_tolerance_accepts_no_time() -> None:
    old = standard(PAID, at=1.0)
    with pytest.raises(WebhookSignatureError, match="off"):
        verify(WebhookSignature(), PAID, old, KEY, float("nan"))


def test_a_body_that_nests_too_deep_is_a_webhook_error(sdk: Sdk, webhooks: Any) -> None:
    body = b'{"type": "order.paid", "cents": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with pytest.raises(sdk.module.WebhookError, match="not JSON"):
        webhooks.unwrap(body, standard(body), secret=KEY)


ONE = """
    openapi: 3.1.0
    info: {title: Kiosk, version: "1"}
    paths: {}
    webhooks:
      order.paid:
        post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Paid"}}}}}
    components:
      schemas:
        Paid:
          type: object
          required: [object, type, cents]
          properties: {object: {const: event}, type: {const: order.paid}, cents: {type: integer}}
"""


def test_a_single_event_type_has_unknown_ones_too(generate: Callable[[str], Sdk]) -> None:
    sdk = generate(ONE)
    webhooks = sdk.client("https://kiosk.test").webhooks
    body = b'{"object": "event", "type": "order.lost", "why": ["rain"]}'
    event = webhooks.unwrap(body, standard(body), secret=KEY)
    assert isinstance(event, sdk.types.UnknownWebhookEvent)
    assert (event.type, event.raw) == ("UNKNOWN", json.loads(body))
    body = b'{"object": "event", "type": "order.paid", "cents": "many"}'  # known, and broken
    event = webhooks.unwrap(body, standard(body), secret=KEY)
    assert isinstance(event, sdk.types.Paid)
    assert event.cents == "many"
    snippet = """
        from kiosk_sdk import Kiosk
        from typing import assert_type

        def check(client: Kiosk, body: bytes, headers: dict[str, str]) -> None:
            event = client.webhooks.unwrap(body, headers, secret="s")
            if event.type == "order.paid":
                assert_type(event.cents, int)
    """
    assert mypy_errors(sdk, snippet) == []


def test_the_only_event_that_a_header_names(generate: Callable[[str], Sdk]) -> None:
    sdk = generate(OWN.partition("      star:")[0].replace("Forge", "Anvil"))
    webhooks = sdk.client("https://anvil.test").webhooks
    body = '{"ref": 3}'
    headers = {"x-sign": f"sha256={hexdigest('key', body)}"}
    assert webhooks.unwrap(body, headers | {"x-event": "push"}, secret="key").ref == 3
    unknown = webhooks.unwrap(body, headers | {"x-event": "gollum"}, secret="key")
    assert unknown == sdk.types.UnknownWebhookEvent({"ref": 3})
