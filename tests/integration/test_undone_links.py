"""A link undone leaves each in the band of never having linked: hysteresis remembers nothing of both together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync.bootstrap import open_view
from tests.integration.conftest import Stage, applied, candidate

REPLY_DAYS = 16  # a reply gives 39, warm, on its day and 34 by now: warm only for who was


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.set(AUDIENCE__INCLUDE="all")
    return stage


def somebody(stage: Stage, replied_days_ago: int) -> str:
    """A contact who replied, and an applicant of another address."""
    contact = stage.contact("Jan", "de Vries", "jan@example.com")
    stage.portal.reply(contact, stage.now - timedelta(days=replied_days_ago))
    stage.drop("candidates", candidate("c1", "Jan", "Anders", "anders@example.com"))
    stage.drop("applications", applied("a1", "c1", "j1", stage.now - timedelta(days=1)))
    return contact


def linked(stage: Stage, *, is_one: bool) -> None:
    email = "jan@example.com" if is_one else "anders@example.com"
    stage.drop("candidates", candidate("c1", "Jan", "Anders", email))
    stage.later(minutes=5)
    stage.sync(writes=False)


def band(stage: Stage, contact: str) -> tuple[str, str]:
    """The stored band of the contact's person, and since when."""
    with open_view(stage.app()) as view:
        sql = (
            "SELECT band, band_since FROM score JOIN person_link AS link USING (person_id) "
            "WHERE link.source = 'hubspot' AND link.remote_id = ?"
        )
        return view.db.rows(sql, (contact,))[0]


def test_a_band_owed_to_a_link_goes_with_it(stage: Stage) -> None:
    contact = somebody(stage, REPLY_DAYS)
    stage.sync(writes=False)
    apart = band(stage, contact)
    linked(stage, is_one=True)
    together = band(stage, contact)

    linked(stage, is_one=False)

    assert (apart[0], together[0]) == ("cool", "hot")
    assert band(stage, contact) == apart


def test_a_band_of_ones_own_is_kept_as_if_never_linked(stage: Stage) -> None:
    contact = somebody(stage, 0)
    stage.sync(writes=False)
    apart = band(stage, contact)
    stage.later(days=REPLY_DAYS)
    linked(stage, is_one=True)
    together = band(stage, contact)

    linked(stage, is_one=False)

    assert (apart[0], together[0]) == ("warm", "hot")
    assert band(stage, contact) == apart
    with open_view(stage.app()) as view:
        assert view.db.rows("SELECT * FROM undone_link") == []
