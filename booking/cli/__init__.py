"""Commands, thin calls to the floors below: ``flask --app app …``."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from booking import demo, serving, worker
from booking.cli.communes import (
    create_admin_command,
    create_agent_command,
    create_auditor_command,
    create_commune_command,
    create_receptionist_command,
    forget_second_factor_command,
)
from booking.cli.configurations import export_commune_command, import_commune_command
from booking.cli.leaving import export_data_command, remove_commune_command
from booking.cli.refusals import refusing
from booking.core.errors import NotInProduction
from booking.database import db, in_unit, reading
from booking.usecases.check import problems
from booking.usecases.daily_figures import EVER, count_day, days_due


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
            gone = demo.remove(db.engine)
            click.echo(f"{gone} demonstration communes removed.")
            return
        steps: Iterator[None] = demo.load(db.engine, settings=settings, now=current_app.extensions["clock"]())
        with click.progressbar(length=demo.PIECES, label="Demonstration", file=sys.stderr) as bar:
            for _ in steps:
                bar.update(1)
            bar.update(demo.PIECES - bar.pos)


@click.command("demo-code")
@with_appcontext
def demo_code_command() -> None:
    """The code that the telephone of the demonstration's administrators shows now, for the second step."""
    with refusing():
        if current_app.extensions["settings"].production:
            raise NotInProduction
    click.echo(demo.code_now(current_app.extensions["clock"]()))


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


@click.command("figures")
@with_appcontext
def figures_command() -> None:
    """Count every day that has changed since it was counted, from the first visit on. The worker does it by itself."""
    now = current_app.extensions["clock"]()
    with refusing(), reading(db.engine) as session:
        due = list(days_due(session, now=now, back=EVER))
    with refusing(), click.progressbar(due, label="Figures", file=sys.stderr) as days:
        for one in days:
            in_unit(db.engine, count_day, office_id=one.office_id, day=one.day, now=now)
    click.echo(f"Days counted: {len(due)}")


COMMANDS = (
    serve,
    demo_command,
    create_commune_command,
    create_admin_command,
    create_agent_command,
    create_auditor_command,
    create_receptionist_command,
    export_commune_command,
    import_commune_command,
    export_data_command,
    remove_commune_command,
    demo_code_command,
    forget_second_factor_command,
    worker_command,
    check_command,
    forget_command,
    figures_command,
)


def init_app(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
