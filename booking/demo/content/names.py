"""Given and family names as one meets them in Brussels, kept together so that a whole name is believable."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Community:
    """Names that go together. ``weight`` is a share in percent, ``dutch`` the share who choose Dutch.

    ``newcomers`` says how much more often than on average (1) its people speak neither French nor Dutch.
    """

    weight: int
    dutch: float
    newcomers: float
    given: tuple[str, ...]
    family: tuple[str, ...]


def listed(names: str) -> tuple[str, ...]:
    return tuple(names.split(", "))


COMMUNITIES = (
    Community(
        weight=24,
        dutch=0.03,
        newcomers=0,
        given=listed(
            "Anne, Antoine, Arthur, Aurélie, Benoît, Camille, Catherine, Cécile, Céline, Christophe, Claire, Damien, "
            "Élise, Émilie, Françoise, Frédéric, Gaëlle, Géraldine, Guillaume, Hélène, Isabelle, Jacques, Jeanne, "
            "Julien, Laurence, Lucas, Madeleine, Marie-Claire, Mathilde, Maxime, Nicolas, Noémie, Olivier, Pascale, "
            "Pierre, Quentin, Thérèse, Valérie, Vincent, Xavier"
        ),
        family=listed(
            "Antoine, Bastin, Bodart, Charlier, Claes, Collard, Collignon, Daubresse, Delcourt, Delvaux, Denis, "
            "Deprez, Dubois, Dumont, Evrard, Fontaine, François, Gérard, Gillet, Goffin, Hubert, Jacquemin, Lacroix, "
            "Lambert, Laurent, Lejeune, Lemaire, Leroy, Marchal, Mathieu, Michel, Noël, Parmentier, Pirard, Renard, "
            "Rousseau, Servais, Simon, Thiry, Wauters"
        ),
    ),
    Community(
        weight=12,
        dutch=0.95,
        newcomers=0,
        given=listed(
            "An, Bart, Bram, Daan, Dirk, Eline, Emma, Femke, Griet, Hanne, Ilse, Jan, Jeroen, Joke, Karel, Katrien, "
            "Koen, Lieve, Liesbeth, Lotte, Luc, Marleen, Nele, Pieter, Roel, Saskia, Sofie, Stijn, Tom, Veerle, Wim, "
            "Wout"
        ),
        family=listed(
            "Aerts, Baert, Bogaert, Claeys, Cools, De Backer, De Clercq, De Smet, De Vos, Declercq, Desmet, Goossens, "
            "Hendrickx, Jacobs, Janssens, Lemmens, Maes, Martens, Mertens, Michiels, Peeters, Segers, Smets, Stevens, "
            "Thijs, Van Damme, Van den Bossche, Van Hoof, Vandamme, Vercammen, Verhaegen, Vermeulen, Willems, "
            "Wouters, Wuyts"
        ),
    ),
    Community(
        weight=20,
        dutch=0.12,
        newcomers=0.5,
        given=listed(
            "Abdelhak, Ahmed, Amina, Anissa, Asmae, Ayoub, Brahim, Dounia, Fatiha, Hafsa, Hamza, Hicham, Ikram, "
            "Ilias, Imane, Jamila, Karim, Khadija, Loubna, Malika, Meryem, Mustapha, Nadia, Naïma, Nordine, Omar, "
            "Rachid, Rania, Redouane, Saïda, Salma, Samira, Soufiane, Yasmina, Younes, Zineb"
        ),
        family=listed(
            "Aarab, Achahbar, Amezian, Azzouzi, Belhaj, Ben Ali, Ben Haddou, Benali, Bouazza, Bouchikhi, Boulahrouz, "
            "Chaouch, Daoudi, El Bakkali, El Haddad, El Khattabi, El Mansouri, El Morabit, Essaidi, Haddouchi, Hajji, "
            "Idrissi, Kaddouri, Lahlou, Lamrabet, Mansouri, Mokhtari, Ouahbi, Oulad Ali, Rahmani, Saidi, Tahiri, "
            "Yacoubi, Zerouali"
        ),
    ),
    Community(
        weight=8,
        dutch=0.3,
        newcomers=0.8,
        given=listed(
            "Ahmet, Ayşe, Burak, Cem, Derya, Elif, Emine, Emre, Esra, Fatma, Gül, Hakan, Hatice, İbrahim, Kemal, "
            "Leyla, Murat, Özlem, Serkan, Şule, Yusuf, Zeynep"
        ),
        family=listed(
            "Acar, Aksoy, Arslan, Aydın, Bulut, Çelik, Çetin, Demir, Doğan, Erdem, Güneş, Kaplan, Kaya, Kılıç, Koç, "
            "Korkmaz, Öztürk, Polat, Şahin, Şimşek, Yılmaz, Yüksel"
        ),
    ),
    Community(
        weight=11,
        dutch=0.06,
        newcomers=0.5,
        given=listed(
            "Aïssatou, Awa, Bintou, Blaise, Cédric, Chantal, Divine, Espérance, Fatoumata, Grâce, Héritier, Ibrahima, "
            "Jolie, Kofi, Mamadou, Mariam, Merveille, Ousmane, Patience, Prosper, Rosine, Souleymane, Trésor, Yannick"
        ),
        family=listed(
            "Bah, Balde, Barry, Camara, Cissé, Diallo, Diop, Habimana, Ilunga, Kabongo, Kalala, Kamanzi, Kasongo, "
            "Keita, Konaté, Lukusa, Mbuyi, Mugisha, Mukendi, Mwamba, Ndiaye, Ngoy, Nkurunziza, Nsimba, Sow, Sylla, "
            "Traoré, Tshibangu"
        ),
    ),
    Community(
        weight=13,
        dutch=0.06,
        newcomers=2.1,
        given=listed(
            "Alessandro, Ana, Andrea, Beatriz, Carlos, Chiara, Cristina, Elena, Francesca, Giorgos, Giulia, Inês, "
            "João, Laia, Lucía, Luís, Marco, Marta, Matteo, Miguel, Pilar, Rui, Sofía, Teresa, Tiago, Vasiliki"
        ),
        family=listed(
            "Almeida, Barbosa, Bianchi, Carvalho, Costa, Esposito, Fernandes, Ferreira, Fontana, García, Gómez, "
            "Greco, López, Martínez, Moreau, Moretti, Nogueira, Oliveira, Papadopoulos, Pereira, Ramos, Ricci, "
            "Rodrigues, Romano, Ruiz, Santos, Silva, Torres"
        ),
    ),
    Community(
        weight=8,
        dutch=0.08,
        newcomers=3.4,
        given=listed(
            "Adrian, Agnieszka, Alexandra, Andrei, Anna, Bogdan, Dorota, Gheorghe, Ioana, Ivan, Iryna, Jakub, "
            "Katarzyna, Krzysztof, Magdalena, Mihai, Natalia, Oksana, Piotr, Radka, Simona, Stoyan, Tomasz, Viktor"
        ),
        family=listed(
            "Adamczyk, Bondar, Bondarenko, Constantin, Dobre, Ionescu, Kaczmarek, Kowalczyk, Kravchenko, Krawczyk, "
            "Lysenko, Marin, Mazur, Melnyk, Moldovan, Munteanu, Nowak, Pawlak, Petrenko, Pietrzak, Popa, Popescu, "
            "Radu, Rusu, Shevchenko, Stan, Wojciechowicz, Wróbel"
        ),
    ),
    Community(
        weight=4,
        dutch=0.15,
        newcomers=5.9,
        given=listed(
            "Amir, Anjali, Ciarán, Dana, Erik, Farid, Hassan, Ingrid, James, Jürgen, Katharina, Laleh, Li, Mei, Nour, "
            "Priya, Rahul, Rawan, Samir, Sara, Sinéad, Tariq, Thomas, Yara"
        ),
        family=listed(
            "Ahmadi, Al-Khatib, Andersson, Becker, Chen, Fischer, Haddad, Hansen, Hosseini, Hughes, Iqbal, Kelly, "
            "Khan, Kumar, Lindqvist, Murphy, Nasser, Nguyen, Patel, Rahimi, Schneider, Sharma, Walsh, Wang, Weber"
        ),
    ),
)
