"""What people did, event by event: page visits, marketing e-mail events, form submissions (docs/vendor-facts.md).

The counters of a contact say that something happened; this log is what the tiers and scopes that have it show besides.
Everything a real event carries and warmline may not keep is in it, so that a test sees it dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import to_iso

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"
PLACE = {"country": "NETHERLANDS", "state": "noord-holland", "city": "Amsterdam"}
SECRET_QUERY = "utm_source=mail&naam=Anna+de+Boer&token=geheim"
VISIT = "e_visited_page"
EVENT_TYPES = (VISIT, "e_submitted_form", "e_clicked_sequence_email", "e_opened_sequence_email")


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class MailEvent:
    """What one event of a marketing e-mail says beside who and when. `sent_at`: of the mail, where it says so."""

    type: str = "CLICK"
    campaign: int = 701
    url: str = "https://www.werkenbijvoorbeeldzorg.example.nl/vacatures"
    user_agent: str = BROWSER
    filtered: bool = False
    sent_at: datetime | None = None
    device: str = "COMPUTER"


@dataclass
class TouchLog:
    """The events of one portal. `enterprise`: whether its tier shows event-occurrences."""

    enterprise: bool = False
    pages: list[dict[str, Any]] = field(default_factory=list)
    mails: list[dict[str, Any]] = field(default_factory=list)
    forms: dict[str, str] = field(default_factory=lambda: {"f0000000-0000-4000-8000-000000000001": "vacaturealert"})
    submissions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def occurred(self, contact_id: str, at: datetime, *, type: str = VISIT, url: str = "") -> dict[str, Any]:
        """One event-occurrence; `url` with the query a real one has."""
        properties = {"hs_title": "Vacatures", "hs_visit_source": "EMAIL_MARKETING", "hs_browser_fingerprint": "ab12"}
        event = {
            "id": f"9{len(self.pages) + 1:011d}",
            "eventType": type,
            "objectType": "CONTACT",
            "objectId": contact_id,
            "occurredAt": to_iso(at),
            "properties": properties | ({"hs_url": f"{url}?{SECRET_QUERY}"} if url else {}),
        }
        self.pages.append(event)
        return event

    def mailed(self, recipient: str, at: datetime, mail: MailEvent | None = None) -> dict[str, Any]:
        """One marketing e-mail event, by default a click."""
        mail = mail or MailEvent()
        event: dict[str, Any] = {
            "id": f"00000000-0000-4000-8000-{len(self.mails) + 1:012d}",
            "created": _ms(at),
            "type": mail.type,
            "recipient": recipient,
            "portalId": 4242,
            "appId": 20053,
            "appName": "Batch",
            "emailCampaignId": mail.campaign,
        }
        if mail.sent_at:
            event["sentBy"] = {"id": f"sent-{mail.campaign}-{recipient}", "created": _ms(mail.sent_at)}
        if mail.type in ("OPEN", "CLICK"):
            about = {"userAgent": mail.user_agent, "deviceType": mail.device, "filteredEvent": mail.filtered}
            browser = {"name": "Chrome", "family": "Chrome"}
            event |= about | {"location": PLACE, "browser": browser, "ipAddress": "203.0.113.7"}
        if mail.type == "CLICK":
            event |= {"url": f"{mail.url}?{SECRET_QUERY}", "referer": "", "linkId": sum(mail.url.encode())}
        self.mails.append(event)
        return event

    def delivered(self, recipient: str, at: datetime, *, campaign: int = 701) -> None:
        """A mail sent and delivered two seconds later."""
        self.mailed(recipient, at, MailEvent("SENT", campaign))
        self.mailed(recipient, at + timedelta(seconds=2), MailEvent("DELIVERED", campaign, sent_at=at))

    def submitted(self, email: str, at: datetime, *, form_id: str = "", url: str = "") -> dict[str, Any]:
        """One submission of a form, with values nobody but HubSpot may hold."""
        form_id = form_id or next(iter(self.forms))
        given = {"email": email, "firstname": "Anna", "motivatie": "Vertrouwelijk: wil weg bij haar baas."}
        values = [{"name": name, "value": value, "objectTypeId": "0-1"} for name, value in given.items()]
        count = sum(len(one) for one in self.submissions.values())
        submission = {
            "conversionId": f"c{count + 1:07d}",
            "submittedAt": _ms(at),
            "values": values,
            "pageUrl": f"{url or 'https://www.werkenbijvoorbeeldzorg.example.nl/alert'}?{SECRET_QUERY}",
        }
        self.submissions.setdefault(form_id, []).append(submission)
        return submission

    def follow(self, old_id: str, new_id: str) -> None:
        """A merged contact's events are the survivor's."""
        for event in self.pages:
            if event["objectId"] == old_id:
                event["objectId"] = new_id
