"""A commune's colours as a small style sheet, and those of all communes for the tiles that lead to them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from flask import Blueprint, Flask, abort, current_app, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from booking.core.roles import Role
from booking.database import read
from booking.models import Commune
from booking.web.guard import open_to

themes = Blueprint("themes", __name__)

TOKENS = """{selector} {{
  --commune-brand: {brand};
  --commune-brand-strong: {strong};
  --commune-brand-soft: {soft};
}}
"""


class Look(Protocol):
    """What a sheet is made of: a commune, or what is known of it where it is only named."""

    id: int
    theme_brand: str
    theme_brand_strong: str
    theme_brand_soft: str


def init_app(app: Flask) -> None:
    app.register_blueprint(themes)
    app.jinja_env.globals["theme_url"] = theme_url


def sheet(look: Look, selector: str = ":root") -> str:
    return TOKENS.format(
        selector=selector, brand=look.theme_brand, strong=look.theme_brand_strong, soft=look.theme_brand_soft
    )


def sheet_of_tiles(looks: Iterable[Look]) -> str:
    return "".join(sheet(look, f".tile--{look.id}") for look in sorted(looks, key=lambda look: look.id))


@lru_cache(maxsize=256)
def mark_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def theme_url(commune: Commune) -> str:
    """Another look is another address, so browsers may keep it for good."""
    return url_for("themes.stylesheet", number=commune.id, mark=mark_of(sheet(commune)))


def tiles_url(looks: Iterable[Look]) -> str:
    return url_for("themes.tiles", mark=mark_of(sheet_of_tiles(looks)))


@themes.get("/theme/<row:number>-<mark>.css")
@open_to(Role.RESIDENT)
def stylesheet(number: int, mark: str) -> ResponseReturnValue:
    commune = read().get(Commune, number)
    return kept_for_good(sheet(commune) if commune else "", mark)


@themes.get("/theme/tiles-<mark>.css")
@open_to(Role.RESIDENT)
def tiles(mark: str) -> ResponseReturnValue:
    return kept_for_good(sheet_of_tiles(read().scalars(select(Commune))), mark)


def kept_for_good(text: str, mark: str) -> ResponseReturnValue:
    """A sheet under the address of its mark; under another, browsers would keep the wrong look for good."""
    if mark != mark_of(text):
        abort(404)
    answer = current_app.response_class(text, mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
