"""The first pages: which language, which commune."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from booking.core.roles import Role
from booking.core.translated import Translated
from booking.database import read
from booking.models import Commune, CommuneSlug, Postcode
from booking.usecases.statements import table_of
from booking.web.guard import open_to

first = Blueprint("first", __name__)


@dataclass(frozen=True)
class Tile:
    """A commune on the first page: its name, its addresses per language, its postcodes."""

    id: int
    name: Translated
    slugs: dict[str, str]
    postcodes: list[str]


COMMUNES, SLUGS, POSTCODES = table_of(Commune), table_of(CommuneSlug), table_of(Postcode)
# Made once: the first page is asked for more often than any other.
TILES = (
    select(COMMUNES.c.id, COMMUNES.c.name, SLUGS.c.language, SLUGS.c.slug, POSTCODES.c.code)
    .join(SLUGS, SLUGS.c.commune_id == COMMUNES.c.id)
    .outerjoin(POSTCODES, POSTCODES.c.commune_id == COMMUNES.c.id)
    .order_by(POSTCODES.c.code)
)


def tiles(postcode: str = "") -> list[Tile]:
    """Every commune by its name, or those of one postcode."""
    known: dict[int, Tile] = {}
    for number, name, language, slug, code in read().execute(TILES):
        tile = known.setdefault(number, Tile(number, name, {}, []))
        tile.slugs[language] = slug
        if code and code not in tile.postcodes:
            tile.postcodes.append(code)
    wanted = [tile for tile in known.values() if not postcode or postcode in tile.postcodes]
    return sorted(wanted, key=lambda tile: tile.name.in_(g.language or "fr").casefold())


@first.get("/")
@open_to(Role.RESIDENT)
def neutral() -> ResponseReturnValue:
    """French and Dutch side by side; which comes first changes with the day, since neither ranks above the other."""
    order = ("fr", "nl") if g.now.toordinal() % 2 == 0 else ("nl", "fr")
    return render_template("first/neutral.html", order=order, tiles=tiles())


@first.get("/<lang:lang>/")
@open_to(Role.RESIDENT)
def communes() -> ResponseReturnValue:
    typed = "".join(character for character in request.args.get("postcode", "") if character.isdigit())[:4]
    return render_template("first/communes.html", postcode=typed, tiles=tiles(typed), everyone=not typed)
