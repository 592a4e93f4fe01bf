"""Invented Dutch candidates and contacts whose true pairs are known.

Households share a mailbox or a landline, surnames are written in many ways, people have several addresses and numbers,
use initials and call names, make typing errors, and stand twice in a system now and then.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from sync.core.identity import Identity, of_candidate, of_contact
from sync.core.model import Candidate, Contact, RecordRef

HOUSEHOLDS = 3600

FIRST = """
    Sanne Jan Kees Anna Daan Sem Lotte Fleur Zoë Johannes Cornelis Maria Pieter Femke Bram Thijs Noor Eva Lars
    Sven Milan Lieke Roos Emma Julia Tess Saar Lucas Finn Luuk Mees Jesse Ruben Niels Joost Maarten Marieke
    Marijke Anneke Hanneke Willem Hendrik Gerard Petra Monique Karin Karen Yvonne Esra Mehmet Fatima Mohammed
    Ayşe İpek Youssef Samira Agnieszka Łukasz Olga Chantal Kevin Kim Priscilla Sharon Björn Renée Jan-Willem
    Anne-Marie Søren Jürgen Dirk Arie Wouter Stijn
""".split()  # noqa: SIM905 -- a page of quotes reads worse
CALLED = {
    "Johannes": "Hans",
    "Cornelis": "Kees",
    "Maria": "Mieke",
    "Pieter": "Piet",
    "Gerard": "Geert",
    "Hendrik": "Henk",
}
INFIX = ("", "", "", "", "van", "van", "de", "van der", "van den", "van de", "ter", "ten", "'t", "in 't", "el", "von")
STEMS = """
    Haterd Berg Vries Jong Jansen Bakker Visser Smit Meijer Boer Mulder Groot Bos Vos Peters Hendriks Leeuwen
    Dekker Brouwer Wit Dijkstra Smits Graaf Meer Linden Jacobs Haan Vermeulen Heuvel Veen Broek Bruijn Schouten
    Beek Willems Vliet Hoekstra Maas Verhoeven Koster Dam Prins Blom Huisman Peeters Kuipers Veenstra Kok Amrani
    Braak Horst Veld Yılmaz Kaya Demir Özdemir Nguyen Kowalski Müller Schäfer Aydın Bouzid Ouali Terpstra Postma
    Zijlstra Wiersma
