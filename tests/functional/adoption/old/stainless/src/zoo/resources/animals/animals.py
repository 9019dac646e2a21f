from typing import overload

from ..._base_client import make_request_options
from ..._compat import cached_property
from ..._resource import AsyncAPIResource, SyncAPIResource
from ..._streaming import Stream
from ..._utils import maybe_transform, path_template, strip_not_given
from ...pagination import SyncTokenPage
from ...types import animal_create_params
from ...types.animal import Animal
from .meals import Meals


class Animals(SyncAPIResource):
    @cached_property
    def meals(self) -> Meals:
        return Meals(self._client)

    @cached_property
    def with_raw_response(self) -> "AnimalsWithRawResponse":
        return AnimalsWithRawResponse(self)

    @overload
    def adopt(self, *, kind_of: str, extra_headers=None) -> Animal: ...

    @overload
    def adopt(self, *, kind_of: str, name: str, extra_headers=None) -> Animal: ...

    def adopt(self, *, kind_of: str, name=None, trace=None, extra_headers=None) -> Animal:
        extra_headers = {**strip_not_given({"X-Trace": trace}), **(extra_headers or {})}
        return self._post(
            "/animals",
            body=maybe_transform(
                {"kind_of": kind_of, "name": name}, animal_create_params.AnimalCreateParams
            ),
            options=make_request_options(extra_headers=extra_headers),
            cast_to=Animal,
        )

    def fetch(self, animal: str, *, extra_query=None) -> Animal:
        if not animal:
            raise ValueError("animal")
        return self._get(path_template("/animals/{animal}", animal=animal), cast_to=Animal)

    def list_all(self, *, start=None, page_size=None) -> SyncTokenPage[Animal]:
        return self._get_api_list(
            "/animals",
            page=SyncTokenPage[Animal],
            options=make_request_options(
                query=maybe_transform({"start": start, "page_size": page_size}, object)
            ),
            model=Animal,
        )

    def wait_for(self, animal: str) -> Animal:
        return self.fetch(animal)


class AsyncAnimals(AsyncAPIResource):
    pass
