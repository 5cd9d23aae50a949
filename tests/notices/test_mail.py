"""邮件 against a mail server that says what it is told to say."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from huiyin.notices.sending import MayHaveArrived, NotSent
from tests.notices.conftest import Write
from tests.notices.test_channels import message, only

TALK = {
    "EHLO": "250 ok",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    ".": "250 taken",
    "QUIT": "221 bye",
}


@contextmanager
def mail_server(**changes: str | None) -> Iterator[tuple[str, list[str]]]:
    """A server that answers each command as in TALK, but for the changes; None: it hangs up instead."""
    answers, letters = {**TALK, **changes}, list[str]()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                if not self._say(answers.get(word, "502 what")):
                    return
                if word == "DATA" and answers["DATA"] == TALK["DATA"]:
                    letters.append("".join(self._letter()))
                    if not self._say(answers["."]):
                        return

        def _letter(self) -> Iterator[str]:
            while (line := self.rfile.readline().decode()) != ".\r\n":
                yield line

        def _say(self, words: str | None) -> bool:
            self.wfile.write(f"{words}\r\n".encode() if words else b"")
            return words is not None

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"smtp://127.0.0.1:{server.server_address[1]}", letters
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def _really_sent(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def channel(url: str, channels: Write) -> Any:
    return only(
        channels(
            f'[mail]\nkind = "mail"\nurl = "{url}"\ninsecure = true\nfrom = "huiyin@example.gov.cn"\ntimeout = 2\n'
        )
    )


def test_a_letter_arrives(channels: Write) -> None:
    with mail_server() as (url, letters):
        channel(url, channels).send(message())
    [letter] = letters
    assert "Message-ID: <ab12@example.gov.cn>" in letter
    assert "Auto-Submitted: auto-generated" in letter


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"RCPT": "550 no such user"}, "550 no such user"),
        ({"MAIL": "553 not you"}, "553 not you"),
        ({"DATA": "451 later"}, "451 later"),
        ({".": "552 too long"}, "552 too long"),
    ],
)
def test_what_is_turned_away_has_not_arrived(changes: dict[str, str], words: str, channels: Write) -> None:
    with mail_server(**changes) as (url, _), pytest.raises(NotSent, match=words) as told:
        channel(url, channels).send(message())
    assert not told.value.down


def test_who_hangs_up_with_the_letter_in_hand_may_have_it(channels: Write) -> None:
    with mail_server(**{".": None}) as (url, letters), pytest.raises(MayHaveArrived):
        channel(url, channels).send(message())
    assert len(letters) == 1


def test_who_hangs_up_after_saying_it_is_taken_has_it(channels: Write) -> None:
    with mail_server(QUIT=None) as (url, letters):
        channel(url, channels).send(message())
    assert len(letters) == 1


def test_a_mail_server_that_is_not_there_is_down(channels: Write) -> None:
    with mail_server() as (url, _):
        pass
    for at in (url, "smtp://nowhere.invalid", url.replace("smtp:", "smtps:")):
        with pytest.raises(NotSent, match="邮件服务器") as told:
            channel(at, channels).send(message())
        assert told.value.down


def test_a_wrong_password_stops_the_channel_and_is_not_shown(channels: Write) -> None:
    changes = {"EHLO": "250-ok\r\n250 AUTH PLAIN", "AUTH": "535 hunter2 is wrong"}
    with (
        mail_server(**changes) as (url, letters),
        pytest.raises(NotSent, match=r"不认用户名或口令（535）") as told,
    ):
        channel(url.replace("//", "//huiyin:hunter2@"), channels).send(message())
    assert told.value.down
    assert letters == []
