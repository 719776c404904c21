"""Who is signed in. Flask-Login keeps a token in the signed cookie; the session itself is a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Flask, Response, current_app, g, request
from flask_login import LoginManager, current_user
from sqlalchemy.exc import DBAPIError

from booking.core.roles import Role, may_enter
from booking.database import read, write
from booking.settings import Settings
from booking.usecases.people import SEEN_AGAIN, Limits, SignedIn, seen, session_of

login = LoginManager()


@dataclass(frozen=True)
class Somebody:
    """A person of staff behind this request, as Flask-Login wants to see one."""

    token: str
    person: SignedIn

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token

    @property
    def id(self) -> int:
        return self.person.id

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def language(self) -> str:
        return self.person.language

    def roles_in(self, commune_id: int) -> frozenset[Role]:
        return self.person.roles_in(commune_id)

    def offices_in(self, commune_id: int, door: Role) -> frozenset[int] | None:
        """The offices whose pages behind ``door`` this person may open, or ``None`` for all of them."""
        return self.person.offices_behind(door, commune_id=commune_id)

    def roles_at(self, office_id: int, commune_id: int) -> frozenset[Role]:
        return self.person.roles_at(office_id, commune_id=commune_id)

    def is_agent_in(self, commune_id: int) -> bool:
        """Whether pages of agents are theirs at all: administrators have them, the reception has not.

        What may be done with a visit is asked of its own office (``web/agent/desk.py``).
        """
        return may_enter(Role.AGENT, self.roles_in(commune_id))

    @property
    def platform_roles(self) -> frozenset[Role]:
        """What they are outside any commune."""
        return frozenset({Role.PLATFORM}) if self.person.is_platform else frozenset()

    def may_enter_in(self, commune_id: int, door: Role) -> bool:
        return may_enter(door, self.roles_in(commune_id))

    def is_administrator_in(self, commune_id: int) -> bool:
        return Role.ADMINISTRATOR in self.roles_in(commune_id)

    def administers_all_of(self, commune_id: int) -> bool:
        """Whether they administer the whole commune, whatever offices it has and will have."""
        return self.is_administrator_in(commune_id) and self.offices_in(commune_id, Role.ADMINISTRATOR) is None


def init_app(app: Flask) -> None:
    # Templates speak of ``staff``; who is signed in is not looked up for a page that does not ask.
    login.init_app(app, add_context_processor=False)
    login.user_loader(load)
    app.after_request(remember)
    app.context_processor(lambda: {"staff": getattr(g, "staff", None)})


def session_limits() -> Limits:
    settings: Settings = current_app.extensions["settings"]
    return Limits(idle_minutes=settings.staff_idle_minutes, session_hours=settings.staff_session_hours)


def load(token: str) -> Somebody | None:
    person = session_of(read(), token=token, limits=session_limits(), now=g.now)
    return Somebody(token, person) if person else None


def signed_in(now: datetime) -> Somebody | None:
    """The person behind this request if their session is alive at ``now``."""
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001


def is_polling() -> bool:
    """Whether a page asks by itself what is new: nobody needs to be sitting in front of it."""
    return "X-Fresh" in request.headers


def remember(answer: Response) -> Response:
    """After the answer is made, note that somebody is still there. That it could not be noted spoils no answer."""
    somebody: Somebody | None = getattr(g, "staff", None)
    if somebody is not None and not is_polling() and somebody.person.seen_at <= g.now - SEEN_AGAIN:
        try:
            write(seen, token=somebody.token, now=g.now)
        except DBAPIError as fault:
            current_app.logger.warning("a session was not marked as seen", exc_info=fault)
    return answer
