"""邮件：one notice, one e-mail, through the unit's own mail server."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from django.core.mail import EmailMessage, get_connection

from huiyin.models import Person
from huiyin.notices.entry import Entry
from huiyin.notices.sending import Channel, MayHaveArrived, Message, NotSent

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


@dataclass(frozen=True, kw_only=True, repr=False)
class Mail(Channel):
    """`url`: smtps://user:password@host:port, smtp+tls:// for STARTTLS. `domains`: where addresses may be; all if none."""

    url: str
    sender: str
    domains: tuple[str, ...]
    timeout: int

    @classmethod
    def read(cls, entry: Entry, **common: Any) -> Self:
        url = entry.address("url", PORTS, plain="smtp")
        sender = entry.text("from")
        if "@" not in parseaddr(sender)[1]:
            raise entry.wrong("from", "不是邮箱地址")
        domains = tuple(one.lower().lstrip("@") for one in entry.texts("domains"))
        secrets = (unquote(urlsplit(url).password or ""),)
        return cls(
            url=url, sender=sender, domains=domains, timeout=entry.whole("timeout", 10), secrets=secrets, **common
        )  # fmt: skip

    def where(self) -> str:
        at = urlsplit(self.url)
        return f"{at.scheme}://{at.hostname}:{at.port or PORTS[at.scheme]}，发件人 {self.sender}"

    def reaches(self, person: Person) -> bool:
        return bool(person.email) and self.takes(person.email)

    def takes(self, address: str) -> bool:
        return not self.domains or address.lower().rpartition("@")[2] in self.domains

    def send(self, message: Message) -> None:
        if not self.reaches(message.person):
            raise NotSent("没有可用的邮箱地址")
        connection = self._connection()
        try:
            self._open(connection)
            self._hand_over(connection, message)
        finally:
            with suppress(OSError, smtplib.SMTPException):  # the mail is taken by then, or is not
                connection.close()

    def _connection(self) -> Any:
        at = urlsplit(self.url)
        return get_connection(
            host=at.hostname, port=at.port or PORTS[at.scheme], username=unquote(at.username or ""),
            password=unquote(at.password or ""), use_ssl=at.scheme == "smtps", use_tls=at.scheme == "smtp+tls",
            timeout=self.timeout,
        )  # fmt: skip

    def _open(self, connection: Any) -> None:
        try:
            connection.open()
        except smtplib.SMTPAuthenticationError as error:
            raise NotSent(f"邮件服务器不认用户名或口令（{error.smtp_code}）", down=True) from None
        except ssl.SSLError as error:
            raise NotSent(f"邮件服务器的证书或加密有问题（{type(error).__name__}）", down=True) from None
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(f"连不上邮件服务器（{type(error).__name__}）", down=True) from None

    def _hand_over(self, connection: Any, message: Message) -> None:
        mail = EmailMessage(
            subject=f"【回音】{message.title}",
            body=message.body,
            from_email=self.sender,
            to=[message.person.email],
            headers={"Message-ID": self._id(message), "Auto-Submitted": "auto-generated"},
        )
        try:
            connection.send_messages([mail])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            raise NotSent(self.clean(f"邮件服务器拒收：{_answer(error)}")) from None
        except (OSError, smtplib.SMTPException) as error:
            raise MayHaveArrived(f"交给邮件服务器时断开（{type(error).__name__}）") from None

    def _id(self, message: Message) -> str:
        return f"<{message.id}@{parseaddr(self.sender)[1].rpartition('@')[2]}>"


def _answer(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> str:
    """The server's code and words."""
    if isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        code, words = next(iter(error.recipients.values()))
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
