"""Commands that write a commune's whole configuration into a file, and apply such a file."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from booking import yamlfile
from booking.cli.refusals import refusing
from booking.core.configuration.tree import Fault, Unreadable
from booking.core.opening import SessionRule
from booking.core.timespan import local_date
from booking.core.translated import Translated
from booking.database import db, in_unit, reading
from booking.models import Commune
from booking.usecases.communes import commune_with_slug
from booking.usecases.configuration.applying import apply_file, effect_of_file
from booking.usecases.configuration.current import configuration_of
from booking.usecases.configuration.effect import Effect, Item
from booking.usecases.configuration.hours import WEEK, NamedClosure
from booking.usecases.configuration.reading import read_configuration, written
from booking.usecases.configuration.sections import Configuration
from booking.usecases.journal import SYSTEM
from booking.usecases.touched import people_in
from booking.words.faults import fault_told

LANGUAGE = "en"
ABOUT = "The configuration of a commune, without persons and appointments."


@click.command("export-commune")
@click.argument("slug")
@with_appcontext
def export_commune_command(slug: str) -> None:
    """Write the configuration of a commune to standard output, as YAML."""
    with refusing(), reading(db.engine) as session:
        commune = session.get_one(Commune, commune_with_slug(session, slug=slug))
        since = local_date(now(), commune.zone)
        configuration = configuration_of(session, commune_id=commune.id, since=since)
    click.echo(yamlfile.write(written(configuration), about=ABOUT), nl=False)


@click.command("import-commune")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what the file would do, and do nothing.")
@with_appcontext
def import_commune_command(file: Path, dry_run: bool) -> None:
    """Make a commune what a file says: one that is there, or a new one. Exit 1 when the file cannot be applied."""
    configuration = readable(file)
    with refusing():
        effect = in_unit(db.engine, effect_of_file, configuration=configuration, actor=SYSTEM, now=now())
        tell(effect)
        if effect.touched:
            touched(effect)
        if dry_run or not effect.items:
            return
        in_unit(db.engine, apply_file, configuration=configuration, actor=SYSTEM, now=now())
    click.echo("Applied.")


def readable(file: Path) -> Configuration:
    """What a file says; every fault is told with its line before the command ends."""
    try:
        configuration, faults = read_configuration(yamlfile.read(file.read_bytes()))
    except Unreadable as unreadable:
        configuration, faults = None, (unreadable.fault,)
    if configuration is None:
        for fault in faults:
            click.echo(in_line(file, fault), err=True)
        raise click.ClickException(f"{len(faults)} things to correct. Nothing was changed.")
    return configuration


def in_line(file: Path, fault: Fault) -> str:
    return f"{file}:{fault.line}: {fault_told(fault, LANGUAGE)}"


def tell(effect: Effect) -> None:
    for item in effect.items:
        click.echo(told(item))
    if not effect.items:
        click.echo("The commune is as the file says already.")


def told(item: Item) -> str:
    names = (said(item.place), said(item.name))
    rule = f": {hours_told(item.rule)}" if item.rule is not None else ""
    fields = f" ({', '.join(item.fields)})" if item.fields else ""
    return f"{item.act.value:8}{item.subject.value.replace('_', ' ')}: {' / '.join(filter(None, names))}{fields}{rule}"


def hours_told(hours: SessionRule | NamedClosure) -> str:
    """Hours as a file names them, on one line."""
    if isinstance(hours, NamedClosure):
        rule = hours.rule
        return " ".join(filter(None, (hours.office or "every office", f"{rule.first}–{rule.last}")))
    days = " ".join(WEEK[day] for day in sorted(hours.weekdays))
    return f"{days} {hours.start:%H:%M}–{hours.end:%H:%M}, from {hours.valid_from}"


def said(name: Translated | str) -> str:
    return name.joined(LANGUAGE) if isinstance(name, Translated) else name


def touched(effect: Effect) -> None:
    """Name the appointments that would lose their time, by their reference, and end."""
    with reading(db.engine) as session:
        for one in people_in(session, effect.touched):
            visit = one.appointment
            click.echo(
                f"touched {visit.reference}: {visit.local_date} {visit.wall_time:%H:%M}, counter {one.counter}",
                err=True,
            )
    click.echo("These appointments would lose their time: settle them first. Nothing was changed.", err=True)
    sys.exit(1)


def now() -> datetime:
    moment: datetime = current_app.extensions["clock"]()
    return moment
