"""The API as data: its operations, and what all of them have in common."""
