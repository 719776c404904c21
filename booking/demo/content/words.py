"""What the two communes say of themselves: privacy, who answers for the site, the minutes they give to needs."""

from __future__ import annotations

from booking.core.message_texts import TextKind, Wording
from booking.core.needs import Need, NeedTimes
from booking.core.translated import Translated
from booking.demo.content.communes import MOULIN, VAL
from booking.usecases.commune_words import CommuneWords

WORDS = {
    VAL: CommuneWords(
        data_officer="dpo@val-saint-pierre.example",
        privacy_text=Translated.of(
            fr="Le traitement « rendez-vous aux guichets » figure dans le registre de la commune sous le numéro 12.\n"
            "Les données ne sont transmises à personne hors de l’administration communale.",
            nl="De verwerking ‘afspraken aan de loketten’ staat in het register van de gemeente onder nummer 12.\n"
            "De gegevens worden aan niemand buiten het gemeentebestuur doorgegeven.",
        ),
        legal_text=Translated.of(
            fr="Éditeur responsable : le Collège des bourgmestre et échevins, "
            "place communale 1, 1091 Val-Saint-Pierre.",
            nl="Verantwoordelijke uitgever: het College van burgemeester en schepenen, Gemeenteplein 1, "
            "1091 Sint-Pietersdal.",
        ),
        need_minutes=NeedTimes.of({Need.SIGN_LANGUAGE: 15, Need.INTERPRETER_MINE: 10, Need.INTERPRETER_WANTED: 15}),
        shows_figures=True,
    ),
    MOULIN: CommuneWords(
        data_officer="privacy@moulin-saint-jean.example",
        privacy_text=Translated.of(
            fr="Une question sur vos données ? Le service Population vous répond au guichet, sans rendez-vous.",
            nl="Een vraag over uw gegevens? De dienst Bevolking antwoordt u aan het loket, zonder afspraak.",
        ),
        legal_text=Translated.of(
            fr="Éditeur responsable : le Collège des bourgmestre et échevins, "
            "quai du Moulin 20, 1095 Moulin-Saint-Jean.",
            nl="Verantwoordelijke uitgever: het College van burgemeester en schepenen, "
            "Molenkaai 20, 1095 Sint-Jansmolen.",
        ),
        need_minutes=NeedTimes.of({Need.SIGN_LANGUAGE: 10, Need.INTERPRETER_WANTED: 10}),
        shows_figures=True,
    ),
}
"""By the code of the commune."""

MESSAGES = {
    VAL: {
        TextKind.REMINDER: Wording(
            closing=Translated.of(
                fr="À bientôt,\nle service Population de {commune}",
                nl="Tot binnenkort,\nde dienst Bevolking van {commune}",
                en="See you soon,\nthe Population service of {commune}",
                de="Bis bald,\nder Bevölkerungsdienst von {commune}",
            ),
        ),
    },
    MOULIN: {},
}
"""What they say in their messages in their own words."""
