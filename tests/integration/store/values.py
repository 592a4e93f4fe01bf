"""Invented records and moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sync.core.model import Candidate, Contact, RecordRef
from sync.store.db import Mirror

NOW = datetime(2026, 11, 21, 9, 30, 15, 250_000, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
EARLIER = NOW - timedelta(days=3)
TODAY = date(2026, 11, 21)
ATS = "acme"

SANNE = Candidate(
    remote_id="c1",
    first_name="Sanne",
    name_infix="van de",
    last_name="Haterd",
    email_addresses=("sanne@example.org", "s@example.nl"),
    phone_numbers=("+31612345678",),
    created_at=EARLIER,
    updated_at=EARLIER,
    origin="indeed",
    owner_email="kim@example.org",
    can_email=True,
    consent_expires_at=LATER,
)
SANNE_CONTACT = Contact(
    remote_id="101",
    email="sanne@example.org",
    additional_emails=("s@example.nl",),
    first_name="Sanne",
    last_name="van de Haterd",
    phone="+31612345678",
    mobile_phone="+31687654321",
    owner_id="7",
    lifecycle_stage="lead",
    deals=1,
    opted_out=True,
    seen=True,
    stored_candidate_id="acme:c1",
    band_in_crm="warm",
    call_back_at=LATER,
    do_not_call=True,
    channel_preference="phone",
    no_profiling=True,
    tracking_consent=False,
    merged_ids=("99", "98"),
    created_at=EARLIER,
    updated_at=EARLIER,
)


def ref(remote_id: str, source: str = ATS) -> RecordRef:
    return RecordRef(source, remote_id)


def contact_ref(remote_id: str) -> RecordRef:
    return RecordRef("hubspot", remote_id)


def dump(db: Mirror) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    names = [row[0] for row in db.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return {name: sorted(db.rows(f"SELECT * FROM {name}"), key=repr) for name in names}
