"""``specloom adopt``: streams that the description does not say, or says in another way."""

from __future__ import annotations

from pathlib import Path

import yaml

from support.adopting import adopt, differences, options
from support.generated import forget, generate_sdk
from support.loopback import Loopback

_CLIENT = """\
class Radio(SyncAPIClient):
    def __init__(self, *, api_key=None):
        pass

    @cached_property
    def songs(self) -> Songs:
        return Songs(self)
"""
_SONGS = """\
from .types.chunk import Chunk
from .types.song import Song


class Songs(SyncAPIResource):
    def play(self, *, name, stream=NOT_GIVEN):
        return self._post(
            "/play",
            body=maybe_transform({"name": name, "stream": stream}, object),
            cast_to=Song,
            stream=stream or False,
            stream_cls=Stream[Chunk],
        )

    def hum(self, *, stream=NOT_GIVEN):
        return self._post(
            "/hum",
            body=maybe_transform({"stream": stream}, object),
            cast_to=Song,
            stream=stream or False,
            stream_cls=Stream[Song],
        )

    def follow(self):
        return self._get("/follow", cast_to=object, stream=True, stream_cls=Stream[Chunk])

    def record(self, *, name):
        return self._post(
            "/record",
            body=maybe_transform({"name": name}, object),
            cast_to=Song,
            stream=True,
            stream_cls=Stream[Tape],
        )
"""
_CHUNK = """\
class Chunk(BaseModel):
    text: str
    at_second: int = FieldInfo(alias="atSecond")
"""
_SONG = """\
class Song(BaseModel):
    name: str
"""
_SPEC = """\
openapi: 3.1.0
info: {title: Radio, version: "1"}
paths:
  /play:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [name], properties: {name: {type: string}, stream: {type: boolean}}}
      responses: {"200": {description: A song., content: {application/json: {schema: {$ref: "#/components/schemas/Song"}}}}}
  /hum:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {stream: {type: boolean}}}}}}
      responses: {"200": {description: A song., content: {application/json: {schema: {$ref: "#/components/schemas/Song"}}}}}
  /follow:
    get:
      responses: {"200": {description: Songs., content: {text/plain: {schema: true}, application/json: {schema: {}}, text/event-stream: {}}}}
  /record:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}
      responses: {"200": {description: A song., content: {application/json: {schema: {$ref: "#/components/schemas/Song"}}}}}
components:
  schemas:
    Song: {type: object, properties: {name: {type: string}}}
    PlayEvent: {type: object, properties: {text: {type: string}, atSecond: {type: integer}}}
"""


def test_streams_of_the_old_sdk_are_streams(tmp_path: Path, server: Loopback) -> None:
    """The schema of events has exactly the properties of the old class; else events are JSON."""
    package, spec, new = tmp_path / "old/radio", tmp_path / "radio.yaml", tmp_path / "new"
    package.mkdir(parents=True)
    spec.write_text(_SPEC)
    (package / "_client.py").write_text("from .songs import Songs\n" + _CLIENT)
    (package / "songs.py").write_text(_SONGS)
    (package / "types").mkdir()
    (package / "types/chunk.py").write_text(_CHUNK)
    (package / "types/song.py").write_text(_SONG)
    result = adopt(new, old=tmp_path / "old", spec=spec)
    found = [one for one in differences(new) if one.startswith("stream")]
    assert found == ["stream client.songs.record"], result.output
    overlay = yaml.safe_load((new / "adopt.overlay.yaml").read_text())
    assert [one["target"] for one in overlay["actions"] if one.get("remove")] == [
        "$.paths['/follow'].get.responses['200'].content['text/plain']",
        "$.paths['/follow'].get.responses['200'].content['application/json']",
        "$.paths['/record'].post.responses['200'].content['application/json']",
    ]
    former = yaml.safe_load((new / "adopt.former.yaml").read_text())
    assert former["imports"]["types.chunk"] == {"Chunk": "PlayEvent"}
    assert former["imports"]["types.song"] == {"Song": "Song"}
    sdk = generate_sdk(spec, tmp_path / "sdk", options(new))
    for event in ('{"text": "la", "atSecond": 3}',) * 3 + ('{"name": "la"}',):
        server.answer(f"data: {event}\n\n".encode(), content_type="text/event-stream")
    with sdk.module.Radio(base_url=server.base_url) as client:
        assert [one.at_second for one in client.songs.play(name="x", stream=True)] == [3]
        assert [one.text for one in client.songs.follow()] == ["la"]
        assert list(client.songs.record(name="x")) == [{"text": "la", "atSecond": 3}]
        assert [one.name for one in client.songs.hum(stream=True)] == ["la"]
    forget(sdk)
