"""日志不留密钥: addresses that open a door by a secret in them are logged without it."""

import logging
import re

DOORS = re.compile(r"(/(?:answer|feed|accounts/first/[^/\s]+)/)[^/\s?]+")


def struck(text: object) -> object:
    return DOORS.sub(r"\1…", text) if isinstance(text, str) else text


class Secrets(logging.Filter):
    """Strikes the secret out of what Django and the server say of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = struck(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(struck(one) for one in record.args)
        return True
