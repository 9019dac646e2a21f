"""The command `specloom`, also as `python -m specloom`."""

from __future__ import annotations

from specloom.commands import main

if __name__ == "__main__":
    main(prog_name="specloom")
