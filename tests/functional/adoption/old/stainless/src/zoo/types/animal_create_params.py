from typing_extensions import Annotated, Required, TypedDict

from .._utils import PropertyInfo


class AnimalCreateParams(TypedDict, total=False):
    kind_of: Required[Annotated[str, PropertyInfo(alias="species")]]

    name: str
