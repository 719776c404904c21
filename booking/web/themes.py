"""A commune's colours as a small style sheet, and those of all communes for the tiles that lead to them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from flask import Blueprint, Flask, Response, abort, current_app, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from booking.core.roles import Role
from booking.database import read
from booking.models import Commune, Logo
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
    app.jinja_env.globals.update(theme_url=theme_url, logo_url=logo_url)


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


def logo_url(commune: Commune) -> str:
    """Only for a commune that has a logo. Another picture is another address."""
    return url_for("themes.logo", number=commune.id, mark=commune.logo_mark)


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


@themes.get("/theme/<row:number>-<mark>.png")
@open_to(Role.RESIDENT)
def logo(number: int, mark: str) -> ResponseReturnValue:
    """The picture beside a commune's name. Opened by itself it is a file and no page: nothing in it could ever run."""
    commune, kept = read().get(Commune, number), read().get(Logo, number)
    if commune is None or kept is None or commune.logo_mark != mark:
        abort(404)
    answer = current_app.response_class(kept.png, mimetype="image/png")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers.set("Content-Disposition", "attachment", filename="logo.png")
    return lasting(answer)


def kept_for_good(text: str, mark: str) -> ResponseReturnValue:
    """A sheet under the address of its mark; under another, browsers would keep the wrong look for good."""
    if mark != mark_of(text):
        abort(404)
    return lasting(current_app.response_class(text, mimetype="text/css"))


def lasting(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
