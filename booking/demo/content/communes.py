"""The two communes, which exist nowhere: invented names, postcodes nobody has, addresses under ``.example``."""

from __future__ import annotations

from booking.core.appointments import ServiceMode
from booking.core.translated import Translated
from booking.demo.content.shapes import DemoCommune

ZONE = "Europe/Brussels"

VAL = "val-saint-pierre"
MOULIN = "moulin-saint-jean"

COMMUNES = (
    DemoCommune(
        code=VAL,
        name=Translated.of(fr="Val-Saint-Pierre", nl="Sint-Pietersdal", en="Val-Saint-Pierre", de="Val-Saint-Pierre"),
        slugs={"fr": "val-saint-pierre", "nl": "sint-pietersdal", "en": "val-saint-pierre", "de": "val-saint-pierre"},
        first_language="fr",
        zone=ZONE,
        postcodes=("1091", "1092"),
        brand="#0b5563",
        brand_strong="#08414c",
        brand_soft="#eaf4f5",
        phone="+3225550110",
        phone_shown=Translated.of(fr="02 555 01 10", nl="02 555 01 10", en="+32 2 555 01 10", de="02 555 01 10"),
        undertakers=Translated.of(fr="02 555 01 19", nl="02 555 01 19", en="+32 2 555 01 19", de="02 555 01 19"),
        email="population@val-saint-pierre.example",
        sender="rendez-vous@val-saint-pierre.example",
        post_address=Translated.of(
            fr="Place communale 1, 1091 Val-Saint-Pierre",
            nl="Gemeenteplein 1, 1091 Sint-Pietersdal",
            en="Place communale 1 / Gemeenteplein 1, 1091 Val-Saint-Pierre",
            de="Place communale 1 / Gemeenteplein 1, 1091 Val-Saint-Pierre",
        ),
        modes={},
        sensitive=frozenset(),
    ),
    DemoCommune(
        code=MOULIN,
        name=Translated.of(fr="Moulin-Saint-Jean", nl="Sint-Jansmolen", en="Moulin-Saint-Jean", de="Moulin-Saint-Jean"),
        slugs={"fr": "moulin-saint-jean", "nl": "sint-jansmolen", "en": "moulin-saint-jean", "de": "moulin-saint-jean"},
        first_language="nl",
        zone=ZONE,
        postcodes=("1095",),
        brand="#8a1538",
        brand_strong="#6a0f2b",
        brand_soft="#fbf0f3",
        phone="+3225550150",
        phone_shown=Translated.of(fr="02 555 01 50", nl="02 555 01 50", en="+32 2 555 01 50", de="02 555 01 50"),
        undertakers=Translated.of(fr="02 555 01 59", nl="02 555 01 59", en="+32 2 555 01 59", de="02 555 01 59"),
        email="population@moulin-saint-jean.example",
        sender="rendez-vous@moulin-saint-jean.example",
        post_address=Translated.of(
            fr="Quai du Moulin 20, 1095 Moulin-Saint-Jean",
            nl="Molenkaai 20, 1095 Sint-Jansmolen",
            en="Quai du Moulin 20 / Molenkaai 20, 1095 Moulin-Saint-Jean",
            de="Quai du Moulin 20 / Molenkaai 20, 1095 Moulin-Saint-Jean",
        ),
        modes={
            "identity-card": ServiceMode.BOTH,
            "kids-id": ServiceMode.BOTH,
            "passport": ServiceMode.BOTH,
            "child-passport": ServiceMode.BOTH,
            "driving-licence": ServiceMode.APPOINTMENT,
        },
        sensitive=frozenset({"marriage", "residence-card"}),
    ),
)
