"""The first pages: which language, which commune."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from booking.core.roles import Role
from booking.core.translated import Translated
from booking.database import read
from booking.models import Commune, CommuneSlug, Postcode
from booking.usecases.statements import table_of
from booking.web.guard import open_to
from booking.web.themes import tiles_url

first = Blueprint("first", __name__)


@dataclass(frozen=True)
class Tile:
    """A commune on the first page: its name and colours, its addresses per language, its postcodes."""

    id: int
    name: Translated
    theme_brand: str
    theme_brand_strong: str
    theme_brand_soft: str
    slugs: dict[str, str] = field(default_factory=dict)
    postcodes: list[str] = field(default_factory=list)


COMMUNES, SLUGS, POSTCODES = table_of(Commune), table_of(CommuneSlug), table_of(Postcode)
LOOK = (COMMUNES.c.theme_brand, COMMUNES.c.theme_brand_strong, COMMUNES.c.theme_brand_soft)
# Made once: the first page is asked for more often than any other.
TILES = (
    select(COMMUNES.c.id, COMMUNES.c.name, *LOOK, SLUGS.c.language, SLUGS.c.slug, POSTCODES.c.code)
    .join(SLUGS, SLUGS.c.commune_id == COMMUNES.c.id)
    .outerjoin(POSTCODES, POSTCODES.c.commune_id == COMMUNES.c.id)
    .order_by(POSTCODES.c.code)
)


def tiles() -> list[Tile]:
    """Every commune, by its name."""
    known: dict[int, Tile] = {}
    for number, name, brand, strong, soft, language, slug, code in read().execute(TILES):
        tile = known.setdefault(number, Tile(number, name, brand, strong, soft))
        tile.slugs[language] = slug
        if code and code not in tile.postcodes:
            tile.postcodes.append(code)
    return sorted(known.values(), key=lambda tile: tile.name.in_(g.language or "fr").casefold())


@first.get("/")
@open_to(Role.RESIDENT)
def neutral() -> ResponseReturnValue:
    """French and Dutch side by side; which comes first changes with the day, since neither ranks above the other."""
    order = ("fr", "nl") if g.now.toordinal() % 2 == 0 else ("nl", "fr")
    found = tiles()
    return render_template("first/neutral.html", order=order, tiles=found, look=tiles_url(found))


@first.get("/<lang:lang>/")
@open_to(Role.RESIDENT)
def communes() -> ResponseReturnValue:
    """Every commune, or those of one postcode."""
    typed = "".join(character for character in request.args.get("postcode", "") if character.isdigit())[:4]
    found = tiles()
    wanted = [tile for tile in found if not typed or typed in tile.postcodes]
    return render_template("first/communes.html", postcode=typed, tiles=wanted, look=tiles_url(found))


@first.get("/<lang:lang>/accessibility")
@open_to(Role.RESIDENT)
def accessibility() -> ResponseReturnValue:
    return statements("resident.accessibility")


@first.get("/<lang:lang>/privacy")
@open_to(Role.RESIDENT)
def privacy() -> ResponseReturnValue:
    return statements("resident.privacy")


def statements(page: str) -> ResponseReturnValue:
    """Where each commune says it for itself."""
    found = tiles()
    return render_template("first/statements.html", page=page, tiles=found, look=tiles_url(found))
