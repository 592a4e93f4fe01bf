"""What the demo says, in Dutch and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sync.core.wording import date_words


@dataclass(frozen=True, slots=True)
class Words:
    """Templates of the demo's lines."""

    language: str
    weekdays: tuple[str, ...]
    title: str
    doctor: str
    plan: str
    first_sync: str
    second_sync: str
    today: str
    more: str
    do_not_call: str
    in_hubspot: str
    task_file: str
    without: str
    closing: str

    def moment(self, moment: datetime) -> str:
        """A local moment: 'di 24 nov 2026 09:00'."""
        return f"{self.weekdays[moment.weekday()]} {date_words(moment.date(), self.language)} {moment:%H:%M}"


WORDS: Mapping[str, Words] = {
    "nl": Words(
        language="nl",
        weekdays=("ma", "di", "wo", "do", "vr", "za", "zo"),
        title="warmline demo: verzonnen mensen, alles lokaal, {moment}",
        doctor="1/4 doctor  {told}; {made} eigenschappen aangemaakt",
        plan="2/4 plan    {people} mensen, {linked} gekoppeld, {review} nakijken: {tasks} taken",
        first_sync="3/4 sync    {tasks} taken en {contacts} contacten geschreven, {failed} mislukt",
        second_sync="4/4 sync    niets nieuws: {writes} geschreven",
        today="VANDAAG {owner}, {shown} van {total}",
        more="   +{more}: {program} --config {config} calls --owner {owner}",
        do_not_call="NIET BELLEN {count}: {told}",
        in_hubspot="ZO STAAT HET IN HUBSPOT ({path})",
        task_file="taak.html",
        without="zonder {kind} {value}",
        closing="Zelf kijken:   {program} --config {config} explain {who}\n"
        "Eigen portal (leest alleen): warmline init; warmline doctor; warmline plan",
    ),
    "en": Words(
        language="en",
        weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        title="warmline demo: invented people, all on this machine, {moment}",
        doctor="1/4 doctor  {told}; {made} properties made",
        plan="2/4 plan    {people} people, {linked} linked, {review} to review: {tasks} tasks",
        first_sync="3/4 sync    {tasks} tasks and {contacts} contacts written, {failed} failed",
        second_sync="4/4 sync    nothing new: {writes} written",
        today="TODAY {owner}, {shown} of {total}",
        more="   +{more}: {program} --config {config} calls --owner {owner}",
        do_not_call="DO NOT CALL {count}: {told}",
        in_hubspot="AS IT STANDS IN HUBSPOT ({path})",
        task_file="task.html",
        without="without {kind} {value}",
        closing="Look yourself: {program} --config {config} explain {who}\n"
        "Own portal (reads only): warmline init; warmline doctor; warmline plan",
    ),
}
