"""What may never be read, by the names it goes by, in Dutch and English and as vendors spell it."""

from __future__ import annotations

import re

# What it is → names, in parts: `birth date`, `birthDate`, `birth_date` and `birthdate` are one.
DENIED: dict[str, tuple[str, ...]] = {
    "birth date": (
        "birth",
        "birthdate",
        "birthday",
        "dob",
        "geboorte",
        "geboortedatum",
        "geb datum",
        "age",
        "leeftijd",
    ),
    "gender": (
        "gender",
        "geslacht",
        "sex",
        "salutation",
        "aanhef",
        "pronoun",
        "pronouns",
        "voornaamwoord",
        "honorific",
    ),
    "photo": ("photo", "foto", "picture", "pasfoto", "avatar", "portrait", "image", "thumb", "headshot"),
    "nationality": ("nationality", "nationaliteit", "citizenship", "birthplace", "geboorteplaats", "geboorteland"),
    "bsn": ("bsn", "burgerservicenummer", "sofinummer", "ssn", "social security", "passport", "paspoort", "id number"),
    "religion": ("religion", "religie", "geloof", "godsdienst", "faith", "church", "kerk"),
    "health": (
        "health",
        "gezondheid",
        "medical",
        "medisch",
        "disability",
        "handicap",
        "beperking",
        "ziekte",
        "illness",
    ),
    "origin": ("ethnicity", "ethnic", "race", "afkomst", "etniciteit", "veteran", "sexual orientation", "geaardheid"),
    "note": (
        "note",
        "notes",
        "notitie",
        "notities",
        "opmerking",
        "opmerkingen",
        "remark",
        "remarks",
        "comment",
        "comments",
    ),
    "body": ("body", "html", "message text", "email text", "preview", "transcript", "recording", "opname"),
    "free text": (
        *("motivation", "motivatie", "cover letter", "motivatiebrief", "sollicitatiebrief", "cv", "resume", "pitch"),
        *("answer", "answers", "antwoord", "antwoorden", "free text", "vrije tekst", "summary", "description"),
        *(
            "omschrijving",
            "toelichting",
            "custom fields",
            "tags",
            "custom text",
            "attachment",
            "attachments",
            "bijlage",
        ),
    ),
    "where from": (
        "ip",
        "ip address",
        "ip adres",
        "user agent",
        "fingerprint",
        "query",
        "postcode",
        "zip",
        "straat",
    ),
}
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def parts(name: str) -> list[str]:
    """The words of a name, in lower case: `hs_dateOfBirth__c` is hs, date, of, birth, c."""
    return [part.lower() for part in _PARTS.findall(name)]


def denied(name: str) -> str | None:
    """What a field of this name would hold that may not be read; None: nothing of the kind."""
    own = parts(name)
    for what, names in DENIED.items():
        for one in names:
            words = one.split()
            runs = [own[place : place + len(words)] for place in range(len(own) - len(words) + 1)]
            if words in runs or "".join(words) in own:
                return what
    return None
