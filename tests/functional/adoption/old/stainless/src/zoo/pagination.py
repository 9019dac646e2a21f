from typing import Generic, List, Optional, TypeVar

from ._base_client import BasePage, BaseSyncPage, PageInfo
from ._models import FieldInfo

T = TypeVar("T")


class SyncTokenPage(BaseSyncPage[T], BasePage[T], Generic[T]):
    rows: List[T]
    next_token: Optional[str] = FieldInfo(alias="nextToken", default=None)

    def _get_page_items(self) -> List[T]:
        rows = self.rows
        return rows or []

    def next_page_info(self) -> Optional[PageInfo]:
        next_token = self.next_token
        if not next_token:
            return None
        return PageInfo(params={"start": next_token})
