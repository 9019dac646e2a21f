"""Where a list continues: from one page to the call of the next. Nothing here does I/O."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..api.operation import Pagination
from ..errors import APIResponseValidationError
from ..options import omit
from ..request.call import Call
from ..response.reading import read_value
from ..response.reply import Reply
from ..sending.redirects import on_same_host, resolved_link
from ..values import is_list, is_mapping, plain, pointer_parts, wire_value

__all__ = ["PageContent", "next_call", "page_content", "position"]


class PageContent(NamedTuple):
    """One page as it came.

    Attributes:
        call: The call that it answers.
        scheme: How its list continues.
        response: The whole response as its described type.
        items: Its items.
        reply: The response of the server.
    """

    call: Call
    scheme: Pagination
    response: Any
    items: list[Any]
    reply: Reply

    def value(self, name: str | None) -> Any:
        """The part of the response that the scheme names; ``None`` if it names none."""
        return None if name is None else wire_value(self.response, name)

    def broken(self, message: str) -> APIResponseValidationError:
        """The error of a page after which the list cannot continue."""
        return APIResponseValidationError(
            f"{message} ({self.call.operation.id})",
            request=self.reply.response.whole().request,
            response=self.reply.response.whole(),
            request_id=self.reply.request_id,
            retries_taken=self.reply.retries_taken,
        )


def page_content(call: Call, reply: Reply) -> PageContent:
    """Read a page.

    Raises:
        APIResponseValidationError: The response is not JSON or, with ``strict``, not of its type.
    """
    scheme = call.operation.pagination or Pagination("cursor", "data")
    # Servers in Go write null for an empty list.
    is_null = not reply.strict and reply.response.content.strip() == b"null"
    response = None if is_null else read_value(reply)
    is_whole = is_list(response) or not scheme.items
    items = response if is_whole else wire_value(response, scheme.items)
    return PageContent(call, scheme, response, items if is_list(items) else [], reply)


def next_call(page: PageContent) -> Call | None:
    """The call of the next page; ``None`` after the last.

    Raises:
        APIResponseValidationError: The server says that there is more but not where, or it leads
            back to this page.
    """
    has_more = page.value(page.scheme.has_more)
    if has_more is False:
        return None
    match page.scheme.style:
        case "cursor":
            return _after_cursor(page, has_more is True)
        case "offset":
            return _after_count(page, len(page.items), page.scheme.first or 0)
        case "page":
            return _after_count(page, 1, 1 if page.scheme.first is None else page.scheme.first)
        case "link":
            return _after_link(page)


def _after_cursor(page: PageContent, must_have: bool) -> Call | None:
    """A page without items may be followed by others: the server filters what it found."""
    backwards = _is_backwards(page.call, page.scheme)
    scheme = page.scheme
    parameter = scheme.previous_parameter if backwards else scheme.parameter
    cursor = _cursor(page, backwards)
    if must_have and not cursor and page.items:
        cursor = wire_value(page.items[0 if backwards else -1], "id")
    if must_have and not cursor:
        raise page.broken("The server has more, but gives no cursor")
    if not cursor or parameter is None:
        return None
    if _argument(page.call, scheme, parameter) == cursor:
        if not (page.items or must_have):
            return None
        raise page.broken("The server repeats a cursor")
    return _moved(page, parameter, cursor)


def _cursor(page: PageContent, backwards: bool) -> Any:
    """The value in the response after which the next page starts."""
    scheme = page.scheme
    if scheme.cursor_header is not None and not backwards:
        return page.reply.response.whole().headers.get(scheme.cursor_header)
    if scheme.item_cursor is not None and page.items:
        return wire_value(page.items[0 if backwards else -1], scheme.item_cursor)
    return page.value(scheme.previous_cursor if backwards else scheme.cursor)


def _is_backwards(call: Call, scheme: Pagination) -> bool:
    """Whether the caller asked for the items before a cursor, and so goes backwards."""
    after = _argument(call, scheme, scheme.parameter)
    before = _argument(call, scheme, scheme.previous_parameter)
    return before is not None and after is None


def _after_count(page: PageContent, step: int, first: int) -> Call | None:
    parameter = page.scheme.parameter
    if not page.items or parameter is None:
        return None
    current = _number(_argument(page.call, page.scheme, parameter))
    start = (first if current is None else current) + step
    total = _number(page.value(page.scheme.total))
    if total is not None and start - first >= total:
        return None
    return _moved(page, parameter, start)


def _number(value: object) -> int | None:
    """A count. Servers write large integers as text (JSON mapping of Protocol Buffers)."""
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) else None


def _after_link(page: PageContent) -> Call | None:
    """The next URL must not lead the credentials to another host, nor to another scheme."""
    response = page.reply.response.whole()
    link = page.value(page.scheme.cursor)
    if page.scheme.cursor is None:
        link = response.links.get("next", {}).get("url")
    if not isinstance(link, str) or not link:
        return None
    url = resolved_link(str(response.url), link)
    if url is None:
        raise page.broken("The server's next page has no valid URL")
    url = None if page.reply.is_elsewhere else on_same_host(url, str(response.url))
    if url is None:
        raise page.broken("The server's next page is on another host")
    if url == str(response.url):
        raise page.broken("The server repeats a page")
    return page.call.at({}, url)


def position(page: PageContent, call: Call) -> str:
    """The place of a call in its list. A walk that comes to a place twice goes in a circle."""
    start = _argument(call, page.scheme, page.scheme.parameter) if page.scheme.in_body else None
    return repr((call.url, dict(call.query), start))


def _argument(call: Call, scheme: Pagination, name: str | None) -> Any:
    """The call's value of a parameter; ``None`` if it has none."""
    if name is None:
        return None
    inputs = plain(call.body) if scheme.in_body else call.query
    value = wire_value(inputs, name) if is_mapping(inputs) else None
    return None if value is omit else value


def _moved(page: PageContent, parameter: str, value: object) -> Call:
    call = page.call
    steps = list(pointer_parts(parameter)) if parameter.startswith("/") else [parameter]
    if page.scheme.in_body:
        return call.with_body(_with(plain(call.body), steps, value))
    name, *inner = steps
    moved = _with(plain(call.query.get(name)), inner, value)
    return call.at({**call.query, name: moved}, call.url)


def _with(holder: object, steps: list[str], value: object) -> object:
    """A copy of an object in which the value stands at the end of the steps."""
    if not steps:
        return value
    members = dict(holder) if is_mapping(holder) else {}
    members[steps[0]] = _with(plain(members.get(steps[0])), steps[1:], value)
    return members
