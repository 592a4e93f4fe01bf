"""What is gone at its source does not stay a part of a person."""

from __future__ import annotations

from tests.integration.conftest import Stage


def test_a_contact_that_was_deleted_is_no_part_of_the_person_any_more_and_is_again_when_it_is_restored(
    stage: Stage,
) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    stage.sync()
    stage.portal.archive("contacts", jan)
    stage.later(minutes=30)
    stage.sync(full=True)
    without = stage.links("ats:c1"), stage.explain("ats:c1")["score"]
    stage.portal.restore("contacts", jan)
    stage.later(minutes=30)
    stage.sync(full=True)

    assert without == ({("ats", "c1", "self")}, None)
    assert stage.links("ats:c1") == {("ats", "c1", "self"), ("hubspot", jan, "stored_id")}
    assert stage.explain("ats:c1")["score"] == 46
    assert len(stage.tasks()) == 1
