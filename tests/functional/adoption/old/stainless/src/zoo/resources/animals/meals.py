from ..._resource import SyncAPIResource
from ...types.meal import Meal


class Meals(SyncAPIResource):
    def give(self, meal_id: str, *, animal_id: str) -> None:
        return self._put(f"/animals/{animal_id}/meals/{meal_id}", cast_to=NoneType)

    def all(self, animal_id: str) -> Meal:
        return self._get(f"/animals/{animal_id}/meals", cast_to=Meal)
