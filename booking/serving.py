"""``make run``: the database brought up to date, the demonstration loaded, web and worker side by side."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import click

from booking.core.roles import WITH_A_SECOND_FACTOR
from booking.core.second_factor import spelled
from booking.demo import code_now
from booking.demo.calendars import KEYS
from booking.demo.content.people import PLATFORM, SECRET, STAFF
from booking.demo.screens import SECRETS
from booking.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
WEB_PROCESSES = "2"
PATIENCE_SECONDS = 20


def run(*, port: int) -> None:
    """Start everything on 127.0.0.1 and stay until stopped; ends with the status of what stopped first."""
    environ = {**os.environ, "PORT": str(port)}
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=environ, check=True)  # noqa: S603
    subprocess.run([*flask, "demo"], cwd=ROOT, env=environ, check=True)  # noqa: S603
    greet(port, keeps_messages=Settings.from_environment(environ).keeps_messages, now=datetime.now(UTC))
    web = [sys.executable, "-m", "gunicorn", "app:app", "--config", "deploy/gunicorn.conf.py"]
    web += ["--bind", f"127.0.0.1:{port}", "--workers", WEB_PROCESSES, "--log-level", "warning"]
    sys.exit(together([web, [*flask, "worker"]], environ))


def greet(port: int, *, keeps_messages: bool, now: datetime) -> None:
    """The address and the demonstration's accounts, those that need one with the code of this moment."""
    password = Settings.demo_password
    address = f"http://127.0.0.1:{port}"
    click.echo(f"\nGuichet · Loket    {address}/")
    click.echo(f"Messages           {address}/dev/mail\n" if keeps_messages else "")
    width = max(len(member.email) for member in STAFF)
    code = code_now(now)
    for member in STAFF:
        beside = f"  code {code}" if member.role in WITH_A_SECOND_FACTOR else ""
        click.echo(f"{member.email:<{width}}  {password}  {member.role}  {address}/fr/{member.commune}/agent/{beside}")
    click.echo(f"{PLATFORM.email:<{width}}  {password}  {PLATFORM.role}  {address}/platform/  code {code}")
    click.echo(f"\nSecond step: the secret of all who need a code is {spelled(SECRET)}")
    click.echo("             and flask --app app demo-code prints the code of the moment.")
    click.echo("\n" + "\n".join(f"Calling screen     {address}/screen/{secret}" for secret in SECRETS))
    click.echo("\n" + "\n".join(f"Calendar           {address}/feed/{key}.ics" for key in KEYS))
    click.echo("\nStop with Ctrl+C.\n")


def together(commands: Sequence[Sequence[str]], environ: dict[str, str]) -> int:
    """Run commands side by side; when one ends, or we are asked to, the others are asked to end as well."""
    running = [subprocess.Popen(command, cwd=ROOT, env=environ) for command in commands]  # noqa: S603

    def ask_all_to_end(number: int, frame: FrameType | None) -> None:
        for process in running:
            process.terminate()

    signal.signal(signal.SIGTERM, ask_all_to_end)
    signal.signal(signal.SIGINT, ask_all_to_end)
    _, status = os.wait()
    ask_all_to_end(signal.SIGTERM, None)
    for process in running:
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    return os.waitstatus_to_exitcode(status)
