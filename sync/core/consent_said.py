"""What a contact and a candidate say of consent, in the words of purpose and channel."""

from __future__ import annotations

from dataclasses import dataclass

from sync.core.consent import ANY, CHANNELS, EMAIL, MARKETING, MESSAGE, PHONE, PROFILING, TALENT_POOL, Stated
from sync.core.model import Candidate, Contact

# What HubSpot's contact properties and the ATS's fields say themselves. The first four have gates of their own.
OPT_OUT, DO_NOT_CALL = "hs_email_optout", "warmline_do_not_call"
PREFERENCE, NO_PROFILING = "warmline_channel_preference", "warmline_no_profiling"
CAN_EMAIL, EXPIRES_AT = "can_email", "consent_expires_at"
LEGAL_BASIS = "hs_legal_basis"
GATED = frozenset({OPT_OUT, DO_NOT_CALL, PREFERENCE, NO_PROFILING})

_CHANNEL_WORDS = {
    PHONE: frozenset({"phone", "call", "telephone", "telefoon", "bellen", "mobile"}),
    EMAIL: frozenset({"email", "e-mail", "mail", "e_mail"}),
    MESSAGE: frozenset({"message", "sms", "whatsapp", "text", "app", "bericht"}),
}
_NO_PREFERENCE = frozenset({"any", "all", "no_preference"})


@dataclass(frozen=True, slots=True)
class ConsentProperty:
    """A contact property in which the team keeps consent. `refuses`: a yes is a refusal. `option`: a yes is that choice
    of several. `text_version` holds where `text_property` is empty."""

    name: str
    purpose: str
    channel: str
    refuses: bool = False
    option: str = ""
    text_version: str = ""
    text_property: str = ""
    at_property: str = ""
    until_property: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every property it reads."""
        found = (self.name, self.text_property, self.at_property, self.until_property)
        return tuple(name for name in found if name)


def said_by_contact(contact: Contact) -> tuple[Stated, ...]:
    """What a HubSpot contact says: opt-out, objections, preferred channel, legal basis, the team's own properties."""
    found = list(contact.consents)
    if contact.opted_out:
        found += [Stated(OPT_OUT, purpose, EMAIL, given=False) for purpose in (TALENT_POOL, MARKETING)]
    if contact.do_not_call:
        found.append(Stated(DO_NOT_CALL, ANY, PHONE, given=False))
    if contact.no_profiling:
        found.append(Stated(NO_PROFILING, PROFILING, ANY, given=False))
    found += [Stated(PREFERENCE, ANY, channel, given=False) for channel in _not_preferred(contact.channel_preference)]
    return tuple(dict.fromkeys(found))


def said_by_candidate(candidate: Candidate) -> tuple[Stated, ...]:
    """What a candidate of an ATS says: whether they may be mailed, until when the data may be kept. Gone: nothing."""
    if candidate.deleted_at is not None or candidate.anonymised_at is not None:
        return ()
    found = []
    if candidate.can_email is not None:
        found += [Stated(CAN_EMAIL, one, EMAIL, given=candidate.can_email) for one in (TALENT_POOL, MARKETING)]
    if candidate.consent_expires_at is not None:
        found.append(Stated(EXPIRES_AT, TALENT_POOL, ANY, given=True, until=candidate.consent_expires_at))
    return tuple(found)


def _not_preferred(preference: str | None) -> list[str]:
    """The channels a preference leaves out; a word nobody knows says nothing. HubSpot joins choices with ';'."""
    wanted = {part.strip().casefold() for part in (preference or "").split(";")} - {""}
    named = {channel for channel, words in _CHANNEL_WORDS.items() if wanted & words}
    return [channel for channel in CHANNELS if channel not in named] if named and not wanted & _NO_PREFERENCE else []
