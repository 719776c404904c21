"""What every test may ask for. A test that needs a database runs once on each engine."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from booking import create_app
from booking.database import db
from booking.settings import Settings
from tests.databases import ENGINES, Database, Databases
from tests.factories import SECRET_KEY
from tests.moments import EARLY, Clock
from tests.postgres import Cluster, binaries

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
CLUSTER = pytest.StashKey[Cluster]()
SECRET = SECRET_KEY


def pytest_configure() -> None:
    # Pages and rows come and go by their counts: to look for cycles among them takes a seventh of the time.
    gc.set_threshold(100_000, 50, 50)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Before a parallel process starts: one PostgreSQL server for all of them."""
    config = node.config
    if CLUSTER not in config.stash and binaries():
        config.stash[CLUSTER] = Cluster.start_new()
    if CLUSTER in config.stash:
        cluster = config.stash[CLUSTER]
        node.workerinput["cluster"] = (str(cluster.folder), str(cluster.bin))


def pytest_unconfigure(config: pytest.Config) -> None:
    if CLUSTER in config.stash:
        config.stash[CLUSTER].remove()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return failed_when_skipped((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return failed_when_skipped((yield))


def failed_when_skipped(report: Report) -> Report:
    """With ``CI=true`` nothing may be lacking: what was not tested has failed, whoever skipped it and why."""
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = str(report.longrepr)
    return report


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Both engines, unless a test names its own with ``@pytest.mark.engines("sqlite")``; in the browser, SQLite."""
    if "database" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("engines")
        in_browser = "browser" in metafunc.definition.path.parts
        engines = marker.args if marker else ENGINES[:1] if in_browser else ENGINES
        metafunc.parametrize("database", engines, indirect=True)


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The databases of this process; ``databases.bare(engine, use)`` gives one without tables."""
    given = getattr(request.config, "workerinput", {})
    shared = Cluster(*map(Path, given["cluster"])) if "cluster" in given else None
    all_ = Databases(tmp_path_factory.mktemp("databases"), given.get("workerid", "only"), shared)
    yield all_
    all_.close()
    if all_.cluster is not shared and all_.cluster is not None:
        all_.cluster.remove()


@pytest.fixture
def database(request: pytest.FixtureRequest, databases: Databases) -> Database:
    """An empty database with its tables, on SQLite and on PostgreSQL in turn."""
    return databases.give(request.param)


@pytest.fixture
def database_url(database: Database) -> str:
    return database.url


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session for use-cases. What it does is undone unless it is committed; the next test finds nothing of it."""
    with Session(database.engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture(scope="session")
def kept_clock() -> Clock:
    return Clock()


@pytest.fixture
def clock(kept_clock: Clock) -> Clock:
    """The clock of ``app``: it shows Monday 8 o'clock in Brussels until the test moves it."""
    kept_clock.now = EARLY
    return kept_clock


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture
def settings(database: Database, instance: Path) -> Settings:
    """The settings of ``app``, in development: messages go to ``settings.mailbox``, emptied for each test."""
    made = settings_for(database, instance)
    shutil.rmtree(made.mailbox, ignore_errors=True)
    return made


@pytest.fixture(scope="session")
def kept_apps() -> Iterator[dict[str, Flask]]:
    apps: dict[str, Flask] = {}
    yield apps
    for app in apps.values():
        let_go(app)


@pytest.fixture
def app(settings: Settings, clock: Clock, kept_apps: dict[str, Flask]) -> Flask:
    """The application on ``database`` and ``clock``: one per engine, kept because it holds nothing between requests."""
    if settings.database_url not in kept_apps:
        kept_apps[settings.database_url] = application(settings, clock)
    return kept_apps[settings.database_url]


@pytest.fixture
def make_app(settings: Settings, clock: Clock) -> Iterator[Callable[..., Flask]]:
    """``make_app(trusted_proxies=1)``: an application of the test's own with other settings."""
    apps: list[Flask] = []

    def make(**changes: Any) -> Flask:
        apps.append(application(replace(settings, **changes), clock))
        return apps[-1]

    yield make
    for app in apps:
        let_go(app)


@pytest.fixture
def app_on(instance: Path) -> Iterator[Callable[[Database], Flask]]:
    """``app_on(database)``: an application on another database than the test's."""
    apps: list[Flask] = []

    def make(database: Database) -> Flask:
        apps.append(application(settings_for(database, instance), Clock()))
        return apps[-1]

    yield make
    for app in apps:
        let_go(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def settings_for(database: Database, instance: Path) -> Settings:
    return Settings(database_url=database.url, secret_key=SECRET, base_url="http://localhost", instance=instance)


def application(settings: Settings, clock: Clock) -> Flask:
    app = create_app(settings, clock)
    app.testing = True
    return app


def let_go(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()
