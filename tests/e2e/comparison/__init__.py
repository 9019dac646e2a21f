"""What other generators make of the same descriptions, and what their clients do.

``python -m e2e.comparison CORPUS`` (``make comparison``) runs it and writes the tables of
``docs/comparison.md`` and of the README. Each tool has its environments, with exact pins, below
``.comparison``; each generates by the command of its own documentation, with its own defaults.
"""
