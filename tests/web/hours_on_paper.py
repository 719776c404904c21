"""Opening hours as communes write them on their doors, each with the sentences in which it has to be read back.

The sentences are written with plain spaces, whatever keeps their numbers together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from booking.core.opening import LAST, Mode, Season, SessionRule
from tests.core.rules import a_rule

MON, TUE, WED, THU, FRI, SAT = range(6)
WORKING_DAYS = frozenset({MON, TUE, WED, THU, FRI})
NORMAL, SUMMER, HOLIDAYS = Season((8, 16), (6, 30)), Season((7, 1), (8, 15)), Season((7, 1), (8, 31))
WALK_IN, BOTH = Mode.WALK_IN, Mode.BOTH
COUNTERS = {1: "A1", 2: "A2", 3: "A3", 4: "A4", 5: "A5", 6: "A6", 7: "B3", 8: "A+"}
CARDS, PICK_UP, DRIVING, DEATHS = 1, 2, 3, 4


@dataclass(frozen=True)
class OnPaper:
    """Hours, where they were seen, and how they are told in French and in Dutch."""

    seen_at: str
    rule: SessionRule
    fr: str
    nl: str


def row(seen_at: str, days: set[int] | frozenset[int], hours: str, fr: str, nl: str, **columns: Any) -> OnPaper:
    return OnPaper(seen_at, a_rule(hours, weekdays=frozenset(days), **columns), fr, nl)


ON_PAPER = [
    row(
        "Schaerbeek",
        {THU},
        "08:00-13:00",
        "Jeudi, de 8 h à 13 h, sur rendez-vous, guichet A1.",
        "Donderdag, van 8 tot 13 uur, op afspraak, loket A1.",
    ),
    row(
        "Schaerbeek, evening",
        {THU},
        "15:00-19:00",
        "Jeudi, de 15 h à 19 h, sur rendez-vous, guichet A1.",
        "Donderdag, van 15 tot 19 uur, op afspraak, loket A1.",
    ),
    row(
        "Schaerbeek, collection",
        {THU},
        "15:00-19:00",
        "Jeudi, de 15 h à 19 h, sans rendez-vous, guichet A1. Seulement pour : Retrait de carte.",
        "Donderdag, van 15 tot 19 uur, zonder afspraak, loket A1. Alleen voor: Kaart afhalen.",
        mode=WALK_IN,
        services=frozenset({PICK_UP}),
    ),
    row(
        "Berchem",
        {MON, TUE, WED},
        "09:00-14:00",
        "Du lundi au mercredi, de 9 h à 14 h, avec ou sans rendez-vous, guichet A1.",
        "Van maandag tot en met woensdag, van 9 tot 14 uur, met of zonder afspraak, loket A1.",
        mode=BOTH,
    ),
    row(
        "Berchem, evening",
        {THU},
        "16:00-19:00",
        "Jeudi, de 16 h à 19 h, sur rendez-vous, guichet A1.",
        "Donderdag, van 16 tot 19 uur, op afspraak, loket A1.",
    ),
    row(
        "Berchem, Friday",
        {FRI},
        "08:00-13:00",
        "Vendredi, de 8 h à 13 h, avec ou sans rendez-vous, guichet A1.",
        "Vrijdag, van 8 tot 13 uur, met of zonder afspraak, loket A1.",
        mode=BOTH,
    ),
    row(
        "Watermael, reduced list",
        {SAT},
        "10:00-12:00",
        "Samedi, de 10 h à 12 h, sur rendez-vous, guichet A1. Seulement pour : Carte d’identité · Retrait de carte. "
        "Chaque année du 1er septembre au 30 juin.",
        "Zaterdag, van 10 tot 12 uur, op afspraak, loket A1. Alleen voor: Identiteitskaart · Kaart afhalen. "
        "Elk jaar van 1 september tot en met 30 juni.",
        services=frozenset({CARDS, PICK_UP}),
        season=Season((9, 1), (6, 30)),
    ),
    row(
        "Watermael, summer",
        {THU},
        "07:00-13:00",
        "Jeudi, de 7 h à 13 h, avec ou sans rendez-vous, guichet A1. Chaque année du 1er juillet au 31 août.",
        "Donderdag, van 7 tot 13 uur, met of zonder afspraak, loket A1. Elk jaar van 1 juli tot en met 31 augustus.",
        season=HOLIDAYS,
        mode=BOTH,
    ),
    row(
        "Woluwe, last ticket",
        {TUE, THU},
        "08:00-19:00",
        "Mardi et jeudi, de 8 h à 19 h, sans rendez-vous, guichet A1. Dernier ticket à 18 h 30.",
        "Dinsdag en donderdag, van 8 tot 19 uur, zonder afspraak, loket A1. Laatste ticket om 18.30 uur.",
        mode=WALK_IN,
        last_entry=time(18, 30),
    ),
    row(
        "Woluwe, some acts until noon",
        WORKING_DAYS,
        "08:30-12:30",
        "Du lundi au vendredi, de 8 h 30 à 12 h 30, sans rendez-vous, guichet A1. Seulement pour : Permis de conduire.",
        "Van maandag tot en met vrijdag, van 8.30 tot 12.30 uur, zonder afspraak, loket A1. Alleen voor: Rijbewijs.",
        mode=WALK_IN,
        services=frozenset({DRIVING}),
    ),
    row(
        "Brussels",
        {THU},
        "16:00-18:30",
        "Jeudi, de 16 h à 18 h 30, sur rendez-vous, guichet A1.",
        "Donderdag, van 16 tot 18.30 uur, op afspraak, loket A1.",
    ),
    row(
        "Enghien",
        {TUE},
        "15:30-18:30",
        "Un mardi sur deux, à compter du mardi 8 septembre 2026, de 15 h 30 à 18 h 30, sur rendez-vous, guichet A1.",
        "Om de twee weken op dinsdag, te tellen vanaf dinsdag 8 september 2026, van 15.30 tot 18.30 uur, "
        "op afspraak, loket A1.",
        every_weeks=2,
        anchor=date(2026, 9, 8),
    ),
    row(
        "Enghien, open access",
        {WED},
        "08:30-12:00",
        "Mercredi, de 8 h 30 à 12 h, sans rendez-vous, guichet A1.",
        "Woensdag, van 8.30 tot 12 uur, zonder afspraak, loket A1.",
        mode=WALK_IN,
    ),
    row(
        "Tournai",
        {SAT},
        "09:00-12:00",
        "Le premier samedi du mois, de 9 h à 12 h, sur rendez-vous, guichet A1.",
        "De eerste zaterdag van de maand, van 9 tot 12 uur, op afspraak, loket A1.",
        nth_of_month=1,
    ),
    row(
        "Tournai, last",
        {SAT},
        "09:00-12:00",
        "Le dernier samedi du mois, de 9 h à 12 h, sur rendez-vous, guichet A1.",
        "De laatste zaterdag van de maand, van 9 tot 12 uur, op afspraak, loket A1.",
        nth_of_month=LAST,
    ),
    row(
        "Tournai, afternoons",
        {MON, WED},
        "13:30-19:00",
        "Lundi et mercredi, de 13 h 30 à 19 h, sur rendez-vous, guichet A1.",
        "Maandag en woensdag, van 13.30 tot 19 uur, op afspraak, loket A1.",
    ),
    row(
        "Demo, express",
        WORKING_DAYS,
        "08:30-12:30",
        "Du lundi au vendredi, de 8 h 30 à 12 h 30, sans rendez-vous, guichet A1. "
        "Seulement pour : Retrait de carte. Dernier ticket à 12 h 15. Chaque année du 16 août au 30 juin.",
        "Van maandag tot en met vrijdag, van 8.30 tot 12.30 uur, zonder afspraak, loket A1. "
        "Alleen voor: Kaart afhalen. Laatste ticket om 12.15 uur. Elk jaar van 16 augustus tot en met 30 juni.",
        mode=WALK_IN,
        last_entry=time(12, 15),
        services=frozenset({PICK_UP}),
        season=NORMAL,
    ),
    row(
        "Demo, cards",
        WORKING_DAYS,
        "08:30-12:30",
        "Du lundi au vendredi, de 8 h 30 à 12 h 30, sur rendez-vous, guichets A2 et A3. "
        "Seulement pour : Carte d’identité. Guichets d’appoint pour les surréservations : A+. "
        "Chaque année du 16 août au 30 juin.",
        "Van maandag tot en met vrijdag, van 8.30 tot 12.30 uur, op afspraak, loketten A2 en A3. "
        "Alleen voor: Identiteitskaart. Extra loketten voor overboekingen: A+. "
        "Elk jaar van 16 augustus tot en met 30 juni.",
        counters=frozenset({2, 3}),
        lanes=frozenset({8}),
        services=frozenset({CARDS}),
        season=NORMAL,
    ),
    row(
        "Demo, A4",
        WORKING_DAYS,
        "08:30-12:30",
        "Du lundi au vendredi, de 8 h 30 à 12 h 30, avec ou sans rendez-vous, guichet A4. "
        "Seulement pour : Carte d’identité · Permis de conduire. Dernier ticket à 12 h. "
        "Chaque année du 16 août au 30 juin.",
        "Van maandag tot en met vrijdag, van 8.30 tot 12.30 uur, met of zonder afspraak, loket A4. "
        "Alleen voor: Identiteitskaart · Rijbewijs. Laatste ticket om 12 uur. "
        "Elk jaar van 16 augustus tot en met 30 juni.",
        counters=frozenset({4}),
        mode=BOTH,
        last_entry=time(12),
        services=frozenset({CARDS, DRIVING}),
        season=NORMAL,
    ),
    row(
        "Demo, registry",
        {MON, TUE, THU, FRI},
        "08:30-12:30",
        "Lundi, mardi, jeudi et vendredi, de 8 h 30 à 12 h 30, sur rendez-vous, guichet A5. "
        "Les 15 premières minutes de chaque heure, comptées à partir de l’ouverture, "
        "sont gardées pour les personnes sans rendez-vous. Chaque année du 16 août au 30 juin.",
        "Maandag, dinsdag, donderdag en vrijdag, van 8.30 tot 12.30 uur, op afspraak, loket A5. "
        "De eerste 15 minuten van elk uur, geteld vanaf de opening, zijn voor mensen zonder afspraak. "
        "Elk jaar van 16 augustus tot en met 30 juni.",
        counters=frozenset({5}),
        walk_in_minutes=15,
        season=NORMAL,
    ),
    row(
        "Demo, deaths",
        WORKING_DAYS,
        "09:00-12:30",
        "Du lundi au vendredi, de 9 h à 12 h 30, sans rendez-vous, guichet A5. Seulement pour : Décès. "
        "Dernier ticket à 12 h 15. Chaque année du 16 août au 30 juin.",
        "Van maandag tot en met vrijdag, van 9 tot 12.30 uur, zonder afspraak, loket A5. Alleen voor: Overlijden. "
        "Laatste ticket om 12.15 uur. Elk jaar van 16 augustus tot en met 30 juni.",
        counters=frozenset({5}),
        mode=WALK_IN,
        last_entry=time(12, 15),
        services=frozenset({DEATHS}),
        season=NORMAL,
    ),
    row(
        "Demo, afternoons",
        {MON, WED},
        "13:30-16:00",
        "Lundi et mercredi, de 13 h 30 à 16 h, sur rendez-vous, guichets A2, A3, A5 et A6. "
        "Chaque année du 16 août au 30 juin.",
        "Maandag en woensdag, van 13.30 tot 16 uur, op afspraak, loketten A2, A3, A5 en A6. "
        "Elk jaar van 16 augustus tot en met 30 juni.",
        counters=frozenset({2, 3, 5, 6}),
        season=NORMAL,
    ),
    row(
        "Demo, Thursday evening",
        {THU},
        "16:00-18:45",
        "Jeudi, de 16 h à 18 h 45, sans rendez-vous, guichet A1. Dernier ticket à 18 h 30. "
        "Chaque année du 16 août au 30 juin.",
        "Donderdag, van 16 tot 18.45 uur, zonder afspraak, loket A1. Laatste ticket om 18.30 uur. "
        "Elk jaar van 16 augustus tot en met 30 juni.",
        mode=WALK_IN,
        last_entry=time(18, 30),
        season=NORMAL,
    ),
    row(
        "Demo, first Saturday",
        {SAT},
        "09:00-12:00",
        "Le premier samedi du mois, de 9 h à 12 h, sur rendez-vous, guichets A2 et A3. "
        "Chaque année du 16 août au 30 juin.",
        "De eerste zaterdag van de maand, van 9 tot 12 uur, op afspraak, loketten A2 en A3. "
        "Elk jaar van 16 augustus tot en met 30 juni.",
        counters=frozenset({2, 3}),
        nth_of_month=1,
        season=NORMAL,
    ),
    row(
        "Demo, summer",
        {MON, TUE, WED, FRI},
        "08:00-13:00",
        "Lundi, mardi, mercredi et vendredi, de 8 h à 13 h, avec ou sans rendez-vous, guichets A1, A2, A3, A4, "
        "A5 et A6. Dernier ticket à 12 h 30. Chaque année du 1er juillet au 15 août.",
        "Maandag, dinsdag, woensdag en vrijdag, van 8 tot 13 uur, met of zonder afspraak, loketten A1, A2, A3, "
        "A4, A5 en A6. Laatste ticket om 12.30 uur. Elk jaar van 1 juli tot en met 15 augustus.",
        counters=frozenset({1, 2, 3, 4, 5, 6}),
        mode=BOTH,
        last_entry=time(12, 30),
        season=SUMMER,
    ),
    row(
        "Demo, every second Wednesday",
        {WED},
        "13:30-16:00",
        "Un mercredi sur deux, à compter du mercredi 9 septembre 2026, de 13 h 30 à 16 h, sur rendez-vous, guichet B3.",
        "Om de twee weken op woensdag, te tellen vanaf woensdag 9 september 2026, van 13.30 tot 16 uur, "
        "op afspraak, loket B3.",
        counters=frozenset({7}),
        every_weeks=2,
        anchor=date(2026, 9, 9),
    ),
    row(
        "Demo, extra Saturday",
        {SAT},
        "09:00-12:00",
        "Samedi 9 janvier 2027, de 9 h à 12 h, sur rendez-vous, guichets A2 et A3.",
        "Zaterdag 9 januari 2027, van 9 tot 12 uur, op afspraak, loketten A2 en A3.",
        counters=frozenset({2, 3}),
        valid_from=date(2027, 1, 9),
        valid_until=date(2027, 1, 9),
    ),
    row(
        "Every third week on two days",
        {TUE, FRI},
        "13:00-15:00",
        "Toutes les 3 semaines (mardi et vendredi), à compter du mardi 5 janvier 2027, de 13 h à 15 h, "
        "sur rendez-vous, guichet A1.",
        "Om de 3 weken op dinsdag en vrijdag, te tellen vanaf dinsdag 5 januari 2027, van 13 tot 15 uur, "
        "op afspraak, loket A1.",
        every_weeks=3,
        anchor=date(2027, 1, 5),
    ),
    row(
        "From a date on",
        WORKING_DAYS,
        "08:00-12:00",
        "Du lundi au vendredi, de 8 h à 12 h, sur rendez-vous, guichet A1. À partir du lundi 1er février 2027. "
        "Jusqu’au mercredi 30 juin 2027.",
        "Van maandag tot en met vrijdag, van 8 tot 12 uur, op afspraak, loket A1. Vanaf maandag 1 februari 2027. "
        "Tot en met woensdag 30 juni 2027.",
        valid_from=date(2027, 2, 1),
        valid_until=date(2027, 6, 30),
    ),
    row(
        "Kept for staff, few tickets",
        WORKING_DAYS,
        "08:00-12:00",
        "Du lundi au vendredi, de 8 h à 12 h, avec ou sans rendez-vous, guichet A1. "
        "Les 10 dernières minutes de chaque heure, comptées à partir de l’ouverture, "
        "sont gardées pour les rendez-vous que donne le personnel. Au plus 9 tickets sans rendez-vous.",
        "Van maandag tot en met vrijdag, van 8 tot 12 uur, met of zonder afspraak, loket A1. "
        "De laatste 10 minuten van elk uur, geteld vanaf de opening, zijn voor afspraken die medewerkers maken. "
        "Hoogstens 9 tickets zonder afspraak.",
        mode=BOTH,
        staff_minutes=10,
        most_walk_ins=9,
    ),
]
