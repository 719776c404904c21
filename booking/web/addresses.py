"""Addresses: each is written once; those made from what a browser sent may only lead back into this site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from flask import Flask, current_app, g, has_request_context, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

REMEMBERED = 4096
"""Addresses that a process remembers, before it begins anew."""

ABROAD = frozenset({"_external", "_scheme"})


class Site(Flask):
    """Flask, which remembers the addresses it has written: a page has dozens, and most are those of the page before.

    An address follows from its endpoint and its values alone, language and commune among them, and from where the
    site is mounted. So what is remembered cannot grow old.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self.written: dict[tuple[object, ...], str] = {}
        super().__init__(*args, **options)

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        if not has_request_context() or not ABROAD.isdisjoint(values):
            return super().url_for(endpoint, **values)
        if endpoint.startswith(".") and request.blueprint:
            endpoint = f"{request.blueprint}{endpoint}"
        self.inject_url_defaults(endpoint, values)
        # 1, 1.0 and True are one key, but not one word in an address.
        key = (request.root_path, endpoint, *values.items(), *map(type, values.values()))
        try:
            known = self.written.get(key)
        except TypeError:  # several values of one name
            return super().url_for(endpoint, **values)
        if known is None:
            known = super().url_for(endpoint, **values)
            if len(self.written) >= REMEMBERED:
                self.written.clear()
            self.written[key] = known
        return known


def address_of(endpoint: str, where: Mapping[str, Any], query: Iterable[tuple[str, str]] = ()) -> str:
    """A page at ``where``, with a query as it came.

    What comes from outside is never an argument of ``url_for``, which takes ``_external`` and ``_anchor`` from it.
    """
    written = urlencode(list(query))
    return url_for(endpoint, **where) + (f"?{written}" if written else "")


@dataclass(frozen=True)
class Whereabouts:
    """A staff page of this commune, taken out of an address and not trusted: what leads to it again."""

    endpoint: str
    values: Mapping[str, Any]
    query: Sequence[tuple[str, str]]
    anchor: str

    def address(self, language: str | None = None) -> str:
        """The address, built anew; in ``language`` if given."""
        spoken = language or self.values["lang"]
        where = {**self.values, "lang": spoken, "commune": g.slugs[spoken]}
        return address_of(self.endpoint, where, self.query) + self.anchor


def page_of_this_commune(wanted: str | None, language: str | None = None) -> str | None:
    """``wanted`` as an address of this commune's staff pages, in ``language`` if given; ``None`` for anything else."""
    found = whereabouts(wanted)
    return found.address(language) if found else None


def whereabouts(wanted: str | None) -> Whereabouts | None:
    """Where ``wanted`` leads, if that is a staff page of this commune.

    The address is taken apart and built again, so that nothing of it is trusted.
    """
    try:
        parts = urlsplit(wanted or "")
    except ValueError:
        return None
    if not wanted or parts.scheme or parts.netloc:
        return None
    try:
        endpoint, values = current_app.url_map.bind("").match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    if values.get("commune") not in g.slugs.values() or endpoint.partition(".")[0] not in {"agent", "admin"}:
        return None
    anchor = f"#{quote(parts.fragment)}" if parts.fragment else ""
    return Whereabouts(endpoint, values, parse_qsl(parts.query), anchor)
