"""Names and addresses, normalised for comparing only. What is shown and written back stays as registered."""

from __future__ import annotations

import re
import unicodedata

# letters that NFKD does not take apart
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_APOSTROPHES = "'\u2019\u2018\u02bc`´"
_NO_APOSTROPHES = str.maketrans(dict.fromkeys(_APOSTROPHES, ""))
_SPACED_APOSTROPHES = str.maketrans(dict.fromkeys(_APOSTROPHES, " "))
_PARTICLES = frozenset(
    {
        "van", "von", "vom", "zu", "de", "den", "der", "des", "d", "ten", "ter", "te", "t", "s", "in",
        "op", "el", "al", "du", "la", "le", "da", "di", "dos", "het", "aan", "bij",
    }
)  # fmt: skip
_GLUED = re.compile(r"^(?:van(?:den|der|de|t)?|von(?:der)?|de[nr]?|te[nr]|la|du)(?=.{3})")

_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[^\s@,;:<>()\[\]\\\"]+")
_TAG_HOSTS = re.compile(r"(?:outlook|hotmail|live|icloud)\.(?:com|[a-z]{2}|com?\.[a-z]{2})")
_RELAYS = ("indeed.com", "indeedemail.com", "linkedin.com", "privaterelay.appleid.com")
_ROLE_BOXES = frozenset(
    {
        "info", "hr", "hrm", "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "contact",
        "admin", "administratie", "office", "kantoor", "sales", "support", "jobs", "vacature",
        "vacatures", "werkenbij", "sollicitatie", "sollicitaties", "solliciteren", "recruitment",
        "recruiting", "personeel", "personeelszaken", "secretariaat", "receptie", "balie", "webmaster",
        "postmaster", "abuse", "hello", "hallo", "team", "careers", "career", "cv", "planning",
        "facturen", "billing", "marketing", "klantenservice", "service", "helpdesk",
    }
)  # fmt: skip


def first_name_key(name: str | None) -> str:
    """A first name without case, marks and punctuation: 'Zoë ' → 'zoe', 'Jan-Willem' → 'jan willem'.

    Unknown → ''.
    """
    return " ".join(_words(name, _NO_APOSTROPHES))


def first_names_agree(left: str, right: str) -> bool:
    """Whether two first-name keys name one person: equal ('jan willem', 'janwillem'), or one is the other's
    first given name.

    'anna' agrees with 'anna maria', 'anna maria' does not agree with 'anna sophie'. Unknown names and bare
    initials agree with nothing: they prove nothing.
    """
    if left == right:
        return len(left) > 1
    if not left or not right:
        return False
    if left.replace(" ", "") == right.replace(" ", ""):
        return len(left) > 1
    short, long = sorted((left, right), key=len)
    return len(short) > 1 and long.startswith(short + " ")


def surname_cores(first: str | None, infix: str | None, last: str | None) -> frozenset[str]:
    """The words of a surname that tell people apart, without particles: 'Jacobs-van Dijk' → {jacobs, dijk}.

    Glued forms give both spellings (vandenberg → vandenberg, berg). A name of particles only keeps them as
    one word. No surname: the words after the first one of `first`, for records that hold the whole name
    there. Nothing known → empty.
    """
    surname = f"{infix or ''} {last or ''}"
    if not surname.strip():
        surname = " ".join((first or "").split()[1:])
    words = _words(surname, _SPACED_APOSTROPHES) + _words(surname, _NO_APOSTROPHES)
    cores = {word for word in words if len(word) > 1 and word not in _PARTICLES}
    cores |= {_GLUED.sub("", word) for word in cores}
    if cores or not words:
        return frozenset(cores)
    return frozenset({"".join(_words(surname, _NO_APOSTROPHES))})


def email_key(address: str | None) -> str | None:
    """The mailbox an address stands for, as a key; None when it is no single address or not one person's own.

    Lower case and NFC, IDNA host. Gmail: without dots and +tag; outlook, hotmail, live, icloud: without +tag;
    elsewhere as it is. Role boxes (info@, hr@, noreply@) and job-board relays give None. Why: facts/domain.md
    B1.
    """
    address = unicodedata.normalize("NFC", address or "").strip().lower()
    if not _ADDRESS.fullmatch(address):
        return None
    local, host = address.split("@")
    ascii_host = _ascii(host.rstrip("."))
    if ascii_host is None or any(ascii_host == relay or ascii_host.endswith("." + relay) for relay in _RELAYS):
        return None
    bare = local.split("+", 1)[0]
    if bare in _ROLE_BOXES:
        return None
    if ascii_host in ("gmail.com", "googlemail.com"):
        local, ascii_host = bare.replace(".", ""), "gmail.com"
    elif _TAG_HOSTS.fullmatch(ascii_host):
        local = bare
    return f"{local}@{ascii_host}" if local else None


def full_name(first: str | None, infix: str | None, last: str | None) -> str:
    """The name as registered, in order; unknown parts left out. Nothing known → ''."""
    return " ".join(part for name in (first, infix, last) if (part := " ".join((name or "").split())))


def _words(name: str | None, apostrophes: dict[int, str]) -> list[str]:
    if not name:
        return []
    if name.isascii() and name.isalpha():  # most first names: nothing to take apart
        return [name.lower()]
    folded = unicodedata.normalize("NFKD", name.casefold().translate(apostrophes)).translate(_LETTERS)
    kept = (c if c.isalnum() else " " for c in folded if unicodedata.category(c) not in ("Mn", "Mc", "Cf"))
    return "".join(kept).split()


def _ascii(host: str) -> str | None:
    labels = host.split(".")
    if len(labels) < 2 or not all(labels):
        return None
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
