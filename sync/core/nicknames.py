"""Which first names are forms of one name: evidence that two records are one person, never proof."""

from __future__ import annotations

_GROUPS = (
    "johannes johan jan hans joannes hannes han jannes",
    "johanna joke hanneke annie jo hanna jannie anja",
    "cornelis cornelius kees cor corne cees nelis",
    "cornelia corrie cora nelly cornelie",
    "wilhelmus willem wim wil willy pim",
    "wilhelmina mien willemien wil willy mina helma",
    "petrus peter piet pieter per pete",
    "petronella nel ellen petra nelleke",
    "hendrikus hendrik henk rik hein henri hendricus driek",
    "hendrika henny rika hennie riek henrike",
    "gerardus gerard geert gerrit ger gerhard sjra",
    "gerarda gerda gera",
    "jacobus jacob jaap koos sjaak jacques jac sjakie cobus",
    "jacoba coba cobie",
    "theodorus theo dorus theodoor",
    "theodora dora thea",
    "antonius anton toon ton antoon tonny tony",
    "antonia tonny toos antoinette",
    "adrianus adriaan arie ad aad adri janus",
    "adriana ada adri jana",
    "franciscus frans frank cis",
    "francisca cisca franka francien ciska",
    "nicolaas klaas nico niek nicolas nick",
    "lambertus bert bertus lambert",
    "albertus albert bert appie ab",
    "hubertus huub bert hub",
    "martinus martin tinus maarten mart",
    "maria marie mieke marieke miep ria mia marietje rie marja",
    "elisabeth elizabeth els lies bets betty liesbeth elise lisa bep elly",
    "catharina catherina trijn toos rina carin tineke katrien karin trees ina",
    "margaretha greet gre margriet greetje marga grietje",
    "alexander alex sander lex xander",
    "alexandra alex sandra",
    "sebastiaan bas",
    "bastiaan bas",
    "matthijs matthias thijs mathijs tijs mattheus",
    "matheus mattheus theo thieu",
    "josephus joseph jozef jos jo sjef joep",
    "josephina jos fien josien",
    "laurentius laurens lau rens",
    "leonardus leonard leo leendert leen",
    "michael michiel michel chiel",
    "christiaan christianus chris christian",
    "christina christine stien tineke chris tina",
    "daniel daan dan",
    "benjamin ben benny",
    "robert rob robbert bob",
    "thomas tom tommy",
    "samuel sam",
    "maximiliaan max",
    "arnoldus arnold nol arno",
    "engelbertus engelbert bert",
    "simon siem",
    "frederik fred frits freek",
    "frederika freda frederike rika",
    "everardus evert eef everhard",
    "dirk diederik dick",
    "philippus philip flip filip",
    "magdalena leen madeleine lena",
    "helena leen lena heleen leni",
    "anna anneke annie anne ans anja",
    "angelique angela",
    "susanna suzanne sanne suus",
    "mohammed mohamed muhammad mohammad muhammed mehmet mo",
    "mustafa mustapha",
    "youssef yusuf joseph yousef",
    "ibrahim abraham bram",
    "fatima fatma fatimah",
)

_OF: dict[str, frozenset[int]] = {}
for _number, _group in enumerate(_GROUPS):
    for _name in _group.split():
        _OF[_name] = _OF.get(_name, frozenset()) | {_number}


def are_nicknames(left: str, right: str) -> bool:
    """Whether two first-name keys are forms of one name in use: 'johannes' and 'hans'."""
    return left != right and not _OF.get(left, frozenset()).isdisjoint(_OF.get(right, frozenset()))
