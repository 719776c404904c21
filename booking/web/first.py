"""The first pages: which language, which commune."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read
from booking.usecases.communes import tiles
from booking.web.guard import open_to
from booking.web.languages import NEUTRAL
from booking.web.themes import tiles_url
from booking.words.catalogues import INTERFACE_LANGUAGES

first = Blueprint("first", __name__)


@first.get("/")
@open_to(Role.RESIDENT)
def neutral() -> ResponseReturnValue:
    """French and Dutch side by side; which comes first changes with the day, since neither ranks above the other."""
    order = ("fr", "nl") if g.now.toordinal() % 2 == 0 else ("nl", "fr")
    found = tiles(read(), language=g.language or "fr")
    return render_template("first/neutral.html", order=order, tiles=found, look=tiles_url(found))


@first.get("/platform/")
@open_to(Role.RESIDENT)
def platform() -> ResponseReturnValue:
    """The door of those who run the platform, in a language their browser reads."""
    language = request.accept_languages.best_match(INTERFACE_LANGUAGES) or NEUTRAL
    return redirect(url_for("platform.home", lang=language))


@first.get("/<lang:lang>/")
@open_to(Role.RESIDENT)
def communes() -> ResponseReturnValue:
    """Every commune, or those of one postcode."""
    typed = "".join(character for character in request.args.get("postcode", "") if character.isdigit())[:4]
    found = tiles(read(), language=g.language or "fr")
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
    found = tiles(read(), language=g.language or "fr")
    return render_template("first/statements.html", page=page, tiles=found, look=tiles_url(found))
