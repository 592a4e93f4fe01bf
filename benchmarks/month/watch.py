"""What must hold after every run, looked up in HubSpot itself; the mirror only says why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from benchmarks.month.stage import ZONE, Place
from sandbox.store import Record
from sync.bootstrap import open_view
from sync.core.plays import PLAYS
from sync.core.wording_templates import LONGEST_TASK

NEW_A_DAY, OPEN_TASKS = 8, 15
IN_7_DAYS, IN_30_DAYS, CONTACTS_IN_30_DAYS, GAP = 1, 3, 4, timedelta(hours=72)
OPENS, CLOSES = time(9), time(18)
MAILS_IN_7_DAYS = 2
FIRST_COME = ("call_back", "promise unanswered", "abandoned_application", "fan")  # then the rest
DIALOGUE = ("unanswered", "no_answer")  # the next step of a conversation: tasks and contacts before it do not hold it
SAYS_NO = ("afgewezen", "rejected", "uitslag verteld", "told the outcome")
PLAYS_BY_MARKER = "SELECT substr(key, 1, 12), play FROM outbox WHERE kind = 'create_task' AND state = 'DONE'"
PLAYS_NOW = "SELECT remote_id, coalesce(play, ''), person_id FROM task WHERE marker IS NOT NULL"
DECISIONS = """
SELECT one.person_id, one.play, one.occasion, coalesce(one.refused, ''), coalesce(one.until, ''),
    coalesce(one.owner_id, ''), one.why,
    EXISTS (SELECT 1 FROM task WHERE task.person_id = one.person_id AND task.play = one.play)
