"""`warmline_trigger` and `warmline_trigger_at`: what a workflow in HubSpot may start from."""

from __future__ import annotations

from sync.core.properties.subject import Subject
from sync.core.triggers import TRIGGER, TRIGGER_AT, standing
from sync.core.writes import hubspot_datetime


def wanted(subject: Subject) -> dict[str, str]:
    """The trigger that stands and its moment. Once it ended it is emptied, so that a workflow can let the person go;
    its moment stays, but for somebody who objects to profiling.
    """
    trigger = standing(subject.facts)
    if trigger is not None:
        values = {TRIGGER: trigger.name, TRIGGER_AT: hubspot_datetime(trigger.at)}
    else:
        contact = subject.facts.contact
        ended = (TRIGGER, TRIGGER_AT) if contact and contact.no_profiling else (TRIGGER,)
        values = dict.fromkeys(ended, "")
    return subject.changed(values)
