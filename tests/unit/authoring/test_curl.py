"""curl commands in their common forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from specloom.authoring.curl import read_curl
from specloom.authoring.exchange import Exchange, FilePart
from specloom.errors import Location, SpecError

PLACE = Location("--curl", 1, 1)

FROM_CHROME = r"""curl 'https://shop.example.com/api/widgets/42/paint?dry_run=true&tag=a&tag=b' \
  -H 'accept: application/json, text/plain, */*' \
  -H 'accept-language: en-US,en;q=0.9' \
  -H 'authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl' \
  -H 'content-type: application/json' \
  -b 'session=s3cr3t-session; theme=dark' \
  -H 'origin: https://shop.example.com' \
  -H 'sec-ch-ua: "Chromium";v="124", "Not-A.Brand";v="99"' \
  -H 'x-shop-version: 7' \
  --data-raw $'{"color":"don\'t know","note":"a\\nb","caf\u00e9":1}' \
  --compressed --insecure"""

FROM_FIREFOX_WINDOWS = (
    'curl "https://shop.example.com/widgets" --compressed -X POST '
    '-H "Content-Type: application/json" --data-raw "{\\"a\\": 1}"'
)
FROM_CHROME_WINDOWS = (
    'curl ^"https://shop.example.com/widgets?a=1^&b=2^" ^\n'
    '  -H ^"content-type: application/json^" ^\n  --data-raw ^"^{^\\^"a^\\^": 1^}^"'
)


def read(text: str) -> Exchange:
    return read_curl(text, PLACE)


def body(text: str) -> object:
    sent = read(text).request
    return sent.value if sent is not None else None


def test_as_a_browser_copies_it() -> None:
    found = read(FROM_CHROME)
    assert (found.method, found.path) == ("POST", "/api/widgets/42/paint")
    assert found.origin == "https://shop.example.com"
    assert found.query == (("dry_run", "true"), ("tag", "a"), ("tag", "b"))
    assert dict(found.headers)["x-shop-version"] == "7"
    assert found.request is not None
    assert found.request.media_type == "application/json"
    assert found.request.value == {"color": "don't know", "note": "a\nb", "café": 1}
    assert {"s3cr3t-session", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"} <= found.secrets


@pytest.mark.parametrize("text", [FROM_FIREFOX_WINDOWS, FROM_CHROME_WINDOWS])
def test_as_browsers_on_windows_copy_it(text: str) -> None:
    found = read(text)
    assert (found.method, found.path, body(text)) == ("POST", "/widgets", {"a": 1})


@pytest.mark.parametrize(
    ("text", "method", "value"),
    [
        ("curl https://a.b/x", "GET", None),
        ("curl -XDELETE https://a.b/x", "DELETE", None),
        ("curl -I https://a.b/x", "HEAD", None),
        ("$ curl -sSL https://a.b/x -d a=1 -d b=2", "POST", {"a": "1", "b": "2"}),
        ("curl https://a.b/x --data-urlencode 'a=1 & 2'", "POST", {"a": "1 & 2"}),
        ("curl https://a.b/x -d '{\"a\": 1}'", "POST", {"a": 1}),
        ("curl --json '[1]' --url https://a.b/x", "POST", [1]),
        ("curl -X PATCH https://a.b/x --json '{}' | jq .", "PATCH", {}),
        ("curl -T photo.png https://a.b/x", "PUT", None),
        ("/usr/bin/curl https://a.b/x -F a=1 -F 'b={\"c\":1};type=application/json'", "POST", None),
        ("curl https://a.b/x -H 'Content-Type: text/plain' -d '-5'", "POST", "-5"),
    ],
)
def test_method_and_body(text: str, method: str, value: object) -> None:
    found = read(text)
    assert found.method == method
    if "-F" not in text:
        assert body(text) == value


def test_data_goes_to_the_query_with_get() -> None:
    found = read("curl -G https://a.b/x -d limit=2 --data-urlencode 'q=a b' --url-query z=1")
    assert (found.method, found.request) == ("GET", None)
    assert sorted(found.query) == [("limit", "2"), ("q", "a b"), ("z", "1")]


def test_forms_with_files() -> None:
    sent = read("curl https://a.b/x -F purpose=assistants -F file=@notes.txt -F t[]=1").request
    assert sent is not None
    assert sent.media_type == "multipart/form-data"
    assert isinstance(sent.value, dict)
    assert isinstance(sent.value.pop("file"), FilePart)
    assert sent.value == {"purpose": "assistants", "t[]": ["1"]}


def test_a_multipart_form_as_browsers_copy_it() -> None:
    text = (
        "curl https://a.b/x -H 'content-type: multipart/form-data; boundary=----B7' --data-raw "
        '$\'------B7\\r\\nContent-Disposition: form-data; name="purpose"\\r\\n\\r\\nnotes\\r\\n'
        '------B7\\r\\nContent-Disposition: form-data; name="file"; filename="a.txt"\\r\\n'
        "Content-Type: text/plain\\r\\n\\r\\n\\r\\n------B7--\\r\\n'"
    )
    value = body(text)
    assert isinstance(value, dict)
    assert isinstance(value.pop("file"), FilePart)
    assert value == {"purpose": "notes"}


def test_a_body_in_a_here_document() -> None:
    text = (
        "# Create a note\n\ncurl https://a.b/x -d @- <<'EOF' -H 'X-A: 1'\n" '{"a": "it\'s"}\nEOF\n'
    )
    assert body(text) == {"a": "it's"}
    assert read(text).headers == (("X-A", "1"),)


def test_as_powershell_has_it() -> None:
    found = read("curl.exe -X POST https://a.b/x `\n  -d '{\"a\": 1}'")
    assert (found.method, found.request and found.request.value) == ("POST", {"a": 1})


def test_a_file_of_bytes_need_not_be_there() -> None:
    sent = read("curl https://a.b/x -H 'Content-Type: image/jpeg' --data-binary @none.jpg").request
    assert sent is not None
    assert (sent.media_type, sent.value) == ("image/jpeg", None)


def test_a_server_on_this_machine_has_no_tls() -> None:
    assert read("curl localhost:9200/a/_search # all > 1").origin == "http://localhost:9200"
    assert read("curl api.a.b/x 2>/dev/null").origin == "https://api.a.b"


def test_a_body_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": 1}')
    assert body(f"curl https://a.b/x --json @{tmp_path}/a.json") == {"a": 1}


def test_passwords_are_known_as_secrets() -> None:
    found = read(
        "curl -u 'ann:correct-horse' https://a.b/x?api_key=k-123456 --oauth2-bearer tok123"
    )
    assert {"correct-horse", "ann:correct-horse", "k-123456", "tok123"} <= found.secrets


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "does not begin with 'curl'"),
        ("wget https://a.b", "does not begin with 'curl'"),
        ("curl -X POST", "has no URL"),
        ("curl 'https://a.b", "quotes do not match"),
        ("curl --nonsense https://a.b", "--nonsense"),
        ("curl https://a.b -d @none.json", "the file with the body, 'none.json', cannot be read"),
        ("curl https://a.b -H 'Content-Type: application/json' -d '{'", "the Content-Type is JSON"),
    ],
)
def test_what_is_no_curl_command_is_refused(text: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        read(text)
    (problem,) = caught.value.problems
    assert problem.code == "bad-curl"
    assert message in problem.message
