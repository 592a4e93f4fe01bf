"""Pages, events and forms to touch kinds, as tables; and what an event betrays of a machine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from config.layers import load_defaults
from mappings.touch_kinds import EventMapper, Pages, load_kinds
from sync.core.events import SeenEvent
from sync.errors import InvalidRecord

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
MAIL = {
    "id": "e1|1", "type": "CLICK", "at": 1795420800000, "recipient": " Anna@Example.ORG ", "emailCampaignId": 7,
    "deviceType": "MOBILE", "userAgent": "Mozilla/5.0 (iPhone) Safari", "filteredEvent": False, "linkId": 3,
    "sent_at": None, "replaced_by": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("page", "kind", "job"),
    [
        ("www.werkenbijzorg.example.nl", "careers_visit", ""),
        ("zorg.example.nl/werken-bij/team", "careers_visit", ""),
        ("zorg.example.nl/vacatures", "careers_visit", ""),
        ("zorg.example.nl/vacatures/verzorgende-ig-12", "vacancy_visit", "verzorgende-ig-12"),
        ("zorg.example.nl/Vacatures/Verzorgende", "vacancy_visit", "verzorgende"),
        ("zorg.example.nl/vacatures/12/solliciteren", "application_started", "12"),
        ("zorg.example.nl/vacatures/12/solliciteer-direct", "application_started", "12"),
        ("zorg.recruitee.com/o/verzorgende", "vacancy_visit", "verzorgende"),
        ("zorg.recruitee.com/o/verzorgende/c/new", "application_started", "verzorgende"),
        ("careers.example.com/jobs/88-nurse/applications/new", "application_started", "88-nurse"),
        ("careers.example.com/jobs/88-nurse", "vacancy_visit", "88-nurse"),
        ("example.com/jobs/88/apply", "application_started", "88"),
        ("zorg.example.nl/over-ons", "", ""),
        ("zorg.example.nl/nieuws/vacatures/2026/overzicht", "", ""),
    ],
)
def test_a_page_is_of_the_first_kind_whose_list_names_it(page: str, kind: str, job: str) -> None:
    found = Pages().kind_of(page)

    assert (found.kind, found.job) == (kind, job)


def test_a_list_of_the_team_takes_the_place_of_one_list() -> None:
    pages = Pages({"vacancy_visit": ("*/kans/{job}",), "careers_visit": ()})

    found = [pages.kind_of(one).kind for one in ("x.nl/kans/7", "x.nl/vacatures/7", "x.nl/vacatures")]

    assert found == ["vacancy_visit", "", "careers_visit"]


def test_every_kind_of_the_mapping_has_a_weight_in_the_settings() -> None:
    kinds = load_kinds()
    named = {*kinds["pages"], *kinds["events"].values(), *kinds["mail"].values(), *kinds["forms"].values()}

    assert named - set(load_defaults()["score"]["kinds"]) == set()


@pytest.mark.parametrize(
    ("type_", "kind", "page"),
    [
        ("e_visited_page", "site_visit", "x.nl/a"),
        ("e_clicked_sequence", "mail_click", None),
        ("pe1_custom", "other", None),
        ("", "other", None),
    ],
)
def test_an_event_is_of_the_kind_of_its_type(type_: str, kind: str, page: str | None) -> None:
    record = {"id": "9", "type": type_, "contact_id": "1", "at": "2026-11-23T08:00:00Z", "page": "x.nl/a"}

    event = EventMapper(frozenset({"e_clicked_sequence"})).to_event(record)

    assert event == SeenEvent("9", kind, AT, contact_id="1", page=page)


@pytest.mark.parametrize(
    ("type_", "kind"),
    [("CLICK", "mail_click"), ("OPEN", "mail_open"), ("open", "mail_open"), ("SENT", ""), ("DELIVERED", ""),
     ("BOUNCE", ""), ("SOMETHING_NEW", "other"), (None, "other")],
)  # fmt: skip
def test_a_mail_event_is_of_the_kind_of_its_type(type_: str | None, kind: str) -> None:
    event = EventMapper().to_mail_event({**MAIL, "type": type_})

    assert (event.kind, event.email, event.device, event.rule) == (kind, "anna@example.org", "mobile", "")


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ({"filteredEvent": True}, "filtered"),
        ({"filteredEvent": True, "userAgent": "Barracuda"}, "filtered"),
        ({"userAgent": "Mimecast-URL-Protect/1.0"}, "scanner"),
        ({"userAgent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, "scanner"),
        ({"userAgent": "python-requests/2.32"}, "scanner"),
        ({"userAgent": None}, ""),
        ({"userAgent": "Mozilla/5.0 (Macintosh) Firefox/140.0"}, ""),
        ({"filteredEvent": None, "deviceType": "UNKNOWN"}, ""),
    ],
)
def test_a_click_betrays_a_machine_by_its_flag_or_its_name(told: dict[str, Any], rule: str) -> None:
    event = EventMapper().to_mail_event({**MAIL, **told})

    assert event.rule == rule


def test_a_delivery_and_a_clicks_sending_are_what_clicks_are_judged_by() -> None:
    mapper = EventMapper()

    delivery = mapper.to_mail_event({**MAIL, "type": "DELIVERED"})
    click = mapper.to_mail_event({**MAIL, "sent_at": 1795420790000})

    assert (delivery.delivered_at, click.delivered_at) == (AT, datetime(2026, 11, 23, 7, 59, 50, tzinfo=UTC))
    assert delivery.mail == click.mail != ""


@pytest.mark.parametrize(("form_id", "kind"), [("f-1", "application_submitted"), ("f-2", "form")])
def test_a_form_is_an_application_when_the_team_says_so(form_id: str, kind: str) -> None:
    record = {"id": "c1", "form_id": form_id, "at": 1795420800000, "email": "Anna@example.org", "page": None}

    event = EventMapper(application_forms={"f-1"}).to_submission(record)

    assert event == SeenEvent("c1", kind, AT, email="anna@example.org")


def test_an_event_without_a_readable_moment_is_quarantined_by_its_field() -> None:
    with pytest.raises(InvalidRecord) as caught:
        EventMapper().to_mail_event({**MAIL, "at": "yesterday"})

    assert caught.value.field == "at"
