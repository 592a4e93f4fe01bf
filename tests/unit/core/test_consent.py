"""What people consented to: the strictest record wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.consent import (
    ANY,
    CHANNELS,
    EMAIL,
    MARKETING,
    MESSAGE,
    PHONE,
    PROFILING,
    PURPOSES,
    TALENT_POOL,
    Consent,
    Kept,
    Standing,
    Stated,
    consent_to_keep,
    next_change,
    verdict,
    verdicts,
)
from sync.core.consent_said import said_by_candidate, said_by_contact
from tests.unit.core.make import CONTACT, NOW, SANNE, moment

DAY = timedelta(days=1)
YES = Stated("toestemming_bellen", TALENT_POOL, PHONE, True, "formulier v3", moment("2026-10-20 12:00"))
NO = Stated("toestemming_app", TALENT_POOL, PHONE, False)
KEEP = Stated("consent_expires_at", TALENT_POOL, ANY, True, until=NOW + DAY)
STRICT = [Standing.REFUSED, Standing.ENDED, Standing.GIVEN]


def said(*rows: Stated) -> list[Consent]:
    return [Consent("hubspot", "501", row, NOW - DAY) for row in rows]


@pytest.mark.parametrize(
    ("rows", "standing", "until"),
    [
        ((), Standing.NONE, None),
        ((YES,), Standing.GIVEN, None),
        ((YES, NO), Standing.REFUSED, None),
        ((replace(YES, until=NOW),), Standing.ENDED, NOW),  # ends at the moment itself
        ((replace(YES, until=NOW + DAY),), Standing.GIVEN, NOW + DAY),
        ((YES, replace(YES, field="other", until=NOW - DAY)), Standing.ENDED, NOW - DAY),
        ((replace(NO, until=NOW),), Standing.NONE, None),  # a refusal that is over
        ((replace(YES, at=NOW + DAY),), Standing.NONE, None),  # not given yet
        # a consent to be kept opens no channel, but its end shuts the channel's
        ((KEEP,), Standing.NONE, None),
        ((YES, KEEP), Standing.GIVEN, NOW + DAY),
        ((YES, replace(KEEP, until=NOW)), Standing.ENDED, NOW),
        # another channel or purpose opens nothing here
        ((replace(YES, channel=EMAIL),), Standing.NONE, None),
        ((replace(YES, purpose=MARKETING),), Standing.NONE, None),
        # a refusal of everything does
        ((YES, replace(NO, purpose=ANY, channel=ANY)), Standing.REFUSED, None),
    ],
)
def test_the_strictest_record_says_whether_the_talent_pool_may_be_called(
    rows: tuple[Stated, ...], standing: Standing, until: object
) -> None:
    found = verdict(said(*rows), TALENT_POOL, PHONE, NOW)

    assert (found.standing, found.until) == (standing, until)


def test_a_verdict_names_the_records_that_decide_it() -> None:
    rows = said(YES, KEEP, NO)

    assert verdict(rows, TALENT_POOL, PHONE, NOW).rows == (rows[2],)
    assert verdict(rows[:2], TALENT_POOL, PHONE, NOW).rows == (rows[1], rows[0])
    assert [(one.purpose, one.channel) for one in verdicts(rows, NOW)] == [(TALENT_POOL, PHONE), (TALENT_POOL, ANY)]


MOMENTS = st.sampled_from([None, NOW - DAY, NOW, NOW + DAY, NOW + 2 * DAY])
ROWS = st.lists(
    st.builds(
        Consent,
        st.sampled_from(["hubspot", "ats"]),
        st.sampled_from(["1", "2"]),
        st.builds(
            Stated,
            st.sampled_from(["one", "two"]),
            st.sampled_from([*PURPOSES, ANY]),
            st.sampled_from([*CHANNELS, ANY]),
            st.booleans(),
            st.sampled_from(["", "v3"]),
            MOMENTS,
            MOMENTS,
        ),
        st.just(NOW - DAY),
    ),
    max_size=6,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_of_records_changes_a_verdict(rows: list[Consent], random: object) -> None:
    mixed = [*rows, *rows[:2]]
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert verdicts(mixed, NOW) == verdicts(rows, NOW)
    assert consent_to_keep(mixed) == consent_to_keep(rows)
    assert next_change(mixed, NOW) == next_change(rows, NOW)


@given(ROWS, ROWS, st.sampled_from(PURPOSES), st.sampled_from(CHANNELS))
def test_one_record_more_never_loosens_a_verdict(
    rows: list[Consent], more: list[Consent], purpose: str, channel: str
) -> None:
    before, after = verdict(rows, purpose, channel, NOW), verdict([*rows, *more], purpose, channel, NOW)

    if before.standing is not Standing.NONE:
        assert STRICT.index(after.standing) <= STRICT.index(before.standing)
    if before.standing is after.standing is Standing.GIVEN and before.until is not None:
        assert after.until is not None and after.until <= before.until


@given(ROWS, st.sampled_from(PURPOSES), st.sampled_from(CHANNELS))
def test_a_channel_is_open_only_where_a_record_names_it(rows: list[Consent], purpose: str, channel: str) -> None:
    found = verdict(rows, purpose, channel, NOW)

    named = [row for row in rows if row.said.given and (row.said.purpose, row.said.channel) == (purpose, channel)]
    assert found.standing is not Standing.GIVEN or named


@given(ROWS, st.sampled_from(PURPOSES), st.sampled_from(CHANNELS))
def test_until_the_next_change_nothing_changes(rows: list[Consent], purpose: str, channel: str) -> None:
    change = next_change(rows, NOW)

    just_before = change - timedelta(seconds=1) if change else NOW + 100 * DAY
    assert verdict(rows, purpose, channel, just_before) == verdict(rows, purpose, channel, NOW)


def test_the_consent_to_be_kept_ends_with_the_first_record_and_falls_with_a_refusal() -> None:
    later = replace(KEEP, field="other", until=NOW + 9 * DAY, at=NOW)

    assert consent_to_keep(said(YES)) is None
    assert consent_to_keep(said(KEEP, later)) == Kept(NOW + DAY, NOW)
    assert consent_to_keep(said(KEEP, later, replace(NO, channel=ANY))) is None


def test_a_contact_says_what_its_opt_outs_and_objections_are() -> None:
    contact = replace(
        CONTACT, opted_out=True, do_not_call=True, no_profiling=True, channel_preference="email", consents=(YES,)
    )

    assert said_by_contact(contact) == (
        YES,
        Stated("hs_email_optout", TALENT_POOL, EMAIL, False),
        Stated("hs_email_optout", MARKETING, EMAIL, False),
        Stated("warmline_do_not_call", ANY, PHONE, False),
        Stated("warmline_no_profiling", PROFILING, ANY, False),
        Stated("warmline_channel_preference", ANY, PHONE, False),
        Stated("warmline_channel_preference", ANY, MESSAGE, False),
    )
    assert said_by_contact(CONTACT) == ()


@pytest.mark.parametrize("preference", ["any", "phone;all", "duif", ""])
def test_a_preference_for_anything_refuses_nothing(preference: str) -> None:
    assert said_by_contact(replace(CONTACT, channel_preference=preference)) == ()


def test_a_candidate_says_whether_they_may_be_mailed_and_until_when_kept() -> None:
    asked = replace(SANNE, can_email=False, consent_expires_at=NOW + DAY)

    assert said_by_candidate(asked) == (
        Stated("can_email", TALENT_POOL, EMAIL, False),
        Stated("can_email", MARKETING, EMAIL, False),
        KEEP,
    )
    assert said_by_candidate(replace(asked, anonymised_at=NOW)) == ()
    assert said_by_candidate(SANNE) == ()
