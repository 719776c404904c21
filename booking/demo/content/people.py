"""Who comes, and who works there: invented people, with addresses and numbers that reach nobody."""

from __future__ import annotations

from base64 import b32decode
from random import Random

from booking.core.needs import Need
from booking.core.roles import Role
from booking.core.text import folded
from booking.demo.content.communes import MOULIN, VAL
from booking.demo.content.names import COMMUNITIES, Community
from booking.demo.content.shapes import DemoPerson, DemoStaff
from booking.usecases.appointments import Helper

WITHOUT_EMAIL = 0.1
WITHOUT_EMAIL_AT = {"residence-card": 0.4}
NEITHER_LANGUAGE = 0.12
UNREACHED = 0.01
IN_NEED = 0.04
HELPED = 0.02
USUAL_NEEDS = (Need.LOW_COUNTER, Need.LOW_COUNTER, Need.FETCH_ME)
"""Those that lengthen no visit."""

HELP_LANGUAGES = ("en", "en", "en", "de")
# Letters that do not fall apart into one of the alphabet and an accent.
PLAIN_LETTERS = str.maketrans("ıł", "il")
DEMO_EMAIL, DEMO_PHONE = "%.example", "+324700%"
"""How to know the addresses and numbers of everybody here, as patterns of SQL."""

MAILBOXES = ("courrier.example", "mailbox.example", "post.example", "brief.example")

SOCIAL_WORKER = Helper("Nadia Peeters", "accueil@entraide.example", "+32470000109")
"""Of an organisation that the first commune trusts."""

DAUGHTER = Helper("Katrien De Smet", "katrien.desmet@brief.example", "+32470000110")

HELPERS = {"fr": SOCIAL_WORKER, "nl": DAUGHTER}
"""Who books for somebody now and then, by the language in which they are written to."""

NAMED = (
    DemoPerson("Els Vandenberghe", "els.vandenberghe@post.example", None, "nl"),
    DemoPerson("Amélie Dupont", "amelie.dupont@courrier.example", "+32470000101", "fr", is_unreached=True),
    DemoPerson("Youssef El Idrissi", "youssef.elidrissi@mailbox.example", None, "fr"),
    DemoPerson("Fatima Zahra Ben Abdelkader", None, "+32470000102", "fr", needs=frozenset({Need.FETCH_ME})),
    DemoPerson("Nguyễn Thị Ánh", "anh.nguyen@mailbox.example", None, "fr"),
    DemoPerson(
        "Jean-Baptiste de Montpellier d’Annevoie",
        "jb.demontpellier@courrier.example",
        None,
        "fr",
        needs=frozenset({Need.LOW_COUNTER}),
    ),
    DemoPerson("Ewa Wójcik", "ewa.wojcik@mailbox.example", "+32470000103", "fr", "en"),
    DemoPerson("Mehmet Yıldız", "mehmet.yildiz@brief.example", None, "nl"),
    DemoPerson("Karl Schmitz", "karl.schmitz@post.example", None, "fr", "de"),
    DemoPerson("Niamh O’Brien", "niamh.obrien@mailbox.example", None, "fr", "en"),
    DemoPerson("Олена Коваленко", "olena.kovalenko@mailbox.example", "+32470000104", "fr", "en"),
    DemoPerson("محمد أمين", None, "+32470000105", "fr"),
    DemoPerson("Ann-Sofie Van den Broeck-Vanderhaeghen", "annsofie@brief.example", None, "nl"),
    DemoPerson("Sekou", None, "+32470000106", "fr"),
    # A social worker who booked for three, and a daughter for her mother of 91.
    DemoPerson("Mamadou Saliou Bah", None, None, "fr", helper=SOCIAL_WORKER),
    DemoPerson("Tesfay", None, None, "fr", "en", helper=SOCIAL_WORKER, needs=frozenset({Need.INTERPRETER_MINE})),
    DemoPerson("Zahra Rezai", None, None, "nl", "en", helper=SOCIAL_WORKER),
    DemoPerson("Godelieve Michiels", None, None, "nl", helper=DAUGHTER, needs=frozenset({Need.FETCH_ME})),
)

NAMESAKES = (
    DemoPerson("Mohamed El Amrani", "mohamed.elamrani@courrier.example", None, "fr"),
    DemoPerson("Mohamed El Amrani", None, "+32470000107", "fr"),
)
"""Two people of one name, on one morning: only the reference tells them apart."""

FAMILY = DemoPerson("Stefania Conti", "famille.conti@courrier.example", "+32470000108", "fr")
FAMILY_PERSONS = 5
"""Who books for five in one visit."""

