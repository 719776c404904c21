"""A commune's colours, as a small style sheet of its own."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Flask, abort, current_app, url_for
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read
from booking.models import Commune
from booking.web.guard import open_to

themes = Blueprint("themes", __name__)

TOKENS = """:root {{
  --commune-brand: {brand};
  --commune-brand-strong: {strong};
  --commune-brand-soft: {soft};
}}
"""


def init_app(app: Flask) -> None:
    app.register_blueprint(themes)
    app.jinja_env.globals["theme_url"] = theme_url


def sheet(commune: Commune) -> str:
    return TOKENS.format(brand=commune.theme_brand, strong=commune.theme_brand_strong, soft=commune.theme_brand_soft)


def mark_of(commune: Commune) -> str:
    return hashlib.sha256(sheet(commune).encode()).hexdigest()[:12]


def theme_url(commune: Commune) -> str:
    """Another look is another address, so browsers may keep it for good."""
    return url_for("themes.stylesheet", number=commune.id, mark=mark_of(commune))


@themes.get("/theme/<row:number>-<mark>.css")
@open_to(Role.RESIDENT)
def stylesheet(number: int, mark: str) -> ResponseReturnValue:
    commune = read().get(Commune, number)
    if commune is None or mark != mark_of(commune):
        # Browsers would keep the wrong look for good.
        abort(404)
    answer = current_app.response_class(sheet(commune), mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
