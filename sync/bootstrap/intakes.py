"""How the HubSpot nouns enter the mirror under the settings in force."""

from __future__ import annotations

from functools import partial

from config.consents import consent_properties
from mappings import hubspot as hubspot_mapping
from mappings import hubspot_activities
from mappings.hubspot_marketing_events import to_event
from sync.bootstrap import engagement
from sync.bootstrap.app import App
from sync.bootstrap.versions import version_of
from sync.stages.intake_activities import ActivityIntake
from sync.stages.intake_crm import ContactIntake, OwnerIntake, TaskIntake
from sync.stages.intake_marketing_events import MarketingEventIntake
from sync.stages.pull import Intake

MARKETING_EVENTS = "marketing_events"

__all__ = ["crm_intakes", "version_of"]


def crm_intakes(app: App) -> dict[str, Intake]:
    """An intake for each HubSpot stream."""
    consent = app.settings.contact.tracking_consent
    pages = engagement.site_pages(app)
    consents = consent_properties(app.settings.consents)
    contacts_version = [consent, *map(repr, consents), *app.contact_properties, *engagement.page_lists(app)]
    return {
        "owners": OwnerIntake(hubspot_mapping.to_owner, version="1"),
        "contacts": ContactIntake(
            hubspot_mapping.ContactMapper(consent, consents), version=version_of(contacts_version), pages=pages
        ),
        "tasks": _task_intake(app),
        MARKETING_EVENTS: MarketingEventIntake(to_event, version="1"),
        **{noun: _activity_intake(app, noun) for noun in hubspot_activities.NOUNS},
        **engagement.engagement_intakes(app, pages),
    }


def _task_intake(app: App) -> TaskIntake:
    days = app.settings.hubspot.activities_days
    version = version_of([*hubspot_mapping.task_properties(), f"activities of {days} days"])
    return TaskIntake(hubspot_mapping.to_task, version=version, activity_days=days)


def _activity_intake(app: App, noun: str) -> ActivityIntake:
    named = app.settings.contact.do_not_contact_outcomes if noun == "calls" else ()
    stop = frozenset(one.strip().lower() for one in named)
    version = version_of(
        [hubspot_activities.mapping_text(noun), str(app.settings.hubspot.activities_days), "touch days", *sorted(stop)]
    )
    return ActivityIntake(noun, partial(hubspot_activities.to_activity, noun, stop=stop), version)
