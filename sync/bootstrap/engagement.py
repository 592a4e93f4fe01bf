"""How web visits, mail events and forms enter the mirror under the settings in force."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from connectors import hubspot
from mappings import touch_kinds
from sync.bootstrap.app import App
from sync.bootstrap.versions import version_of
from sync.core.ageing import OTHER_DAYS
from sync.core.events import SeenEvent
from sync.stages.intake_engagement import EngagementIntake
from sync.stages.page_kinds import SitePages
from sync.stages.pull import Intake

ToEvent = Callable[[Mapping[str, Any]], SeenEvent]


def site_pages(app: App) -> SitePages:
    """What each page of the site is, by the vacancies, the settings and the mapping."""
    pages = touch_kinds.Pages(app.settings.engagement.pages)
    return SitePages(pages.kind_of, hubspot.page_of, touch_kinds.plain)


def page_lists(app: App) -> list[str]:
    """What makes the reading of a page another."""
    return [json.dumps(touch_kinds.load_kinds()["pages"]), json.dumps(app.settings.engagement.pages)]


def engagement_intakes(app: App, pages: SitePages) -> dict[str, Intake]:
    """An intake for each stream of events; without tracking consent there are no such streams and none is used."""
    own = app.settings.engagement
    mapper = touch_kinds.EventMapper(frozenset(own.click_events), frozenset(own.application_forms))
    return {
        "events": _intake(app, pages, "events", mapper.to_event),
        "email_events": _intake(app, pages, "email_events", mapper.to_mail_event),
        "forms": _intake(app, pages, "forms", mapper.to_submission),
    }


def _intake(app: App, pages: SitePages, noun: str, to_event: ToEvent) -> EngagementIntake:
    days = app.settings.hubspot.activities_days
    own = app.settings.engagement
    parts = [json.dumps(touch_kinds.load_kinds()), own.model_dump_json(), app.settings.contact.tracking_consent]
    return EngagementIntake(
        noun,
        to_event,
        version_of([*parts, str(days)]),
        pages,
        touch_kinds.suspect_rules(),
        reach_days=min(days, OTHER_DAYS),
        waits=noun == "forms",
    )
