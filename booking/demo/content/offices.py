"""Buildings and counters. Reception is a place of work without bookable time, so it is not among them."""

from __future__ import annotations

from booking.core.checklist import PhotoRule
from booking.core.translated import Translated
from booking.core.turns import QueuePolicy
from booking.demo.content.communes import MOULIN, VAL
from booking.demo.content.shapes import DemoCounter, DemoOffice

TOWN_HALL = "town-hall"
STATION = "station"
MILL = "mill"
CANAL = "canal"

CARDS = ("identity-card", "kids-id", "passport", "child-passport")
AT_ONCE = ("collection", "lost-card", "pin-codes")
PAPERWORK = ("change-of-address", "address-on-card", "certificates", "criminal-record")
CERTIFIED = ("certified-copy",)
DRIVING = ("driving-licence", "foreign-licence")
RESIDENCE = ("eu-registration", "residence-card")
CIVIL = ("birth", "marriage", "death")

EXPRESS_NOTE = Translated.of(
    fr="Guichet express, sans rendez-vous",
    nl="Snelloket, zonder afspraak",
    en="Express counter, no appointment needed",
    de="Schnellschalter, ohne Termin",
)
CARDS_NOTE = Translated.of(
    fr="Cartes et passeports", nl="Kaarten en paspoorten", en="Cards and passports", de="Ausweise und Pässe"
)
CARDS_AND_DRIVING_NOTE = Translated.of(
    fr="Cartes, passeports et permis de conduire",
    nl="Kaarten, paspoorten en rijbewijzen",
    en="Cards, passports and driving licences",
    de="Ausweise, Pässe und Führerscheine",
)
RESIDENCE_NOTE = Translated.of(fr="Séjour", nl="Verblijf", en="Residence", de="Aufenthalt")
CLOSED_ROOM_NOTE = Translated.of(
    fr="État civil, pièce fermée, 4 chaises",
    nl="Burgerlijke Stand, gesloten lokaal, 4 stoelen",
    en="Civil registry, closed room, 4 chairs",
    de="Standesamt, geschlossener Raum, 4 Stühle",
)

# The second commune waits less long, and says so in its own words.
MOULIN_GRACE = 10
MOULIN_LATE_RULE = Translated.of(
    fr="Ensuite, vous passez après la dernière personne arrivée à l’heure ; la visite peut être plus courte.",
    nl="Daarna bent u aan de beurt na de laatste persoon die op tijd was; het bezoek kan korter zijn.",
    en="After that you are seen after the last person who came on time; the visit may be shorter.",
    de="Danach kommen Sie nach der letzten pünktlichen Person dran; der Besuch kann kürzer sein.",
)

