"""What somebody may have meant by a name that nothing has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

MAX_COMPARISONS = 200_000
"""How many names one run compares: two seconds' worth, and enough for twenty slips in a description
of ten thousand schemas. A description that is wrong ten thousand times gets the other hints."""


@dataclass
class Suggestions:
    """Looks for similar names, for as long as it may."""

    left: int = MAX_COMPARISONS

    def closest(self, word: str, known: Collection[str], likeness: float = 0.6) -> str | None:
        """The name most like `word`, in whatever case; None where none is like it, or too much was
        asked already. `likeness` is between 0 and 1."""
        if len(known) > self.left:
            return None
        self.left -= len(known)
        exact = get_close_matches(word, known, 1, likeness)
        if exact:
            return exact[0]
        folded = {name.casefold(): name for name in known}
        return next(
            (folded[one] for one in get_close_matches(word.casefold(), folded, 1, likeness)), None
        )
