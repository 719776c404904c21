"""Real servers for tests: the application in a thread, under gunicorn in processes, and its worker.

All listen on the loopback, on a port that the system chose. Processes get the real clock unless ``moment`` stops it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from booking import create_app
from booking.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30  # seconds a process has to start or to stop


def app_at(moment: str) -> Flask:
    """The application as its environment says, on a clock that stands still at ``moment`` (ISO, with its offset)."""
    return create_app(Settings.from_environment(os.environ), clock=lambda: datetime.fromisoformat(moment))


class Quiet(WSGIRequestHandler):
    """Answers without writing a line for each request."""

    def log_request(self, *args: object) -> None:
        pass


@contextmanager
def live_server(app: Any, *, port: int = 0) -> Iterator[str]:
    """Serve a WSGI application in a thread of this process; gives its address, without a slash at the end.

    An application that must know its address before it is made asks ``free_port()`` first.
    """
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Process:
    """A started program whose output goes to ``log``; ``address`` is empty when it serves nothing."""

    popen: subprocess.Popen[bytes]
    log: Path
    address: str = ""

    @property
    def pid(self) -> int:
        return self.popen.pid

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, word: str) -> None:
        """Return when its output says ``word``; fail when it ends without, or says nothing for too long."""
        given_up = time.monotonic() + PATIENCE
        while word not in self.output():
            assert self.popen.poll() is None, f"it ended without saying {word!r}:\n{self.output()}"
            assert time.monotonic() < given_up, f"it never said {word!r}:\n{self.output()}"
            # Waiting for its end, in small steps: the sooner of the two is seen at once.
            with suppress(subprocess.TimeoutExpired):
                self.popen.wait(0.02)

    def children(self) -> list[int]:
        """The processes it started itself: gunicorn's workers."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def kill(self) -> None:
        """``kill -9``, as a crash would, and wait until it is gone."""
        self.popen.kill()
        self.popen.wait(PATIENCE)

    def stop(self) -> None:
        """Ask politely, and use force only with one that does not listen."""
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
            try:
                self.popen.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def gunicorn(
    env: Mapping[str, str],
    *,
    workers: int = 2,
    log: Path,
    moment: datetime | None = None,
    path: str = "/health",
    target: str = "",
) -> Iterator[Process]:
    """The application (or another ``target``) under real gunicorn processes; ready when given, stopped afterwards."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        listener.set_inheritable(True)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        target = target or (f"tests.serving:app_at({moment.isoformat()!r})" if moment else "app:app")
        command = ["gunicorn", target, "--config", "deploy/gunicorn.conf.py"]
        command += ["--bind", f"fd://{listener.fileno()}", "--workers", str(workers)]
        process = start(command, {"BASE_URL": address, **env}, log=log, keep=(listener.fileno(),))
    process.address = address
    try:
        # The socket was listening before gunicorn started: this waits in its queue until a worker answers.
        with urllib.request.urlopen(address + path, timeout=PATIENCE) as answer:
            assert answer.status == 200
    except OSError as error:
        process.stop()
        raise AssertionError(f"gunicorn did not answer ({error}):\n{process.output()}") from error
    try:
        yield process
    finally:
        process.stop()


@contextmanager
def worker_process(env: Mapping[str, str], *, log: Path, moment: datetime | None = None) -> Iterator[Process]:
    """The worker in a process of its own, stopped afterwards."""
    target = f"tests.serving:app_at({moment.isoformat()!r})" if moment else "app"
    process = start(["flask", "--app", target, "worker"], env, log=log)
    try:
        yield process
    finally:
        process.stop()


def start(command: list[str], env: Mapping[str, str], *, log: Path, keep: tuple[int, ...] = ()) -> Process:
    """Start a program of the virtual environment from the project's folder, with ``env`` over this environment."""
    with log.open("ab") as output:
        popen = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=keep,
        )
    return Process(popen, log)
