"""Records ``tests/fixtures``: ``make record``, or ``make record BASE_URL=…`` for a live server."""
