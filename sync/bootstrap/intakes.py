"""How the HubSpot nouns enter the mirror under the settings in force."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import partial

from mappings import hubspot as hubspot_mapping
from mappings import hubspot_activities
from sync.bootstrap.app import App
from sync.stages.intake_activities import ActivityIntake
from sync.stages.intake_crm import ContactIntake, OwnerIntake, TaskIntake
from sync.stages.pull import Intake


def crm_intakes(app: App) -> dict[str, Intake]:
    """An intake for each HubSpot stream."""
    consent = app.settings.contact.tracking_consent
    return {
        "owners": OwnerIntake(hubspot_mapping.to_owner, version="1"),
        "contacts": ContactIntake(
            hubspot_mapping.ContactMapper(consent), version=version_of([consent, *app.contact_properties])
        ),
        "tasks": _task_intake(app),
        **{noun: _activity_intake(app, noun) for noun in hubspot_activities.NOUNS},
    }


def _task_intake(app: App) -> TaskIntake:
    days = app.settings.hubspot.activities_days
    version = version_of([*hubspot_mapping.task_properties(), f"activities of {days} days"])
    return TaskIntake(hubspot_mapping.to_task, version=version, activity_days=days)


def _activity_intake(app: App, noun: str) -> ActivityIntake:
    version = version_of([hubspot_activities.mapping_text(noun), str(app.settings.hubspot.activities_days)])
    return ActivityIntake(noun, partial(hubspot_activities.to_activity, noun), version)


def version_of(parts: Sequence[str]) -> str:
    """A short hash that changes when one of the parts does."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
