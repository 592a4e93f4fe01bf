"""Gates over all channels and applications: each refuses with its end, and opens at that moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sync.core import contact_policy
from sync.core.activity import Activity
from sync.core.contact_policy import allow, is_held_out
from sync.core.facts import LinkedCandidate, Load, OwnTask, PersonFacts
from sync.core.model import Contact, Decision, Job, PersonId, Refusal
from sync.core.plays import PLAYS, Play, Wish
from sync.core.plays.wish import OWED
from sync.core.policy import AudiencePolicy, ContactPolicy, Policy
from tests.unit.core.make import CONTACT, NOW, OWNERS, POLICY, SANNE, applied, moment, person

FAN = Wish("fan", "2026-11-23", ("hot",), moment("2026-11-24 13:00"))
NURSE = Job("8", "Verpleegkundige", status="open", recruiter_email="Anna@bureau.example")


def contact(**changes: object) -> Contact:
    return replace(CONTACT, **changes)  # type: ignore[arg-type]


def task(made_at: datetime) -> OwnTask:
    return OwnTask("t1", "abcdef012345", "fan", "71", False, made_at)


def decide(facts: PersonFacts, policy: Policy = POLICY) -> Decision:
    return allow(FAN, facts, policy, owners=OWNERS, load={}, now=NOW)


def act(channel: str, days_ago: float, direction: str | None = "out", outcome: str | None = None) -> Activity:
    at = NOW - timedelta(days=days_ago)
    return Activity(f"{channel}-{days_ago}", channel, at, direction=direction, outcome=outcome)


def missed(*days_ago: float) -> tuple[Activity, ...]:
    return tuple(act("call", ago, outcome="no_answer") for ago in days_ago)


SILENT = replace(POLICY, contact=replace(POLICY.contact, contacts_per_30_days=0))
CLOSED = replace(NURSE, status="closed", closed_at=NOW - timedelta(days=40))
OVER = applied(CLOSED, status="rejected", at="2026-08-01 10:00", rejected_at=moment("2026-08-20 10:00"))
GONE_CANDIDATE = (LinkedCandidate("recruitee", replace(SANNE, anonymised_at=NOW)),)
EVERYONE = replace(POLICY, audience=AudiencePolicy(everyone=True))


@pytest.mark.parametrize(
    ("facts", "policy", "refused", "ends_in_days"),
    [
        (person(candidates=GONE_CANDIDATE, erased=True), EVERYONE, Refusal.ERASED, None),
        (person(applications=(OVER,)), POLICY, Refusal.RETENTION_ENDED, None),
        (person(applications=(applied(NURSE),)), POLICY, Refusal.AWAITING_REACTION, None),
        # four contacts in a month, whoever made them: until the oldest of them is a month old
        (
            person(activities=(act("email", 4), act("call", 9), act("meeting", 15, None), act("sms", 25, None))),
            POLICY,
            Refusal.CAP_CONTACTS,
            5,
        ),
        (person(activities=(act("email", 1),)), POLICY, Refusal.GAP, 2),  # 72 hours
        (person(activities=(act("email", 1, "in"),)), POLICY, None, None),  # the person wrote
        (person(activities=(act("call", 1, outcome="connected", direction="in"),)), POLICY, None, None),
        (person(activities=missed(4, 8, 12)), POLICY, Refusal.REST_MISSED, 26),
        (person(activities=(*missed(4, 8, 12), act("email", 2, "in"))), POLICY, None, None),
        (person(activities=(act("call", 100, outcome="not_interested"),)), POLICY, Refusal.REST_NO, 80),
        # what the person sends ends no rest after a no
        (
            person(activities=(act("call", 100, outcome="not_interested"), act("email", 2, "in"))),
            POLICY,
            Refusal.REST_NO,
            80,
        ),
        # a call that ended with "do not contact me"
        (person(activities=(act("call", 100, outcome="do_not_contact"),)), POLICY, Refusal.DO_NOT_CALL, None),
        # nobody is contacted at all
        (
            person(),
            replace(POLICY, contact=replace(POLICY.contact, contacts_per_30_days=0)),
            Refusal.CAP_CONTACTS,
            None,
        ),
        (person(), replace(POLICY, plays=replace(POLICY.plays, holdout=1.0)), Refusal.HOLDOUT, None),
    ],
)
def test_gates_over_all_channels_and_applications_tell_their_end(
    facts: PersonFacts, policy: Policy, refused: Refusal | None, ends_in_days: int | None
) -> None:
    decision = decide(facts, policy)

    until = None if ends_in_days is None else NOW + timedelta(days=ends_in_days)
    assert (decision.refused, decision.until) == (refused, until)


MAIL = replace(FAN, type="EMAIL")
TWO_MAILS = person(activities=(act("email", 4), act("email", 6)))


@pytest.mark.parametrize(
    ("wish", "facts", "refused"),
    [
        (MAIL, TWO_MAILS, Refusal.CAP_MAILS),  # two mails in a week
        (FAN, TWO_MAILS, None),  # a call is no mail
        (MAIL, person(contact=contact(channel_preference="phone")), Refusal.CHANNEL),
        (MAIL, person(contact=contact(channel_preference="email")), None),
        (
            MAIL,
            person(candidates=(LinkedCandidate("recruitee", replace(SANNE, can_email=False)),)),
            Refusal.CHANNEL,
        ),
        # who wants no mail may be called
        (FAN, person(candidates=(LinkedCandidate("recruitee", replace(SANNE, can_email=False)),)), None),
    ],
)
def test_a_mail_has_a_cap_and_a_consent_of_its_own(wish: Wish, facts: PersonFacts, refused: Refusal | None) -> None:
    assert allow(wish, facts, POLICY, owners=OWNERS, load={}, now=NOW).refused is refused


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wish]:
    """A play that owes the person an answer."""
    play = Play(lambda _: None, lambda _: True, is_held=False, profiles=False, ignores=OWED, ground="application")
    monkeypatch.setattr(contact_policy, "PLAYS", {**PLAYS, "answer": play})
    yield replace(FAN, play="answer", due_at=moment("2026-11-24 20:00"))


@pytest.mark.parametrize(
    ("facts", "policy", "type"),
    [
        (person(), POLICY, "CALL"),
        (person(contact=contact(opted_out=True)), POLICY, "CALL"),
        (person(contact=contact(no_profiling=True)), POLICY, "CALL"),
        # who may not be called is mailed
        (person(contact=contact(do_not_call=True)), POLICY, "EMAIL"),
        (person(contact=contact(channel_preference="email")), POLICY, "EMAIL"),
        (person(), replace(POLICY, contact=ContactPolicy()), "EMAIL"),
        # caps, gap and rest hold no answer
        (person(activities=(act("email", 1), *missed(4, 8, 12))), POLICY, "CALL"),
        (person(applications=(applied(NURSE),)), POLICY, "CALL"),
    ],
)
def test_an_answer_that_is_owed_passes_objections_and_caps(
    answer: Wish, facts: PersonFacts, policy: Policy, type: str
) -> None:
    decision = allow(answer, facts, policy, owners=OWNERS, load={"71": Load(99, 99)}, now=NOW)

    assert (decision.refused, decision.type, decision.ground) == (None, type, "application")
    assert decision.due_at == answer.due_at  # promised for that moment: not moved into hours


def test_an_erasure_bars_an_answer_too(answer: Wish) -> None:
    gone = person(candidates=GONE_CANDIDATE, erased=True)

    assert allow(answer, gone, EVERYONE, owners=OWNERS, load={}, now=NOW).refused is Refusal.ERASED


def test_a_due_moment_outside_hours_moves_to_the_next_opening() -> None:
    evening = replace(FAN, due_at=moment("2026-11-27 20:00"))

    assert allow(evening, person(), POLICY, owners=OWNERS, load={}, now=NOW).due_at == moment("2026-11-30 09:00")


def test_the_holdout_is_the_same_people_every_time_and_about_the_share_that_was_asked() -> None:
    tenth = replace(POLICY, plays=replace(POLICY.plays, holdout=0.1))
    crowd = [
        person(candidates=(LinkedCandidate("recruitee", replace(SANNE, remote_id=str(number))),))
        for number in range(2000)
    ]

    first = [is_held_out(one, tenth) for one in crowd]

    assert 150 < sum(first) < 250
    assert first == [is_held_out(replace(one, person_id=PersonId(9)), tenth) for one in crowd]
    half = [is_held_out(one, replace(tenth, plays=replace(tenth.plays, holdout=0.5))) for one in crowd]
    assert all(wider for narrow, wider in zip(first, half, strict=True) if narrow)


def test_plays_that_do_not_rest_on_behaviour_have_no_holdout(answer: Wish) -> None:
    everybody = replace(POLICY, plays=replace(POLICY.plays, holdout=1.0))

    assert allow(answer, person(), everybody, owners=OWNERS, load={}, now=NOW).refused is None


ACTIVITIES = st.lists(
    st.builds(
        act,
        st.sampled_from(["call", "email", "meeting", "whatsapp", "task"]),
        st.floats(0, 200, allow_nan=False),
        st.sampled_from(["in", "out", None]),
        st.sampled_from([None, "no_answer", "voicemail", "connected", "completed", "not_interested"]),
    ),
    max_size=12,
)
TASKS = st.lists(st.floats(0.01, 60), max_size=5)
TIMED = {Refusal.REST, Refusal.CAP_CONTACTS, Refusal.GAP, Refusal.REST_MISSED, Refusal.REST_NO, Refusal.REJECTED_LATELY}


@given(ACTIVITIES, TASKS, st.floats(0, 60), st.sampled_from(["CALL", "EMAIL"]))
def test_when_a_refusal_ends_the_same_gate_is_open_and_just_before_it_is_shut(
    activities: list[Activity], made_days_ago: list[float], rejected_days_ago: float, type: str
) -> None:
    rejected = applied(NURSE, status="rejected", at=None, rejected_at=NOW - timedelta(days=rejected_days_ago))
    tasks = tuple(task(NOW - timedelta(days=ago)) for ago in made_days_ago)
    facts = person(activities=tuple(activities), tasks=tasks, applications=(rejected,))
    wish = replace(FAN, type=type)
    first = allow(wish, facts, POLICY, owners=OWNERS, load={}, now=NOW)
    assume(first.until is not None)
    assert first.until is not None

    after = allow(wish, facts, POLICY, owners=OWNERS, load={}, now=first.until)
    before = allow(wish, facts, POLICY, owners=OWNERS, load={}, now=first.until - timedelta(microseconds=1))

    assert first.refused in TIMED | {Refusal.CAP_MAILS}
    assert after.refused is not first.refused
    assert (before.refused, before.until) == (first.refused, first.until)
