"""Names and numbers as keys, from file to link; and what changes when the rules or the records do."""

from __future__ import annotations

from sync.store import runs
from tests.integration.conftest import Stage, candidate


def test_a_number_with_the_whole_name_links_and_changing_it_undoes_the_link(stage: Stage) -> None:
    contact = stage.contact("Jan", "van de Haterd", "werk@example.com", mobilephone="+31 (0)6 12345678")
    row = {**candidate("c1", "Jan", "Haterd", "jan@example.com"), "phone_numbers": ["06-12345678"]}
    stage.drop("candidates", row)
    stage.sync(writes=False)
    linked = stage.links(contact)
    stage.later(minutes=5)
    stage.drop("candidates", {**row, "phone_numbers": ["06-87654321"]})
    stage.sync(writes=False)

    assert linked == {("ats", "c1", "self"), ("hubspot", contact, "phone_name")}
    assert stage.links("ats:c1") == {("ats", "c1", "self")}


def test_other_rules_look_at_everyone_again_and_make_the_keys_anew(stage: Stage) -> None:
    contact = stage.contact("Jan", "de Vries", "werk@example.com", phone="0612345678")
    row = {**candidate("c1", "Jan", "de Vries", "jan@example.com"), "phone_numbers": ["06-12345678"]}
    stage.drop("candidates", row)
    stage.sync(writes=False)
    db = stage.app().open_mirror()
    with db.write():
        db.change("DELETE FROM identity_key WHERE key LIKE 'phone:%'", ())
        db.change("DELETE FROM person_link WHERE source = 'hubspot'", ())
        runs.set_setting(db, "policy_version", "before")
    db.close()
    stage.later(minutes=5)
    stage.sync(writes=False)

    assert stage.links("ats:c1") == {("ats", "c1", "self"), ("hubspot", contact, "phone_name")}


def test_an_accepted_pair_stays_one_when_nothing_is_left_in_common(stage: Stage) -> None:
    contact = stage.contact("Piet", "de Vries", "familie@example.com")
    row = candidate("c1", "Jan", "de Vries", "familie@example.com")
    stage.drop("candidates", row)
    stage.sync(writes=False)
    stage.rule("c1", contact, "accepted")
    stage.later(minutes=30)
    stage.sync(writes=False)
    stage.later(minutes=5)
    stage.drop("candidates", {**row, "email_addresses": ["jan@example.com"]})
    stage.sync(writes=False)
    stage.portal.edit("contacts", contact, {"firstname": "Peter"})
    stage.later(minutes=30)
    stage.sync(writes=False)

    assert stage.links("ats:c1") == {("ats", "c1", "self"), ("hubspot", contact, "ruling")}
