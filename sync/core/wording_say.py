"""How one reader is told things: days, moments and names in their language, as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sync.core.calendar import local_day
from sync.core.facts import LinkedApplication, Owners
from sync.core.model import Job
from sync.core.wording_en import EN
from sync.core.wording_nl import NL
from sync.core.wording_templates import cut
from sync.core.wording_words import Words, said_days

LONGEST_FACT = 80
LANGUAGES: Mapping[str, Words] = {"nl": NL, "en": EN}


def words_of(language: str) -> Words:
    """The words of a language; of one that is not known, the Dutch ones."""
    return LANGUAGES.get(language, NL)


@dataclass(frozen=True, slots=True)
class Say:
    """Facts as words for a text written on the local day `today`. The year is told only where it is not this one."""

    language: str
    today: date
    zone: ZoneInfo
    owners: Owners = field(default_factory=lambda: Owners({}, {}))

    @property
    def words(self) -> Words:
        """All fixed words of the language."""
        return words_of(self.language)

    def day(self, when: date | datetime) -> str:
        """'25 nov'. A moment is told as its day in the team's zone."""
        return self.days((when,))

    def days(self, when: Iterable[date | datetime]) -> str:
        """'19, 21 en 23 nov'. None → ''."""
        return said_days((self._day(one) for one in when), self.words, self.today)

    def weekday(self, when: date | datetime) -> str:
        """'wo 25 nov'."""
        return f"{self.words.weekdays[self._day(when).weekday()]} {self.day(when)}"

    def moment(self, at: datetime) -> str:
        """'wo 25 nov 12:00', in the team's zone: for what was promised at a time, never for what somebody looked at."""
        return f"{self.weekday(at)} {self.time(at)}"

    def time(self, at: datetime) -> str:
        """'12:00', in the team's zone."""
        return at.astimezone(self.zone).strftime("%H:%M")

    def full_day(self, when: date | datetime) -> str:
        """'25 nov 2026': with the year whatever it is, for what is kept as proof."""
        day = self._day(when)
        return f"{day.day} {self.month(day)}"

    def month(self, when: date | datetime) -> str:
        """'mrt 2025'."""
        day = self._day(when)
        return f"{self.words.months[day.month - 1]} {day.year}"

    def kind(self, kind: str) -> str:
        """What a touch of a kind is called; one without a word by its name."""
        return self.words.kinds.get(kind, kind.replace("_", " "))

    def job(self, one: LinkedApplication | Job | None) -> str:
        """The vacancy's name; '' where it is unknown or confidential."""
        job = one.job if isinstance(one, LinkedApplication) else one
        return self.clip(job.name) if job and not job.confidential else ""

    def open_until(self, job: Job | None) -> str:
        """The last day a vacancy is open; '' where none is set, or it is past."""
        closes = local_day(job.closed_at, self.zone) if job and job.closed_at else None
        return self.day(closes) if closes and closes >= self.today else ""

    def recruiter(self, owner_id: str | None) -> str:
        """The name of a HubSpot owner; '' where it is unknown."""
        owner = self.owners.by_id.get(owner_id or "")
        return self.clip(owner.name) if owner else ""

    def clip(self, text: str | None, most: int = LONGEST_FACT) -> str:
        """Text people typed, on one line and not too long. None → ''."""
        return cut(" ".join((text or "").split()), most)

    def _day(self, when: date | datetime) -> date:
        return local_day(when, self.zone) if isinstance(when, datetime) else when
