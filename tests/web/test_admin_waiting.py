"""What the list for an earlier appointment brings, as Dora sees it, and the switch of each service."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select, update

from booking.core.roles import Role
from booking.models import Service
from tests.databases import Database
from tests.usecases.waiting import a_freed_time, somebody_waits
from tests.web.administrators import at_a_desk


def test_dora_switches_the_list_on_and_reads_what_it_brings(client: FlaskClient, database: Database) -> None:
    dora = at_a_desk(client, database)
    assert "Aucune démarche n’a encore cette liste." in dora.open("/earlier").text

    dora.open("/services/identity-card").submit(holding="name_fr", earlier_list="y")
    assert database.one(select(Service.earlier_list))
    database.write(lambda session: somebody_waits(session, dora.work, "Bilal") and None)
    database.write(lambda session: a_freed_time(session, dora.work) and None)

    page = dora.open("/earlier")
    (row,) = [row for row in page.tree.iter("tr") if row.find("td") is not None]
    assert [cell.text for cell in row.iter("td")] == ["1", "1", "1", "0", "–"]


def test_what_was_freed_before_the_list_was_switched_off_stays_in_the_figures(
    client: FlaskClient, database: Database
) -> None:
    dora = at_a_desk(client, database)
    database.write(lambda session: session.execute(update(Service).values(earlier_list=True)) and None)
    database.write(lambda session: a_freed_time(session, dora.work) and None)
    database.write(lambda session: session.execute(update(Service).values(earlier_list=False)) and None)

    assert "de wachtlijst is uitgeschakeld" in dora.open("/earlier", language="nl").text


def test_an_agent_does_not_see_the_figures(client: FlaskClient, database: Database) -> None:
    bilal = at_a_desk(client, database, role=Role.AGENT)

    assert bilal.open("/earlier").status == 403
