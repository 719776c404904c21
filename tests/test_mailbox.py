from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from booking import mailbox
from booking.delivery.carriers import deliver
from booking.delivery.kept import Keeper
from tests.delivery.letters import cancellation_letter, visit_letter
from tests.pages import visit
from tests.web.booking import HOME, booking, open_commune


def test_a_kept_letter_can_be_read_again_with_its_attachment(tmp_path):
    deliver(visit_letter(), Keeper(tmp_path / "mail"))

    (kept,) = mailbox.listing(tmp_path / "mail")
    assert kept.recipient == "Ana Silva <ana@example.be>"
    assert kept.subject.startswith("Votre rendez-vous")
    message = mailbox.opened(tmp_path / "mail", kept.name)
    assert "K7F2\u00a09MXD" in message.get_body(("plain",)).get_content()
    assert [part.get_filename() for part in message.iter_attachments()] == ["rendez-vous.ics"]


def test_the_same_message_again_is_one_message(tmp_path):
    for _ in range(2):
        deliver(visit_letter(), Keeper(tmp_path))

    assert len(mailbox.listing(tmp_path)) == 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".eml"]


def test_the_newest_message_comes_first_and_the_list_ends_somewhere(tmp_path):
    for number, letter in enumerate([visit_letter(), cancellation_letter(message_id="<message-2@guichet.example>")]):
        name = mailbox.keep(tmp_path, f"Subject: {letter.kind}\r\n\r\n".encode(), letter.message_id)
        os.utime(tmp_path / f"{name}.eml", (1_800_000_000 + number,) * 2)

    assert [kept.subject for kept in mailbox.listing(tmp_path)] == ["cancellation", "confirmation"]
    assert mailbox.listing(tmp_path)[1].kept_at == datetime.fromtimestamp(1_800_000_000, UTC)
    assert [kept.subject for kept in mailbox.listing(tmp_path, limit=1)] == ["cancellation"]


def test_a_folder_that_does_not_exist_yet_is_empty(tmp_path):
    assert mailbox.listing(tmp_path / "mail") == []
    assert mailbox.opened(tmp_path / "mail", "0" * 32) is None


def test_what_is_too_old_goes_with_the_drafts_of_killed_processes_and_the_rest_stays(tmp_path):
    moment = datetime(2027, 1, 4, tzinfo=UTC)
    for name, age in {"old.eml": 31, "young.eml": 29, "old.draft": 31, "young.draft": 29, "old.txt": 31}.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, ((moment - timedelta(days=age)).timestamp(),) * 2)

    assert mailbox.forget(tmp_path, before=moment - timedelta(days=30)) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.txt", "young.draft", "young.eml"]
    assert mailbox.forget(tmp_path / "mail", before=moment) == 0


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "..", "", "x" * 32, "0" * 31, "0" * 32 + "\n", "0" * 33])
def test_a_name_is_not_a_path(tmp_path, name):
    (tmp_path / "secret.eml").write_text("Subject: not for you")
    folder = tmp_path / "mail"
    folder.mkdir()

    assert mailbox.opened(folder, name) is None


def test_a_message_that_could_not_be_written_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="disk full"):
        mailbox.keep(tmp_path, b"x", "<message-1@guichet.example>")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.engines("sqlite")
def test_the_mailbox_speaks_the_language_of_the_page_that_leads_there(make_app, database):
    app = make_app()
    open_commune(database)
    deliver(visit_letter(), Keeper(app.extensions["settings"].mailbox))
    client = app.test_client()
    booking(client)
    page = visit(client, f"{HOME}/appointment").follow("Nederlands")
    kept = page.follow("Berichten bewaard tijdens de ontwikkeling")
    assert (kept.response.request.path, kept.language) == ("/nl/dev/mail", "nl")
    letter = kept.follow(next(one for one in kept.links() if one.startswith("Votre rendez-vous")))
    assert letter.language == "nl"

    assert visit(client, "/dev/mail").follow("Nederlands").heading == kept.heading


@pytest.mark.engines("sqlite")
def test_a_kept_letter_is_seen_as_html_with_its_own_styles_and_nothing_that_runs(make_app):
    app = make_app()
    folder = app.extensions["settings"].mailbox
    deliver(visit_letter(), Keeper(folder))
    (kept,) = mailbox.listing(folder)
    os.utime(folder / f"{kept.name}.eml", (1_800_000_000,) * 2)
    client = app.test_client()

    assert "15/01/2027 09:00:00" in client.get("/dev/mail").text, "as late as it is in Brussels"
    letter = client.get(visit(client, f"/dev/mail/{kept.name}").links()["Ce message en HTML"])
    assert "<style" in letter.text
    assert "script" not in letter.headers["Content-Security-Policy"]
    assert client.get(f"/dev/mail/{'0' * 32}/html").status_code == 404
