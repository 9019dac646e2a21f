"""Dates and times as text."""

from __future__ import annotations

from datetime import date, datetime, time

__all__ = ["iso_text"]


def iso_text(value: datetime | date | time) -> str:
    """ISO 8601; UTC is written ``Z``."""
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
