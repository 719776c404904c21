"""The form of a checklist at its largest: for the services of the demonstration."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from booking.models import Membership, Person, Service
from booking.usecases.people import open_session
from tests.databases import Database
from tests.demo.loading import NOW

MOST_BYTES = 120_000


def test_no_checklist_makes_a_heavy_form(copy: Database, app_on: Callable[[Database], Flask]) -> None:
    dora = copy.one(select(Person.id).where(Person.email.like("dora@%")))
    home = copy.one(select(Membership.commune_id).where(Membership.person_id == dora).distinct())
    app = app_on(copy)
    app.extensions["clock"].now = NOW
    client = app.test_client()
    token = copy.write(open_session, person_id=dora, now=NOW)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token

    codes = copy.all(select(Service.code).where(Service.commune_id == home))
    pages = {code: client.get(f"/fr/val-saint-pierre/admin/services/{code}/checklist") for code in codes}

    assert {page.status_code for page in pages.values()} == {200}
    assert max(len(page.data) for page in pages.values()) > MOST_BYTES // 2, "some of them ask a lot"
    assert {code: len(page.data) for code, page in pages.items() if len(page.data) > MOST_BYTES} == {}
