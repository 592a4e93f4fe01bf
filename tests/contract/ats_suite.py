"""What every ATS connector promises, as tests. A subclass gives a harness; what its vendor cannot do is skipped.

Pattern: vdirsyncer's StorageTests.
"""

from __future__ import annotations

import socket
from typing import Any

import pytest

from connectors.protocols import Window
from sync.core.model import Application
from sync.errors import (
    AuthError,
    BadAnswer,
    MissingScope,
    NetworkFault,
    RateLimited,
    RetriableError,
    ServerFault,
    WarmlineError,
)
from tests.contract.ats_harness import (
    NOUNS,
    SECRET,
    Abilities,
    Harness,
    applications,
    everything,
    heard,
    ids_of,
)
from tests.contract.ats_reads import ShiftingRows, WholeReads, Windows


class Interruptions(Abilities):
    """Kills, and tokens that change."""

    @pytest.mark.parametrize("noun", NOUNS)
    def test_a_killed_read_goes_on_behind_any_page(self, ats: Harness, noun: str) -> None:
        pages = everything(ats, noun)

        for place, page in enumerate(pages[:-1]):
            rest = list(ats.connect().fetch_pages(noun, Window(None, ats.now), page.token))
            seen = {*ids_of(pages[: place + 1]), *ids_of(rest)}
            assert seen == ats.ids(noun)
            assert (rest[0].snapshot_begin, rest[-1].snapshot_end) == (False, True)
            assert len(ids_of(rest)) < len(ids_of(pages)) or len(ids_of(pages)) == 0

    def test_a_half_read_stream_does_not_shorten_the_next_one(self, ats: Harness) -> None:
        source = ats.connect()
        next(iter(source.fetch_pages("candidates", Window(None, ats.now), None)))

        found = ids_of(list(source.fetch_pages("applications", Window(None, ats.now), None)))

        assert set(found) == ats.ids("applications")

    def test_applications_read_behind_candidates_are_as_if_read_alone(self, ats: Harness) -> None:
        source, window = ats.connect(), Window(None, ats.now)
        list(source.fetch_pages("candidates", window, None))

        assert list(source.fetch_pages("applications", window, None)) == everything(ats, "applications")

    def test_a_rotated_token_is_read_again_in_the_middle(self, networked: Harness) -> None:
        networked.between_pages(networked.rotate_token)

        assert set(ids_of(everything(networked, "candidates"))) == networked.ids("candidates")

    def test_a_refused_token_stops_the_run(self, networked: Harness) -> None:
        networked.revoke_token()

        with pytest.raises(AuthError):
            everything(networked, "candidates")


class Faults(Abilities):
    """Each error has its class, and says nothing of people."""

    @pytest.mark.parametrize(
        ("kind", "how", "error"),
        [
            ("status", {"status": 429, "headers": {"Retry-After": "1"}}, RateLimited),
            ("status", {"status": 429}, RateLimited),  # no hint at all
            ("status", {"status": 500}, ServerFault),
            ("status", {"status": 503}, ServerFault),
            ("drop_before", {}, NetworkFault),
            ("hang", {"hang_s": 0.01}, NetworkFault),
            ("garbage", {}, BadAnswer),
            ("garbage", {"body": "[]"}, BadAnswer),  # JSON of another shape
            ("status", {"status": 403}, MissingScope),
            ("status", {"status": 401}, AuthError),
        ],
    )
    @pytest.mark.parametrize("noun", ["candidates", "applications", "jobs"])
    def test_a_fault_that_stays_has_its_class(
        self, networked: Harness, noun: str, kind: str, how: dict[str, Any], error: type[WarmlineError]
    ) -> None:
        networked.fail(kind, times=100, **how)

        with pytest.raises(error):
            everything(networked, noun)

    @pytest.mark.parametrize(
        ("kind", "how"),
        [
            ("status", {"status": 429, "headers": {"Retry-After": "1"}}),
            ("status", {"status": 500}),
            ("drop_before", {}),
            ("garbage", {}),
        ],
    )
    def test_a_fault_that_passes_is_survived(self, networked: Harness, kind: str, how: dict[str, Any]) -> None:
        networked.fail(kind, times=2, skip=1, **how)

        assert set(ids_of(everything(networked, "candidates"))) == networked.ids("candidates")

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500])
    def test_an_error_quotes_nothing_of_the_answer(self, networked: Harness, status: int) -> None:
        networked.fail("status", times=100, status=status, body={"error": [SECRET], "message": SECRET})

        with pytest.raises(WarmlineError) as caught:
            everything(networked, "candidates")

        chain = f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"
        assert SECRET not in chain
        assert "?" not in str(caught.value)

    def test_the_token_goes_to_no_other_host(self, networked: Harness, elsewhere: socket.socket) -> None:
        url = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/candidates"
        networked.fail("status", times=100, status=302, headers={"Location": url})

        with pytest.raises(RetriableError):
            everything(networked, "candidates")

        assert b"/candidates" not in heard(elsewhere)


class Contents(Abilities):
    """What may be kept, and what the vendor tells."""

    def test_only_allowed_fields_leave_the_connector(self, ats: Harness) -> None:
        ats.plant(SECRET)

        assert SECRET not in repr([everything(ats, noun) for noun in NOUNS])

    def test_a_rejection_shows_its_reason_and_moment(self, ats: Harness) -> None:
        rejected = self._rejected(ats)

        assert rejected.status == "rejected"
        if ats.capabilities.reject_reason:
            assert rejected.reject_reason == "Te ver weg"
        if ats.capabilities.reject_time:
            assert rejected.rejected_at == ats.now

    def test_a_rejection_alone_says_nothing_about_being_told(self, ats: Harness) -> None:
        assert self._rejected(ats).told_at is None

    def test_stage_moments_are_given_only_by_vendors_that_have_them(self, ats: Harness) -> None:
        if ats.capabilities.stage_history != "observed":
            pytest.skip("has them")

        assert {one.stage_entered_at for one in applications(ats)} == {None}

    def test_prospects_are_told_apart(self, ats: Harness) -> None:
        if not ats.capabilities.prospects:
            pytest.skip("knows no prospects")

        assert any(one.status == "prospect" for one in applications(ats))

    def test_users_have_addresses(self, ats: Harness) -> None:
        if not ats.capabilities.users_email:
            pytest.skip("shows no addresses")
        users = [ats.mappers["users"](record) for page in everything(ats, "users") for record in page.records]

        assert users
        assert all(user.email and "@" in user.email for user in users)

    def _rejected(self, ats: Harness) -> Application:
        application_id = next(one.remote_id for one in applications(ats) if one.status == "active")
        ats.reject(application_id, "Te ver weg")
        return next(one for one in applications(ats) if one.remote_id == application_id)


class AtsSuite(WholeReads, Windows, ShiftingRows, Interruptions, Faults, Contents):
    """All promises. Subclasses define the fixture `ats`."""
