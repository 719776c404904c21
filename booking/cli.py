"""Commands, thin calls to the floors below: ``flask --app app …``."""

from __future__ import annotations

import re
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import click
import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from booking import demo, serving, worker
from booking.core import errors
from booking.core.errors import BookingError
from booking.core.passwords import check_password
from booking.core.roles import Role
from booking.core.text import clean, clean_name
from booking.core.translated import PAGE_LANGUAGES, Translated
from booking.database import db, in_unit, is_absence, is_outdated, reading
from booking.passwords import hash_password
from booking.usecases.check import problems
from booking.usecases.communes import Contacts, commune_with_slug, word_in_addresses
from booking.usecases.people import join
from booking.usecases.starting import start_commune

PASSWORD_BYTES = 12
LONGEST_ADDRESS = 254
POSTCODE = re.compile("[1-9][0-9]{3}")
SENTENCES: Mapping[type[BookingError], str] = {
    errors.AddressTaken: "There is already an account with this e-mail address.",
    errors.LooksLikeNationalNumber: "This looks like a national register number, which is not stored.",
    errors.NameMissing: "A name has at least one letter, of any script.",
    errors.NotInProduction: "This is only for demonstrations and development.",
    errors.PasswordTooCommon: "This password is one of the first that others would try. Choose another one.",
    errors.PasswordTooShort: "A password has at least {limit} characters.",
    errors.SlugTaken: "Another commune already has this word in its addresses.",
    errors.TextMissing: "A commune needs its name and its postal address in French and in Dutch.",
    errors.TextTooLong: "This is too long: at most {limit} characters.",
    errors.UnknownZone: "There is no time zone of this name: write one like Europe/Brussels.",
}
"""The refusals that a command can meet; their facts fill the blanks."""


def an_address(context: click.Context, option: click.Parameter, typed: str) -> str:
    """One e-mail address, as a letter could carry it."""
    try:
        return validate_email(clean(typed)[: LONGEST_ADDRESS + 1], check_deliverability=False).normalized
    except EmailNotValidError as fault:
        raise click.BadParameter("Write one e-mail address, like name@commune.be.") from fault


def a_name(context: click.Context, option: click.Parameter, typed: str) -> str:
    try:
        return clean_name(typed)
    except BookingError as refusal:
        raise click.BadParameter(told(refusal)) from refusal


