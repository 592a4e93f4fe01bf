"""What recruiters do: they work through their tasks, move applicants on, reject them and tell them or not."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial

from benchmarks.month.cast import Person, Row, move
from benchmarks.month.people import Act
from benchmarks.month.stage import ZONE, Place
from sandbox.directory import Owner
from sandbox.store import Record

CALLS = {
    "connected": 30,
    "voicemail": 14,
    "no_answer": 10,
    "busy": 4,
    "no-thanks": 2,
    "never": 1,
    "agree": 8,
    "edit": 3,
    "delete": 3,
    "give": 2,
    "tick": 6,
    "nothing": 17,
}
BUSY, SLOW = 8, 1  # things a recruiter does between two runs, and the last of them
TICKED_AFTER = 0.6  # share of calls and mails after which the task is ticked off


@dataclass
class Team:
    """The recruiters. `handled`: tasks a person edited or gave away, by id.

    `contacts`: every call, mail and meeting of theirs, by contact: when, and by which channel.
    """

    place: Place
    rng: random.Random
    is_open: Callable[[datetime], bool]
    is_away: Callable[[Owner, datetime], bool]
    handled: set[str] = field(default_factory=set)
    contacts: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)

    def acts(self, begin: datetime, end: datetime) -> list[Act]:
        """What they do between two moments, in working hours."""
        found: list[Act] = []
        for owner in self.place.cast.recruiters:
            many = SLOW if owner is self.place.cast.recruiters[-1] else BUSY
            moments = [begin + (end - begin) * self.rng.random() for _ in range(many)]
            there = [one for one in moments if self.is_open(one) and not self.is_away(owner, one)]
            for number, moment in enumerate(there):
                act = self._work_on_a_task if number % 4 else self._work_in_the_ats
                found.append((moment, partial(act, owner)))
        return found

    # tasks -----------------------------------------------------------------------------------------------------

    def _work_on_a_task(self, owner: Owner) -> None:
        """The task that is due first, or any other one."""
        mine = [one for one in self.place.tasks() if _waits(one) and one.properties["hubspot_owner_id"] == owner.id]
        if not mine:
            return
        mine.sort(key=lambda one: one.properties["hs_timestamp"])
        task = mine[0] if self.rng.random() < 0.7 else self.rng.choice(mine)
        contacts = self.place.about(task)
        if task.properties["hs_task_type"] == "TODO":
            self._react(task, contacts)
        elif contacts and task.properties["hs_task_type"] == "EMAIL":
            self._mail(task, contacts[0], owner)
        elif contacts:
            self._call(task, contacts[0], owner)

    def _react(self, task: Record, contacts: list[str]) -> None:
        """Some applicants are moved on or mailed; now and then it is simply ticked off."""
        if self.rng.random() < 0.1:
            self.place.portal.complete_task(task.id)
            return
        known = self.place.contact_ids
        for contact in contacts:
            waiting = [one for one in self._running(known, contact) if one["stage_id"].endswith("-s0")]
            if waiting and self.rng.random() < 0.6:
                self._to_stage(waiting[0], 1)
            elif waiting and self.rng.random() < 0.5:
                self._log("email", contact, "", direction="out")

    def _running(self, known: dict[str, Person], contact: str) -> list[Row]:
        person = known.get(contact)
        rows = self.place.cast.of_candidate(person) if person else []
        return [one for one in rows if one["status"] == "active"]

    def _mail(self, task: Record, contact: str, owner: Owner) -> None:
        chance = self.rng.random()
        if chance < 0.7:
            self._log("email", contact, owner.id, direction="out")
            self._tick_off(task)
        elif chance < 0.8:
            self.place.portal.complete_task(task.id)
        elif chance < 0.85:
            self.place.portal.delete_task(task.id)

    def _call(self, task: Record, contact: str, owner: Owner) -> None:
        portal, [what] = self.place.portal, self.rng.choices(list(CALLS), list(CALLS.values()))
        if what in ("edit", "give"):
            self.handled.add(task.id)
        if what == "edit":
            portal.edit("tasks", task.id, {"hs_task_subject": "Eerst mailen"}, owner.user_id)
        elif what == "give":
            other = self.rng.choice(self.place.cast.recruiters)
            portal.reassign_task(task.id, other.id, owner.user_id)
        elif what == "delete":
            portal.delete_task(task.id)
        elif what == "tick":
            portal.complete_task(task.id, owner.user_id)
        elif what == "agree":
            self._log("call", contact, owner.id, disposition="connected")
            self.agree(contact)
        elif what != "nothing":
            self._log("call", contact, owner.id, disposition=what)
            self._tick_off(task)

    def agree(self, contact: str) -> None:
        """A moment to call back in the coming days, also in the evening."""
        day = self.place.now.astimezone(ZONE).date() + timedelta(days=self.rng.randint(1, 4))
        at = datetime.combine(day, time(self.rng.choice((9, 11, 14, 16, 19)), self.rng.choice((0, 15, 17, 40))), ZONE)
        self.place.portal.edit("contacts", contact, {"warmline_call_back_at": at.isoformat()})

    def _tick_off(self, task: Record) -> None:
        if self.rng.random() < TICKED_AFTER:
            self.place.portal.complete_task(task.id)

    def _log(self, kind: str, contact: str, owner_id: str, **options: str) -> None:
        self.place.portal.log(kind, contact, owner_id=owner_id, **options)
        self.contacts.setdefault(contact, []).append((self.place.now, kind))

    # the ATS ---------------------------------------------------------------------------------------------------

    def _work_in_the_ats(self, owner: Owner) -> None:
        """An applicant moves on, is rejected, hears of a rejection, or is mailed; a promise is moved now and then."""
        jobs = {one["id"] for one in self.place.cast.vacancies if one["recruiter_email"] == owner.email}
        mine = [one for one in self.place.cast.applications.values() if one["job_id"] in jobs]
        running = [one for one in mine if one["status"] == "active"]
        untold = [one for one in mine if one["status"] == "rejected" and "told_at" not in one]
        if untold and self.rng.random() < 0.3:
            self._tell_the_no(self.rng.choice(untold))
        for row in self.rng.sample(running, min(3, len(running))):
            self._decide(row, owner)

    def _decide(self, row: Row, owner: Owner) -> None:
        chance, order = self.rng.random(), int(row["stage_id"][-1])
        contact = next((c for c, one in self.place.contact_ids.items() if one.candidate_id == row["candidate_id"]), "")
        if chance < 0.3:
            self._to_stage(row, min(order + 1, 4))
            if order == 1 and contact and self.rng.random() < 0.5:
                held_at = self.place.now + timedelta(days=self.rng.randint(1, 5))
                self._log("meeting", contact, owner.id, start=held_at.isoformat())
        elif chance < 0.45:
            row |= {"status": "rejected", "rejected_at": self.place.now.isoformat()}
            self._export(row)
            if self.rng.random() < 0.5:
                self._tell_the_no(row)
        elif chance < 0.55 and contact:
            self._log("email", contact, owner.id, direction="out")
        elif chance < 0.58 and contact:
            self._move_promise(contact)

    def _move_promise(self, contact: str) -> None:
        due = self.place.portal.record("contacts", contact).properties.get("warmline_reply_due_at")
        if due:
            later = datetime.fromisoformat(due) + timedelta(days=3)
            self.place.portal.edit("contacts", contact, {"warmline_reply_due_at": later.isoformat()})

    def _to_stage(self, row: Row, order: int) -> None:
        move(row, order, self.place.now)
        self._export(row)

    def _tell_the_no(self, row: Row) -> None:
        row["told_at"] = self.place.now.isoformat()
        self._export(row)

    def _export(self, row: Row) -> None:
        row["updated_at"] = self.place.now.isoformat()
        self.place.tell("applications", row)


def _waits(task: Record) -> bool:
    return not task.archived_at and task.properties["hs_task_status"] != "COMPLETED"
