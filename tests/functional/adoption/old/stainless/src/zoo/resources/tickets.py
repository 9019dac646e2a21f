from .._resource import SyncAPIResource


class TicketsResource(SyncAPIResource):
    def buy(self, *, day: str) -> None:
        return self._post("/tickets/" + day, cast_to=NoneType)

    def refund(self, ticket_id: str) -> None:
        return self._delete(f"/v0/tickets/{ticket_id}", cast_to=NoneType)
