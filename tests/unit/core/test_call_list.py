"""Whom to call first: the order of the list, and its words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.core.activity import Activity
from sync.core.call_list import Call, Lister, Urgency, todays
from sync.core.call_words import barred, listed, moment_words, why
from sync.core.engagement import Scorer
from sync.core.facts import OwnTask, PersonFacts, StoredScore
from sync.core.keys import MARKER_HEX, task_key
from sync.core.model import Band, Job, PersonId, Refusal, Score
from sync.core.plays import Wish
from sync.core.plays.wish import No
from sync.core.wording_say import Say
from tests.unit.core.make import ANNA, CONTACT, NOW, OWNERS, POLICY, TODAY, ZONE, applied, moment, person, touched

LISTER = Lister(POLICY, NOW, OWNERS, Scorer(POLICY.score))
NURSE = Job("8", "Verpleegkundige", status="open")
COLD = StoredScore(0, 0.0, Band.COLD, TODAY)
THREE_DAYS = touched("site_visit", "2026-11-19", "2026-11-21", "2026-11-23")


def someone(**changes: object) -> PersonFacts:
    return person(**({"score": COLD} | changes))


def mail(days_ago: int) -> Activity:
    return Activity("m1", "email", moment(f"2026-11-{24 - days_ago} 08:30"), direction="in")


def agreed(at: str, **more: object) -> PersonFacts:
    return someone(contact=replace(CONTACT, call_back_at=moment(at)), **more)


@pytest.mark.parametrize(
    ("facts", "urgency"),
    [
        (agreed("2026-11-24 14:30"), Urgency.CALL_BACK),
        (agreed("2026-11-23 14:30"), Urgency.CALL_BACK),
        (agreed("2026-11-26 14:30"), Urgency.LATER),
        (someone(activities=(mail(1),)), Urgency.UNANSWERED),
        (someone(touches=THREE_DAYS), Urgency.FAN),
        (someone(touches=THREE_DAYS, applications=(applied(NURSE),)), Urgency.REST),
        (someone(touches=touched("site_visit", "2026-11-19")), Urgency.REST),
        (agreed("2026-11-24 14:30", touches=THREE_DAYS, activities=(mail(1),)), Urgency.CALL_BACK),
    ],
    ids=["today", "missed", "later", "unanswered", "fan", "waits for a reaction", "rest", "the strongest counts"],
)
def test_each_person_has_the_urgency_of_the_strongest_thing_asked_for(facts: PersonFacts, urgency: Urgency) -> None:
    call = LISTER.call(facts)

    assert call is not None and call.urgency is urgency


def entry(number: int, urgency: Urgency, raw: float, *, at: str = "2026-11-24 12:00", bar: No | None = None) -> Call:
    wish = Wish("call_back", "", (), moment(at))
    facts = replace(person(), person_id=PersonId(number))
    return Call(facts, Score(50, raw, Band.WARM, ()), urgency, wish, ANNA, bar)


def test_the_urgent_go_first_then_the_warm_then_the_lowest_id_and_the_barred_last() -> None:
    calls = [
        entry(1, Urgency.REST, 9.0, bar=No(Refusal.GAP)),
        entry(2, Urgency.CALL_BACK, 0.0, bar=No(Refusal.DO_NOT_CALL)),
        entry(3, Urgency.LATER, 9.0, at="2026-11-25 09:00"),
        entry(4, Urgency.REST, 2.0),
        entry(5, Urgency.FAN, 3.0),
        entry(6, Urgency.FAN, 4.0),
        entry(7, Urgency.FAN, 4.0),
        entry(8, Urgency.PROMISE, 0.0),
        entry(9, Urgency.CALL_BACK, 9.0, at="2026-11-24 16:00"),
        entry(10, Urgency.CALL_BACK, 0.0, at="2026-11-24 09:30"),
    ]

    there_and_back = [sorted(some, key=lambda call: call.order) for some in (calls, calls[::-1])]

    ids = [[int(call.facts.person_id) for call in some] for some in there_and_back]
    assert ids == [[10, 9, 8, 6, 7, 5, 4, 3, 2, 1]] * 2


def test_a_day_holds_no_more_than_fits_and_nobody_of_another_day_or_who_may_not_be_called() -> None:
    calls = [
        entry(1, Urgency.REST, 1.0),
        entry(2, Urgency.FAN, 1.0),
        entry(3, Urgency.REST, 5.0),
        entry(4, Urgency.LATER, 9.0),
        entry(5, Urgency.FAN, 9.0, bar=No(Refusal.GAP)),
        replace(entry(6, Urgency.FAN, 9.0), owner=None),
    ]

    found = todays(calls, 2)

    assert {owner: [int(call.facts.person_id) for call in own] for owner, own in found.items()} == {"71": [2, 3]}


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        (agreed("2026-11-24 14:30"), None),
        (
            someone(contact=replace(CONTACT, call_back_at=moment("2026-11-24 14:30"), do_not_call=True)),
            Refusal.DO_NOT_CALL,
        ),
        (someone(contact=replace(CONTACT, call_back_at=moment("2026-11-24 14:30"), channel_preference="email")), None),
        (someone(activities=(mail(1),), contact=replace(CONTACT, channel_preference="email")), Refusal.CHANNEL),
        (someone(activities=(Activity("c", "call", moment("2026-11-23 10:00"), direction="out"),)), Refusal.GAP),
    ],
    ids=["appointment", "objection", "they chose the phone", "writes rather", "was called yesterday"],
)
def test_who_may_not_be_called_for_what_they_are_on_the_list_for_says_why(
    facts: PersonFacts, refused: Refusal | None
) -> None:
    call = LISTER.call(facts)

    assert call is not None and (call.bar.refusal if call.bar else None) is refused


def test_a_person_nobody_sees_is_on_the_list_for_an_appointment_only() -> None:
    unseen = replace(CONTACT, seen=False)
    unknown = StoredScore(None, 0.0, Band.UNSCORED, TODAY)

    plain = LISTER.call(person(contact=unseen, score=unknown))
    wanted = LISTER.call(person(contact=replace(unseen, call_back_at=moment("2026-11-24 14:30")), score=unknown))

    assert plain is None
    assert wanted is not None and (wanted.score.value, wanted.urgency) == (None, Urgency.CALL_BACK)


def test_a_call_whose_task_was_ticked_is_no_longer_urgent() -> None:
    facts = someone(touches=THREE_DAYS)
    wish = LISTER.call(facts)
    assert wish is not None and wish.wish is not None
    marker = task_key(facts, POLICY.portal_id, "fan", wish.wish.occasion)[:MARKER_HEX]
    ticked = OwnTask("9", marker, "fan", "71", open=False, made_at=NOW, closed_at=NOW)

    call = LISTER.call(replace(facts, tasks=(ticked,)))

    assert call is not None and (call.urgency, call.wish) == (Urgency.REST, None)


SAID = {
    "nl": [
        ("14:30 terugbelafspraak",),
        ("ma 23 nov 14:30 terugbelafspraak gemist",),
        ("do 10:00 terugbelafspraak",),
        ("mail 22 en 23 nov, gemiste oproep 23 nov: nog geen antwoord",),
    ],
    "en": [
        ("14:30 agreed call",),
        ("Mon 23 Nov 14:30 agreed call missed",),
        ("Thu 10:00 agreed call",),
        ("mail 22 and 23 Nov, missed call 23 Nov: no answer yet",),
    ],
}


@pytest.mark.parametrize("language", SAID)
def test_the_reason_comes_first_with_its_moment(language: str) -> None:
    say = Say(language, TODAY, ZONE)
    came = (
        replace(mail(2), remote_id="m2"),
        mail(1),
        Activity("c1", "call", moment("2026-11-23 15:00"), direction="in", outcome="no_answer"),
    )
    people = [
        agreed("2026-11-24 14:30"),
        agreed("2026-11-23 14:30"),
        agreed("2026-11-26 10:00"),
        someone(activities=came),
    ]

    told = [tuple(why(call, say)[:1]) for one in people if (call := LISTER.call(one))]

    assert told == SAID[language]


def test_a_line_says_when_or_how_warm_who_and_why() -> None:
    say = Say("nl", TODAY, ZONE)
    fan, barred_one = (
        LISTER.call(someone(touches=THREE_DAYS)),
        LISTER.call(someone(contact=replace(CONTACT, do_not_call=True), touches=THREE_DAYS)),
    )
    assert fan and barred_one

    assert [listed(1, fan, say), listed(12, barred_one, say)] == [
        " 1 warm 37      Sanne van de Haterd            gezien op de website 19, 21, 23 nov; niet gesolliciteerd",
        "12 warm 37      Sanne van de Haterd            (wil niet gebeld worden)",
    ]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-24 14:30", "14:30"),
        ("2026-11-25 12:00", "wo 12:00"),
        ("2026-11-30 12:00", "ma 12:00"),
        ("2026-12-01 12:00", "di 1 dec 12:00"),
        ("2026-11-23 12:00", "ma 23 nov 12:00"),
        ("2027-01-04 12:00", "ma 4 jan 2027 12:00"),
    ],
)
def test_a_moment_is_told_as_short_as_nobody_can_mistake_it(at: str, words: str) -> None:
    assert moment_words(moment(at), Say("nl", TODAY, ZONE)) == words


def test_causes_are_counted_in_a_few_words() -> None:
    refusals = [Refusal.NO_GROUND, *[Refusal.GAP] * 2, Refusal.REST_NO, Refusal.OPTED_OUT, Refusal.CHANNEL]

    assert (barred(refusals, "nl"), barred(refusals, "en")) == (
        "3 rust, 1 eerst mailen, 1 bezwaar, 1 wil liever niet per telefoon",
        "3 rest, 1 mail first, 1 objection, 1 prefers another channel than the phone",
    )
