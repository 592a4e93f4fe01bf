"""A real mirror file for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.store.db import Mirror
from tests.new_mirror import primed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mirror.db"


@pytest.fixture
def db(path: Path) -> Iterator[Mirror]:
    mirror = primed(path)
    yield mirror
    mirror.close()
