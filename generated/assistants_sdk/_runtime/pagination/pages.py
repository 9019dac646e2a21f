"""Pages of a list. Iterating over one walks all items and fetches further pages as needed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, NoReturn, Self

from typing_extensions import TypeVar

from ..errors import APIResponseValidationError
from ..request.call import Call
from .next_page import PageContent, next_call, position

if TYPE_CHECKING:  # the first call loads it
    from pydantic import TypeAdapter

__all__ = [
    "AsyncCursorPage",
    "AsyncLinkPage",
    "AsyncNumberPage",
    "AsyncOffsetPage",
    "AsyncPage",
    "AsyncPaginator",
    "SyncCursorPage",
    "SyncLinkPage",
    "SyncNumberPage",
    "SyncOffsetPage",
    "SyncPage",
]

ItemT = TypeVar("ItemT")
_UNPICKLED = "A page from a pickle has no client to fetch the next one: call the method again"
_NO_NEXT_PAGE = "There is no next page; has_next_page() tells"


class _Page(Generic[ItemT]):
    """One page.

    Attributes:
        data: The items of this page.
        response: The whole response as its described type.
    """

    def __init__(self, content: PageContent) -> None:
        self._content = content
        self.data: list[ItemT] = content.items
        self.response: Any = content.response

    @property
    def request_id(self) -> str | None:
        """The server's id of the request."""
        return self._content.reply.request_id

    if not TYPE_CHECKING:  # a checker would take any name

        def __getattr__(self, name: str) -> Any:
            """A field of the response, such as the number of all items."""
            if name == "response" or name.startswith("__"):
                raise AttributeError(name)
            return getattr(self.response, name)

    def __reduce__(self) -> tuple[Any, ...]:
        """A pickle holds what came, but neither the call nor the client: they hold credentials."""
        try:
            has_next = self.has_next_page()
        except APIResponseValidationError:
            has_next = False
        content = self._content
        return _restored, (type(self), content[1:4], self.request_id, has_next)

    def __copy__(self) -> Self:
        """A copy in this process keeps its client, unlike one that comes from a pickle."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        return other

    def has_next_page(self) -> bool:
        """Whether there is a page after this one.

        Raises:
            APIResponseValidationError: The server says so but not where, or it repeats a page.
        """
        came: object = self._content.reply
        if isinstance(came, _Came):
            return came.has_next
        return next_call(self._content) is not None

    def to_dict(self) -> dict[str, Any]:
        """The response of this page as JSON values by wire names."""
        from ..models.base import to_wire

        page: dict[str, Any] = to_wire(self.response)
        return page

    def to_json(self, *, indent: int | None = None) -> str:
        """``to_dict()`` as JSON text. ``indent`` is a number of spaces."""
        from ..models.base import json_text

        return json_text(self.to_dict(), indent)

    def model_dump(self, **options: Any) -> Any:
        """The response of this page as values, with the options of pydantic's ``model_dump``."""
        return _adapter(self.response).dump_python(self.response, **options)

    def model_dump_json(self, *, indent: int | None = None, **options: Any) -> str:
        """As ``model_dump``, as JSON text."""
        text = _adapter(self.response).dump_json(self.response, indent=indent, **options)
        return text.decode()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.response!r})"


def _adapter(response: object) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    kind: Any = type(response)
    return TypeAdapter(kind)


class _Came(NamedTuple):
    """The state of a page that was unpickled."""

    request_id: str | None
    has_next: bool


def _restored(
    kind: Any, content: tuple[Any, ...], request_id: str | None, has_next: bool
) -> _Page[Any]:
    came = _Came(request_id, has_next)
    page: _Page[Any] = kind(PageContent._make((None, *content, came)), _no_client)
    return page


def _next_call(content: PageContent) -> Call | None:
    came: object = content.reply
    if not isinstance(came, _Came):
        return next_call(content)
    return _no_client(came) if came.has_next else None


def _no_client(_: object) -> NoReturn:
    raise RuntimeError(_UNPICKLED)


