"""Commands for a commune that leaves: its data handed over, and then deleted."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from booking import archive
from booking.cli.refusals import refusing
from booking.database import db, in_unit, reading, snapshot
from booking.usecases.communes import commune_with_slug
from booking.usecases.leaving import leave


@click.command("export-data")
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export_data_command(slug: str, file: Path) -> None:
    """Write everything that is kept of a commune into a ZIP archive. It names people: keep it safe."""
    with refusing(), snapshot(db.engine) as session:
        commune_id = commune_with_slug(session, slug=slug)
        # Nobody else on this machine reads it.
        file.touch(mode=0o600)
        with file.open("wb") as opened:
            archive.write_archive(session, opened, commune_id=commune_id, now=current_app.extensions["clock"]())
    click.echo(f"Written: {file}")


@click.command("remove-commune")
@click.argument("slug")
@click.option("--name", required=True, help="The name of the commune, typed once more: this deletes all of it.")
@click.option("--with-appointments", is_flag=True, help="Also while appointments are still to come.")
@with_appcontext
def remove_commune_command(slug: str, name: str, with_appointments: bool) -> None:
    """Delete a commune that leaves, with everything in it. Write its data out first, with export-data."""
    with refusing():
        with reading(db.engine) as session:
            commune_id = commune_with_slug(session, slug=slug)
        now = current_app.extensions["clock"]()
        in_unit(db.engine, leave, commune_id=commune_id, name=name, with_visits=with_appointments, now=now)
    click.echo(f"Removed: {name}")
