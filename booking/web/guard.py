"""Where a request goes and who may open what, said at the door of every view."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from booking.core.errors import RoleMissing
from booking.core.roles import Role, may_enter
from booking.database import read
from booking.usecases.communes import addressed
from booking.web.addresses import address_of
from booking.web.staff import Somebody, signed_in
from booking.words.catalogues import INTERFACE_LANGUAGES

View = TypeVar("View", bound=Callable[..., Any])


def open_to(role: Role, *also: Role, before_second_factor: bool = False) -> Callable[[View], View]:
    """State who may open a view. Any door but a resident's wants somebody of this commune, or of the platform.

    Whoever lacks a second factor that they need gets no further than to what is open ``before_second_factor``.
    """

    def stated(view: View) -> View:
        view.open_to, view.also_open_to = role, also  # type: ignore[attr-defined]
        view.before_second_factor = before_second_factor  # type: ignore[attr-defined]
        return view

    return stated


def init_app(app: Flask) -> None:
    app.url_value_preprocessor(read_the_clock)
    app.url_value_preprocessor(take_address)
    # No address is added once there are requests.
    app.url_defaults(partial(fill_address, cache(app.url_map.is_endpoint_expecting)))
    app.before_request(find_commune)
    app.before_request(stand_at_the_door)


def take_address(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Language and commune come from the address of every view, so no view takes them as arguments.

    A form may be sent to be shown in another language instead of being acted on: what was typed stays.
    """
    where = place_of(request.path) if values is None else values
    g.language = where.pop("lang", None)
    g.commune_slug = where.pop("commune", None)
    g.commune = g.slugs = g.staff = None
    wish = request.form.get("switch_to") if request.method == "POST" else None
    g.switching = wish in INTERFACE_LANGUAGES
    g.address_language = g.language
    if g.switching and g.language:
        g.language = wish


def place_of(path: str) -> dict[str, Any]:
    """Language and commune of an address that leads to no page: the one that says so keeps its frame."""
    language, slug, beyond = [*path.split("/", 3)[1:], "", "", ""][:3]
    if language not in INTERFACE_LANGUAGES:
        return {}
    return {"lang": language} | ({"commune": slug} if beyond else {})


def fill_address(expects: Callable[[str, str], bool], endpoint: str, values: dict[str, Any]) -> None:
    if expects(endpoint, "lang"):
        values.setdefault("lang", getattr(g, "language", None))
    slugs = getattr(g, "slugs", None)
    if slugs and expects(endpoint, "commune"):
        values.setdefault("commune", slugs.get(values["lang"]))


def read_the_clock(*_: object) -> None:
    """Before everything else: even a form that is refused at once is answered at a moment."""
    g.now = current_app.extensions["clock"]()


def find_commune() -> ResponseReturnValue | None:
    """The tenant of this request, or the same 404 for whatever is not one."""
    if g.commune_slug is None:
        return None
    homes = addressed(read(), slug=g.commune_slug, now=g.now)
    known = {language: home for home in homes for language, slug in home.slugs.items() if slug == g.commune_slug}
    if not known:
        abort(404)
    home = known.get(g.address_language) or next(iter(known.values()))
    g.commune, g.slugs, g.notices = home.commune, home.slugs, list(home.notices.values())
    g.has_pauses = home.has_pauses
    if request.endpoint and g.address_language not in known and request.method in {"GET", "HEAD"}:
        where = request.view_args or {}
        return redirect(address_of(request.endpoint, where, request.args.items(multi=True)), 301)
    return None


def stand_at_the_door() -> ResponseReturnValue | None:
    if request.endpoint is None:
        g.staff = lost_colleague()
        return None
    view = current_app.view_functions[request.endpoint]
    door = getattr(view, "open_to", None)
    if door is None:
        abort(404)
    if door == Role.RESIDENT:
        return None
    somebody = signed_in(g.now)
    if somebody is None:
        if request.method == "GET":
            session["wanted"] = request.full_path.rstrip("?")
        return redirect(url_for(f"{house()}.sign_in"))
    roles = somebody.roles_in(g.commune.id) if g.commune else somebody.platform_roles
    if not roles:
        abort(404)
    g.staff = somebody
    if somebody.person.lacks_second_factor and not view.before_second_factor:  # type: ignore[attr-defined]
        return redirect(url_for(f"{house()}.second_factor"), 303)
    if not any(may_enter(one, roles) for one in (door, *view.also_open_to)):  # type: ignore[attr-defined]
        raise RoleMissing
    return None


def house() -> str:
    """Where staff sign in who want this page: at a commune, or at the platform, which is of none."""
    return "agent" if g.commune else "platform"


def lost_colleague() -> Somebody | None:
    """Who is signed in, on an address of staff pages that leads to none: they keep the way between their pages."""
    if g.commune is None or request.path.split("/")[3] not in {"agent", "admin"}:
        return None
    somebody = signed_in(g.now)
    return somebody if somebody and somebody.roles_in(g.commune.id) else None