""".split()  # noqa: SIM905 -- a page of quotes reads worse
ENDS = ("", "", "", "mans", "sen", "ink", "huis", "kamp", "stra", "ma", "hof", "veld", "beek", "man", "aar", "dijk")
HOSTS = ("gmail.com", "hotmail.com", "outlook.com", "live.nl", "ziggo.nl", "kpnmail.nl", "xs4all.nl", "icloud.com")


@dataclass(frozen=True, slots=True)
class Person:
    """Who a record is about. `emails` and `phones`: their own first, then those the household shares."""

    number: int
    first: str
    infix: str
    surname: str
    partner: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class World:
    """Records of both sides and the pairs that are one person."""

    candidates: list[Identity]
    contacts: list[Identity]
    truth: set[tuple[RecordRef, RecordRef]]


def people(chance: random.Random, households: int) -> list[Person]:
    """Everybody, household by household."""
    found: list[Person] = []
    for _ in range(households):
        infix, surname = chance.choice(INFIX), chance.choice(STEMS) + chance.choice(ENDS)
        mailbox = f"fam.{_ascii(surname)}{chance.randrange(10**5)}@{chance.choice(HOSTS)}"
        landline = f"0{chance.choice((20, 30, 10, 70, 40))}{chance.randrange(2 * 10**6, 9 * 10**6)}"
        size = chance.choices((1, 2, 3, 4), (55, 25, 12, 8))[0]
        shares_mailbox, shares_line = size > 1 and chance.random() < 0.08, size > 1 and chance.random() < 0.18
        home: list[Person] = []
        firsts = chance.sample(FIRST, size)
        if size > 1 and chance.random() < 0.01:  # named after a parent
            firsts[1] = firsts[0]
        for first in firsts:
            one = _person(chance, len(found) + len(home), (first, infix, surname))
            emails = (mailbox,) if shares_mailbox and chance.random() < 0.7 else one.emails
            phones = (*one.phones, landline) if shares_line else one.phones
            if shares_line and chance.random() < 0.3:
                phones = (landline,)
            home.append(replace(one, emails=emails, phones=phones))
        found.extend(_lend(chance, one, home) for one in home)
    return found


def world(seed: int, households: int = HOUSEHOLDS) -> World:
    """Candidates and contacts of invented people: a good half stands on both sides, a few twice on one."""
    chance = random.Random(seed)
    made = World([], [], set())
    for person in people(chance, households):
        both = chance.random()
        copies = (int(both < 0.77) + int(chance.random() < 0.01), int(both > 0.23) + int(chance.random() < 0.015))
        ours = [_candidate(chance, person, f"{person.number}-{n}") for n in range(copies[0])]
        theirs = [_contact(chance, person, f"{person.number}-{n}") for n in range(copies[1])]
        made.candidates.extend(ours)
        made.contacts.extend(theirs)
        made.truth.update((one.ref, other.ref) for one in ours for other in theirs)
    chance.shuffle(made.candidates)
    chance.shuffle(made.contacts)
    return made


def _lend(chance: random.Random, person: Person, home: list[Person]) -> Person:
    """Now and then somebody gives the address or number of another in the house as theirs."""
    other = chance.choice(home)
    kind = chance.random()
    if kind < 0.01:
        return replace(person, emails=(*person.emails, other.emails[0]))
    return replace(person, phones=(*person.phones, other.phones[0])) if kind < 0.02 else person


def _person(chance: random.Random, number: int, name: tuple[str, str, str]) -> Person:
    first, infix, surname = name
    local = chance.choice(
        (
            f"{_ascii(first)}.{_ascii(surname)}{number}",
            f"{_ascii(first)[0]}{_ascii(surname)}{number}",
            f"{_ascii(first)}{number}",
        )
    )
    emails = [f"{local}@{chance.choice(HOSTS)}"]
    if chance.random() < 0.6:
        emails.append(f"{_ascii(first)}@werk{number}.nl")
    phones = [f"06{chance.randrange(11_000_000, 58_999_999)}"]
    if chance.random() < 0.12:
        phones.append(f"06{chance.randrange(11_000_000, 58_999_999)}")
    partner = chance.choice(STEMS) if chance.random() < 0.06 else ""
    return Person(number, first, infix, surname, partner, tuple(emails), tuple(phones))


def _candidate(chance: random.Random, person: Person, number: str) -> Identity:
    first, last = _first(chance, person.first), _surname(chance, person)
    infix = person.infix if last == person.surname else ""
    emails, phones = _some(chance, person.emails), _some(chance, person.phones)
    emails, phones = tuple(_email(chance, one) for one in emails), tuple(_phone(chance, one) for one in phones)
    return of_candidate(
        "ats", Candidate(number, first, infix or None, last, emails, phones if chance.random() < 0.9 else ())
    )


def _contact(chance: random.Random, person: Person, number: str) -> Identity:
    first: str | None = _first(chance, person.first)
    last: str | None = _whole_surname(chance, person.infix, _surname(chance, person))
    if chance.random() < 0.04:
        first, last = (None, None) if chance.random() < 0.5 else (None, f"{last}, {first}")
    email, *more = [_email(chance, one) for one in _some(chance, person.emails)]
    phone = _phone(chance, chance.choice(person.phones)) if chance.random() < 0.65 else None
    return of_contact(Contact(number, email, tuple(more), first, last, phone))


def _some(chance: random.Random, values: tuple[str, ...]) -> tuple[str, ...]:
    """Mostly one of them, which differs from record to record."""
    return tuple(chance.sample(values, 1 if chance.random() < 0.85 else len(values)))


def _first(chance: random.Random, first: str) -> str:
    kind = chance.random()
    if kind < 0.04:
        return first[0] + "."
    if kind < 0.06:
        return _typo(chance, first)
    if kind < 0.09:
        return CALLED.get(first, first)
    if kind < 0.13:
        return f"{first} {chance.choice(FIRST)}"
    return chance.choice((first, first, first, first.lower(), first.upper(), f" {first}"))


def _surname(chance: random.Random, person: Person) -> str:
    kind = chance.random()
    if person.partner and kind < 0.5:
        return chance.choice((f"{person.partner}-{person.surname}", person.partner))
    return _typo(chance, person.surname) if kind > 0.98 else person.surname


def _whole_surname(chance: random.Random, infix: str, last: str) -> str:
    if not infix:
        return last
    return chance.choice(
        (f"{infix} {last}",) * 5
        + (f"{infix.title()} {last}", last, f"{last}, {infix}", f"{infix} {last}".upper())
        + ((infix.replace(" ", "") + last.lower(),) if "'" not in infix else ())
    )


def _email(chance: random.Random, email: str) -> str:
    kind = chance.random()
    if kind < 0.25:
        return email.upper() if kind < 0.05 else email.capitalize()
    if kind < 0.29 and email.endswith("gmail.com"):
        return email.replace("@", "+werk@")
    local, host = email.split("@")
    return f"{_typo(chance, local)}@{host}" if kind > 0.98 else email


def _phone(chance: random.Random, phone: str) -> str:
    kind = chance.random()
    if kind < 0.02:
        return phone[:-1]
    spelled = (
        phone,
        f"{phone[:2]}-{phone[2:]}",
        f"+31 {phone[1:]}",
        f"+31 (0){phone[1:]}",
        f"0031{phone[1:]}",
        phone[1:],
    )
    return chance.choice(spelled)


def _typo(chance: random.Random, word: str) -> str:
    at = chance.randrange(1, max(2, len(word) - 1))
    letter = chance.choice("abcdefghijklmnoprstuvwz")
    return chance.choice(
        (word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :])
    )


def _ascii(word: str) -> str:
    kept = "".join(letter for letter in word.lower() if letter.isascii() and letter.isalpha())
    return kept or "x"
