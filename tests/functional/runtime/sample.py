"""A small SDK, written by hand in the form of a generated one."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal, Union

from specloom.runtime.api.content import Binary, Empty, Events, Json
from specloom.runtime.api.info import Environment, SdkInfo, SecurityScheme
from specloom.runtime.api.operation import Operation, Pagination, RequestBody
from specloom.runtime.client.base import AsyncClient, AsyncResource, SyncClient, SyncResource
from specloom.runtime.client.raw_views import to_async_raw, to_async_streamed, to_raw, to_streamed
from specloom.runtime.client.session import SyncSession
from specloom.runtime.models.base import Model, UnknownVariant, Variants
from specloom.runtime.options import Omit, omit

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from specloom.runtime.options import RequestOptions
    from specloom.runtime.pagination.pages import AsyncPaginator, SyncCursorPage
    from specloom.runtime.response.reading import BinaryContent
    from specloom.runtime.streaming.stream import AsyncStream, Stream


class Run(Model):
    """A run."""

    id: str
    status: Literal["queued", "done"] | str


class RunList(Model):
    """A page of runs."""

    data: list[Run]
    has_more: bool
    first_id: str | None = None
    last_id: str | None = None


class RunEvent(Model):
    """A run changed."""

    event: Literal["run.created", "run.done"]
    data: Run


class TextEvent(Model):
    """A piece of text."""

    event: Literal["text.delta"]
    data: dict[str, str]


class UnknownRunStreamEvent(UnknownVariant):
    """An event that the description does not know."""

    event: Literal["UNKNOWN"] = "UNKNOWN"


RunStreamEvent = Annotated[
    Union[RunEvent, TextEvent, UnknownRunStreamEvent], Variants("event")  # noqa: UP007
]


class ErrorBody(Model):
    """What is inside an error."""

    message: str
    code: str | None = None


class ErrorResponse(Model):
    """An error."""

    error: ErrorBody


INFO = SdkInfo(
    package="sample_sdk",
    version="1.2.3",
    title="Sample",
    environment=Environment(api_key=("SAMPLE_API_KEY",), base_url=("SAMPLE_BASE_URL",)),
    security_schemes={"key": SecurityScheme("bearer")},
    security=(("key",),),
    headers={"Sample-Version": "1"},
    idempotency_header="Idempotency-Key",
    errors={"4XX": Json(lambda: ErrorResponse)},
)

_CREATE: Operation[Run, RunStreamEvent] = Operation(
    id="createRun",
    method="POST",
    path="/threads/{thread_id}/runs",
    body=RequestBody("application/json", required=True),
    responses={"200": Json(lambda: Run)},
    stream=Events(lambda: RunStreamEvent, envelope=True, done="[DONE]", error_event="error"),
)
_RETRIEVE: Operation[Run] = Operation(
    id="getRun", method="GET", path="/runs/{run_id}", responses={"200": Json(lambda: Run)}
)
_LIST: Operation[Run] = Operation(
    id="listRuns",
    method="GET",
    path="/runs",
    responses={"200": Json(lambda: RunList)},
    pagination=Pagination(
        "cursor",
        items="data",
        parameter="after",
        cursor="last_id",
        has_more="has_more",
        previous_parameter="before",
        previous_cursor="first_id",
    ),
)
_DELETE: Operation[None] = Operation(
    id="deleteRun", method="DELETE", path="/runs/{run_id}", responses={"204": Empty()}
)
_DOWNLOAD: Operation[BinaryContent] = Operation(
    id="download", method="GET", path="/runs/{run_id}/log", responses={"200": Binary()}
)


class Runs(SyncResource):
    """Runs."""

    def retrieve(self, run_id: str, **options: Unpack[RequestOptions]) -> Run:
        return self._session.call(_RETRIEVE, path={"run_id": run_id}, options=options)

    def list(
        self,
        *,
        after: str | Omit = omit,
        before: str | Omit = omit,
        **options: Unpack[RequestOptions],
    ) -> SyncCursorPage[Run]:
        return self._session.page(_LIST, query={"after": after, "before": before}, options=options)

    def create(
        self, thread_id: str, *, model: str | Omit = omit, **options: Unpack[RequestOptions]
    ) -> Run:
        return self._session.call(
            _CREATE, path={"thread_id": thread_id}, body={"model": model}, options=options
        )

    def stream(self, thread_id: str, **options: Unpack[RequestOptions]) -> Stream[RunStreamEvent]:
        return self._session.stream(
            _CREATE, path={"thread_id": thread_id}, body={"stream": True}, options=options
        )

    def delete(self, run_id: str, **options: Unpack[RequestOptions]) -> None:
        return self._session.call(_DELETE, path={"run_id": run_id}, options=options)

    def download(self, run_id: str, **options: Unpack[RequestOptions]) -> BinaryContent:
        return self._session.call(_DOWNLOAD, path={"run_id": run_id}, options=options)

    @cached_property
    def with_raw_response(self) -> RunsWithRawResponse:
        return RunsWithRawResponse(Runs(self._session.raw()))

    @cached_property
    def with_streaming_response(self) -> RunsWithStreamingResponse:
        return RunsWithStreamingResponse(Runs(self._session.streamed()))


class RunsWithRawResponse:
    """``Runs`` whose methods return the response."""

    def __init__(self, runs: Runs) -> None:
        self.retrieve = to_raw(runs.retrieve)
        self.list = to_raw(runs.list)
        self.stream = to_raw(runs.stream)


class RunsWithStreamingResponse:
    """``Runs`` whose methods return the response, its body not read."""

    def __init__(self, runs: Runs) -> None:
        self.retrieve = to_streamed(runs.retrieve)
        self.download = to_streamed(runs.download)


class AsyncRuns(AsyncResource):
    """Runs."""

    async def retrieve(self, run_id: str, **options: Unpack[RequestOptions]) -> Run:
        return await self._session.call(_RETRIEVE, path={"run_id": run_id}, options=options)

    def list(self, **options: Unpack[RequestOptions]) -> AsyncPaginator[Run]:
        return self._session.page(_LIST, options=options)

    async def stream(
        self, thread_id: str, **options: Unpack[RequestOptions]
    ) -> AsyncStream[RunStreamEvent]:
        return await self._session.stream(
            _CREATE, path={"thread_id": thread_id}, body={"stream": True}, options=options
        )

    async def download(self, run_id: str, **options: Unpack[RequestOptions]) -> BinaryContent:
        return await self._session.call(_DOWNLOAD, path={"run_id": run_id}, options=options)

    @cached_property
    def with_raw_response(self) -> AsyncRunsWithRawResponse:
        return AsyncRunsWithRawResponse(AsyncRuns(self._session.raw()))

    @cached_property
    def with_streaming_response(self) -> AsyncRunsWithStreamingResponse:
        return AsyncRunsWithStreamingResponse(AsyncRuns(self._session.streamed()))


class AsyncRunsWithRawResponse:
    """``AsyncRuns`` whose methods return the response."""

    def __init__(self, runs: AsyncRuns) -> None:
        self.retrieve = to_async_raw(runs.retrieve)
        self.list = to_async_raw(runs.list)


class AsyncRunsWithStreamingResponse:
    """``AsyncRuns`` whose methods return the response, its body not read."""

    def __init__(self, runs: AsyncRuns) -> None:
        self.download = to_async_streamed(runs.download)


class Sample(SyncClient):
    """The client."""

    @cached_property
    def runs(self) -> Runs:
        return Runs(self._session)

    @property
    def session(self) -> SyncSession:
        """The session, for operations without a method in this SDK."""
        return self._session


class AsyncSample(AsyncClient):
    """The async client."""

    @cached_property
    def runs(self) -> AsyncRuns:
        return AsyncRuns(self._session)
