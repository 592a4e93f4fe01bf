"""A folder of CSV and JSONL files as a source."""

from __future__ import annotations

from connectors.filedrop.source import FileDrop

__all__ = ["FileDrop"]
