"""The settings of a client, which callers read and change."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from ..checks import checked_max_decompressed, checked_max_retries, checked_timeout
from ..options import DEFAULT_TIMEOUT, Omit, Timeout
from ..servers import checked_base_url

__all__ = ["Configured"]

_COLLECTS_KEYWORDS = 0x08  # inspect.CO_VARKEYWORDS, without loading that module


class Configured:
    """The settings of a client that can be read and changed. A change counts for later calls."""

    _session: Any

    if sys.version_info < (3, 13):  # later versions name the nearest keyword themselves

        def __init_subclass__(cls, **keywords: Any) -> None:
            super().__init_subclass__(**keywords)
            if "__init__" in vars(cls):
                cls.__init__ = _checked(cls.__init__)  # type: ignore[method-assign]

    @property
    def base_url(self) -> str:
        """The server."""
        url: str = self._session.settings.base_url
        return url

    @base_url.setter
    def base_url(self, value: str) -> None:
        self._session.settings.base_url = checked_base_url(value)
        self._session.settings.server = self._session.settings.server.changed({"base_url": value})

    @property
    def timeout(self) -> Timeout:
        """Seconds for each phase of a request."""
        timeout: Timeout | Omit = self._session.settings.timeout
        return DEFAULT_TIMEOUT if isinstance(timeout, Omit) else timeout

    @timeout.setter
    def timeout(self, value: float | Timeout | None) -> None:
        self._session.settings.timeout = checked_timeout(value)

    @property
    def max_retries(self) -> int:
        """How often a failed request is sent again."""
        retries: int = self._session.settings.max_retries
        return retries

    @max_retries.setter
    def max_retries(self, value: int) -> None:
        self._session.settings.max_retries = checked_max_retries(value)

    @property
    def max_decompressed(self) -> int:
        """The maximum size of a decompressed body, in bytes: 1 GiB, unless it is changed."""
        limit: int = self._session.transport.max_decompressed
        return limit

    @max_decompressed.setter
    def max_decompressed(self, value: int) -> None:
        self._session.transport.max_decompressed = checked_max_decompressed(value)

    def _argument(self, name: str) -> Any:
        """The value of an argument that only this API has; ``None`` without one."""
        return self._session.settings.client_arguments.get(name)


def _checked(init: Callable[..., None]) -> Callable[..., None]:
    """A constructor that refuses a keyword that it does not have, with the nearest one."""
    code = init.__code__
    if code.co_flags & _COLLECTS_KEYWORDS:
        return init
    known = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]

    @wraps(init)
    def checked(self: object, *arguments: Any, **keywords: Any) -> None:
        if not keywords.keys() <= set(known):
            from ..keywords import refuse_unknown  # only wrong calls need it

            refuse_unknown(keywords, known, f"{init.__qualname__}()")
        init(self, *arguments, **keywords)

    return checked
