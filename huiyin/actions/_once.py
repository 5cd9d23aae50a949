"""一表一办：a form sent twice, by a double click or after a lost answer, is done once."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction

from huiyin.actions._refused import AlreadyDone
from huiyin.models import Person, Submission


@contextmanager
def once(key: str, deed: str, *, by: Person, at: datetime) -> Iterator[None]:
    """Take the form's key and run the deed in one transaction. AlreadyDone when the key was taken before;
    a key that is no UUID counts as none, and the deed then stands on its own checks."""
    with transaction.atomic():
        if known := _uuid(key):
            try:
                with transaction.atomic():
                    Submission.objects.create(key=known, by=by, deed=deed, at=at)
            except IntegrityError as error:
                raise AlreadyDone("这张表已经提交过，没有重复办理") from error
        yield


def taken(key: str, deed: str) -> bool:
    """Was this form's key taken for this deed before?"""
    known = _uuid(key)
    return known is not None and Submission.objects.filter(key=known, deed=deed).exists()


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
