"""A PostgreSQL of the tests' own: made in a temporary folder, reached by a socket in it, thrown away at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg

OWNER = "postgres"
# Nothing here has to survive the machine; a killed server still finds its data.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    # Statistics that come by themselves would have a plan depend on which test ran before.
    "autovacuum": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "timezone": "UTC",
}


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine, or None when there is none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found and (elsewhere := shutil.which("initdb")):
        return Path(elsewhere).parent
    return max(found, key=lambda folder: float(folder.parent.name), default=None)


@dataclass(frozen=True)
class Cluster:
    """A running server with its data in ``folder``."""

    folder: Path
    bin: Path

    @classmethod
    def start_new(cls) -> Cluster:
        """Make a server in a new temporary folder and start it, or raise ``RuntimeError`` with what it said."""
        bin_ = binaries()
        if bin_ is None:
            raise RuntimeError("PostgreSQL's server programs are not on this machine (Debian: postgresql)")
        folder = Path(tempfile.mkdtemp(prefix="guichet-pg-"))
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER, OWNER)
        cluster = cls(folder, bin_)
        try:
            cluster._run(
                "initdb", "--no-sync", "-A", "trust", "-U", OWNER, "-E", "UTF8", "--locale", "C", "-D", cluster.data
            )
            cluster.start()
        except BaseException:
            cluster.remove()
            raise
        return cluster

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def url(self, database: str) -> str:
        """Where ``database`` of this server answers, as SQLAlchemy writes it."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.folder}"

    def create(self, database: str) -> str:
        """Make an empty database and give its address; one of that name is thrown away first."""
        with psycopg.connect(host=str(self.folder), user=OWNER, dbname="postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{database}"')
        return self.url(database)

    def start(self) -> None:
        settings = " ".join(f"-c {name}={value!r}" for name, value in OPTIONS.items())
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "-w", "-D", self.data, "-l", log, "-o", f"{settings} -k {self.folder}")

    def stop(self, *, mode: str = "fast") -> None:
        """Stop the server: ``fast`` ends its connections, ``immediate`` is a crash."""
        self._run("pg_ctl", "stop", "-w", "-m", mode, "-D", self.data)

    def remove(self) -> None:
        """Stop the server if it runs and delete all it had."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop(mode="immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        # The server refuses to work for root.
        as_owner = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
        command = [*as_owner, str(self.bin / program), *arguments]
        # Into a file and not a pipe: the server inherits it, and a pipe would stay open as long as it lives.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False
            )
            if done.returncode:
                said.seek(0)
                raise RuntimeError(f"{program} failed:\n{said.read()}")
