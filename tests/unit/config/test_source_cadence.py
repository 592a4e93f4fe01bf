"""How often a source is read where the settings say nothing of it."""

from __future__ import annotations

from typing import Any

import pytest

from config.sources import SourceSettings


@pytest.mark.parametrize(
    ("given", "minutes"),
    [
        ({"kind": "homerun"}, 60),  # 60 requests a minute, and everything is listed each time
        ({"kind": "homerun", "every_minutes": 15}, 15),
        ({"kind": "greenhouse"}, None),
        ({"kind": "greenhouse", "every_minutes": 5}, 5),
    ],
)
def test_a_source_is_read_as_often_as_set_else_as_its_kind_asks(given: dict[str, Any], minutes: int | None) -> None:
    assert SourceSettings(**given).reads_every == minutes
