"""Mail, forms and last pages as touches of people: what weighs, what is only shown, and whose is not kept at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox.engagement import SITE
from sandbox.store import ANALYTICS
from sandbox.touch_log import SECRET_QUERY
from sync.bootstrap import open_view
from sync.store import engagement
from tests.integration.conftest import Stage, candidate
from tests.integration.touch_stage import ANNA, VACANCY, anna, days, kinds, read, show_everything


@pytest.fixture
def all_on(stage: Stage) -> Stage:
    return show_everything(stage)


# mail ------------------------------------------------------------------------------------------------------------


def test_opens_are_kept_and_weigh_nothing(all_on: Stage) -> None:
    contact = anna(all_on)
    all_on.portal.mail_event(ANNA, "OPEN", all_on.now - timedelta(days=1))

    all_on.sync()

    assert days(all_on, contact) == [("mail_open", "", "2026-11-22", 1, 0)]
    assert all_on.explain(contact)["raw"] == 0


def test_a_scanners_clicks_are_shown_and_weigh_nothing(all_on: Stage) -> None:
    contact, at = anna(all_on), all_on.now - timedelta(days=1)
    all_on.portal.touches.delivered(ANNA, at)
    for number in range(3):
        all_on.portal.mail_event(ANNA, "CLICK", at + timedelta(seconds=40 + number), url=f"{SITE}/{number}")
    all_on.portal.mail_event(ANNA, "CLICK", at + timedelta(hours=2), sent_at=at)

    all_on.sync()

    with open_view(all_on.app()) as view:
        seen = engagement.weightless_events(view.db, [contact])
    assert days(all_on, contact) == [("mail_click", "", "2026-11-22", 1, 0)]
    assert [(kind, count, rule) for kind, _, count, rule in seen] == [("mail_click", 3, "all_links")]


def test_a_click_before_its_delivery_was_read_is_judged_when_it_is(all_on: Stage) -> None:
    contact, at = anna(all_on), all_on.now - timedelta(minutes=30)
    all_on.portal.mail_event(ANNA, "CLICK", at)
    all_on.sync()
    before = days(all_on, contact)
    all_on.portal.mail_event(ANNA, "DELIVERED", at - timedelta(seconds=4))

    all_on.later(minutes=5)
    all_on.sync()

    assert (before, days(all_on, contact)) == (
        [("mail_click", "", "2026-11-23", 1, 0)],
        [("mail_click", "", "2026-11-23", 1, 1)],
    )


def test_an_event_of_a_type_nobody_knows_is_kept_as_other(all_on: Stage) -> None:
    contact = anna(all_on)
    all_on.portal.mail_event(ANNA, "TELEPATHY", all_on.now - timedelta(days=1))

    all_on.sync()

    assert days(all_on, contact) == [("other", "", "2026-11-22", 1, 0)]


# forms -----------------------------------------------------------------------------------------------------------


def test_a_form_is_of_its_kind_and_a_quiet_run_asks_for_none(all_on: Stage) -> None:
    contact = anna(all_on)
    form_id = next(iter(all_on.portal.touches.forms))
    all_on.set(ENGAGEMENT__APPLICATION_FORMS=form_id)
    all_on.portal.form(contact, all_on.now - timedelta(days=1))
    all_on.sync()
    all_on.later(hours=1)
    all_on.portal.form(contact)
    all_on.writes()  # counts from zero
    read(all_on)
    told = [label for label in all_on.portal.stats.as_json()["requests"] if "form" in label]
    all_on.later(hours=1)
    all_on.writes()
    all_on.sync()
    quiet = [label for label in all_on.portal.stats.as_json()["requests"] if "form" in label]

    assert days(all_on, contact) == [
        ("application_submitted", "", "2026-11-22", 1, 0),
        ("application_submitted", "", "2026-11-23", 1, 0),
    ]
    assert (len(told), quiet) == (2, [])


def test_a_counted_form_without_a_submission_to_be_read_counts_all_the_same(all_on: Stage) -> None:
    contact = anna(all_on)
    all_on.portal.form(contact, all_on.now - timedelta(days=3))
    all_on.sync()
    all_on.later(hours=1)
    all_on.portal.form(contact)
    [made] = list(all_on.portal.touches.submissions.values())
    made.pop()

    read(all_on)

    assert days(all_on, contact) == [("form", "", "2026-11-20", 1, 0), ("form", "", "2026-11-23", 1, 0)]


# who -------------------------------------------------------------------------------------------------------------


def test_strangers_and_colleagues_leave_no_trace(all_on: Stage) -> None:
    colleague = all_on.contact("Noor", "Wit", "noor.wit@team.example.com")
    all_on.portal.page_view(colleague, VACANCY)
    for recipient in ("vreemd@example.net", "noor.wit@team.example.com"):
        all_on.portal.mail_event(recipient, "CLICK")
        all_on.portal.touches.submitted(recipient, all_on.now)

    read(all_on)

    assert all_on.tables("touch_event") == {"touch_event": []}
    assert days(all_on, colleague) == []


def test_consent_by_property_decides_for_each_contact(all_on: Stage) -> None:
    all_on.set(CONTACT__TRACKING_CONSENT="property:warmline_do_not_call")
    yes = anna(all_on, warmline_do_not_call="true")
    no = all_on.person(2, "Bo", "Vis", warmline_do_not_call="false")
    for contact in (yes, no):
        all_on.portal.page_view(contact, VACANCY)

    read(all_on)

    assert (kinds(all_on, yes), kinds(all_on, no)) == (["vacancy_visit"], [])


def test_consent_that_ends_takes_every_event_away(all_on: Stage) -> None:
    all_on.set(CONTACT__TRACKING_CONSENT="property:warmline_do_not_call")
    contact = anna(all_on, warmline_do_not_call="true")
    all_on.portal.page_view(contact, VACANCY)
    read(all_on)
    assert kinds(all_on, contact) == ["vacancy_visit"]

    all_on.later(hours=1)
    all_on.portal.edit("contacts", contact, {"warmline_do_not_call": "false"})
    read(all_on)

    assert days(all_on, contact) == []
    assert all_on.tables("touch_event") == {"touch_event": []}


def test_without_consent_nothing_is_asked(all_on: Stage) -> None:
    all_on.set(CONTACT__TRACKING_CONSENT="off")
    contact = anna(all_on)
    all_on.portal.visit(contact)

    report = all_on.sync()

    assert {"hubspot.events", "hubspot.email_events", "hubspot.forms"} & set(report["streams"]) == set()
    assert days(all_on, contact) == []


def test_a_merged_contact_keeps_its_events_once(all_on: Stage) -> None:
    first, second = anna(all_on), all_on.contact("Anna", "Boer", "anna@example.net")
    all_on.portal.page_view(first, VACANCY, all_on.now - timedelta(days=1))
    all_on.portal.page_view(second, VACANCY, all_on.now - timedelta(days=1))
    all_on.sync()
    survivor = all_on.portal.merge(first, second).id

    all_on.later(hours=1)
    all_on.sync(full=True)

    assert days(all_on, survivor) == [("vacancy_visit", "page:verpleegkundige-12", "2026-11-22", 2, 0)]


def test_nothing_private_of_an_event_reaches_the_disk(all_on: Stage) -> None:
    contact = anna(all_on)
    all_on.portal.visit(contact, url=f"{VACANCY}?geheim=ja")
    all_on.portal.mail_event(ANNA, "CLICK", user_agent="Zwartemolen/1.0")
    all_on.portal.touches.submitted(ANNA, all_on.now)

    all_on.later(minutes=5)
    all_on.sync()

    held = b"".join(path.read_bytes() for path in all_on.folder.glob("mirror.db*"))
    assert kinds(all_on, contact) == ["careers_visit", "form", "mail_click", "vacancy_visit"]
    for secret in (SECRET_QUERY, "geheim", "Zwartemolen", "203.0.113.7", "Vertrouwelijk", "werkenbijvoorbeeldzorg"):
        assert secret.encode() not in held


def test_old_events_leave_with_their_days_and_single_moments_before_that(all_on: Stage) -> None:
    contact = anna(all_on)
    all_on.portal.page_view(contact, VACANCY)
    read(all_on)
    all_on.later(days=10)
    all_on.portal.page_view(contact, VACANCY)
    read(all_on)
    with open_view(all_on.app()) as view:
        moments = view.db.rows("SELECT day, at IS NULL FROM touch_event ORDER BY day")

    all_on.later(days=175)
    all_on.sync(full=True)

    assert moments == [("2026-11-23", 1), ("2026-12-03", 0)]
    assert [one[2] for one in days(all_on, contact)] == ["2026-12-03"]


# the counters, where nothing better is shown ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "kind", "job"),
    [
        (VACANCY, "vacancy_visit", "page:verpleegkundige-12"),
        (f"{VACANCY}/solliciteren", "application_started", "page:verpleegkundige-12"),
        (f"{SITE}/vacatures", "site_visit", ""),
    ],
)
def test_the_last_page_may_tell_more_of_a_counted_visit(stage: Stage, url: str, kind: str, job: str) -> None:
    contact = anna(stage)
    stage.sync()
    stage.later(hours=1)
    stage.portal.visit(contact, url=url)

    stage.sync()

    assert days(stage, contact) == [(kind, job, "2026-11-23", 1, 0)]


def test_a_vacancy_reached_later_in_the_same_visit_takes_its_place(stage: Stage) -> None:
    contact = anna(stage)
    stage.portal.visit(contact, url=f"{SITE}/vacatures")
    stage.sync()
    later = {"hs_analytics_last_url": VACANCY, "hs_analytics_last_timestamp": "2026-11-23T08:20:00.000Z"}
    record = stage.portal.record("contacts", contact)
    stage.later(minutes=30)
    stage.portal.stores["contacts"].change(record, later, ANALYTICS)

    stage.sync()

    assert kinds(stage, contact) == ["vacancy_visit"]


def test_somebody_new_to_the_mirror_is_seen_with_the_events_just_before(all_on: Stage) -> None:
    all_on.portal.touches.mailed("bo.vis@example.com", all_on.now - timedelta(minutes=20))
    all_on.sync()
    bo = all_on.contact("Bo", "Vis")
    all_on.drop("candidates", candidate("c9", "Bo", "Vis"))

    all_on.later(minutes=10)
    all_on.portal.edit("contacts", bo, {"phone": "0612345678"})
    read(all_on)

    assert kinds(all_on, bo) == ["mail_click"]
