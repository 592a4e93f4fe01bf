"""Touch days, totals, and contacts that HubSpot merged."""

from __future__ import annotations

from datetime import date

from sync.core.model import Counters, Task, TouchDay
from sync.store import baselines, links, outbox, reviews
from sync.store.db import Mirror
from sync.store.reviews import Review
from tests.integration.store import mirror
from tests.integration.store.test_outbox import update
from tests.integration.store.values import EARLIER, LATER, NOW, SANNE_CONTACT, TODAY, contact_ref, ref

VISIT = TouchDay("site_visit", date(2026, 11, 20), 2, EARLIER)
APPLIED = TouchDay("application", date(2026, 11, 20), 1, NOW, "j1")


def test_touches_of_a_day_add_up_and_one_valid_touch_clears_the_day(db: Mirror) -> None:
    one = contact_ref("101")
    with db.write():
        mirror.add_touch_days(db, [(one, TouchDay("click", VISIT.day, 1, LATER, suspect=True)), (one, VISIT)])
        mirror.add_touch_days(db, [(one, TouchDay("click", VISIT.day, 3, EARLIER))])
        mirror.add_touch_days(db, [(one, TouchDay("site_visit", VISIT.day, 1))])

    assert mirror.load_touch_days(db, [one, ref("c1")]) == {
        one: [TouchDay("click", VISIT.day, 4, LATER), TouchDay("site_visit", VISIT.day, 3, EARLIER)]
    }


def test_replacing_leaves_other_kinds_and_other_records_alone(db: Mirror) -> None:
    first, second = ref("c1"), ref("c2")
    with db.write():
        mirror.add_touch_days(db, [(first, APPLIED), (first, VISIT), (second, APPLIED)])
        mirror.replace_touch_days(db, [first], ["application"], [(first, TouchDay("application", TODAY))])

    assert mirror.load_touch_days(db, [first, second]) == {
        first: [TouchDay("application", TODAY), VISIT],
        second: [APPLIED],
    }


def test_totals_come_back_as_they_went_in(db: Mirror) -> None:
    totals = Counters(3, NOW, 2, LATER, 1, EARLIER, 4, NOW, LATER)
    with db.write():
        mirror.save_counters(db, {"101": Counters(1), "102": Counters(), "103": Counters()})
        mirror.save_counters(db, {"101": totals})

    assert mirror.load_counters(db, ["101", "102", "104"]) == {"101": totals, "102": Counters()}


def test_everything_known_of_a_merged_contact_follows_to_the_new_one(db: Mirror) -> None:
    old, new, candidate = contact_ref("1"), contact_ref("2"), ref("c1")
    with db.write():
        mirror.save_contacts(db, [SANNE_CONTACT], NOW)
        person = links.ensure_people(db, [candidate], NOW)[candidate]
        links.set_link(db, old, person, "email", {"email": 1}, 1, NOW)
        links.save_keys(db, {old: frozenset({"email:a"})})
        mirror.add_touch_days(db, [(old, VISIT), (new, VISIT)])
        baselines.save(db, "contact", {"1": {"a": "old", "b": "old"}, "2": {"b": "new"}}, NOW)
        mirror.save_tasks(db, [Task("t1", ("1", "2")), Task("t2", ("3", "1")), Task("t3", ("11",))], NOW)
        outbox.plan(db, [update("k1", "1", person)], now=NOW, day=TODAY, owner_of={})
        reviews.replace_reviews(db, [candidate], [], [Review(candidate, "1", "name")], NOW)
        mirror.replace_list_members(db, "9", ["1"])
        people = mirror.move_contact(db, "1", "2", NOW)
        again = mirror.move_contact(db, "1", "2", NOW)

    assert (people, again) == ([person], [person])
    assert links.records_of(db, [person]) == {person: [(candidate, "self"), (new, "email")]}
    assert mirror.load_touch_days(db, [old, new]) == {new: [TouchDay("site_visit", VISIT.day, 4, EARLIER)]}
    assert baselines.load(db, "contact", ["1", "2"]) == {"2": {"a": "old", "b": "new"}}
    assert db.rows("SELECT remote_id, contact_ids FROM task") == [
        ("t1", '["2"]'),
        ("t2", '["3", "2"]'),
        ("t3", '["11"]'),
    ]
    assert [(row.key, row.contact_id) for row in outbox.load_rows(db, ["k1"])] == [("k1", "2")]
    assert [one.review.contact_id for one in reviews.list_reviews(db)] == ["2"]
    assert db.rows("SELECT list_id, contact_id FROM list_member") == [("9", "2")]
    assert links.keys_of(db, [old, new]) == {}


def test_a_merged_contacts_update_is_withdrawn_where_the_new_one_has_its_own(db: Mirror) -> None:
    with db.write():
        outbox.plan(db, [update("k1", "1", 1), update("k2", "2", 2)], now=NOW, day=TODAY, owner_of={})
        mirror.save_contacts(db, [SANNE_CONTACT], NOW)
        mirror.move_contact(db, "101", "2", NOW)
        mirror.move_contact(db, "1", "2", NOW)

    assert [(row.key, row.contact_id, row.state.value) for row in outbox.load_rows(db, ["k1", "k2"])] == [
        ("k1", "1", "WITHDRAWN"),
        ("k2", "2", "PENDING"),
    ]
    assert db.rows("SELECT remote_id, deleted_at FROM contact") == [("101", "2026-11-21T09:30:15.250Z")]
