"""Names and addresses, normalised for comparing only. What is shown and written back stays as registered."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise, product

from sync.core.nicknames import are_nicknames

_MEMO = 20_000

# letters that NFKD does not take apart
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_APOSTROPHES = "'\u2019\u2018\u02bc`´"
_NO_APOSTROPHES = str.maketrans(dict.fromkeys(_APOSTROPHES, ""))
_HAS_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_SPACED_APOSTROPHES = str.maketrans(dict.fromkeys(_APOSTROPHES, " "))
_PARTICLES = frozenset(
    {
        "van", "von", "vom", "zu", "zum", "zur", "de", "den", "der", "des", "d", "ten", "ter", "te", "t", "s", "in",
        "op", "el", "al", "du", "la", "le", "da", "di", "dos", "del", "della", "het", "aan", "bij", "uit", "over",
        "onder", "v", "vd", "vdr", "vden", "vande", "vander", "vanden", "vant", "vonder", "opde", "opden", "opt",
        "inde", "int", "aande", "aanden",
    }
)  # fmt: skip
_TITLES = frozenset(
    {
        "jr", "sr", "msc", "bsc", "phd", "mba", "llm", "ing", "ir", "drs", "dr", "prof", "mr", "mevr", "mevrouw", "mw",
        "dhr", "meneer", "geb", "geboren", "wed", "ev",
    }
)  # fmt: skip
# Dropped as particles are, and a name glued to one agrees with the two apart: 'Ben Ali' and 'Benali'.
_PREFIXES = frozenset({"ben", "bin", "ibn", "ait", "abd", "mac", "mc"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
# The short ones only before what can begin a Dutch word: Terbraak is ter Braak, Terpstra and Dekker are no 'ter Pstra'.
_GLUED = re.compile(
    r"^(?:(?:van(?:den|der|de|t(?![aeiouyrw]))?|von(?:der)?)|(?:de[nr]?|te[nr]?|la|du|el|al)"
    r"(?=[^aeiouy]?[aeiouy]|[bcdfgkptvw][lr]|s[cklmnptw]|[dtz]w|kn|[cpt]h))(?=.{3})"
)
_NO_CORES = _PARTICLES | _TITLES

_LEVELS = ("agrees", "initial", "slip", "nickname", "differs")
_CALL_NAME = re.compile(r"[(\[\"\u201c\u201d\u201e]([^\W\d_][\w '\u2019-]*)[)\]\"\u201c\u201d]")
_TWO_PEOPLE = re.compile(r"[&+/]|\s(?:en|and|und|et)\s", re.IGNORECASE)
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[^\s@,;:<>()\[\]\\\"]+")
_TAG_HOSTS = re.compile(
    r"(?:outlook|hotmail|live)\.(?:com|[a-z]{2}|com?\.[a-z]{2})|(?:icloud|fastmail|protonmail)\.com|(?:proton|pm)\.me"
)
_DOTS_AND_TAGS, _TAGS = "dots and tags", "tags"  # what a host does not tell mailboxes apart by
_RELAYS = (".indeed.com", ".indeedemail.com", ".linkedin.com", ".privaterelay.appleid.com")
_ROLE_BOXES = frozenset(
    {
        "info", "hr", "hrm", "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "contact",
        "admin", "administratie", "office", "kantoor", "sales", "support", "jobs", "vacature",
        "vacatures", "werkenbij", "sollicitatie", "sollicitaties", "solliciteren", "recruitment",
        "recruiting", "personeel", "personeelszaken", "secretariaat", "receptie", "balie", "webmaster",
        "postmaster", "abuse", "hello", "hallo", "team", "careers", "career", "cv", "planning",
        "facturen", "billing", "marketing", "klantenservice", "service", "helpdesk", "algemeen", "werving",
        "selectie", "hiring", "talent", "apply", "stage", "stages", "inschrijven", "inschrijving", "notifications",
        "newsletter", "nieuwsbrief", "mailer-daemon", "privacy", "boekhouding", "directie", "finance",
    }
)  # fmt: skip


def first_name_key(name: str | None) -> str:
    """A first name without case, marks and punctuation: 'Zoë ' → 'zoe', 'Jan-Willem' → 'jan willem'.

    Unknown → ''.
    """
    return " ".join(_words(name, _NO_APOSTROPHES))


def given_name_key(first: str | None, last: str | None) -> str:
    """The key of the first name a record holds, wherever it stands: one field with 'Haterd, Jan van de' gives 'jan'.

    Without titles ('mevr. S.' → 's'). Unknown, or two people in one field ('Jan & Sanne', 'Jan en Sanne') → ''.
    """
    given, surname = (first or "").strip(), (last or "").strip()
    if given and (surname or "," not in given):
        if _TWO_PEOPLE.search(given):
            return ""
        key = first_name_key(given)
        return key if " " not in key else " ".join(word for word in key.split() if word not in _TITLES)
    _, _, after = (given or surname).partition(",")
    return " ".join(word for word in _words(after, _NO_APOSTROPHES) if word not in _NO_CORES)


def given_name_forms(first: str | None, last: str | None) -> str:
    """As `given_name_key`, with a call name in brackets as a second form: 'Johannes (Hans)' → 'johannes|hans'.

    For `compare_first_names` only; ij is y.
    """
    forms = [given_name_key(first, last)]
    if first and (called := _CALL_NAME.search(first)):
        forms = [given_name_key(_CALL_NAME.sub(" ", first), last), first_name_key(called[1])]
    return "|".join(form for form in forms if form).replace("ij", "y")


def compare_first_names(left: str, right: str) -> str:
    """How two first-name keys stand to each other: agrees, initial, slip, nickname, differs, missing. Of several forms
    ('johannes|hans') the best.

    'agrees': equal, spelled as one word or two, or one is the other's first given name ('anna', 'anna maria', but not
    'anna maria', 'anna sophie'). 'initial': one has an initial where the other has the name, or both have the same
    initial. 'slip': one letter added, left out, changed or two swapped, in names of four letters and more that begin
    alike. 'nickname': a usual short form; evidence for a person, never proof.
    """
    if not left or not right:
        return "missing"
    if left == right and len(left) > 1:
        return "agrees"
    if "|" in left or "|" in right:
        levels = {compare_first_names(*pair) for pair in product(left.split("|"), right.split("|"))}
        return next(level for level in _LEVELS if level in levels)
    ours, theirs = left.split(), right.split()
    glued = "".join(ours), "".join(theirs)
    if glued[0] == glued[1] and len(left) > 1 and len(right) > 1 and (len(ours[0]) > 1 or len(theirs[0]) > 1):
        return "agrees"
    if all(one == other or _is_initial(one, other) for one, other in zip(ours, theirs, strict=False)):
        return "agrees" if ours[0] == theirs[0] and len(ours[0]) > 1 else "initial"
    alone = len(ours) == 1 or len(theirs) == 1
    if _one_slip(*glued) or (alone and _one_slip(ours[0], theirs[0])):
        return "slip"
    return "nickname" if are_nicknames(ours[0], theirs[0]) else "differs"


def first_names_agree(left: str, right: str) -> bool:
    """Whether two first-name keys name one person for certain. Unknown names and bare initials agree with nothing: they
    prove nothing.
    """
    return compare_first_names(left, right) == "agrees"


def surname_cores(first: str | None, infix: str | None, last: str | None) -> frozenset[str]:
    """The words of a surname that tell people apart, without particles and titles: 'Jacobs-van Dijk' → {jacobs, dijk}.

    Two surnames agree when they have a core in common, so a partner name agrees on either half. Glued forms give both
    spellings (vandenberg → vandenberg, berg; 'Ben Ali' → ali, benali), so do umlauts (Müller → muller, mueller), and ij
    is y (Meijer → meyer). After a comma stand particles and first names ('Haterd, Jan van de'). A
    name of particles only keeps them as one word. No surname: the words after the first one of `first`, for records
    that hold the whole name there. Nothing known → empty.
    """
    surname = f"{infix} {last or ''}" if infix else last or ""
    if not surname.strip():
        whole = (first or "").strip()
        surname = whole if "," in whole else " ".join(whole.split()[1:])
    return _cores(surname) if surname else frozenset()


def compare_surnames(left: frozenset[str], right: frozenset[str]) -> str:
    """How the cores of two surnames stand to each other: agrees, slip, differs, missing.

    'agrees': one in common. 'slip': two of five letters and more that are one letter apart and begin alike.
    """
    if not left or not right:
        return "missing"
    if not left.isdisjoint(right):
        return "agrees"
    close = any(len(one) > 4 and len(other) > 4 and _one_slip(one, other) for one, other in product(left, right))
    return "slip" if close else "differs"


@lru_cache(_MEMO)
def _cores(surname: str) -> frozenset[str]:
    surname = _without_given_names(surname)
    words = _words(surname, _NO_APOSTROPHES)
    spellings = {*words, *_words(surname, _SPACED_APOSTROPHES)} if _HAS_APOSTROPHE.search(surname) else {*words}
    if not surname.isascii():
        spellings.update(_words(unicodedata.normalize("NFC", surname.lower()).translate(_UMLAUTS), _NO_APOSTROPHES))
    cores = {word for word in spellings if len(word) > 1 and word not in _NO_CORES}
    if cores - _PREFIXES:
        cores = cores - _PREFIXES | {one + other for one, other in pairwise(words) if one in _PREFIXES}
    if cores:
        cores |= {_GLUED.sub("", word) for word in cores}
        return frozenset(word.replace("ij", "y") for word in cores)
    return frozenset({"".join([word for word in words if word not in _PARTICLES] or words)} - {""})


def _without_given_names(surname: str) -> str:
    """'Haterd, Jan van de' → 'Haterd'; 'van de, Haterd' stays."""
    if "," not in surname:
        return surname
    name, _, _ = surname.partition(",")
    return name if any(word not in _PARTICLES for word in _words(name, _SPACED_APOSTROPHES)) else surname


def _is_initial(one: str, other: str) -> bool:
    return one[0] == other[0] and (len(one) == 1 or len(other) == 1)


def _one_slip(left: str, right: str) -> bool:
    """Damerau-Levenshtein distance 1 between words of four letters and more that begin with the same one."""
    short, long = sorted((left, right), key=len)
    if len(short) < 4 or short[0] != long[0] or len(long) - len(short) > 1 or short == long:
        return False
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at + 1 : at + 2] + short[at] + short[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped == long[at:]


def email_key(address: str | None) -> str | None:
    """The mailbox an address stands for, as a key; None when it is no single address or not one person's own.

    Lower case and NFC, IDNA host. Gmail: without dots and +tag; outlook, hotmail, live, icloud, fastmail, proton:
    without +tag; elsewhere as it is. Role boxes (info@, hr@, noreply@) and job-board relays give None. Why:
    docs/decisions/0023.
    """
    if not address:
        return None
    address = (address if address.isascii() else unicodedata.normalize("NFC", address)).strip().lower()
    if not _ADDRESS.fullmatch(address):
        return None
    local, host = address.split("@")
    known = _mail_host(host)
    bare = local.split("+", 1)[0]
    if known is None or bare in _ROLE_BOXES:
        return None
    ascii_host, aliases = known
    if aliases == _DOTS_AND_TAGS:
        local = bare.replace(".", "")
    elif aliases == _TAGS:
        local = bare
    return f"{local}@{ascii_host}" if local else None


def untagged(key: str) -> str | None:
    """The mailbox a key with a +tag most likely leads to: 'sanne+werk@post.example' → 'sanne@post.example'. Evidence
    only, since not every host reads tags so. None without a tag.
    """
    local, _, host = key.partition("@")
    bare, plus, _ = local.partition("+")
    return f"{bare}@{host}" if plus and bare else None


def full_name(first: str | None, infix: str | None, last: str | None) -> str:
    """The name as registered, in order; unknown parts left out. Nothing known → ''."""
    return " ".join(part for name in (first, infix, last) if (part := " ".join((name or "").split())))


def _words(name: str | None, apostrophes: dict[int, str]) -> list[str]:
    if not name:
        return []
    if name.isascii() and name.isalpha():  # most first names: nothing to take apart
        return [name.lower()]
    if name.isascii():
        return _ASCII_WORD.findall(name.lower().translate(apostrophes))
    # casefolded once more: letters of mathematics and the like are capitals only after NFKD
    folded = unicodedata.normalize("NFKD", name.casefold().translate(apostrophes)).casefold().translate(_LETTERS)
    kept = (c if c.isalnum() else " " for c in folded if unicodedata.category(c) not in ("Mn", "Mc", "Cf"))
    return "".join(kept).split()


@lru_cache(_MEMO)
def _mail_host(host: str) -> tuple[str, str] | None:
    """The host as it is compared and which aliases it has; None when it is none, or a relay's."""
    labels = host.rstrip(".").split(".")
    if len(labels) < 2 or not all(labels):
        return None
    try:
        ascii_host = ".".join(labels) if host.isascii() else ".".join(labels).encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if f".{ascii_host}".endswith(_RELAYS):
        return None
    if ascii_host in ("gmail.com", "googlemail.com"):
        return "gmail.com", _DOTS_AND_TAGS
    return ascii_host, _TAGS if _TAG_HOSTS.fullmatch(ascii_host) else ""