class _Cursor(_Page[ItemT]):
    """A page that is addressed by the id of an item before or after it."""

    @property
    def has_more(self) -> bool | None:
        """Whether the server says that there are further pages; ``None`` if it says nothing."""
        value = self._content.value(self._content.scheme.has_more)
        return value if isinstance(value, bool) else None

    @property
    def first_id(self) -> str | None:
        """The cursor of the first item, if the list has one."""
        value = self._content.value(self._content.scheme.previous_cursor)
        return value if isinstance(value, str) else None

    @property
    def last_id(self) -> str | None:
        """The cursor of the last item. The next page starts after it."""
        value = self._content.value(self._content.scheme.cursor)
        return value if isinstance(value, str) else None


class SyncPage(_Page[ItemT]):
    """One page. Iterating walks the items of this page and of all pages after it."""

    def __init__(self, content: PageContent, fetch: Callable[[Call], Any]) -> None:
        super().__init__(content)
        self._fetch = fetch

    def get_next_page(self) -> Self:
        """Fetch the page after this one.

        Raises:
            RuntimeError: There is no next page.
            APIError: The call failed.
        """
        call = _next_call(self._content)
        if call is None:
            raise RuntimeError(_NO_NEXT_PAGE)
        page: Self = self._fetch(call)
        return page

    def iter_pages(self) -> Iterator[Self]:
        """This page and all pages after it.

        Raises:
            APIResponseValidationError: The server leads in a circle.
        """
        page, walk = self, _Walk()
        while True:
            yield page
            call = walk.step(page._content)
            if call is None:
                return
            page = self._fetch(call)

    def __iter__(self) -> Iterator[ItemT]:
        for page in self.iter_pages():
            yield from page.data


class AsyncPage(_Page[ItemT]):
    """As ``SyncPage``, with ``await`` and ``async for``."""

    def __init__(self, content: PageContent, fetch: Callable[[Call], Awaitable[Any]]) -> None:
        super().__init__(content)
        self._fetch = fetch

    async def get_next_page(self) -> Self:
        """Fetch the page after this one.

        Raises:
            RuntimeError: There is no next page.
            APIError: The call failed.
        """
        call = _next_call(self._content)
        if call is None:
            raise RuntimeError(_NO_NEXT_PAGE)
        page: Self = await self._fetch(call)
        return page

    async def iter_pages(self) -> AsyncIterator[Self]:
        """This page and all pages after it.

        Raises:
            APIResponseValidationError: The server leads in a circle.
        """
        page, walk = self, _Walk()
        while True:
            yield page
            call = walk.step(page._content)
            if call is None:
                return
            page = await self._fetch(call)

    async def __aiter__(self) -> AsyncIterator[ItemT]:
        async for page in self.iter_pages():
            for item in page.data:
                yield item


class _Walk:
    """Remembers the pages of a walk."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def step(self, page: PageContent) -> Call | None:
        """The call of the next page."""
        call = _next_call(page)
        if call is None:
            return None
        self._seen.add(position(page, page.call))
        if position(page, call) in self._seen:
            raise page.broken("The server repeats a page")
        return call


class SyncCursorPage(SyncPage[ItemT], _Cursor[ItemT]):
    """A page of a list that continues after a cursor."""


class AsyncCursorPage(AsyncPage[ItemT], _Cursor[ItemT]):
    """A page of a list that continues after a cursor."""


class SyncOffsetPage(SyncPage[ItemT]):
    """A page of a list that counts its items."""


class AsyncOffsetPage(AsyncPage[ItemT]):
    """A page of a list that counts its items."""


class SyncNumberPage(SyncPage[ItemT]):
    """A page of a list that counts its pages."""


class AsyncNumberPage(AsyncPage[ItemT]):
    """A page of a list that counts its pages."""


class SyncLinkPage(SyncPage[ItemT]):
    """A page of a list whose server links to the next page."""


class AsyncLinkPage(AsyncPage[ItemT]):
    """A page of a list whose server links to the next page."""


PageT = TypeVar("PageT", default=AsyncCursorPage[ItemT])


class AsyncPaginator(Generic[ItemT, PageT]):
    """A list. ``await`` returns its first page; ``async for`` walks all items."""

    def __init__(self, fetch: Callable[[], Awaitable[PageT]]) -> None:
        self._fetch = fetch

    def __await__(self) -> Generator[Any, Any, PageT]:
        return self._fetch().__await__()

    async def __aiter__(self) -> AsyncIterator[ItemT]:
        page: Any = await self._fetch()
        async for item in page:
            yield item
