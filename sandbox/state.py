"""The portal with its people: candidates who visit and click, recruiters who edit and finish tasks."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sandbox import activities, engagement, merge, objects
from sandbox.clock import to_moment
from sandbox.portal import Portal
from sandbox.store import ANALYTICS, Record, human
from sandbox.touch_log import MailEvent

Done = TypeVar("Done")
RECRUITER = 9001


def _locked(method: Callable[..., Done]) -> Callable[..., Done]:
    @functools.wraps(method)
    def call(self: Any, *args: Any, **more: Any) -> Done:
        with self.lock:
            return method(self, *args, **more)

    return call


class SandboxState(Portal):
    """What a test or a demo drives; contacts go by id or e-mail, `at` (ISO or datetime) defaults to now."""

    @_locked
    def happen(self, kind: str, contact: str, at: str | datetime | None = None, **options: Any) -> Record:
        """One event of `engagement.KINDS` for a contact, with that event's options.

        Unknown kind: KeyError.
        """
        record = self.record("contacts", contact, archived=False)
        moment = to_moment(at) if at else self.clock.now()
        if "start" in options:
            options["start"] = to_moment(options["start"])
        changes = engagement.KINDS[kind](record.properties, moment, **options)
        self._log_events(kind, record, moment, options)
        # The stamp of the change is now, also for an event that happened earlier: HubSpot books late events
        # late.
        self.stores["contacts"].change(record, changes, ANALYTICS)
        return record

    def _log_events(self, kind: str, record: Record, at: datetime, options: dict[str, Any]) -> None:
        """What the tiers that show single events show of it."""
        email = record.properties.get("email", "")
        if kind == "visit":
            first, url = f"{engagement.SITE}/", options.get("url", f"{engagement.SITE}/vacatures")
            pages = int(options.get("pages", 3))
            for number in range(pages):
                page = url if number == pages - 1 else first
                self.touches.occurred(record.id, at + timedelta(minutes=number), url=page)
        if kind == "mail":
            self.touches.delivered(email, at)
        if kind in ("open", "click"):
            self.touches.mailed(email, at, MailEvent(kind.upper()))
        if kind == "form":
            self.touches.submitted(email, at)

    @_locked
    def page_view(self, contact: str, url: str, at: str | datetime | None = None) -> None:
        """A page view HubSpot keeps as an event, without a word in the counters."""
        record = self.record("contacts", contact, archived=False)
        self.touches.occurred(record.id, to_moment(at) if at else self.clock.now(), url=url)

    @_locked
    def mail_event(self, recipient: str, type_: str, at: str | datetime | None = None, **options: Any) -> None:
        """A marketing e-mail event of anyone: `campaign`, `url`, `user_agent`, `filtered`, `sent_at`, `device`."""
        self.touches.mailed(recipient, to_moment(at) if at else self.clock.now(), MailEvent(type_, **options))

    def visit(self, contact: str, at: str | datetime | None = None, **options: Any) -> Record:
        """A visit to the site: `pages`, `url`."""
        return self.happen("visit", contact, at, **options)

    def click(self, contact: str, at: str | datetime | None = None) -> Record:
        """A click in a marketing mail."""
        return self.happen("click", contact, at)

    def reply(self, contact: str, at: str | datetime | None = None, *, sales: bool = False) -> Record:
        """An answer to a marketing mail, or with `sales` to a recruiter's own."""
        return self.happen("reply", contact, at, sales=sales)

    def form(self, contact: str, at: str | datetime | None = None, **options: Any) -> Record:
        """A form submission: `name`."""
        return self.happen("form", contact, at, **options)

    def meeting(self, contact: str, at: str | datetime | None = None, **options: Any) -> Record:
        """A booked meeting: `start`."""
        return self.happen("meeting", contact, at, **options)

    @_locked
    def edit(self, type_: str, key: str, properties: dict[str, Any], user_id: int = RECRUITER) -> Record:
        """A person changes properties by hand; validated like a write, with CRM_UI as the source.

        ApiError.
        """
        return objects.update(self, self.record(type_, key, archived=False), properties, human(user_id))

    @_locked
    def create_by_hand(
        self,
        type_: str,
        properties: dict[str, Any],
        associations: list[Any] | None = None,
        user_id: int = RECRUITER,
    ) -> Record:
        """A person makes a record by hand. ApiError."""
        payload = {"properties": properties, "associations": associations or []}
        return objects.create(self, self.type_name(type_), payload, human(user_id))

    @_locked
    def log(  # noqa: PLR0913 -- who, what, when, and by whom
        self,
        kind: str,
        contacts: str | list[str],
        at: str | datetime | None = None,
        owner_id: str = "",
        user_id: int = RECRUITER,
        **options: Any,
    ) -> Record:
        """A recruiter logs one activity of `activities.KINDS` with a contact or several. ApiError, KeyError."""
        if options.get("start"):
            options["start"] = to_moment(options["start"])
        type_, properties = activities.KINDS[kind](to_moment(at) if at else self.clock.now(), **options)
        keys = [contacts] if isinstance(contacts, str) else contacts
        ids = [self.record("contacts", key, archived=False).id for key in keys]
        links = activities.inline_links(type_, ids)
        return self.create_by_hand(type_, {**properties, "hubspot_owner_id": owner_id}, links, user_id)

    def log_call(self, contacts: str | list[str], at: str | datetime | None = None, **options: Any) -> Record:
        """A call: `disposition` (a word or GUID), `direction` in or out, `duration_s`, `owner_id`."""
        return self.log("call", contacts, at, **options)

    def log_meeting(self, contacts: str | list[str], at: str | datetime | None = None, **options: Any) -> Record:
        """A meeting: `start`, `outcome`, `owner_id`."""
        return self.log("meeting", contacts, at, **options)

    def log_email(self, contacts: str | list[str], at: str | datetime | None = None, **options: Any) -> Record:
        """An e-mail: `direction` in, out or forwarded, `owner_id`."""
        return self.log("email", contacts, at, **options)

    def log_message(self, contacts: str | list[str], at: str | datetime | None = None, **options: Any) -> Record:
        """A message: `channel` whatsapp, linkedin or sms, `owner_id`."""
        return self.log("message", contacts, at, **options)

    @_locked
    def add_disposition(self, value: str, label: str) -> None:
        """An admin gives the portal one more call outcome. ApiError."""
        activities.add_disposition(self.stores["calls"].schema, value, label)

    def complete_task(self, task_id: str, user_id: int = RECRUITER) -> Record:
        """A recruiter ticks a task off."""
        return self.edit("tasks", task_id, {"hs_task_status": "COMPLETED"}, user_id)

    def reassign_task(self, task_id: str, owner_id: str, user_id: int = RECRUITER) -> Record:
        """A recruiter gives a task to another owner."""
        return self.edit("tasks", task_id, {"hubspot_owner_id": owner_id}, user_id)

    @_locked
    def archive(self, type_: str, key: str) -> Record:
        """Into the recycle bin; safe twice."""
        record = self.record(type_, key)
        if not record.archived_at:
            self.stores[record.type].archive(record)
        return record

    def delete_task(self, task_id: str) -> Record:
        """A recruiter deletes a task: it goes into the recycle bin."""
        return self.archive("tasks", task_id)

    @_locked
    def restore(self, type_: str, key: str) -> Record:
        """Out of the recycle bin; by id, since an archived contact has lost its e-mail to others.

        Safe twice.
        """
        record = self.record(type_, key)
        if record.archived_at:
            self.stores[record.type].restore(record)
        return record

    @_locked
    def merge(
        self,
        primary: str,
        secondary: str,
        keep_id: bool | None = None,
        user_id: int = RECRUITER,
    ) -> Record:
        """The survivor of two contacts. `keep_id` overrides the portal's setting for this merge."""
        ids = [self.record("contacts", key, archived=False).id for key in (primary, secondary)]
        before = self.merge_keeps_id
        self.merge_keeps_id = before if keep_id is None else keep_id
        try:
            return merge.merge(self, ids[0], ids[1], human(user_id))
        finally:
            self.merge_keeps_id = before

    @_locked
    def gdpr_delete(self, contact: str) -> None:
        """Erase a contact for good."""
        merge.gdpr_delete(self, self.record("contacts", contact).id)