FROM decision AS one WHERE one.wanted = 1
"""


Decided = tuple[int, str, str, str, str, str, str, int]


@dataclass
class Made:
    """A task as it was when it was first seen. `contacts`: whom it is about."""

    id: str
    marker: str
    play: str
    owner: str
    at: datetime
    contacts: list[str]
    type: str


@dataclass
class Watch:
    """What was seen. `broken`: what should not have been, in words without names.

    `refused`, `granted`: wishes, by person, play and occasion. `seen`: since when a marker was seen on a contact's
    task. `waited_in`: since when a contact was in a grouped task.
    """

    place: Place
    is_working: Callable[[datetime], bool]
    working_day: Callable[[datetime], object]
    handled: set[str]
    contacts: dict[str, list[tuple[datetime, str]]]
    broken: list[str] = field(default_factory=list)
    made: dict[str, Made] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    refused: dict[tuple[int, str, str], set[str]] = field(default_factory=dict)
    granted: set[tuple[int, str, str]] = field(default_factory=set)
    seen: dict[tuple[str, str], datetime] = field(default_factory=dict)
    waited_in: dict[str, datetime] = field(default_factory=dict)
    _objected: set[str] = field(default_factory=set)

    def look(self) -> None:
        """After a run."""
        with open_view(self.place.app()) as view:
            plays = dict(view.db.rows(PLAYS_BY_MARKER))
            now = {id_: (play, person) for id_, play, person in view.db.rows(PLAYS_NOW)}
            decisions = view.db.rows(DECISIONS)
        tasks = self.place.tasks()
        for task in tasks:
            self._note(task, plays, now)
        self._check_duplicates(tasks)
        self._check_desks([one for one in tasks if is_open(one)], now)
        self._check_decisions(decisions)
        self._check_precedence([one for one in tasks if is_open(one)], now, decisions)
        for task in tasks:
            if is_open(task):
                self._check_open(task, now.get(task.id, ("", 0))[0])
        self._objected = {one for one in self.place.contact_ids if self._objections(one)}

    def fail(self, what: str) -> None:
        """Something that should not have been."""
        self.broken.append(f"{self.place.now.astimezone(ZONE):%a %d %b %H:%M} {what}")

    # tasks -----------------------------------------------------------------------------------------------------

    def _note(self, task: Record, plays: dict[str, str], now: dict[str, tuple[str, int]]) -> None:
        own, contacts = marker(task), self.place.about(task)
        for contact in contacts if is_open(task) else ():
            self.seen.setdefault((contact, own), self.place.now)
            if task.properties["hs_task_type"] == "TODO":
                self.waited_in.setdefault(contact, self.place.now)
        self._check_text(task, contacts)
        if task.id in self.made:
            return
        play = plays.get(own) or now.get(task.id, ("", 0))[0]
        found = Made(task.id, own, play, task.properties["hubspot_owner_id"], task.created_at, contacts, kind(task))
        if not play:
            self.fail(f"task {task.id}: made by no play")
        if kind(task) != "TODO":
            self._check_person(found)
        self.made[task.id] = found
        if self._is_held(play):
            day = self.working_day(found.at)
            same = [one for one in self.made.values() if self._is_held(one.play) and one.owner == found.owner]
            if sum(self.working_day(one.at) == day for one in same) > NEW_A_DAY:
                self.fail(f"task {task.id}: more than {NEW_A_DAY} new tasks for owner {found.owner}")

    def _is_held(self, play: str) -> bool:
        """Whether it takes room on a recruiter's desk of the day."""
        return play in PLAYS and PLAYS[play].is_held and not PLAYS[play].apart

    def _check_person(self, new: Made) -> None:
        """Caps of tasks and of contacts, and objections that stood before the run."""
        for contact in new.contacts:
            before = [one.at for one in self.made.values() if contact in one.contacts and one.type != "TODO"]
            if self._is_held(new.play) and new.play not in DIALOGUE:
                self._check_caps(new, before, [one for one in self.contacts.get(contact, ()) if one[0] <= new.at])
            objections = self._objections(contact) if contact in self._objected else set()
            if not PLAYS[new.play].profiles:
                objections.discard("warmline_no_profiling")
            if objections and new.play != "promise":
                self.fail(f"task {new.id}: {new.play} for somebody who objected ({', '.join(sorted(objections))})")

    def _check_caps(self, new: Made, tasks: list[datetime], contacts: list[tuple[datetime, str]]) -> None:
        for most, days in ((IN_7_DAYS, 7), (IN_30_DAYS, 30)):
            if sum(new.at - one < timedelta(days=days) for one in tasks) >= most:
                self.fail(f"task {new.id}: {new.play} is more than {most} in {days} days for one person")
        if any(new.at - at < GAP for at, _ in contacts):
            self.fail(f"task {new.id}: {new.play} within {GAP} of a contact")
        found = {(at.astimezone(ZONE).date(), by) for at, by in contacts if new.at - at < timedelta(days=30)}
        if len(found) >= CONTACTS_IN_30_DAYS:
            self.fail(f"task {new.id}: {new.play} after {len(found)} contacts in 30 days")
        mails = {at.astimezone(ZONE).date() for at, by in contacts if by == "email" and new.at - at < timedelta(days=7)}
        if new.type == "EMAIL" and len(mails) >= MAILS_IN_7_DAYS:
            self.fail(f"task {new.id}: {new.play} is a mail after {len(mails)} in 7 days")

    def _objections(self, contact: str) -> set[str]:
        properties = self.place.portal.record("contacts", contact).properties
        names = ("warmline_do_not_call", "hs_email_optout", "warmline_no_profiling")
        return {name for name in names if properties.get(name) == "true"}

    def _check_text(self, task: Record, contacts: list[str]) -> None:
        text = f"{task.properties['hs_task_subject']}\n{task.properties['hs_task_body']}"
        if self.texts.get(task.id) == text:
            return
        self.texts[task.id] = text
        if len(task.properties["hs_task_body"]) > LONGEST_TASK:
            self.fail(f"task {task.id}: longer than {LONGEST_TASK} characters")
        if task.id in self.handled:
            return
        self._check_secrets(f"task {task.id}", text, contacts)

    def _check_secrets(self, what: str, text: str, contacts: list[str]) -> None:
        if any(name in text for name in self.place.cast.confidential()):
            self.fail(f"{what}: names a confidential vacancy")
        if any(self._is_untold(one) for one in contacts) and any(word in text.casefold() for word in SAYS_NO):
            self.fail(f"{what}: shows a rejection before it was told")

    def _is_untold(self, contact: str) -> bool:
        person = self.place.contact_ids.get(contact)
        rows = self.place.cast.of_candidate(person) if person else []
        nos = [one for one in rows if one["status"] == "rejected"]
        return bool(nos) and all("told_at" not in one for one in nos)

    def check_properties(self) -> None:
        """No property of warmline names what may not be named."""
        for contact in self.place.contact_ids:
            properties = self.place.portal.record("contacts", contact).properties
            text = "\n".join(value for name, value in properties.items() if name.startswith("warmline_"))
            self._check_secrets(f"contact {contact}", text, [contact])

    def _check_open(self, task: Record, play: str) -> None:
        due = datetime.fromisoformat(task.properties["hs_timestamp"]).astimezone(ZONE)
        if play != "call_back" and not (self.is_working(due) and OPENS <= due.time() <= CLOSES):
            self.fail(f"task {task.id}: {play} is due {due:%a %d %b %H:%M}, outside working hours")
        for contact in self.place.about(task) if kind(task) == "CALL" else ():
            if "warmline_do_not_call" in self._objections(contact):
                self.fail(f"task {task.id}: {play} is a call to somebody who does not want to be called")

    def _check_duplicates(self, tasks: list[Record]) -> None:
        for own, count in Counter(marker(one) for one in tasks).items():
            if count > 1:
                self.fail(f"marker {own}: {count} tasks")
        waiting = [(who, one) for one in tasks if is_open(one) and kind(one) != "TODO" for who in self.place.about(one)]
        for who, count in Counter(who for who, _ in waiting).items():
            if count > 1:
                self.fail(f"contact {who}: {count} open tasks")

    def _check_desks(self, tasks: list[Record], now: dict[str, tuple[str, int]]) -> None:
        """Nobody is given more than fits. What was handed over while somebody is away may come on top of that, and then
        nothing new does."""
        desks: dict[str, list[Record]] = {}
        for task in tasks:
            if self._is_held(now.get(task.id, ("", 0))[0]) and task.id not in self.handled:
                desks.setdefault(task.properties["hubspot_owner_id"], []).append(task)
        for owner, held in desks.items():
            own = [self.made[one.id] for one in held if self.made[one.id].owner == owner]
            handed_over = len(held) - len(own)
            new = [one for one in own if one.at == self.place.now]
            if len(own) > OPEN_TASKS or (len(held) > OPEN_TASKS and new):
                self.fail(
                    f"owner {owner}: {len(own)} open tasks, {len(new)} of them new, and {handed_over} handed over"
                )

    # decisions -------------------------------------------------------------------------------------------------

    def _check_decisions(self, rows: list[Decided]) -> None:
        """Each wish has a yes with an owner, a reason and a task, or a no with a cause."""
        for person, play, occasion, refused, _, owner, why, has_task in rows:
            wish = (person, play, occasion)
            if why == "[]":
                self.fail(f"p{person}: {play} without a reason")
            if refused:
                self.refused.setdefault(wish, set()).add(refused)
            else:
                self.granted.add(wish)
                if not owner or not has_task:
                    self.fail(f"p{person}: {play} was granted and has no task")

    def _check_precedence(self, tasks: list[Record], now: dict[str, tuple[str, int]], rows: list[Decided]) -> None:
        """No weaker play's task stands in the way of a stronger one, unless a person took it."""
        stands = {now[one.id][1]: now[one.id][0] for one in tasks if one.id in now and one.id not in self.handled}
        for person, play, _, refused, *_ in rows:
            if refused == "open_task" and place_of(play) < place_of(stands.get(person, play)):
                self.fail(f"p{person}: {play} waits for the task of {stands[person]}")


def place_of(play: str) -> int:
    """Lower goes first."""
    return next((place for place, plays in enumerate(FIRST_COME) if play in plays.split()), len(FIRST_COME))


def marker(task: Record) -> str:
    """The 12 hex at the end of a task's body."""
    return str(task.properties["hs_task_body"].rpartition("[wl:")[2][:12])


def kind(task: Record) -> str:
    """CALL, EMAIL or TODO."""
    return str(task.properties["hs_task_type"])


def is_open(task: Record) -> bool:
    """Whether the task waits."""
    return not task.archived_at and task.properties["hs_task_status"] != "COMPLETED"
