"""Commands that start a commune and give it those who work for it."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from booking.cli.refusals import refusing
from booking.cli.typed import a_name, a_phone, a_word, an_address, postcodes
from booking.core.passwords import check_password
from booking.core.roles import Role
from booking.core.translated import PAGE_LANGUAGES, Translated
from booking.database import db, in_unit, reading
from booking.passwords import hash_password
from booking.usecases.communes import Contacts, commune_with_slug
from booking.usecases.joining import join
from booking.usecases.journal import Actor
from booking.usecases.people import written
from booking.usecases.platform import run_platform
from booking.usecases.second_factors import forget_by_address
from booking.usecases.starting import start_commune

PASSWORD_BYTES = 12


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


def needed(context: click.Context, option: click.Parameter, typed: str | None) -> str | None:
    """Which commune, unless the command has another place for somebody to work at."""
    if typed is None and not any(one.name == "platform" for one in context.command.params):
        raise click.MissingParameter(ctx=context, param=option)
    return typed


def for_staff(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every command that gives a commune somebody who works for it."""
    options = (
        click.option("--commune", callback=needed, help="One of the commune's words in addresses."),
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
@click.option("--platform", is_flag=True, help="Of no commune: one of those who run the platform.")
@with_appcontext
def create_admin_command(platform: bool, commune: str | None, **given: Any) -> None:
    """Give a commune, or the platform, an administrator, who has an account or gets one.

    A drawn password is printed this once. At their first sign-in they set up a second factor.
    """
    if platform == (commune is not None):
        raise click.UsageError("Say which commune with --commune, or --platform.")
    if commune is None:
        join_platform(**given)
    else:
        join_commune(Role.ADMINISTRATOR, commune=commune, **given)


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


@click.command("create-auditor")
@for_staff
@with_appcontext
def create_auditor_command(**given: Any) -> None:
    """Give a commune an auditor, who reads the journal and the figures. A drawn password is printed this once."""
    join_commune(Role.AUDITOR, **given)


@click.command("forget-second-factor")
@click.option("--email", required=True, callback=an_address)
@with_appcontext
def forget_second_factor_command(email: str) -> None:
    """Take off the second factor of somebody who has lost it, with its codes on paper, and sign them out."""
    with refusing():
        address, now = written(email), current_app.extensions["clock"]()
        was_there = in_unit(db.engine, forget_by_address, email=address, actor=Actor(Role.PLATFORM), now=now)
    click.echo("The second factor is taken off." if was_there else "There was no second factor. Nothing was changed.")


def join_platform(*, email: str, name: str, language: str, password_stdin: bool) -> None:
    password = password_for(password_stdin)
    with refusing():
        check_password(password)
        facts = {"email": email, "name": name, "language": language, "password_hash": hash_password(password)}
        is_new, is_new_to_them = in_unit(db.engine, run_platform, **facts, now=current_app.extensions["clock"]())
    if not is_new_to_them:
        raise click.ClickException(f"Runs the platform already: {email}. Nothing was changed.")
    tell("Platform administrator", email, is_new=is_new, password="" if password_stdin else password)


def password_for(from_stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\n") if from_stdin else secrets.token_urlsafe(PASSWORD_BYTES)


def tell(title: str, email: str, *, is_new: bool, password: str) -> None:
    if is_new:
        click.echo(f"{title} created: {email}" + (f"  password: {password}" if password else ""))
    else:
        click.echo(f"{title} added: {email}. The account was there: its name, language and password stay.")


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
    password = password_for(password_stdin)
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
    tell(title, email, is_new=joined.is_new_account, password="" if password_stdin else password)