FATHER = DemoPerson("Ioan Popescu", "ioan.popescu@mailbox.example", "+32470000111", "fr", "en")
"""Who comes for two things that no counter does alone, one right after the other."""

COUPLE = DemoPerson("Lotte Jacobs", "lotte.jacobs@brief.example", "+32470000112", "nl")
"""Who declares a marriage: first to be informed, then with the file."""

SECRET = b32decode("GUICHETLOKETGUICHETLOKETGUICHET2")
"""Of the telephone that all share here who sign in with a second step: everybody may know it."""

STAFF = (
    DemoStaff(
        commune=VAL,
        name="Dora Lambert",
        email="dora@val-saint-pierre.example",
        language="fr",
        role=Role.ADMINISTRATOR,
    ),
    DemoStaff(
        commune=VAL,
        name="Bilal Ouali",
        email="bilal@val-saint-pierre.example",
        language="fr",
        role=Role.AGENT,
    ),
    DemoStaff(
        commune=VAL,
        name="Chloé Maes",
        email="chloe@val-saint-pierre.example",
        language="nl",
        role=Role.AGENT,
    ),
    DemoStaff(
        commune=VAL,
        name="Aïcha Martens",
        email="aicha@val-saint-pierre.example",
        language="fr",
        role=Role.RECEPTIONIST,
    ),
    DemoStaff(
        commune=VAL,
        name="Tom Goossens",
        email="tom@val-saint-pierre.example",
        language="nl",
        role=Role.AUDITOR,
    ),
    DemoStaff(
        commune=MOULIN,
        name="Hilde Wouters",
        email="hilde@moulin-saint-jean.example",
        language="nl",
        role=Role.ADMINISTRATOR,
    ),
    DemoStaff(
        commune=MOULIN,
        name="Emil Janssens",
        email="emil@moulin-saint-jean.example",
        language="nl",
        role=Role.AGENT,
    ),
    DemoStaff(
        commune=MOULIN,
        name="Farah Simon",
        email="farah@moulin-saint-jean.example",
        language="fr",
        role=Role.AGENT,
    ),
    DemoStaff(
        commune=MOULIN,
        name="Pieter Lemmens",
        email="pieter@moulin-saint-jean.example",
        language="nl",
        role=Role.RECEPTIONIST,
    ),
    *(
        DemoStaff(commune=commune, name="Inès Claes", email="ines@renfort.example", language="fr", role=Role.AGENT)
        for commune in (VAL, MOULIN)
    ),
)

PLATFORM = DemoStaff(
    commune="", name="Rachida Bakkali", email="rachida@plateforme.example", language="fr", role=Role.PLATFORM
)
"""Who runs the installation that both communes are on."""


def person(rng: Random, service: str = "") -> DemoPerson:
    """Somebody believable who comes for ``service``; the same generator state gives the same person."""
    community = rng.choices(COMMUNITIES, weights=[community.weight for community in COMMUNITIES])[0]
    given, family = rng.choice(community.given), rng.choice(community.family)
    email, phone = contact(rng, given, family, without_email=WITHOUT_EMAIL_AT.get(service, WITHOUT_EMAIL))
    language, help_language = languages(rng, community)
    is_unreached = email is not None and phone is not None and rng.random() < UNREACHED
    needs = frozenset(rng.choices(USUAL_NEEDS)) if rng.random() < IN_NEED else frozenset[Need]()
    helper = HELPERS[language] if rng.random() < HELPED else None
    return DemoPerson(f"{given} {family}", email, phone, language, help_language, is_unreached, helper, needs)


def contact(rng: Random, given: str, family: str, *, without_email: float) -> tuple[str | None, str | None]:
    """An e-mail address with or without a phone, or a phone alone for a share of ``without_email``."""
    digits = rng.randrange(100_000)
    phone = f"+324700{digits:05}"
    if rng.random() < without_email:
        return None, phone
    words = ".".join(folded(name).replace(" ", "").translate(PLAIN_LETTERS) for name in (given, family))
    address = f"{words}{rng.randrange(10, 1000)}@{rng.choice(MAILBOXES)}"
    return address, phone if rng.random() < 0.5 else None


def languages(rng: Random, community: Community) -> tuple[str, str | None]:
    """The language at the counter, and a help language for those who speak neither French nor Dutch."""
    language = "nl" if rng.random() < community.dutch else "fr"
    return language, rng.choice(HELP_LANGUAGES) if rng.random() < NEITHER_LANGUAGE * community.newcomers else None
