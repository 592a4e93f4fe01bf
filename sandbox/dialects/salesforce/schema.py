"""The objects of the org: standard ones, and those of the packages Connexys (cxsrec) and Byner (byner)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
SUFFIXES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

USER, CONTACT = "User", "Contact"
CXS_CANDIDATE, CXS_POSITION = "cxsrec__cxsCandidate__c", "cxsrec__cxsPosition__c"
CXS_APPLICATION, CXS_STATUS = "cxsrec__cxsJob_application__c", "cxsrec__cxsWorkflow_status__c"
BYNER_JOB, BYNER_APPLICATION = "byner__Job__c", "byner__Application__c"


@dataclass(frozen=True)
class Column:
    """A field of an object. `targets`: where a lookup leads; `relation`: what it is called in a path."""

    name: str
    type: str = "string"
    targets: Sequence[str] = ()
    relation: str | None = None
    values: Sequence[str] = ()

    def described(self) -> Row:
        """As describe shows it."""
        picked = [{"value": one, "label": one, "active": True, "defaultValue": False} for one in self.values]
        return {
            "name": self.name,
            "label": self.name,
            "type": self.type,
            "custom": self.name.endswith("__c"),
            "referenceTo": list(self.targets),
            "relationshipName": self.relation,
            "picklistValues": picked,
        }


@dataclass
class Sobject:
    """An object with its rows by id, deleted ones in the bin too."""

    name: str
    prefix: str
    columns: Sequence[Column]
    rows: dict[str, Row] = field(default_factory=dict)

    def column(self, name: str) -> Column | None:
        """A field, its name in any case."""
        return next((one for one in self.columns if one.name.lower() == name.lower()), None)

    def lookup(self, relation: str) -> Column | None:
        """The field behind the first part of a path."""
        return next((one for one in self.columns if (one.relation or "").lower() == relation.lower()), None)


def sobjects(outcomes: Sequence[str]) -> dict[str, Sobject]:
    """The org without rows. `outcomes`: values of Byner's status picklist."""
    return {one.name: one for one in (*_standard(), *_connexys(), *_byner(outcomes))}


def _standard() -> list[Sobject]:
    names = ("FirstName", "MiddleName", "LastName", "MobilePhone", "LeadSource", "AccountId", "Description")
    own = [Column("HasOptedOutOfEmail", "boolean"), Column("Birthdate", "date")]
    return [
        Sobject(USER, "005", [*_system(owned=False), *_texts("FirstName", "LastName", "Username"), *_person()]),
        Sobject(CONTACT, "003", [*_system(), *_texts(*names), *_person(), *own]),
    ]


def _connexys() -> list[Sobject]:
    candidate = [
        *_texts("cxsrec__First_name__c", "cxsrec__Last_name__c", "cxsrec__Motivation__c"),
        Column("cxsrec__E_mail_address__c", "email"),
        Column("cxsrec__mobilePhone__c", "phone"),
        Column("cxsrec__Anonymize_status__c", "picklist", values=["Anonymized"]),
    ]
    application = [
        *_texts("cxsrec__Created_from__c", "cxsrec__Motivation__c", "Reden_afwijzing__c"),
        lookup("cxsrec__Candidate__c", CXS_CANDIDATE),
        lookup("cxsrec__Position__c", CXS_POSITION),
        lookup("cxsrec__Workflow_status__c", CXS_STATUS),
    ]
    position = [*_texts("cxsrec__Status__c"), lookup("cxsrec__Recruiter__c", CONTACT)]
    return [
        Sobject(CXS_CANDIDATE, "a0B", [*_system(), *candidate]),
        Sobject(CXS_POSITION, "a0w", [*_system(), *position]),
        Sobject(CXS_STATUS, "a1W", [*_system(), Column("cxsrec__Active__c", "boolean")]),
        Sobject(CXS_APPLICATION, "a0A", [*_system(), *application]),
    ]


def _byner(outcomes: Sequence[str]) -> list[Sobject]:
    """The lookup to the contact is not called as the preset expects: its name is not public."""
    application = [
        *_texts("byner__UTM_Source__c", "byner__UTM_Medium__c"),
        Column("byner__Status__c", "picklist", values=outcomes),
        lookup("byner__Professional__c", CONTACT),
        lookup("byner__Job__c", BYNER_JOB),
    ]
    return [
        Sobject(BYNER_JOB, "a2J", [*_system(), *_texts("byner__Status__c", "byner__Job_location__c")]),
        Sobject(BYNER_APPLICATION, "a2A", [*_system(), *application]),
    ]


def lookup(name: str, target: str) -> Column:
    """A custom field that points to a row of another object."""
    return Column(name, "reference", [target], name.removesuffix("__c") + "__r")


def long_id(prefix: str, number: int) -> str:
    """An id of 18 characters: 15, of which case counts, and three that say which of them are capitals."""
    text = ""
    while number:
        number, rest = divmod(number, len(DIGITS))
        text = DIGITS[rest] + text
    short = prefix + "9K00000" + text.rjust(5, "0")
    bits = (sum(1 << place for place, sign in enumerate(short[at : at + 5]) if sign.isupper()) for at in (0, 5, 10))
    return short + "".join(SUFFIXES[one] for one in bits)


def _system(*, owned: bool = True) -> list[Column]:
    """What every object has."""
    moments = [Column(name, "datetime") for name in ("CreatedDate", "LastModifiedDate", "SystemModstamp")]
    owner = [Column("OwnerId", "reference", ["Group", USER], "Owner")] if owned else []
    return [Column("Id", "id"), Column("Name"), Column("IsDeleted", "boolean"), *moments, *owner]


def _texts(*names: str) -> list[Column]:
    return [Column(name) for name in names]


def _person() -> list[Column]:
    return [Column("Email", "email"), Column("IsActive", "boolean")]
