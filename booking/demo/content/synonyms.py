"""What people call the services, in their own words: short, old, federal or foreign names."""

from __future__ import annotations

from collections.abc import Mapping

from booking.core.translated import Translated


def lines(**languages: str) -> Translated:
    """Phrases that a comma parts here and that stand on lines of their own in the form."""
    return Translated({language: text.replace(", ", "\n") for language, text in languages.items()})


SYNONYMS: Mapping[str, Translated] = {
    "identity-card": lines(
        fr="pièce d’identité, carte eID, e-ID, refaire sa carte, renouveler sa carte, carte périmée, carte expirée,"
        " carte abîmée, nouvelle carte, papiers d’identité, CI, ma carte arrive à échéance, ma carte expire",
        nl="identiteitsbewijs, pas, identiteitspas, ID-kaart, vervallen kaart, verlopen kaart, beschadigde kaart,"
        " nieuwe kaart, kaart vernieuwen, legitimatie, mijn kaart vervalt",
        en="ID, ID card, proof of identity, renew my card, expired card, damaged card, new card, my ID expires",
        de="Ausweis, neuer Ausweis, ID-Karte, Identitätskarte, Ausweis abgelaufen, Ausweis erneuern, Perso,"
        " Ausweis läuft ab",
    ),
    "kids-id": lines(
        fr="carte d’identité enfant, carte pour mon enfant, KidsID, carte bébé, carte d’identité pour bébé,"
        " carte d’identité de ma fille, carte d’identité de mon fils",
        nl="identiteitskaart kind, kaart voor mijn kind, KidsID, kaart voor de baby, kinderkaart,"
        " kaart voor mijn dochtertje, kaart voor mijn zoontje",
        en="child identity card, ID for a child, KidsID, baby ID, card for my child, ID for my daughter,"
        " ID for my son, a few years old",
        de="Kinderausweis, Ausweis für mein Kind, KidsID, Ausweis für ein Baby, Ausweis für meine Tochter,"
        " Ausweis für meinen Sohn",
    ),
    "passport": lines(
        fr="passeport, voyage, voyager, visa, partir à l’étranger, vacances hors d’Europe, passeport perdu,"
        " passeport périmé, passeport expiré,"
        " passeport volé",
        nl="reispas, internationaal paspoort, pas, reisdocument, op reis, reizen, vakantie buiten Europa, paspoort"
        " kwijt, paspoort gestolen, paspoort vervallen, reispas vervallen, paspoort verlopen",
        en="passport, travel document, travel abroad, holiday outside Europe, lost passport, stolen passport,"
        " expired passport, renew my passport",
        de="Pass, Reisedokument, Reise, verreisen, ins Ausland reisen, Pass verloren, Pass gestohlen,"
        " Reisepass abgelaufen, Pass abgelaufen, Pass erneuern",
    ),
    "child-passport": lines(
        fr="passeport enfant, passeport bébé, passeport mineur, passeport de mon fils, passeport de ma fille,"
        " voyage avec un enfant, vacances avec les enfants, partir avec mes enfants",
        nl="reispas kind, paspoort kind, internationaal paspoort kind,"
        " paspoort baby, paspoort minderjarige, paspoort voor mijn zoon, paspoort"
        " voor mijn dochter, op reis met een kind, met de kinderen op vakantie",
        en="child passport, kids passport, passport for a minor, baby passport, passport for my son, passport for"
        " my daughter, travel with a child, holiday with the kids",
        de="Kinderpass, Kinderreisepass, Pass für mein Kind, Pass für ein Baby, Pass für meinen Sohn, Pass für"
        " meine Tochter, Reise mit Kind, mit den Kindern verreisen, Urlaub mit den Kindern",
    ),
    "collection": lines(
        fr="aller chercher ma carte, chercher mon passeport, récupérer mon permis, retirer ma carte, retirer mon"
        " passeport, carte prête, activer ma carte",
        nl="ophalen, kaart ophalen, paspoort afhalen, rijbewijs ophalen, kaart is klaar, kaart activeren",
        en="pick up, pick up my card, collect my passport, card is ready, activate my card",
        de="abholen, Ausweis abholen, Pass abholen, Ausweis ist fertig, Ausweis aktivieren",
    ),
    "lost-card": lines(
        fr="carte perdue, carte volée, carte d’identité perdue, carte d’identité volée, perdu ma carte d’identité,"
        " on m’a volé ma carte d’identité, portefeuille perdu, portefeuille volé, sac volé, j’ai perdu mes papiers,"
        " bloquer ma carte, DocStop, carte égarée, j’ai égaré ma carte, déclaration de perte, attestation de"
        " perte",
        nl="kaart kwijt, kaart verloren, kaart gestolen, portefeuille verloren, portefeuille gestolen, portemonnee"
        " kwijt, kaart blokkeren, DocStop, verliesaangifte, attest van verlies",
        en="lost ID, lost identity card, stolen ID, lost wallet, stolen wallet, stolen bag, stolen purse,"
        " block my card, DocStop, theft",
        de="Ausweis verloren, Ausweis gestohlen, Personalausweis verloren, Personalausweis gestohlen,"
        " Karte verloren, Geldbörse verloren, Brieftasche gestohlen,"
        " Ausweis sperren, DocStop, Verlustanzeige",
    ),
    "pin-codes": lines(
        fr="code oublié, code pin, code puk, code perdu, carte bloquée, débloquer ma carte, changer le code, mot"
        " de passe de la carte",
        nl="code vergeten, pincode, pukcode, puk, code kwijt, kaart geblokkeerd, kaart deblokkeren, code wijzigen",
        en="forgotten code, forgot PIN, PUK code, card blocked, unblock my card, change the code",
        de="Code vergessen, PIN vergessen, PUK, Karte gesperrt, Karte entsperren, Code ändern",
    ),
    "driving-licence": lines(
        fr="permis, permis de conduire, permis B, permis provisoire, premier permis, permis perdu, permis volé,"
        " renouveler mon permis, permis international, examen réussi",
        nl="rijbewijs, rijbewijs B, voorlopig rijbewijs, eerste rijbewijs, rijbewijs kwijt, rijbewijs gestolen,"
        " rijbewijs vernieuwen, internationaal rijbewijs, geslaagd voor het rijexamen",
        en="driving licence, driver’s license, provisional licence, learner permit, lost licence, stolen licence,"
        " renew my licence, driving test passed, international driving permit",
        de="Führerschein, Fahrerlaubnis, provisorischer Führerschein, Führerschein verloren, Führerschein"
        " erneuern, internationaler Führerschein, Prüfung bestanden",
    ),
    "foreign-licence": lines(
        fr="échanger mon permis, permis de conduire étranger, permis d’un autre pays, convertir un permis, permis"
        " marocain, permis turc, permis brésilien, permis indien, permis américain, permis ukrainien, permis congolais,"
        " permis français, permis espagnol, permis italien, permis portugais, permis polonais, permis roumain,"
        " permis allemand, permis bulgare, permis non européen",
        nl="rijbewijs omwisselen, rijbewijs omruilen, rijbewijs van een ander land, Marokkaans rijbewijs, Turks"
        " rijbewijs, Braziliaans rijbewijs, Indiaas rijbewijs, Amerikaans rijbewijs, Oekraïens rijbewijs, Congolees"
        " rijbewijs, Frans rijbewijs, Spaans rijbewijs, Italiaans rijbewijs, Portugees rijbewijs, Pools rijbewijs,"
        " Roemeens rijbewijs, Duits rijbewijs, Nederlands rijbewijs",
        en="swap my licence, convert a licence, exchange a license, licence of another country, Moroccan licence,"
        " Turkish licence, Brazilian licence, Indian licence, American licence, Ukrainian licence, Congolese licence,"
        " Brazilian driver’s license, French licence, Spanish licence, Italian licence, Polish licence,"
        " Romanian licence, German licence",
        de="Führerschein umtauschen, Führerschein umschreiben, Führerschein aus einem anderen Land,"
        " marokkanischer Führerschein, türkischer Führerschein, brasilianischer Führerschein, indischer Führerschein,"
        " amerikanischer Führerschein, ukrainischer Führerschein, französischer Führerschein, spanischer Führerschein,"
        " italienischer Führerschein, polnischer Führerschein, rumänischer Führerschein, deutscher Führerschein",
    ),
    "change-of-address": lines(
        fr="déménagement, déménager, j’ai déménagé, nouveau logement, nouvelle maison, nouvel appartement,"
        " domiciliation, changer de domicile, s’inscrire dans la commune,"
        " inscription à la commune, emménager",
        nl="verhuizen, verhuizing, verhuisd, verhuis, nieuwe woning, nieuw adres, adresverandering, domicilie wijzigen,"
        " inschrijven in de gemeente, inschrijving in de gemeente",
        en="moving, moving house, I have moved, new flat, new house, new address, register my address,"
        " register with the commune",
        de="Umzug, umziehen, umgezogen, Umzug melden, neue Wohnung, Wohnsitz anmelden, Adressänderung, ummelden,"
        " Anmeldung in der Gemeinde, Einzug, Änderung der Adresse",
    ),
    "address-on-card": lines(
        fr="changement d’adresse sur la puce, adresse sur la puce, mettre à jour la puce, adresse sur ma carte",
        nl="adres op de chip, chip aanpassen, adres op mijn kaart, adreswijziging op de kaart",
        en="address on the chip, update the chip, address on my card",
        de="Adresse auf dem Chip, Chip ändern, Adresse auf dem Ausweis ändern",
    ),
    "certificates": lines(
        fr="composition de ménage, composition de famille, certificat de résidence, certificat de domicile, preuve"
        " d’adresse, preuve de domicile, prouver où j’habite, certificat de vie, certificat de nationalité,"
        " attestation de résidence, certificat d’inscription, attestation de domicile, extrait d’acte,"
        " extrait d’acte de naissance, acte de naissance, acte de mariage",
        nl="gezinssamenstelling, samenstelling van het gezin, bewijs van woonst, attest van verblijfplaats,"
        " woonplaatsattest, bewijs van adres, bewijzen waar ik woon, levensbewijs, nationaliteitsbewijs, attest"
        " van inschrijving, uittreksel geboorteakte, afschrift geboorteakte, geboorteakte, uittreksel huwelijksakte",
        en="household composition, family composition, proof of address, proof of residence, where I live, life"
        " certificate, nationality certificate, birth certificate, marriage certificate",
        de="Haushaltszusammensetzung, Wohnsitzbescheinigung, Meldebescheinigung, Adressnachweis,"
        " Lebensbescheinigung, Staatsangehörigkeitsnachweis, Familienzusammensetzung, Meldebestätigung,"
        " Geburtsurkunde, Heiratsurkunde",
    ),
    "criminal-record": lines(
        fr="certificat de bonne vie et mœurs, bonnes vie et mœurs, casier judiciaire, casier vierge, modèle 595,"
        " modèle 596.2, certificat de bonne conduite",
        nl="bewijs van goed gedrag en zeden, bewijs van goed gedrag, strafblad, blanco strafblad, model 595, model"
        " 596.2, goed zedelijk gedrag",
        en="certificate of good conduct, police clearance, police certificate, clean record, background check",
        de="Leumundszeugnis, Führungszeugnis, Strafregisterauszug, Vorstrafen, polizeiliches Führungszeugnis",
    ),
    "certified-copy": lines(
        fr="légaliser une signature, signature légalisée, copie conforme, copie de diplôme, certifier un document,"
        " authentifier une copie, procuration",
        nl="handtekening wettigen, legalisatie, handtekening legaliseren, kopie waarmerken, voor eensluidend"
        " verklaren, gewaarmerkte kopie, kopie van een diploma, volmacht",
        en="certify a signature, legalise a signature, certified copy, true copy, copy of a diploma, authenticate"
        " a document",
        de="Unterschrift beglaubigen, Beglaubigung, beglaubigte Kopie, Kopie beglaubigen, Zeugnis beglaubigen,"
        " Vollmacht",
    ),
    "parking-card": lines(
        fr="carte riverain, carte de stationnement, stationner, se garer, parking, parcmètre, zone bleue,"
        " stationnement habitant, carte de dérogation",
        nl="parkeerkaart, parkeervergunning, parkeren, bewonersparkeren, blauwe zone, parking",
        en="parking permit, resident parking, park my car, parking card, blue zone",
        de="Parkausweis, Anwohnerparken, Bewohnerparkausweis, parken, Parkkarte",
    ),
    "birth": lines(
        fr="naissance, bébé, nouveau-né, déclarer un enfant, mon enfant est né, reconnaissance, reconnaître un enfant,"
        " accoucher, accouchement",
        nl="geboorte, baby, pasgeboren, kind aangeven, mijn kind is geboren, erkenning, kind erkennen,"
        " bevallen, mijn vrouw is bevallen, bevalling",
        en="birth, newborn, baby, register a baby, my child was born, recognition of a child, gave birth",
        de="Geburt, Baby, Neugeborenes, Geburt anmelden, Kind ist geboren, Vaterschaftsanerkennung,"
        " entbunden, Entbindung",
    ),
    "marriage": lines(
        fr="mariage, se marier, nous marions, épouser, cérémonie, fiancés, noces, épousailles",
        nl="trouwen, huwen, huwelijk, huwelijk aangeven, bruiloft, trouw, verloofd",
        en="marriage, getting married, marry, wedding, engaged",
        de="Heirat, heiraten, Hochzeit, Trauung, Eheschließung, Ehe, verlobt",
    ),
    "death": lines(
        fr="décès, mort, quelqu’un est mort, décédé, enterrement, funérailles, obsèques, crémation, acte de décès",
        nl="overlijden, dood, iemand is overleden, gestorven, begrafenis, crematie, overlijden melden, overlijdensakte",
        en="death, somebody died, passed away, dead, deceased, funeral, burial, cremation",
        de="Tod, gestorben, verstorben, Sterbefall, Beerdigung, Bestattung, Sterbeurkunde",
    ),
    "eu-registration": lines(
        fr="annexe 19, citoyen européen, européen, j’arrive en Belgique, arriver d’un autre pays, première fois en"
        " Belgique, enregistrement, s’inscrire comme européen, annexe 8,"
        " allemand, autrichien, bulgare, chypriote, croate, danois, espagnol, estonien, finlandais, français, grec,"
        " hongrois, irlandais, italien, letton, lituanien, luxembourgeois, maltais, néerlandais, polonais, portugais,"
        " roumain, slovaque, slovène, suédois, tchèque",
        nl="bijlage 19, EU-burger, Europeaan, ik kom in België wonen, nieuw in België, aankomst, inschrijven als"
        " Europeaan, bijlage 8, Bulgaar, Cyprioot, Deen, Duitser, Estlander, Fin, Fransman, Griek, Hongaar, Ier,"
        " Italiaan, Kroaat, Let, Litouwer, Luxemburger, Maltees, Nederlander, Oostenrijker, Pool, Portugees, Roemeen,"
        " Sloveen, Slowaak, Spanjaard, Spaans, Tsjech, Zweed, Italiaans, Frans, Duits, Pools, Roemeens, Bulgaars,"
        " Grieks, Nederlands",
        en="annex 19, EU citizen, European, new in Belgium, arriving in Belgium, coming from Italy, register as a"
        " European, Austrian, Bulgarian, Croatian, Cypriot, Czech, Danish, Dutch, Estonian, Finnish, French, German,"
        " Greek, Hungarian, Irish, Italian, Latvian, Lithuanian, Luxembourgish, Maltese, Polish, Portuguese, Romanian,"
        " Slovak, Slovenian, Spanish, Swedish",
        de="Anlage 19, EU-Bürger, Europäer, neu in Belgien, Ankunft in Belgien, als EU-Bürger anmelden,"
        " Bulgare, Däne, Deutscher, Este, Finne, Franzose, Grieche, Ire, Italiener, Kroate, Lette, Litauer,"
        " Luxemburger, Malteser, Niederländer, Österreicher, Pole, Portugiese, Rumäne, Schwede, Slowake, Slowene,"
        " Spanier, Tscheche, Ungar, Zypriot, spanisch, italienisch, französisch, portugiesisch, rumänisch, polnisch",
    ),
    "residence-card": lines(
        fr="carte de séjour, titre de séjour, permis de séjour, carte pour étranger, carte orange, attestation"
        " d’immatriculation, carte A, carte B, carte F, carte F+, carte K, carte L, prolonger mon séjour,"
        " titre de séjour expiré, mon séjour expire, CIRE",
        nl="verblijfskaart, verblijfstitel, verblijfsvergunning, vreemdelingenkaart, oranje kaart, attest van"
        " immatriculatie, A-kaart, B-kaart, F-kaart, K-kaart, L-kaart, verblijf verlengen,"
        " verblijf loopt af, verblijfskaart vervallen",
        en="residence permit, residence card, foreigner card, orange card, card A, card B, card F, extend my stay,"
        " expired residence card, my residence card expires",
        de="Aufenthaltskarte, Aufenthaltstitel, Aufenthaltserlaubnis, Aufenthaltsgenehmigung, orange Karte, Karte"
        " A, Karte F, Aufenthalt verlängern, Aufenthaltserlaubnis abgelaufen, Aufenthalt läuft ab,"
        " Aufenthaltserlaubnis läuft ab",
    ),
}
