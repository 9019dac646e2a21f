"""The x-sdk reference matches the vocabulary."""

from __future__ import annotations

from pathlib import Path

from docs.xsdk_page import page

PAGE = Path(__file__).resolve().parents[2] / "docs/x-sdk.md"


def test_the_page_is_up_to_date(update_golden: bool) -> None:
    if update_golden:
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()
