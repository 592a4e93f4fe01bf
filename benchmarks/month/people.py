"""What people do: they visit, click, look at the page to apply, apply, write, call, come to an open day, and object."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.month.cast import SITE, TEMPERS, Person, application
from benchmarks.month.stage import Place

Act = tuple[datetime, Callable[[], object]]
APPLICANTS_A_DAY, WRITERS_A_DAY, CALLERS_A_DAY, OBJECTORS_A_DAY = 0.008, 0.002, 0.001, 0.0004  # shares of everybody


@dataclass
class People:
    """Everybody outside the team. `touched`: when each contact last did something."""

    place: Place
    rng: random.Random
    touched: dict[str, datetime] = field(default_factory=dict)

    def acts(self, begin: datetime, end: datetime) -> list[Act]:
        """What they do between two moments, in no order."""
        days, found = (end - begin) / timedelta(days=1), list[Act]()
        for person in self.place.cast.people:
            rate, _ = TEMPERS[person.temper]
            if person.contact and self.rng.random() < rate * days:
                found.append(self._some_time(begin, end, self._come_by, person))
        for share, act in (
            (APPLICANTS_A_DAY, self._apply),
            (WRITERS_A_DAY, self._write),
            (CALLERS_A_DAY, self._call),
            (OBJECTORS_A_DAY, self._object),
        ):
            many = share * days * len(self.place.cast.people)
            for _ in range(int(many) + (self.rng.random() < many % 1)):
                found.append(self._some_time(begin, end, act, self.rng.choice(self.place.cast.people)))
        return found

    def _some_time(self, begin: datetime, end: datetime, act: Callable[[Person], None], person: Person) -> Act:
        return begin + (end - begin) * self.rng.random(), lambda: act(person)

    def _did(self, person: Person) -> None:
        self.touched[person.contact] = self.place.now

    def _come_by(self, person: Person) -> None:
        """A visit, most often; else a click, a form or the page to apply."""
        portal, chance = self.place.portal, self.rng.random()
        job = self.rng.choice(self.place.cast.vacancies)
        self._did(person)
        if chance < 0.6:
            portal.visit(person.contact, url=self.rng.choice((f"{SITE}/vacatures", job["post_url"])))
        elif chance < 0.85:
            portal.click(person.contact)
        elif chance < 0.92:
            portal.form(person.contact)
        else:
            portal.visit(person.contact, url=job["apply_url"])

    def _apply(self, person: Person) -> None:
        """An application; who comes through the website is in HubSpot from then on."""
        place = self.place
        job = self.rng.choice([one for one in place.cast.vacancies if one["status"] == "open"])
        if not person.candidate:
            person.candidate = True
            place.tell("candidates", person.candidate_row())
        if not person.contact and self.rng.random() < 0.9:
            place.meet(person)
        row = application(person, job, place.now, len(place.cast.applications))
        place.cast.applications[row["id"]] = row
        place.tell("applications", row)

    def _write(self, person: Person) -> None:
        if person.contact:
            self._did(person)
            self.place.portal.log_email(person.contact, direction="in")

    def _call(self, person: Person) -> None:
        if person.contact:
            self._did(person)
            self.place.portal.log_call(person.contact, direction="in", disposition="no_answer", owner_id=person.owner)

    def _object(self, person: Person) -> None:
        """Unsubscribes, or asks not to be called or profiled."""
        if not person.contact:
            return
        name = self.rng.choice(("hs_email_optout", "warmline_do_not_call", "warmline_no_profiling"))
        if name == "hs_email_optout":
            self.place.portal.happen("optout", person.contact)
        else:
            self.place.portal.edit("contacts", person.contact, {name: "true"})

    def open_day(self, begin: datetime) -> None:
        """Thirty people come to an open day; some of the registered do not."""
        events = self.place.portal.marketing_events
        event = events.add("Open dag", begin, begin + timedelta(hours=4))
        known = [one for one in self.place.cast.people if one.contact]
        for person in self.rng.sample(known, min(30, len(known) // 5)):
            self._did(person)
            events.tell(event, person.contact, "ATTENDED" if self.rng.random() < 0.8 else "NO_SHOW", begin)