OFFICES = (
    DemoOffice(
        commune=VAL,
        code=TOWN_HALL,
        photo_rule=PhotoRule.AT_COUNTER,
        name=Translated.of(fr="Maison communale", nl="Gemeentehuis", en="Town hall", de="Gemeindehaus"),
        address=Translated.of(
            fr="Place communale 1, 1091 Val-Saint-Pierre",
            nl="Gemeenteplein 1, 1091 Sint-Pietersdal",
            en="Place communale 1 / Gemeenteplein 1, 1091 Val-Saint-Pierre",
            de="Place communale 1 / Gemeenteplein 1, 1091 Val-Saint-Pierre",
        ),
        transport=Translated.of(
            fr="Tram 105, arrêt Place communale, à 2 minutes à pied ; bus 240.",
            nl="Tram 105, halte Gemeenteplein, op 2 minuten te voet; bus 240.",
            en="Tram 105, stop Place communale / Gemeenteplein, 2 minutes on foot; bus 240.",
            de="Tram 105, Haltestelle Place communale / Gemeenteplein, 2 Minuten zu Fuß; Bus 240.",
        ),
        access=Translated.of(
            fr="Entrée sans marche par la rue de l’Horloge, porte automatique, ascenseur et toilettes adaptées.",
            nl="Drempelvrije ingang langs de Uurwerkstraat, automatische deur, lift en aangepast toilet.",
            en="Step-free entrance in rue de l’Horloge / Uurwerkstraat, automatic door, lift, accessible toilet.",
            de="Stufenloser Eingang rue de l’Horloge / Uurwerkstraat, automatische Tür, Aufzug, barrierefreies WC.",
        ),
        counters=(
            DemoCounter(label="A1", services=(*AT_ONCE, *PAPERWORK, *CERTIFIED), note=EXPRESS_NOTE),
            DemoCounter(label="A2", services=CARDS, note=CARDS_NOTE),
            DemoCounter(label="A3", services=CARDS, note=CARDS_NOTE),
            DemoCounter(
                label="A4",
                services=(*CARDS, *DRIVING),
                note=CARDS_AND_DRIVING_NOTE,
            ),
            DemoCounter(label="A5", services=CIVIL, note=CLOSED_ROOM_NOTE),
            DemoCounter(label="A6", services=RESIDENCE, note=RESIDENCE_NOTE),
        ),
        lanes=(DemoCounter(label="A+", services=CARDS),),
    ),
    DemoOffice(
        commune=VAL,
        code=STATION,
        name=Translated.of(
            fr="Antenne de la gare", nl="Antenne Station", en="Station office", de="Zweigstelle Bahnhof"
        ),
        address=Translated.of(
            fr="Rue de la Station 12, 1092 Val-Saint-Pierre",
            nl="Stationsstraat 12, 1092 Sint-Pietersdal",
            en="Rue de la Station 12 / Stationsstraat 12, 1092 Val-Saint-Pierre",
            de="Rue de la Station 12 / Stationsstraat 12, 1092 Val-Saint-Pierre",
        ),
        transport=Translated.of(
            fr="En face de la gare ; bus 240 et 261, arrêt Gare.",
            nl="Tegenover het station; bus 240 en 261, halte Station.",
            en="Opposite the railway station; buses 240 and 261, stop Gare / Station.",
            de="Gegenüber dem Bahnhof; Bus 240 und 261, Haltestelle Gare / Station.",
        ),
        access=Translated.of(
            fr="Tout est de plain-pied. Le guichet B3 a une tablette abaissée.",
            nl="Alles is gelijkvloers. Loket B3 heeft een verlaagd tafelblad.",
            en="Everything is on one level. Counter B3 has a lowered desk.",
            de="Alles liegt ebenerdig. Schalter B3 hat einen niedrigen Tisch.",
        ),
        counters=(
            DemoCounter(
                label="B1",
                services=(*AT_ONCE, "change-of-address", "address-on-card", "certificates", *CERTIFIED),
                note=EXPRESS_NOTE,
            ),
            DemoCounter(label="B2", services=CARDS, note=CARDS_NOTE),
            DemoCounter(
                label="B3",
                services=(*RESIDENCE, *DRIVING),
                note=Translated.of(
                    fr="Séjour et permis de conduire ; accessible en fauteuil roulant, tablette abaissée",
                    nl="Verblijf en rijbewijs; rolstoeltoegankelijk, verlaagd tafelblad",
                    en="Residence and driving; wheelchair access, lowered desk",
                    de="Aufenthalt und Führerschein; rollstuhlgerecht, niedriger Tisch",
                ),
            ),
        ),
    ),
    DemoOffice(
        commune=MOULIN,
        code=MILL,
        name=Translated.of(
            fr="Centre administratif du Moulin",
            nl="Administratief centrum De Molen",
            en="Mill administrative centre",
            de="Verwaltungszentrum Mühle",
        ),
        address=Translated.of(
            fr="Quai du Moulin 20, 1095 Moulin-Saint-Jean",
            nl="Molenkaai 20, 1095 Sint-Jansmolen",
            en="Quai du Moulin 20 / Molenkaai 20, 1095 Moulin-Saint-Jean",
            de="Quai du Moulin 20 / Molenkaai 20, 1095 Moulin-Saint-Jean",
        ),
        transport=Translated.of(
            fr="Métro ligne 9, station Moulin, sortie Quai ; bus 273.",
            nl="Metrolijn 9, station Molen, uitgang Kaai; bus 273.",
            en="Metro line 9, station Moulin / Molen, exit Quai / Kaai; bus 273.",
            de="Metro 9, Station Moulin / Molen, Ausgang Quai / Kaai; Bus 273.",
        ),
        access=Translated.of(
            fr="Rampe à gauche de l’escalier, porte automatique. Les guichets sont au rez-de-chaussée.",
            nl="Helling links van de trap, automatische deur. De loketten zijn op de gelijkvloerse verdieping.",
            en="Ramp to the left of the steps, automatic door. The counters are on the ground floor.",
            de="Rampe links von der Treppe, automatische Tür. Die Schalter liegen im Erdgeschoss.",
        ),
        grace_minutes=MOULIN_GRACE,
        late_rule=MOULIN_LATE_RULE,
        queue_policy=QueuePolicy.APPOINTMENTS_FIRST,
        counters=(
            DemoCounter(label="1", services=(*AT_ONCE, *PAPERWORK), note=EXPRESS_NOTE),
            DemoCounter(label="2", services=(*CARDS, *CERTIFIED), note=CARDS_NOTE),
            DemoCounter(label="3", services=(*CARDS, *CERTIFIED), note=CARDS_NOTE),
            DemoCounter(label="4", services=CARDS, note=CARDS_NOTE),
            DemoCounter(label="5", services=CARDS, note=CARDS_NOTE),
            DemoCounter(
                label="6",
                services=DRIVING,
                note=Translated.of(
                    fr="Permis de conduire", nl="Rijbewijzen", en="Driving licences", de="Führerscheine"
                ),
            ),
            DemoCounter(label="7", services=CIVIL, note=CLOSED_ROOM_NOTE),
            DemoCounter(label="8", services=RESIDENCE, note=RESIDENCE_NOTE),
        ),
    ),
    DemoOffice(
        commune=MOULIN,
        code=CANAL,
        name=Translated.of(fr="Antenne du Canal", nl="Antenne Kanaal", en="Canal office", de="Zweigstelle Kanal"),
        address=Translated.of(
            fr="Rue des Écluses 7, 1095 Moulin-Saint-Jean",
            nl="Sluizenstraat 7, 1095 Sint-Jansmolen",
            en="Rue des Écluses 7 / Sluizenstraat 7, 1095 Moulin-Saint-Jean",
            de="Rue des Écluses 7 / Sluizenstraat 7, 1095 Moulin-Saint-Jean",
        ),
        transport=Translated.of(
            fr="Bus 273 et 288, arrêt Écluses ; station de vélos à côté de l’entrée.",
            nl="Bus 273 en 288, halte Sluizen; deelfietsen naast de ingang.",
            en="Buses 273 and 288, stop Écluses / Sluizen; shared bicycles beside the entrance.",
            de="Bus 273 und 288, Haltestelle Écluses / Sluizen; Leihräder neben dem Eingang.",
        ),
        access=Translated.of(
            fr="Entrée sans marche. Porte trop lourde ? Une sonnette est placée bas : nous venons ouvrir.",
            nl="Drempelvrije ingang. Deur te zwaar? Er is een bel op lage hoogte: wij komen opendoen.",
            en="Step-free entrance. Door too heavy? There is a bell at low height: we come and open it.",
            de="Stufenloser Eingang. Tür zu schwer? Eine Klingel ist niedrig angebracht: Wir öffnen Ihnen.",
        ),
        grace_minutes=MOULIN_GRACE,
        late_rule=MOULIN_LATE_RULE,
        queue_policy=QueuePolicy.APPOINTMENTS_FIRST,
        counters=(
            DemoCounter(label="K1", services=CARDS, note=CARDS_NOTE),
            DemoCounter(
                label="K2",
                services=(*CARDS, "driving-licence"),
                note=CARDS_AND_DRIVING_NOTE,
            ),
            DemoCounter(label="K3", services=RESIDENCE, note=RESIDENCE_NOTE),
        ),
    ),
)


def offices_of(commune: str) -> tuple[DemoOffice, ...]:
    return tuple(office for office in OFFICES if office.commune == commune)