def a_phone(context: click.Context, option: click.Parameter, typed: str) -> str:
    """A number that can be dialled, in E.164: Belgian unless it says otherwise."""
    try:
        number = phonenumbers.parse(typed, "BE")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise click.BadParameter("Write a telephone number like +3225550100.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def a_word(context: click.Context, option: click.Parameter, typed: str) -> str:
    """A word for addresses as it will stand in them."""
    word = word_in_addresses(typed)
    if not word:
        raise click.BadParameter("Write a word of letters, digits and hyphens, like val-saint-pierre.")
    return word


def postcodes(context: click.Context, option: click.Parameter, typed: Sequence[str]) -> Sequence[str]:
    if not all(POSTCODE.fullmatch(one) for one in typed):
        raise click.BadParameter("Write a postcode of four digits, like 1190.")
    return typed


@click.command("serve")
@click.option("--port", default=5000, show_default=True, help="Where to listen on this machine.")
def serve(port: int) -> None:
    """Upgrade the database, load the demonstration, and run web and worker until stopped."""
    serving.run(port=port)


@click.command("demo")
@click.option("--remove", is_flag=True, help="Take the demonstration communes away with all that is in them.")
@with_appcontext
def demo_command(remove: bool) -> None:
    """Load two demonstration communes, or top them up to five weeks from today."""
    settings = current_app.extensions["settings"]
    with refusing():
        if remove:
            gone = demo.remove(db.engine, settings=settings)
            click.echo(f"{gone} demonstration communes removed.")
            return
        steps: Iterator[None] = demo.load(db.engine, settings=settings, now=current_app.extensions["clock"]())
        with click.progressbar(length=demo.PIECES, label="Demonstration", file=sys.stderr) as bar:
            for _ in steps:
                bar.update(1)
            bar.update(demo.PIECES - bar.pos)


@click.command("create-commune")
@click.option("--name-fr", required=True)
@click.option("--name-nl", required=True)
@click.option(
    "--slug-fr", required=True, callback=a_word, help="Its word in French (and English) addresses: val-saint-pierre."
)
@click.option("--slug-nl", required=True, callback=a_word, help="Its word in Dutch addresses.")
@click.option("--first-language", type=click.Choice(["fr", "nl"]), default="fr", show_default=True)
@click.option("--zone", default="Europe/Brussels", show_default=True)
@click.option("--phone", required=True, callback=a_phone, help="In international form: +3225550100.")
@click.option("--email", required=True, callback=an_address, help="Where residents write to.")
@click.option("--sender", required=True, callback=an_address, help="The address its messages come from.")
@click.option("--post-fr", required=True, help="Its postal address in French.")
@click.option("--post-nl", required=True, help="Its postal address in Dutch.")
@click.option("--postcode", "postcodes", multiple=True, required=True, callback=postcodes)
@click.option(
    "--contact-days",
    type=click.IntRange(1, 90),
    default=30,
    show_default=True,
    help="Contact data go so many days after the visit.",
)
@click.option(
    "--name-months",
    type=click.IntRange(1, 12),
    default=12,
    show_default=True,
    help="Names go so many months after the visit.",
)
@with_appcontext
def create_commune_command(**given: Any) -> None:
    """Start a commune, with a town hall at its address. Give it an administrator next, with create-admin."""
    with refusing():
        in_unit(
            db.engine,
            start_commune,
            name=Translated.of(fr=given["name_fr"], nl=given["name_nl"]),
            slugs={"fr": given["slug_fr"], "nl": given["slug_nl"], "en": given["slug_fr"], "de": given["slug_fr"]},
            zone=given["zone"],
            contacts=Contacts(
                phone=given["phone"],
                email=given["email"],
                post_address=Translated.of(fr=given["post_fr"], nl=given["post_nl"]),
                sender_address=given["sender"],
            ),
            first_language=given["first_language"],
            postcodes=given["postcodes"],
            contact_days=given["contact_days"],
            name_months=given["name_months"],
            now=current_app.extensions["clock"](),
        )
    click.echo(f"Commune created: /fr/{given['slug_fr']}/ and /nl/{given['slug_nl']}/")


def for_staff(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every command that gives a commune somebody who works for it."""
    options = (
        click.option("--commune", required=True, help="One of the commune's words in addresses."),
        click.option("--email", required=True, callback=an_address),
        click.option("--name", required=True, callback=a_name, help="As colleagues read it."),
        click.option("--language", type=click.Choice(PAGE_LANGUAGES), default="fr", show_default=True),
        click.option("--password-stdin", is_flag=True, help="Read a new account's password from standard input."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("create-admin")
@for_staff
@with_appcontext
def create_admin_command(**given: Any) -> None:
    """Give a commune an administrator, who has an account or gets one. A drawn password is printed this once."""
    join_commune(Role.ADMINISTRATOR, **given)


@click.command("create-agent")
@for_staff
@click.option("--office", "offices", multiple=True, help="The word of an office; again for more. Without: all offices.")
@with_appcontext
def create_agent_command(**given: Any) -> None:
    """Give a commune an agent, who has an account or gets one. A drawn password is printed this once."""
    join_commune(Role.AGENT, **given)


@click.command("create-receptionist")
@for_staff
@click.option("--office", "offices", multiple=True, help="The word of an office; again for more. Without: all offices.")
@with_appcontext
def create_receptionist_command(**given: Any) -> None:
    """Give a commune a receptionist, who books and checks in. A drawn password is printed this once."""
    join_commune(Role.RECEPTIONIST, **given)


def join_commune(
    role: Role,
    *,
    commune: str,
    email: str,
    name: str,
    language: str,
    password_stdin: bool,
    offices: Sequence[str] = (),
) -> None:
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(PASSWORD_BYTES)
    with refusing():
        check_password(password)
        with reading(db.engine) as session:
            commune_id = commune_with_slug(session, slug=commune)
        joined = in_unit(
            db.engine,
            join,
            commune_id=commune_id,
            role=role,
            office_codes=offices,
            email=email,
            name=name,
            language=language,
            password_hash=hash_password(password),
            now=current_app.extensions["clock"](),
        )
    title = role.value.capitalize()
    if not joined.is_new_role:
        raise click.ClickException(f"{title} of this commune already: {email}. Nothing was changed.")
    if not joined.is_new_account:
        click.echo(f"{title} added: {email}. The account was there: its name, language and password stay.")
    else:
        click.echo(f"{title} created: {email}" + ("" if password_stdin else f"  password: {password}"))


@click.command("worker")
def worker_command() -> None:
    """Send messages and forget what is over, until asked to stop (SIGTERM or SIGINT)."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.run(current_app._get_current_object(), stop=stop)  # type: ignore[attr-defined]


@click.command("check")
@with_appcontext
def check_command() -> None:
    """Look for broken promises in the database; exit 1 when there is one."""
    with refusing(), reading(db.engine) as session:
        found = problems(session, now=current_app.extensions["clock"]())
    for problem in found:
        click.echo(problem)
    if found:
        sys.exit(1)
    click.echo("Nothing is wrong.")


@click.command("forget")
@with_appcontext
def forget_command() -> None:
    """Erase personal data whose time is over. The worker does it every day."""
    with refusing():
        forgotten = worker.tidy(db.engine, current_app.extensions["settings"], now=current_app.extensions["clock"]())
    click.echo(", ".join(f"{kind}: {number}" for kind, number in forgotten.items()) or "Nothing to forget.")


class refusing:
    """A refusal of the floors below, and a database that is not ready, end a command with one line and no traceback."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, fault: BaseException | None, at: object) -> None:
        if isinstance(fault, BookingError):
            raise click.ClickException(told(fault)) from fault
        if isinstance(fault, DBAPIError) and is_outdated(fault):
            raise click.ClickException("The database is not up to date: run flask --app app db upgrade") from fault
        if isinstance(fault, DBAPIError) and is_absence(fault):
            said = str(fault.orig).partition("\n")[0]
            raise click.ClickException(f"The database does not answer: {said}") from fault


def told(refusal: BookingError) -> str:
    if isinstance(refusal, errors.Unknown):
        return " ".join(f"There is no {thing} {word}." for thing, word in refusal.facts.items())
    return SENTENCES[type(refusal)].format_map(refusal.facts)


COMMANDS = (
    serve,
    demo_command,
    create_commune_command,
    create_admin_command,
    create_agent_command,
    create_receptionist_command,
    worker_command,
    check_command,
    forget_command,
)


def init_app(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
