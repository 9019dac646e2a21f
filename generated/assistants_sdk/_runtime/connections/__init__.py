"""The way to the network: a client of ``httpx2``, or a pool of ``httpcore2``'s connections."""
