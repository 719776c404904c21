"""Addresses that travel through a form or a cookie, and may only lead back into this site."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from flask import current_app, g, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def page_of_this_commune(wanted: str | None, language: str | None = None) -> str | None:
    """``wanted`` as an address of this commune's staff pages, in ``language`` if given; ``None`` for anything else.

    The address is taken apart and built again, so that nothing of it is trusted.
    """
    parts = urlsplit(wanted or "")
    if not wanted or parts.scheme or parts.netloc:
        return None
    try:
        endpoint, values = current_app.url_map.bind("").match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    if values.get("commune") not in g.slugs.values() or endpoint.partition(".")[0] not in {"agent", "admin"}:
        return None
    spoken = language or values.pop("lang")
    values |= {"lang": spoken, "commune": g.slugs[spoken]}
    query = {name: value for name, value in parse_qsl(parts.query) if name not in values and name.isidentifier()}
    return url_for(endpoint, **values, **query, _anchor=parts.fragment or None)
